-- A quotation or a bill of quantities that becomes an invoice or a receipt, one of each. As in 0026: what the document says of it
-- stands in its details, the column keeps the reference.

alter table documents
  add column quotation_id uuid,
  add foreign key (restaurant_id, quotation_id) references documents (restaurant_id, id);
create unique index documents_quotation_key on documents (restaurant_id, quotation_id, type)
  where quotation_id is not null and status <> 'voided' and deleted_at is null;
