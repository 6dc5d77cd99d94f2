-- Older code may run: it does not write the column, and null means that the line has the price of the menu.
-- Lines that are ordered at the price zero: why, who allowed it, who did it and when.
alter table order_lines add column free jsonb;
