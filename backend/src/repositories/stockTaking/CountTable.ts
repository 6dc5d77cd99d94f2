/** Stock counts and their lines. */
import { query, type Tx } from '../../config/database.js';
import type { CountLine, StockCount } from '../../domain/stock/stockTaking.js';
import { type ListPage, NEWEST } from '../editableTable.js';

export type NewCount = Pick<StockCount, 'id' | 'locationId' | 'isBlind' | 'notes' | 'createdBy' | 'createdAt'>;
/** End of a count. */
export type CountEnd = Pick<StockCount, 'id' | 'status' | 'gain' | 'loss' | 'closedBy' | 'closedAt'>;

/** A counted quantity, in stock units. */
export interface CountedItem {
  inventoryItemId: string;
  quantity: string;
  countedAt: string;
  /** Time of recording, under the lock of the item. */
  recordedAt: string;
}

/** An item on another open count of the same location or of all locations. */
export interface CountedElsewhere {
  inventoryItemId: string;
  name: string;
  countId: string;
}

const COUNTS = `select c.id, c.location_id as "locationId", c.is_blind as "isBlind", c.status, c.notes, c.gain::text, c.loss::text,
    c.created_by as "createdBy", c.created_at as "createdAt", c.closed_by as "closedBy", c.closed_at as "closedAt",
    l.items as "itemCount", l.counted as "countedItemCount"
   from stock_counts c
   cross join lateral (
     select count(*)::int as items, count(counted_quantity)::int as counted
     from stock_count_lines
     where restaurant_id = $1 and count_id = c.id
   ) l
   where c.restaurant_id = $1`;

type CountRow = Omit<StockCount, 'gain' | 'loss'> & { gain: string | null; loss: string | null };

/**
 * Booked quantity of item `i` in `area` at the instant `at`: the current quantity minus all
 * movements since then. So a sale after the counting affects neither side of the variance.
 */
const booksAt = (area: string, at: string) => `(
     case
       when ${area} is null then i.current_quantity
       when ${area} = i.location_id then i.current_quantity - coalesce((
         select sum(quantity) from stock_levels where restaurant_id = $1 and inventory_item_id = i.id), 0)
       else coalesce((
         select quantity from stock_levels where restaurant_id = $1 and inventory_item_id = i.id and location_id = ${area}), 0)
     end - coalesce((
       select sum(quantity) from stock_movements
       where restaurant_id = $1 and inventory_item_id = i.id and occurred_at > ${at} and (${area} is null or location_id = ${area})), 0))`;

/**
 * Quantity of line `l` that was booked after the recording but moved before the counting: a
 * delivery entered late was already on the shelf. A sale is booked when it happens, so it comes
 * after the counting and is left out, even if a clock is slow.
 */
const BOOKED_LATE = `coalesce((
     select sum(m.quantity) from stock_movements m
     where m.restaurant_id = $1 and m.inventory_item_id = l.inventory_item_id and m.occurred_at < m.created_at
       and m.created_at > l.recorded_at and m.occurred_at <= l.counted_at and (c.location_id is null or m.location_id = c.location_id)), 0)`;

const insertCount = query(
  'stockCount.insert',
  `insert into stock_counts (restaurant_id, id, location_id, is_blind, notes, created_by, created_at)
   values ($1, $2, $3, $4, $5, $6, $7)`,
);
const closeCount = query(
  'stockCount.close',
  `update stock_counts
   set status = $3, gain = $4, loss = $5, closed_by = $6, closed_at = $7
   where restaurant_id = $1 and id = $2`,
);
const findCount = query<CountRow>('stockCount.find', `${COUNTS} and c.id = $2`);
const listCounts = query<CountRow>(
  'stockCount.list',
  `${COUNTS} and c.id < $2
   order by c.id desc
   limit $3`,
);
// Several callers can record lines at once. A caller that closes the count waits for them; later
// callers find it closed.
const keepOpen = query<{ status: string }>(
  'stockCount.keepOpen',
  'select status from stock_counts where restaurant_id = $1 and id = $2 for share',
);
const lockCount = query<{ status: string }>(
  'stockCount.lock',
  'select status from stock_counts where restaurant_id = $1 and id = $2 for no key update',
);
// Only one caller at a time decides which items are on open counts.
const lockCounting = query('stockCount.lockCounting', 'select 1 from restaurants where id = $1 for no key update');

const itemsOfArea = query<{ id: string }>(
  'stockCount.listItemsOfArea',
  `select i.id from inventory_items i
   where i.restaurant_id = $1 and i.deleted_at is null and ($2::uuid is null or i.location_id = $2 or exists (
     select 1 from stock_levels l
     where l.restaurant_id = $1 and l.inventory_item_id = i.id and l.location_id = $2 and l.quantity <> 0))`,
);
const countedElsewhere = query<CountedElsewhere>(
  'stockCount.listCountedElsewhere',
  `select i.id as "inventoryItemId", i.name, c.id as "countId"
   from stock_counts c
   join stock_count_lines l on l.restaurant_id = $1 and l.count_id = c.id and l.inventory_item_id = any ($3::uuid[])
   join inventory_items i on i.restaurant_id = $1 and i.id = l.inventory_item_id
   where c.restaurant_id = $1 and c.status = 'open' and c.id <> $2
     and (c.location_id is null or $4::uuid is null or c.location_id = $4)
   order by i.name
   limit 10`,
);
const addLines = query(
  'stockCount.addLines',
  `insert into stock_count_lines (restaurant_id, count_id, inventory_item_id)
   select $1, $2, id from unnest($3::uuid[]) id
   order by id
   on conflict do nothing`,
);
// Lines are updated in item order, so that two callers with the same items do not deadlock.
const recordLines = query(
  'stockCount.recordLines',
  `update stock_count_lines l
   set counted_quantity = n.quantity, counted_at = n.at, counted_by = $4, expected_quantity = n.expected, recorded_at = n."recordedAt"
   from (
     select i.id, m.quantity, m."countedAt" as at, m."recordedAt", ${booksAt('c.location_id', 'm."countedAt"')} as expected
     from jsonb_to_recordset($3::jsonb) as m("inventoryItemId" uuid, quantity numeric, "countedAt" timestamptz, "recordedAt" timestamptz)
     join stock_counts c on c.restaurant_id = $1 and c.id = $2
     join inventory_items i on i.restaurant_id = $1 and i.id = m."inventoryItemId"
     order by i.id
   ) n
   where l.restaurant_id = $1 and l.count_id = $2 and l.inventory_item_id = n.id`,
);
const settle = query(
  'stockCount.settle',
  `update stock_count_lines l
   set unit_cost = i.average_cost, expected_quantity = l.expected_quantity + ${BOOKED_LATE}, recorded_at = $3
   from stock_counts c, inventory_items i
   where l.restaurant_id = $1 and l.count_id = $2 and l.counted_quantity is not null
     and c.restaurant_id = $1 and c.id = $2 and i.restaurant_id = $1 and i.id = l.inventory_item_id`,
);
// An item without a counted quantity has the current booked quantity as its expected quantity.
const linesOf = query<CountLine>(
  'stockCount.listLines',
  `select i.id as "inventoryItemId", i.name, i.unit, trim_scale(l.counted_quantity)::text as "countedQuantity",
     trim_scale(case
       when c.status <> 'open' then l.expected_quantity
       when l.counted_quantity is null then ${booksAt('c.location_id', `'infinity'`)}
       else l.expected_quantity + ${BOOKED_LATE}
     end)::text as "expectedQuantity",
     l.counted_at as "countedAt", l.counted_by as "countedBy", trim_scale(l.unit_cost)::text as "unitCost"
   from stock_counts c
   join stock_count_lines l on l.restaurant_id = $1 and l.count_id = c.id
   join inventory_items i on i.restaurant_id = $1 and i.id = l.inventory_item_id
   where c.restaurant_id = $1 and c.id = $2
   order by i.name, i.id`,
);

export class CountTable {
  async insert(restaurantId: string, tx: Tx, count: NewCount): Promise<void> {
    const { id, locationId, isBlind, notes, createdBy, createdAt } = count;
    await tx.run(insertCount, [restaurantId, id, locationId, isBlind, notes, createdBy, createdAt]);
  }

  /** Stores the end of a count. The caller has locked it. */
  async close(restaurantId: string, tx: Tx, end: CountEnd): Promise<void> {
    const { id, status, gain, loss, closedBy, closedAt } = end;
    await tx.run(closeCount, [restaurantId, id, status, gain, loss, closedBy, closedAt]);
  }

  async find(restaurantId: string, tx: Tx, id: string): Promise<StockCount | undefined> {
    const row = await tx.maybeOne(findCount, [restaurantId, id]);
    return row && toCount(row);
  }

  /** Newest first, up to `limit + 1`. */
  async list(restaurantId: string, tx: Tx, page: ListPage): Promise<StockCount[]> {
    const rows = await tx.many(listCounts, [restaurantId, page.after ?? NEWEST, page.limit + 1]);
    return rows.map(toCount);
  }

  /**
   * The status of a count. It stays until the transaction ends. Several callers can do this at
   * once.
   */
  async keepOpen(restaurantId: string, tx: Tx, id: string): Promise<string | undefined> {
    return (await tx.maybeOne(keepOpen, [restaurantId, id]))?.status;
  }

  /** Locks a count to close it. @returns its status. */
  async lock(restaurantId: string, tx: Tx, id: string): Promise<string | undefined> {
    return (await tx.maybeOne(lockCount, [restaurantId, id]))?.status;
  }

  /** Keeps other callers from adding items to counts until the transaction ends. */
  async lockCounting(restaurantId: string, tx: Tx): Promise<void> {
    await tx.run(lockCounting, [restaurantId]);
  }

  /** Live items in an area. @param locationId null: all locations. */
  async itemsOfArea(restaurantId: string, tx: Tx, locationId: string | null): Promise<string[]> {
    return (await tx.many(itemsOfArea, [restaurantId, locationId])).map((row) => row.id);
  }

  countedElsewhere(
    restaurantId: string,
    tx: Tx,
    count: { id: string; locationId: string | null },
    itemIds: readonly string[],
  ): Promise<CountedElsewhere[]> {
    return tx.many(countedElsewhere, [restaurantId, count.id, itemIds, count.locationId]);
  }

  /** Adds items to a count. Items that are on it already stay unchanged. */
  async addLines(restaurantId: string, tx: Tx, id: string, itemIds: readonly string[]): Promise<void> {
    await tx.run(addLines, [restaurantId, id, itemIds]);
  }

  /**
   * Stores counted quantities, replacing earlier ones, and the booked quantities at the time of the
   * counting. The caller has locked the items.
   */
  async recordLines(
    restaurantId: string,
    tx: Tx,
    id: string,
    items: readonly CountedItem[],
    countedBy: string,
  ): Promise<void> {
    await tx.run(recordLines, [restaurantId, id, JSON.stringify(items), countedBy]);
  }

  /**
   * Fixes the expected quantities and the costs of counted lines. The caller has locked the items.
   */
  async settle(restaurantId: string, tx: Tx, id: string, at: Date): Promise<void> {
    await tx.run(settle, [restaurantId, id, at]);
  }

  lines(restaurantId: string, tx: Tx, id: string): Promise<CountLine[]> {
    return tx.many(linesOf, [restaurantId, id]);
  }
}

function toCount({ gain, loss, ...row }: CountRow): StockCount {
  // The stored values are safe integers.
  return { ...row, gain: gain === null ? null : Number(gain), loss: loss === null ? null : Number(loss) };
}
