-- Policies compare the restaurant with the setting directly. Before, they used a subselect, which
-- is evaluated once per query instead of once per row. But Citus cannot distribute a table whose
-- policies contain a subselect. Reading the setting per row makes a sum over a year's rows a tenth
-- slower.

create or replace function protect_tenant_table(target regclass, grants text) returns void
language plpgsql as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  -- After a commit the setting is '' and not null.
  execute format(
    'create policy tenant_isolation on %s using (restaurant_id = nullif(current_setting(''app.restaurant_id'', true), '''')::uuid)',
    target);
  execute format('grant %s on %s to servio_app', grants, target);
  perform guess_statistics(target);
end $$;

do $$
declare
  target regclass;
begin
  for target in
    select polrelid::regclass from pg_policy
    where polname = 'tenant_isolation' and polrelid <> 'restaurants'::regclass
  loop
    execute format(
      'alter policy tenant_isolation on %s using (restaurant_id = nullif(current_setting(''app.restaurant_id'', true), '''')::uuid)',
      target);
  end loop;
end $$;

alter policy tenant_isolation on restaurants using (id = nullif(current_setting('app.restaurant_id', true), '')::uuid);
alter policy own_memberships on members using (user_id = nullif(current_setting('app.user_id', true), '')::uuid);
