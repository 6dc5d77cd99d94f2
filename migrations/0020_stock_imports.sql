-- Imports of items, recipes and opening stock beside orders, and orders that take their ingredients as they come in.

alter table imports drop constraint imports_kind_check;
alter table imports add constraint imports_kind_check
  check (kind in ('orders', 'inventory_items', 'recipes', 'opening_stock'));

alter table imports
  -- Orders that took their ingredients, and lines of dishes without a recipe among them.
  add column orders_depleted integer not null default 0,
  add column lines_without_recipe integer not null default 0,
  -- Of the other kinds: items, recipes, or items with their opening stock.
  add column created integer not null default 0,
  add column changed integer not null default 0,
  add column skipped integer not null default 0,
  add column locations_created integer not null default 0;
