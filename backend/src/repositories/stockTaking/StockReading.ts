/**
 * Stock at an instant, and the check of the books. Each answer is one statement, so of one moment.
 */
import { query, type Tx } from '../../config/database.js';
import type { StockFault, StockOnHand } from '../../domain/stock/stockTaking.js';
import { type ListPage, OLDEST } from '../editableTable.js';

/** After every movement. */
export const FOREVER = 'infinity';

// The quantity at a place at that time is the current quantity minus all movements there since
// then. For every place where an item ever was, there is a row in stock_levels, or it is the item's
// own location.
const onHand = query<StockOnHand>(
  'stockTaking.listOnHand',
  `with page as (
     select id, name, unit, average_cost, location_id, current_quantity
     from inventory_items i
     where restaurant_id = $1 and (deleted_at is null or deleted_at > $2) and id > $4
       and ($3::uuid is null or location_id = $3 or exists (
         select 1 from stock_levels l where l.restaurant_id = $1 and l.inventory_item_id = i.id and l.location_id = $3))
     order by id
     limit $5
   )
   select p.id as "inventoryItemId", p.name, p.unit, trim_scale(p.average_cost)::text as "unitCost",
     trim_scale(coalesce(s.quantity, 0))::text as quantity, coalesce(s.locations, '[]') as locations
   from page p
   cross join lateral (
     select sum(quantity) as quantity,
       jsonb_agg(jsonb_build_object('locationId', location_id, 'quantity', trim_scale(quantity)::text) order by location_id nulls first)
         filter (where quantity <> 0) as locations
     from (
       select location_id, sum(quantity) as quantity
       from (
         select p.location_id, p.current_quantity as quantity
         union all
         select p.location_id, -quantity from stock_levels where restaurant_id = $1 and inventory_item_id = p.id
         union all
         select location_id, quantity from stock_levels where restaurant_id = $1 and inventory_item_id = p.id
         union all
         select location_id, -quantity from stock_movements
         where restaurant_id = $1 and inventory_item_id = p.id and occurred_at > $2
       ) parts
       group by location_id
     ) places
     where $3::uuid is null or location_id = $3
   ) s
   order by p.id`,
);

// Item by item, along the ledger's index. The quantity at an item's own location is not stored. It
// is the rest of the item's quantity, so it is right if the other quantities are right.
const audit = query<{ checked: number; faults: StockFault[] }>(
  'stockTaking.auditStock',
  `select count(distinct i.id)::int as checked, coalesce(jsonb_agg(f.fault order by i.id) filter (where f.fault is not null), '[]') as faults
   from inventory_items i
   left join lateral (
     with ledger as (
       select location_id, sum(quantity) as quantity
       from stock_movements
       where restaurant_id = $1 and inventory_item_id = i.id
       group by location_id
     ), found as (
       select 'quantity' as fault, null::uuid as location_id, coalesce(sum(quantity), 0) as expected, i.current_quantity as found
       from ledger
       union all
       select 'location', location_id, sum(expected), sum(found)
       from (
         select location_id, quantity as expected, 0 as found from ledger where location_id is distinct from i.location_id
         union all
         select location_id, 0, quantity from stock_levels where restaurant_id = $1 and inventory_item_id = i.id
       ) places
       group by location_id
       union all
       select 'negative', null, 0, i.current_quantity where i.policy <> 'allow_negative' and i.current_quantity < 0
     )
     select jsonb_build_object('inventoryItemId', i.id, 'name', i.name, 'fault', fault, 'locationId', location_id,
       'expected', trim_scale(expected)::text, 'found', trim_scale(found)::text) as fault
     from found
     where expected <> found
   ) f on true
   where i.restaurant_id = $1`,
);

export class StockReading {
  /**
   * Up to `limit + 1` items in id order.
   * @param asOf an instant, or FOREVER for the current stock.
   * @param locationId absent: all locations.
   */
  onHand(
    restaurantId: string,
    tx: Tx,
    asOf: string,
    locationId: string | undefined,
    page: ListPage,
  ): Promise<StockOnHand[]> {
    return tx.many(onHand, [restaurantId, asOf, locationId ?? null, page.after ?? OLDEST, page.limit + 1]);
  }

  /**
   * Compares every item with its ledger. Takes no locks: each concurrent sale is seen whole or not
   * at all.
   */
  audit(restaurantId: string, tx: Tx): Promise<{ checked: number; faults: StockFault[] }> {
    return tx.one(audit, [restaurantId]);
  }
}
