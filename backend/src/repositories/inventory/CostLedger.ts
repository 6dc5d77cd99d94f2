/**
 * Changes what stock has cost without moving it: the whole stock of an item leaves at the old
 * average and comes back at the new one, so that the ledger shows the value. Nothing is short
 * meanwhile, so no event tells of it.
 */
import { query, type Tx } from '../../config/database.js';
import { formatQuantity, type Micros, parseSum } from '../../domain/number/quantity.js';
import type { HeldStock } from '../../domain/stock/revaluation.js';
import { newId } from '../../utils/ids.js';
import type { MovementSource } from './StockLedger.js';

const lock = query<{ id: string; quantity: string; average: string }>(
  'inventory.lockHeld',
  `select id, trim_scale(current_quantity)::text as quantity, trim_scale(average_cost)::text as average
   from inventory_items
   where restaurant_id = $1 and id = any ($2::uuid[])
   order by id
   for no key update`,
);
const revalue = query(
  'inventory.revalue',
  `with wanted as (
     select i.id, i.location_id, i.current_quantity, i.average_cost, w.average, w."outId", w."inId"
     from jsonb_to_recordset($2::jsonb) as w("inventoryItemId" uuid, average numeric, "outId" uuid, "inId" uuid)
     join inventory_items i on i.restaurant_id = $1 and i.id = w."inventoryItemId"
   ), ledger as (
     insert into stock_movements (restaurant_id, id, inventory_item_id, kind, quantity, unit_cost, location_id, source_kind, source_id,
       source_version, reason, business_date, occurred_at, created_by, created_at)
     select $1, m.id, w.id, 'correction', m.quantity, m.cost, w.location_id, $3, $4, $5, $6, $7, $8, $9, $8
     from wanted w
     cross join lateral (values (w."outId", -w.current_quantity, w.average_cost), (w."inId", w.current_quantity, w.average))
       as m(id, quantity, cost)
     where w.current_quantity > 0
   )
   update inventory_items i
   set average_cost = w.average, version = i.version + 1
   from wanted w
   where i.restaurant_id = $1 and i.id = w.id and w.average <> i.average_cost`,
);
// Late bookings are in an index of their own. Revaluations move nothing.
const since = query<{ quantity: string }>(
  'inventory.listMovedSince',
  `with base as (
     select created_at, id
     from stock_movements
     where restaurant_id = $1 and source_id = $3 and inventory_item_id = $2 and source_version = $4 and quantity > 0
   )
   select trim_scale(l.quantity)::text as quantity
   from (
     select m.created_at, m.id, m.quantity
     from base b
     join stock_movements m on m.restaurant_id = $1 and m.inventory_item_id = $2 and m.occurred_at >= b.created_at
       and m.source_kind <> 'supplier_invoice' and (m.created_at, m.id) > (b.created_at, b.id)
     union all
     select m.created_at, m.id, m.quantity
     from base b
     join stock_movements m on m.restaurant_id = $1 and m.inventory_item_id = $2 and m.created_at >= b.created_at
       and m.occurred_at < m.created_at and m.occurred_at < b.created_at
       and m.source_kind <> 'supplier_invoice' and (m.created_at, m.id) > (b.created_at, b.id)
   ) l
   order by l.created_at, l.id
   limit $5`,
);

export class CostLedger {
  /** Locks items in the order of their ids until the transaction ends. */
  async lock(restaurantId: string, tx: Tx, ids: readonly string[]): Promise<Map<string, HeldStock>> {
    const rows = await tx.many(lock, [restaurantId, ids]);
    return new Map(
      rows.map(({ id, quantity, average }) => [id, { quantity: micros(quantity), average: micros(average) }]),
    );
  }

  /** Gives locked items other averages. */
  async revalue(
    restaurantId: string,
    tx: Tx,
    source: MovementSource,
    averages: ReadonlyMap<string, Micros>,
    by: { reason: string; createdBy: string },
  ): Promise<void> {
    const rows = Array.from(averages, ([inventoryItemId, average]) => ({
      inventoryItemId,
      average: formatQuantity(average),
      outId: newId(),
      inId: newId(),
    }));
    const { kind, id, version, businessDate, occurredAt } = source;
    const values = [kind, id, version, by.reason, businessDate, occurredAt, by.createdBy];
    await tx.run(revalue, [restaurantId, JSON.stringify(rows), ...values]);
  }

  /** What an item moved after it was revalued, in order, up to `most`. */
  async movedSince(
    restaurantId: string,
    tx: Tx,
    inventoryItemId: string,
    source: { id: string; version: number },
    most: number,
  ): Promise<Micros[]> {
    const rows = await tx.many(since, [restaurantId, inventoryItemId, source.id, source.version, most]);
    return rows.map(({ quantity }) => micros(quantity));
  }
}

function micros(text: string): Micros {
  const value = parseSum(text);
  if (value === undefined) throw new Error(`the database returned ${text} as a quantity or cost`);
  return value;
}
