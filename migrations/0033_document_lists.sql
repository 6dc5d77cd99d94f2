-- What documents are looked for by, besides type and series.

create index documents_number_idx on documents (restaurant_id, number) where number is not null;
create index documents_business_date_idx on documents (restaurant_id, business_date, id) where business_date is not null;
create index documents_of_order_idx on documents (restaurant_id, order_id) where order_id is not null and deleted_at is null;
-- Drafts and voided ones, few among many.
create index documents_unissued_idx on documents (restaurant_id, status, id) where status <> 'issued' and deleted_at is null;
