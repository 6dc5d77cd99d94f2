-- Stock: items with their units, recipes, and the ledger that every change of a quantity goes through.
-- Quantities are exact, six decimals of the item's stock unit; costs are minor units of the currency per stock unit.

-- Raised by every change of what recipes say: recipes in memory of this version are the recipes.
alter table restaurants add column recipe_version bigint not null default 1;

create table stock_locations (
  restaurant_id uuid not null references restaurants (id),
  id uuid not null,
  name text not null,
  version integer not null default 1,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  deleted_at timestamptz(3),
  primary key (restaurant_id, id)
);
select protect_tenant_table('stock_locations', 'select, insert, update');
create unique index stock_locations_name_key on stock_locations (restaurant_id, lower(name)) where deleted_at is null;

create table inventory_items (
  restaurant_id uuid not null references restaurants (id),
  id uuid not null,
  name text not null,
  -- What quantities are counted in: a standard unit, or any word such as bottle.
  unit text not null,
  -- Further units: [{unit, numerator, denominator}], one of them being numerator/denominator stock units.
  units jsonb not null default '[]',
  policy text not null check (policy in ('forbid', 'allow_negative', 'auto_86')),
  -- Where it stands and is sold from; null: the restaurant keeps no locations.
  location_id uuid,
  reorder_point numeric(18, 6) not null default 0 check (reorder_point >= 0),
  par_level numeric(18, 6) check (par_level >= 0),
  -- The sum of the item's movements. The application has no right to write it: posting a movement does.
  current_quantity numeric(18, 6) not null default 0,
  -- Moving average.
  average_cost numeric(18, 6) not null default 0 check (average_cost >= 0),
  version integer not null default 1,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  deleted_at timestamptz(3),
  primary key (restaurant_id, id),
  foreign key (restaurant_id, location_id) references stock_locations (restaurant_id, id),
  constraint inventory_items_not_negative check (policy = 'allow_negative' or current_quantity >= 0)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);
select protect_tenant_table('inventory_items', 'select');
grant insert (restaurant_id, id, name, unit, units, policy, location_id, reorder_point, par_level, average_cost, version, created_at, updated_at)
  on inventory_items to servio_app;
grant update (name, unit, units, policy, location_id, reorder_point, par_level, average_cost, version, updated_at, deleted_at)
  on inventory_items to servio_app;
create unique index inventory_items_name_key on inventory_items (restaurant_id, lower(name)) where deleted_at is null;
create index idx_inventory_low_stock_active on inventory_items (restaurant_id, current_quantity)
  where deleted_at is null and current_quantity < reorder_point;

-- What stands elsewhere than at an item's own location. The rest of its quantity is at home: so a sale, which takes from
-- there, changes one row and not two.
create table stock_levels (
  restaurant_id uuid not null,
  inventory_item_id uuid not null,
  location_id uuid not null,
  quantity numeric(18, 6) not null,
  primary key (restaurant_id, inventory_item_id, location_id),
  foreign key (restaurant_id, inventory_item_id) references inventory_items (restaurant_id, id),
  foreign key (restaurant_id, location_id) references stock_locations (restaurant_id, id)
);
select protect_tenant_table('stock_levels', 'select, insert, update, delete');
create index stock_levels_location_idx on stock_levels (restaurant_id, location_id);

-- The ledger. No foreign keys: rows are made from locked items of the restaurant by the one statement that posts, the trigger below
-- refuses an item that is not there, and nobody may delete items or restaurants while they have rows; sixteen checks an order of
-- eight ingredients would cost a tenth of its time.
create table stock_movements (
  restaurant_id uuid not null,
  id uuid not null,
  inventory_item_id uuid not null,
  kind text not null check (kind in ('sale', 'void', 'receipt', 'count', 'waste', 'transfer', 'prep', 'correction')),
  -- Into stock when positive.
  quantity numeric(18, 6) not null check (quantity <> 0),
  unit_cost numeric(18, 6) not null check (unit_cost >= 0),
  location_id uuid,
  -- What caused it, and the state of that at which it did: one movement each way an item.
  source_kind text not null,
  source_id uuid not null,
  source_version integer not null,
  reason text,
  business_date date not null,
  occurred_at timestamptz(3) not null,
  created_by text not null,
  created_at timestamptz(3) not null,
  primary key (restaurant_id, id)
);
select protect_tenant_table('stock_movements', 'select, insert');
create unique index stock_movements_source_key
  on stock_movements (restaurant_id, source_id, inventory_item_id, source_version, (quantity > 0));
create index stock_movements_item_idx on stock_movements (restaurant_id, inventory_item_id, occurred_at);
create trigger stock_movements_append_only before update or delete or truncate on stock_movements
  for each statement execute function refuse_change();

-- Adds what was posted to the quantities. With its owner's rights, because nobody else may write them.
create function post_stock_movements() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
  posted_items integer;
begin
  update inventory_items i
  set current_quantity = i.current_quantity + p.quantity
  from (
    select restaurant_id, inventory_item_id, sum(quantity) as quantity
    from posted
    group by restaurant_id, inventory_item_id
  ) p
  where i.restaurant_id = p.restaurant_id and i.id = p.inventory_item_id;
  get diagnostics posted_items = row_count;
  if posted_items <> (select count(*) from (select distinct restaurant_id, inventory_item_id from posted) p) then
    raise exception 'a movement names an item that is not there' using errcode = 'foreign_key_violation';
  end if;
  return null;
end $$;
create trigger stock_movements_post after insert on stock_movements
  referencing new table as posted
  for each statement execute function post_stock_movements();

-- Ends the statement that asks for more than there is, and says of which items.
create function refuse_short_stock(items jsonb) returns boolean
language plpgsql as $$
begin
  raise exception 'stock does not suffice'
    using errcode = 'check_violation', constraint = 'inventory_items_suffices', detail = items::text;
end $$;

create table recipes (
  restaurant_id uuid not null references restaurants (id),
  id uuid not null,
  name text not null,
  -- What it is for: an item, a variant of it, a modifier (on one item or on all). None: a preparation for other recipes.
  menu_item_id uuid,
  variant_id uuid,
  modifier_id uuid,
  -- What a preparation is kept in stock as, if it is.
  output_item_id uuid,
  yield numeric(18, 6) not null check (yield > 0),
  yield_unit text not null,
  version integer not null default 1,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  deleted_at timestamptz(3),
  primary key (restaurant_id, id),
  foreign key (restaurant_id, menu_item_id) references menu_items (restaurant_id, id),
  foreign key (restaurant_id, variant_id) references menu_item_variants (restaurant_id, id),
  foreign key (restaurant_id, modifier_id) references modifiers (restaurant_id, id),
  foreign key (restaurant_id, output_item_id) references inventory_items (restaurant_id, id),
  check (variant_id is null or (menu_item_id is not null and modifier_id is null)),
  check (output_item_id is null or (menu_item_id is null and modifier_id is null))
);
select protect_tenant_table('recipes', 'select, insert, update');
create unique index recipes_target_key on recipes (restaurant_id, menu_item_id, variant_id, modifier_id) nulls not distinct
  where deleted_at is null and (menu_item_id is not null or modifier_id is not null);
create unique index recipes_output_key on recipes (restaurant_id, output_item_id) where deleted_at is null;

create table recipe_lines (
  restaurant_id uuid not null,
  recipe_id uuid not null,
  position integer not null,
  inventory_item_id uuid,
  component_recipe_id uuid,
  quantity numeric(18, 6) not null check (quantity <> 0),
  unit text not null,
  -- Of what is taken from stock, the part that is lost in trimming and cooking.
  waste_percent numeric(7, 4) not null default 0 check (waste_percent >= 0 and waste_percent < 100),
  primary key (restaurant_id, recipe_id, position),
  foreign key (restaurant_id, recipe_id) references recipes (restaurant_id, id),
  foreign key (restaurant_id, inventory_item_id) references inventory_items (restaurant_id, id),
  foreign key (restaurant_id, component_recipe_id) references recipes (restaurant_id, id),
  check ((inventory_item_id is null) <> (component_recipe_id is null))
);
select protect_tenant_table('recipe_lines', 'select, insert, update, delete');
create index recipe_lines_item_idx on recipe_lines (restaurant_id, inventory_item_id) where inventory_item_id is not null;
create index recipe_lines_component_idx on recipe_lines (restaurant_id, component_recipe_id) where component_recipe_id is not null;

-- A recipe is written whole, its row with its lines, so its row tells of every change. Of items, units count, and quantities do not.
create function raise_recipe_version() returns trigger
language plpgsql as $$
begin
  update restaurants set recipe_version = recipe_version + 1 where id = new.restaurant_id;
  return null;
end $$;
create trigger recipes_version after insert or update on recipes
  for each row execute function raise_recipe_version();
create trigger inventory_items_version after update of unit, units, policy, deleted_at on inventory_items
  for each row execute function raise_recipe_version();

-- What one unit of a line took from stock when it was taken, by item: what is given back when the line goes, whatever the recipe says by then.
alter table order_lines add column stock_use jsonb not null default '{}';

-- Set while the store room cannot make a portion. Not the waiter's own 86, which it neither sets nor takes back.
alter table menu_items add column is_out_of_stock boolean not null default false;
drop trigger menu_items_menu_version on menu_items;
create trigger menu_items_menu_version
  after insert or delete or update of category_id, name, description, price, allergens, station, schedules, position, is_available,
    unavailable_until, is_out_of_stock, version, deleted_at on menu_items
  for each row execute function raise_menu_version();
