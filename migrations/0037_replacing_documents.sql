-- An invoice or a receipt that was credited in full is made again of the same order or quotation. As in 0026: what the document says of
-- the one that it replaces stands in its details, the column keeps the reference. Of each there is one live successor.

alter table documents
  add column replaces_id uuid,
  add foreign key (restaurant_id, replaces_id) references documents (restaurant_id, id);
drop index documents_order_key;
create unique index documents_order_key on documents (restaurant_id, order_id, type, replaces_id) nulls not distinct
  where order_id is not null and status <> 'voided' and deleted_at is null;
drop index documents_quotation_key;
create unique index documents_quotation_key on documents (restaurant_id, quotation_id, type, replaces_id) nulls not distinct
  where quotation_id is not null and status <> 'voided' and deleted_at is null;
create index documents_replaces_idx on documents (restaurant_id, replaces_id) where replaces_id is not null;
