-- Deposits of bottles and glasses, and lines that belong to another line.

alter table menu_items add column is_deposit boolean not null default false;
-- The deposit that every unit of the item carries.
alter table menu_items add column deposit_item_id uuid;
alter table menu_items add constraint menu_items_deposit_item_fkey
  foreign key (restaurant_id, deposit_item_id) references menu_items (restaurant_id, id);
alter table menu_items add constraint menu_items_deposit_check check (not is_deposit or deposit_item_id is null);
create index menu_items_deposit_idx on menu_items (restaurant_id, deposit_item_id) where deposit_item_id is not null;

alter table order_lines add column kind text not null default 'item';
alter table order_lines add constraint order_lines_kind_check check (kind in ('item', 'deposit'));
-- The line of the same order that it belongs to, and its units for each unit of that line.
alter table order_lines add column parent_line_id uuid;
alter table order_lines add column parent_units integer;
alter table order_lines add constraint order_lines_parent_check check ((parent_line_id is null) = (parent_units is null) and parent_units > 0);
-- A returned deposit has a quantity below zero, and lowers the bill.
alter table order_lines drop constraint order_lines_quantity_check;
alter table order_lines add constraint order_lines_quantity_check check (quantity > 0 or (quantity < 0 and kind = 'deposit'));
alter table order_lines drop constraint order_lines_amount_check;
alter table order_lines add constraint order_lines_amount_check check (
  amount = gross_amount - discount_amount and (amount >= 0 or quantity < 0));
