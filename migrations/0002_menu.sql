-- The menu. Money in minor units of the restaurant's currency; percentages as exact numeric.

create table categories (
  restaurant_id uuid not null references restaurants (id),
  id uuid not null,
  name text not null,
  position integer not null default 0,
  schedules jsonb not null default '[]',
  version integer not null default 1,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  deleted_at timestamptz(3),
  primary key (restaurant_id, id)
);
select protect_tenant_table('categories', 'select, insert, update');

create table taxes (
  restaurant_id uuid not null references restaurants (id),
  id uuid not null,
  name text not null,
  rate numeric(7, 4) not null check (rate between 0 and 100),
  inclusive boolean not null,
  -- Empty: every type of order.
  order_types text[] not null default '{}',
  version integer not null default 1,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  deleted_at timestamptz(3),
  primary key (restaurant_id, id)
);
select protect_tenant_table('taxes', 'select, insert, update');

create table modifier_groups (
  restaurant_id uuid not null references restaurants (id),
  id uuid not null,
  name text not null,
  min_selections integer not null check (min_selections >= 0),
  max_selections integer not null check (max_selections >= min_selections),
  free_selections integer not null check (free_selections >= 0),
  version integer not null default 1,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  deleted_at timestamptz(3),
  primary key (restaurant_id, id)
);
select protect_tenant_table('modifier_groups', 'select, insert, update');

create table modifiers (
  restaurant_id uuid not null,
  id uuid not null,
  modifier_group_id uuid not null,
  name text not null,
  price bigint not null check (price >= 0),
  max_quantity integer not null check (max_quantity > 0),
  is_available boolean not null,
  position integer not null,
  deleted_at timestamptz(3),
  primary key (restaurant_id, id),
  foreign key (restaurant_id, modifier_group_id) references modifier_groups (restaurant_id, id)
);
select protect_tenant_table('modifiers', 'select, insert, update');
create index modifiers_group_idx on modifiers (restaurant_id, modifier_group_id, position) where deleted_at is null;

create table menu_items (
  restaurant_id uuid not null references restaurants (id),
  id uuid not null,
  category_id uuid not null,
  name text not null,
  description text,
  price bigint not null check (price >= 0),
  allergens text[] not null default '{}',
  station text,
  schedules jsonb not null default '[]',
  position integer not null default 0,
  -- 86: not available, for good or until an instant.
  is_available boolean not null default true,
  unavailable_until timestamptz(3),
  -- Portions left; null when they are not counted. Zero is sold out.
  remaining integer constraint menu_items_remaining_check check (remaining >= 0),
  version integer not null default 1,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  deleted_at timestamptz(3),
  primary key (restaurant_id, id),
  foreign key (restaurant_id, category_id) references categories (restaurant_id, id)
);
select protect_tenant_table('menu_items', 'select, insert, update');
create index menu_items_category_idx on menu_items (restaurant_id, category_id, position) where deleted_at is null;

create table menu_item_variants (
  restaurant_id uuid not null,
  id uuid not null,
  menu_item_id uuid not null,
  name text not null,
  price bigint not null check (price >= 0),
  position integer not null,
  deleted_at timestamptz(3),
  primary key (restaurant_id, id),
  foreign key (restaurant_id, menu_item_id) references menu_items (restaurant_id, id)
);
select protect_tenant_table('menu_item_variants', 'select, insert, update');
create index menu_item_variants_item_idx on menu_item_variants (restaurant_id, menu_item_id, position) where deleted_at is null;

create table menu_item_modifier_groups (
  restaurant_id uuid not null,
  menu_item_id uuid not null,
  modifier_group_id uuid not null,
  position integer not null,
  primary key (restaurant_id, menu_item_id, modifier_group_id),
  foreign key (restaurant_id, menu_item_id) references menu_items (restaurant_id, id),
  foreign key (restaurant_id, modifier_group_id) references modifier_groups (restaurant_id, id)
);
select protect_tenant_table('menu_item_modifier_groups', 'select, insert, update, delete');
create index menu_item_modifier_groups_group_idx on menu_item_modifier_groups (restaurant_id, modifier_group_id);

create table menu_item_taxes (
  restaurant_id uuid not null,
  menu_item_id uuid not null,
  tax_id uuid not null,
  primary key (restaurant_id, menu_item_id, tax_id),
  foreign key (restaurant_id, menu_item_id) references menu_items (restaurant_id, id),
  foreign key (restaurant_id, tax_id) references taxes (restaurant_id, id)
);
select protect_tenant_table('menu_item_taxes', 'select, insert, update, delete');
create index menu_item_taxes_tax_idx on menu_item_taxes (restaurant_id, tax_id);

-- Every change of what the menu holds raises its version, whoever makes it; selling portions does not.
create function raise_menu_version() returns trigger
language plpgsql as $$
begin
  update restaurants set menu_version = menu_version + 1 where id = coalesce(new.restaurant_id, old.restaurant_id);
  return null;
end $$;

create trigger categories_menu_version after insert or update or delete on categories
  for each row execute function raise_menu_version();
create trigger taxes_menu_version after insert or update or delete on taxes
  for each row execute function raise_menu_version();
create trigger modifier_groups_menu_version after insert or update or delete on modifier_groups
  for each row execute function raise_menu_version();
create trigger modifiers_menu_version after insert or update or delete on modifiers
  for each row execute function raise_menu_version();
create trigger menu_items_menu_version
  after insert or delete or update of category_id, name, description, price, allergens, station, schedules, position, is_available,
    unavailable_until, version, deleted_at on menu_items
  for each row execute function raise_menu_version();
create trigger menu_item_variants_menu_version after insert or update or delete on menu_item_variants
  for each row execute function raise_menu_version();
create trigger menu_item_modifier_groups_menu_version after insert or update or delete on menu_item_modifier_groups
  for each row execute function raise_menu_version();
create trigger menu_item_taxes_menu_version after insert or update or delete on menu_item_taxes
  for each row execute function raise_menu_version();
