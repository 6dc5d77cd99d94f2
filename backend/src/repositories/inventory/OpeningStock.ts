/** Items that get their first movement. */
import { query, type Tx } from '../../config/database.js';

const lockItems = query<{ id: string }>(
  'openingStock.lockItems',
  `select id from inventory_items
   where restaurant_id = $1 and id = any ($2::uuid[]) and deleted_at is null
   order by id
   for no key update`,
);

const listOpenings = query<{ itemId: string; quantities: string[] }>(
  'openingStock.list',
  // One look-up per item. PostgreSQL may turn `exists` into a join that reads the whole ledger.
  `select i.id as "itemId", array(
     select trim_scale(m.quantity)::text
     from stock_movements m
     where m.restaurant_id = $1 and m.inventory_item_id = i.id and m.source_kind = 'opening') as quantities
   from unnest($2::uuid[]) as i(id)
   where (select true from stock_movements m where m.restaurant_id = $1 and m.inventory_item_id = i.id limit 1)`,
);

export class OpeningStock {
  /**
   * Locks the items until the transaction ends, so that no other caller moves them first.
   * @returns items that have movements, each with its opening quantities as decimal text.
   */
  async lock(restaurantId: string, tx: Tx, itemIds: readonly string[]): Promise<Map<string, string[]>> {
    await tx.run(lockItems, [restaurantId, itemIds]);
    const rows = await tx.many(listOpenings, [restaurantId, itemIds]);
    return new Map(rows.map(({ itemId, quantities }) => [itemId, quantities]));
  }
}
