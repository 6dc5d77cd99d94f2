-- Older code may run: it writes neither column, and null means that there is nothing.
-- Customers without tax, and lines that are given for nothing.

-- Reason and certificate number. The order is priced without taxes.
alter table orders add column tax_exemption jsonb;
-- Why, who allowed it, who did it and when.
alter table order_lines add column comp jsonb;
