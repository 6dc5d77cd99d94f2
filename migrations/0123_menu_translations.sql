-- Older code may run: it does not name the new columns, which have a default.

-- Names and descriptions in other languages: {"fr": {"name": "Soupe", "description": "..."}}.
-- An object for each thing, because they are read and edited with it.
alter table categories add column translations jsonb not null default '{}';
alter table menu_items add column translations jsonb not null default '{}';
alter table menu_item_variants add column translations jsonb not null default '{}';
alter table modifier_groups add column translations jsonb not null default '{}';
alter table modifiers add column translations jsonb not null default '{}';
