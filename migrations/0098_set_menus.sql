-- Set menus, whose price is split over their parts, and modifiers with taxes of their own.

-- Items, variants and quantities of a set menu, and their shares of its price where these are set.
alter table menu_items add column parts jsonb not null default '[]';
alter table menu_items add constraint menu_items_parts_check
  check (parts = '[]' or (unit is null and not is_deposit and deposit_item_id is null));
-- Empty: the taxes of the item.
alter table modifiers add column tax_ids uuid[] not null default '{}';
alter table order_lines drop constraint order_lines_kind_check;
alter table order_lines add constraint order_lines_kind_check check (kind in ('item', 'deposit', 'set', 'part', 'modifier'));
