/**
 * Cost of goods sold: sales by group, each line at the costs at which its order took ingredients.
 */
import { type Query, query, type Tx } from '../../config/database.js';
import { COST_GROUPS, type CostGroup } from '../../domain/report/costOfGoods.js';
import type { Total } from '../../domain/number/money.js';
import type { SoldLine } from '../../domain/inventory/recipeBook.js';
import { GROUPS, SOLD } from './soldLines.js';

export interface SoldGroup {
  key: string;
  label: string;
  units: number;
  /** Units among these that took nothing from stock: sold without a recipe, or imported. */
  unitsWithoutUse: number;
  revenue: Total;
  /** Without included taxes. */
  netRevenue: Total;
  /** Exact, minor units as decimal text. */
  cost: string;
}

/** Sold lines that took nothing from stock, grouped by the ingredients that a recipe would take. */
export interface UnusedSale extends SoldLine {
  units: number;
}

// Average cost of an ingredient over all takings and returns of an order. If a delivery came
// between two rounds of an order, their costs are averaged. The lines together take the quantities
// of the order, so their costs add up to the ledger's total. The look-up is per order, so that no
// plan reads the ledger of other periods.
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

// Deposits are no dishes, and the price of a set menu is in its parts.
const OF_DISHES = `(l.kind not in ('deposit', 'set', 'voucher', 'taxed_voucher') or (l.kind = 'set' and l.gross_amount > 0) or l.stock_use <> '{}')`;

const LINE_COST = `s.quantity * (
  select sum(u.quantity::numeric * (s.order_costs ->> u.item_id)::numeric)
  from jsonb_each_text(s.stock_use) u(item_id, quantity))`;

// The first line of an order looks up the costs of its ingredients, and the other lines reuse them.
// The planner would take a join of orders and lines for small and compare each order with each
// line.
const soldBy = Object.fromEntries(
  COST_GROUPS.map((group) => [
    group,
    query<SoldGroup>(
      `report.sumSoldBy.${group}`,
      `with sold as (
         select o.id as order_id, ${GROUPS[group].key} as key, ${GROUPS[group].name ?? GROUPS[group].key} as label,
           case l.kind when 'modifier' then 0 else l.quantity end as quantity, l.amount, l.stock_use,
           l.amount - ${INCLUDED_TAX} as net_amount, row_number() over (partition by o.id order by l.id) as place
         ${SOLD} and ${OF_DISHES} and ($4::uuid is null or l.category_id = $4)
       ), looked_up as materialized (
         select s.*, case when s.place = 1 then ${UNIT_COSTS} end as unit_costs
         from sold s
       ), costed as materialized (
         select l.*, first_value(l.unit_costs) over (partition by l.order_id order by l.place) as order_costs
         from looked_up l
       )
       select s.key, (array_agg(s.label order by s.order_id desc, s.label desc))[1] as label, sum(s.quantity)::bigint as units,
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
     and l.kind <> 'modifier' and ${OF_DISHES} and ($4::uuid is null or l.category_id = $4) and l.menu_item_id = any ($5::uuid[]) and l.stock_use = '{}'
   group by 1, 2, 3`,
);

/** Business dates, both included. */
export interface SalesPeriod {
  from: string;
  to: string;
  /** Only lines of this category. */
  categoryId?: string | undefined;
}

export class CostReports {
  soldBy(restaurantId: string, tx: Tx, group: CostGroup, { from, to, categoryId }: SalesPeriod): Promise<SoldGroup[]> {
    return tx.many(soldBy[group], [restaurantId, from, to, categoryId ?? null]);
  }

  /**
   * @param dishes menu items that have a recipe now.
   * @param modifiers modifiers that have a recipe now. Others are left out of the result.
   */
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
