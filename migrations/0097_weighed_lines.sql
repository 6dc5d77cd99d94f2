-- Sale by weight, volume, length or time. A weighed line is one piece, whose price is that of its quantity.

-- The unit of the price; null: sold by the piece.
alter table menu_items add column unit text;
alter table menu_items add constraint menu_items_unit_check check (unit is null or not is_deposit);
-- Quantity as decimal text, unit, and price of one unit in minor units.
alter table order_lines add column measured jsonb;
alter table order_lines add constraint order_lines_measured_check check (measured is null or quantity = 1);
-- The same, from the files of other tills.
alter table import_rows add column measured jsonb;
