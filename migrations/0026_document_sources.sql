-- Documents that are made from a purchase order or a goods receipt. What they say of it stands in their details, which are hashed;
-- the columns only keep the reference, and that there is one of a type.

alter table documents
  add column purchase_order_id uuid,
  add column goods_receipt_id uuid,
  add foreign key (restaurant_id, purchase_order_id) references purchase_orders (restaurant_id, id),
  add foreign key (restaurant_id, goods_receipt_id) references goods_receipts (restaurant_id, id);
create unique index documents_purchase_order_key on documents (restaurant_id, purchase_order_id, type)
  where purchase_order_id is not null and status <> 'voided' and deleted_at is null;
create unique index documents_goods_receipt_key on documents (restaurant_id, goods_receipt_id, type)
  where goods_receipt_id is not null and status <> 'voided' and deleted_at is null;
