/** Prices in the staged rows of a running import, counted for the price rules. */
import { query, type Tx } from '../../config/database.js';
import type { CounterpartCount, PriceCount, PricedChoice } from '../../domain/import/choicePricing.js';
import type { MinorUnits } from '../../domain/number/money.js';

/** Price of an item, or of its variant, without any priced choice. */
export interface BarePrice {
  itemNo: number;
  variantNo: number | null;
  price: MinorUnits;
  lines: number;
}

/**
 * Counts rows that agree in everything that can affect their price. Rows with a discount are left
 * out: their unit prices are rounded and would mislead.
 */
const CONFIGURATIONS = `select item_no, coalesce(variant_no, -1) as variant_no, choices, unit_price, count(*)::int as lines
  from import_rows
  where restaurant_id = $1 and import_id = $2 and not is_faulty and discount_amount = 0
  group by 1, 2, 3, 4`;

/** Items sold by weight have hundreds of prices, which prove nothing and would fill the memory. */
const MAX_PRICES_PER_ITEM = 200;

// Met by a window instead of a join: the planner takes what was counted here for a handful of rows
// and would compare each with each.
const counterparts = query<CounterpartCount>(
  'import.findCounterparts',
  `with configuration as (${CONFIGURATIONS}), usual as (
     select distinct on (item_no, variant_no, choices) item_no, variant_no, choices, unit_price
     from configuration
     order by item_no, variant_no, choices, lines desc, unit_price desc
   ), met as (
     select item_no, variant_no, choices, null::int as choice, unit_price, 0 as lines from usual
     union all
     select c.item_no, c.variant_no, array_remove(c.choices, t.choice), t.choice, c.unit_price, c.lines
     from configuration c
     cross join lateral (select distinct unnest(c.choices) as choice) t
   ), compared as (
     select choice, unit_price, lines,
       max(unit_price) filter (where choice is null) over (partition by item_no, variant_no, choices) as usual_price
     from met
   )
   select choice, (unit_price - usual_price)::bigint as difference, sum(lines)::int as lines
   from compared
   where choice is not null
   group by 1, 2`,
);

// `is true` keeps the list of items a hash, for the same reason.
const priceCounts = query<PriceCount>(
  'import.countPrices',
  `with configuration as (${CONFIGURATIONS}), comparable as (
     select concat_ws(' ', c.item_no, c.variant_no,
         array(select distinct k from unnest(c.choices) as k where k = any ($3::int[]) order by k)::text) as name,
       c.choices, c.unit_price, c.lines
     from configuration c
     where (c.item_no in (
       select item_no from configuration group by item_no
       having count(distinct unit_price) <= ${MAX_PRICES_PER_ITEM} and bool_or(choices <> '{}'))) is true
   )
   select name as group, null::int as choice, unit_price as price, sum(lines)::int as lines from comparable group by 1, 3
   union all
   select name, t.choice, unit_price, sum(lines)::int
   from comparable
   cross join lateral (select distinct unnest(choices) as choice) t
   where t.choice <> all ($3::int[])
   group by 1, 2, 3`,
);

// Lines without a priced choice show the bare price directly and are preferred. From other lines,
// the known prices of choices are subtracted.
const barePrices = query<BarePrice>(
  'import.listBarePrices',
  `with configuration as (
     select item_no, variant_no, choices, unit_price, discount_amount > 0 as is_rounded, count(*) as lines
     from import_rows
     where restaurant_id = $1 and import_id = $2 and not is_faulty
     group by 1, 2, 3, 4, 5
   ), bare as (
     select c.item_no, c.variant_no, c.lines, c.choices && $3::int[] or c.is_rounded as is_reckoned,
       greatest(c.unit_price - coalesce((select sum(($4::bigint[])[k + 1]) from unnest(c.choices) as k), 0), 0) as price
     from configuration c
   ), counted as (
     select item_no, variant_no, is_reckoned, price, sum(lines)::int as lines from bare group by 1, 2, 3, 4
   )
   select distinct on (item_no, variant_no) item_no as "itemNo", variant_no as "variantNo", price::bigint as price, lines
   from counted
   order by item_no, variant_no, is_reckoned, lines desc, price`,
);

export class StagedPrices {
  counterparts(restaurantId: string, tx: Tx, importId: string): Promise<CounterpartCount[]> {
    return tx.many(counterparts, [restaurantId, importId]);
  }

  /** @param known numbers of the choices that are known to have a price. */
  priceCounts(restaurantId: string, tx: Tx, importId: string, known: readonly number[]): Promise<PriceCount[]> {
    return tx.many(priceCounts, [restaurantId, importId, known]);
  }

  barePrices(restaurantId: string, tx: Tx, importId: string, priced: readonly PricedChoice[]): Promise<BarePrice[]> {
    const choices = priced.map(({ choice }) => choice);
    // By number of the choice, so that no row searches them.
    const prices = Array.from({ length: Math.max(-1, ...choices) + 1 }, () => 0);
    for (const { choice, price } of priced) prices[choice] = price;
    return tx.many(barePrices, [restaurantId, importId, choices, prices]);
  }
}
