-- A stock count that becomes a document, once. As in 0026: what it says stands in its details and lines, the column keeps the reference.

alter table documents
  add column stock_count_id uuid,
  add foreign key (restaurant_id, stock_count_id) references stock_counts (restaurant_id, id);
create unique index documents_stock_count_key on documents (restaurant_id, stock_count_id)
  where stock_count_id is not null and status <> 'voided' and deleted_at is null;
