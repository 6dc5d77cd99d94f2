/** What the things sold have cost: sales by group, each line with the costs that its order took its ingredients at. */
import { type Query, query, type Tx } from '../../config/database.js';
import { COST_GROUPS, type CostGroup } from '../../domain/report/costOfGoods.js';
import type { Total } from '../../domain/number/money.js';
import type { SoldLine } from '../../domain/inventory/recipeBook.js';
import { GROUPS, SOLD } from './soldLines.js';

export interface SoldGroup {
  key: string;
  label: string;
  units: number;
  /** Of these, units that took nothing from stock: sold without a recipe, or taken over from another till. */
  unitsWithoutUse: number;
  revenue: Total;
  /** Without included taxes. */
  netRevenue: Total;
  /** Exact, minor units as decimal text. */
  cost: string;
}

/** Lines that took nothing from stock when they were sold, alike in what they would take by a recipe. */
export interface UnusedSale extends SoldLine {
  units: number;
}

// What an order took and gave back of an ingredient, over both: where a delivery came between two rounds of one order, the two
// costs are averaged. Its lines take together what it took, so their costs add up to what the ledger says. Looked up order by
// order, so that no plan reads the ledger of other times.
const UNIT_COSTS = `(
  select jsonb_object_agg(m.inventory_item_id, m.unit_cost)
  from (
    select inventory_item_id, sum(quantity * unit_cost) / sum(quantity) as unit_cost
    from stock_movements
    where restaurant_id = $1 and source_id = s.order_id and kind in ('sale', 'void')
    group by inventory_item_id
    having sum(quantity) <> 0) m)`;

const INCLUDED_TAX = `(
  select coalesce(sum((t.tax ->> 'amount')::bigint), 0)
  from jsonb_array_elements(l.taxes) t(tax)
  where (t.tax ->> 'inclusive')::boolean)`;

const LINE_COST = `s.quantity * (
  select sum(u.quantity::numeric * (s.order_costs ->> u.item_id)::numeric)
  from jsonb_each_text(s.stock_use) u(item_id, quantity))`;

// The first line of an order looks up what its ingredients cost, and the others take it from there: a join of orders and lines that
// the planner takes for small would compare each with each.
const soldBy = Object.fromEntries(
  COST_GROUPS.map((group) => [
    group,
    query<SoldGroup>(
      `report.sumSoldBy.${group}`,
      `with sold as (
         select o.id as order_id, ${GROUPS[group].key} as key, ${GROUPS[group].label} as label, l.quantity, l.amount, l.stock_use,
           l.amount - ${INCLUDED_TAX} as net_amount, row_number() over (partition by o.id order by l.id) as place
         ${SOLD} and ($4::uuid is null or l.category_id = $4)
       ), looked_up as materialized (
         select s.*, case when s.place = 1 then ${UNIT_COSTS} end as unit_costs
         from sold s
       ), costed as materialized (
         select l.*, first_value(l.unit_costs) over (partition by l.order_id order by l.place) as order_costs
         from looked_up l
       )
       select s.key, (array_agg(s.label order by s.order_id desc))[1] as label, sum(s.quantity)::bigint as units,
         coalesce(sum(s.quantity) filter (where s.stock_use = '{}'), 0)::bigint as "unitsWithoutUse", sum(s.amount) as revenue,
         sum(s.net_amount) as "netRevenue", trim_scale(round(coalesce(sum(${LINE_COST}), 0), 12))::text as cost
       from costed s
       group by s.key
       order by ${GROUPS[group].order}`,
    ),
  ]),
) as Record<CostGroup, Query<SoldGroup>>; // Object.fromEntries loses the keys, which are those of COST_GROUPS.

const unusedSales = query<UnusedSale>(
  'report.listUnusedSales',
  `select l.menu_item_id as "menuItemId", l.variant_id as "variantId", (
       select coalesce(jsonb_agg(jsonb_build_object('modifierId', m.one -> 'modifierId', 'quantity', m.one -> 'quantity')
         order by m.one ->> 'modifierId'), '[]')
       from jsonb_array_elements(l.modifiers) m(one)
       where (m.one ->> 'modifierId')::uuid = any ($6::uuid[])) as modifiers,
     sum(l.quantity)::bigint as units
   ${SOLD}
     and ($4::uuid is null or l.category_id = $4) and l.menu_item_id = any ($5::uuid[]) and l.stock_use = '{}'
   group by 1, 2, 3`,
);

/** Business dates, both included. */
export interface SalesPeriod {
  from: string;
  to: string;
  /** Of lines that were sold in this category. */
  categoryId?: string | undefined;
}

export class CostReports {
  soldBy(restaurantId: string, tx: Tx, group: CostGroup, { from, to, categoryId }: SalesPeriod): Promise<SoldGroup[]> {
    return tx.many(soldBy[group], [restaurantId, from, to, categoryId ?? null]);
  }

  /** @param dishes menu items that have a recipe now. @param modifiers that have one; others are left out. */
  unusedSales(
    restaurantId: string,
    tx: Tx,
    { from, to, categoryId }: SalesPeriod,
    dishes: readonly string[],
    modifiers: readonly string[],
  ): Promise<UnusedSale[]> {
    return tx.many(unusedSales, [restaurantId, from, to, categoryId ?? null, dishes, modifiers]);
  }
}
