-- Older code may run: it reads receipts as before and writes no number.

-- Goods receipts get numbers (GR-2026-11-0001), and lines that leave: an invoice may state goods
-- and returns together, and a credit note only returns.
alter table goods_receipts add column number text;
alter table goods_receipts add constraint goods_receipts_number_key unique (restaurant_id, number);

alter table goods_receipt_lines drop constraint goods_receipt_lines_quantity_check;
alter table goods_receipt_lines add constraint goods_receipt_lines_quantity_check check (quantity <> 0);
alter table goods_receipt_lines drop constraint goods_receipt_lines_stock_quantity_check;
alter table goods_receipt_lines add constraint goods_receipt_lines_stock_quantity_check
  check (stock_quantity <> 0 and (stock_quantity > 0) = (quantity > 0));
alter table goods_receipt_lines drop constraint goods_receipt_lines_check;
alter table goods_receipt_lines add constraint goods_receipt_lines_check
  check (excess_quantity between 0 and greatest(quantity, 0));
