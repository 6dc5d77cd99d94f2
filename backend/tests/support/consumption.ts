/**
 * Consumption of a restaurant's orders by recipe, counted by PostgreSQL alone. It shares no code
 * with the program. It calculates with 30 decimals and defines the units again.
 */
import { withClient } from '../../src/config/database.js';

const CONSUMPTION = `
  with recursive sizes (unit, measures, size) as (values
    ('mg', 'mass', 0.001), ('g', 'mass', 1), ('kg', 'mass', 1000), ('oz', 'mass', 28.349523125), ('lb', 'mass', 453.59237),
    ('ml', 'volume', 1), ('cl', 'volume', 10), ('l', 'volume', 1000), ('piece', 'count', 1), ('dozen', 'count', 12)
  ), used as (
    select l.recipe_id, l.inventory_item_id, l.component_recipe_id,
      l.quantity::numeric(60, 30) * 100 / (100 - l.waste_percent) / r.yield * coalesce(
        case when l.unit = coalesce(i.unit, part.yield_unit) then 1 end,
        (select (u ->> 'numerator')::numeric(60, 30) / (u ->> 'denominator')::numeric
         from jsonb_array_elements(i.units) u where u ->> 'unit' = l.unit),
        (select a.size::numeric(60, 30) / b.size
         from sizes a join sizes b using (measures)
         where a.unit = l.unit and b.unit = coalesce(i.unit, part.yield_unit))) as amount
    from recipe_lines l
    join recipes r on r.restaurant_id = l.restaurant_id and r.id = l.recipe_id and r.deleted_at is null
    left join inventory_items i on i.restaurant_id = l.restaurant_id and i.id = l.inventory_item_id
    left join recipes part on part.restaurant_id = l.restaurant_id and part.id = l.component_recipe_id
    where l.restaurant_id = $1
  ), parts as (
    select recipe_id as recipe, inventory_item_id, component_recipe_id, amount from used
    union all
    select p.recipe, u.inventory_item_id, u.component_recipe_id, p.amount * u.amount
    from parts p join used u on u.recipe_id = p.component_recipe_id
  ), portions as (
    select recipe, inventory_item_id as item, round(sum(amount), 6) as amount
    from parts where inventory_item_id is not null
    group by recipe, inventory_item_id
  ), recipe_of as (
    select id, menu_item_id, variant_id, modifier_id from recipes where restaurant_id = $1 and deleted_at is null
  ), sold as (
    select l.id, l.quantity, l.menu_item_id, l.modifiers,
      (select r.id from recipe_of r
       where r.menu_item_id = l.menu_item_id and r.modifier_id is null and (r.variant_id = l.variant_id or r.variant_id is null)
       order by r.variant_id nulls last limit 1) as recipe
    from order_lines l
    join orders o on o.restaurant_id = l.restaurant_id and o.id = l.order_id
    where l.restaurant_id = $1 and l.voided_at is null and o.status <> 'cancelled'
  ), taken as (
    select s.id, s.quantity, s.recipe, 1 as times from sold s
    union all
    select s.id, s.quantity, (
      select r.id from recipe_of r
      where r.modifier_id = (m ->> 'modifierId')::uuid and (r.menu_item_id = s.menu_item_id or r.menu_item_id is null)
      order by r.menu_item_id nulls last limit 1), (m ->> 'quantity')::int
    from sold s cross join lateral jsonb_array_elements(s.modifiers) m
  ), each_line as (
    select t.id, t.quantity, p.item, greatest(0, sum(p.amount * t.times)) as amount
    from taken t join portions p on p.recipe = t.recipe
    group by t.id, t.quantity, p.item
  )
  select i.name, trim_scale(sum(e.amount * e.quantity))::text as quantity
  from each_line e join inventory_items i on i.restaurant_id = $1 and i.id = e.item
  group by i.name having sum(e.amount * e.quantity) > 0
  order by i.name`;

const LEDGER = `
  select i.name, trim_scale(-sum(m.quantity) filter (where m.kind in ('sale', 'void')))::text as sold,
    coalesce(sum(m.quantity), 0) = i.current_quantity as adds_up
  from inventory_items i
  left join stock_movements m on m.restaurant_id = i.restaurant_id and m.inventory_item_id = i.id
  where i.restaurant_id = $1
  group by i.id, i.name, i.current_quantity
  order by i.name`;

/** Consumption by item name, as decimal text; items of which nothing was taken do not appear. */
export type Consumption = Record<string, string>;

/** By the recipes and orders as they are stored. */
export async function countedConsumption(ownerUrl: string, restaurantId: string): Promise<Consumption> {
  return withClient(ownerUrl, async (owner) => {
    // The planner does not know how many rows the tree of recipes has. Without this it compares
    // every row with every other.
    await owner.query('set jit = off; set enable_nestloop = off');
    const { rows } = await owner.query<{ name: string; quantity: string }>(CONSUMPTION, [restaurantId]);
    return Object.fromEntries(rows.map(({ name, quantity }) => [name, quantity]));
  });
}

/** By the ledger; `wrong` names items whose movements do not add up to their quantity. */
export async function ledgerConsumption(
  ownerUrl: string,
  restaurantId: string,
): Promise<{ sold: Consumption; wrong: string[] }> {
  return withClient(ownerUrl, async (owner) => {
    const { rows } = await owner.query<{ name: string; sold: string | null; adds_up: boolean }>(LEDGER, [restaurantId]);
    const sold = rows.flatMap(({ name, sold }) => (sold === null || sold === '0' ? [] : [[name, sold]]));
    return { sold: Object.fromEntries(sold), wrong: rows.filter((row) => !row.adds_up).map(({ name }) => name) };
  });
}
