/**
 * The only statement that changes stock: it locks the items, posts to the ledger and returns the
 * result.
 */
import { isOutOfRange, query, type Tx, violatedConstraint, violationDetail } from '../../config/database.js';
import { AppError } from '../../domain/shared/errors.js';
import { formatQuantity, type Micros, parseSum } from '../../domain/number/quantity.js';
import type { MovementKind, StockPolicy } from '../../domain/stock/stock.js';
import { type ShortItem, StockShortage } from '../../domain/stock/stockShortage.js';
import { newId } from '../../utils/ids.js';

/** Kind of the thing that caused a movement. */
export type SourceKind =
  | 'order'
  | 'opening'
  | 'adjustment'
  | 'waste'
  | 'count'
  | 'transfer'
  | 'prep'
  | 'goods_receipt'
  | 'supplier_invoice';

export interface MovementSource {
  kind: SourceKind;
  id: string;
  /**
   * State of the source that caused the movements. Each state moves an item at most once each way.
   */
  version: number;
  businessDate: string;
  occurredAt: Date;
}

/** A movement to post. */
export interface Posting {
  inventoryItemId: string;
  kind: MovementKind;
  /** Positive into stock, negative out of stock. */
  quantity: Micros;
  /**
   * Minor units per stock unit. Absent: outgoing goods leave at the average cost, and returning
   * goods come back at the cost at which they left. Outgoing goods with a cost are a reversed
   * receipt: `takeBack` then corrects the average.
   */
  unitCost?: string | undefined;
  /** Absent: the item's own location. */
  locationId?: string | null | undefined;
  reason?: string | null | undefined;
}

/** A moved item with its quantity before and after. */
export interface MovedItem {
  id: string;
  name: string;
  unit: string;
  policy: StockPolicy;
  before: Micros;
  after: Micros;
}

interface MovedRow {
  id: string;
  name: string;
  unit: string;
  policy: StockPolicy;
  before: string;
  after: string;
}

// Every posting locks items in id order, so that two orders with the same ingredients do not
// deadlock. `costed` averages incoming costs and raises the version as an edit does, because a
// caller that is about to edit the cost has not seen this one. A trigger on the ledger adds up the
// quantities.
const post = query<MovedRow>(
  'inventory.post',
  `with wanted as (
     select i.id, i.name, i.unit, i.policy, i.current_quantity, i.reorder_point, i.average_cost, i.location_id as home_id,
       m."movementId", m."lowEventId", m."negativeEventId", m.kind, m.quantity, m."unitCost", m.reason,
       coalesce(m."locationId", i.location_id) as location_id, m."sourceKind", m."sourceId", m."sourceVersion", m."businessDate", m."occurredAt",
       m."createdBy"
     from jsonb_to_recordset($2::jsonb) as m("inventoryItemId" uuid, "movementId" uuid, "lowEventId" uuid, "negativeEventId" uuid,
       kind text, quantity numeric, "unitCost" numeric, "locationId" uuid, reason text, "sourceKind" text, "sourceId" uuid,
       "sourceVersion" int, "businessDate" date, "occurredAt" timestamptz, "createdBy" text)
     join inventory_items i on i.restaurant_id = $1 and i.id = m."inventoryItemId"
     order by i.id
     for no key update of i
   ), priced as (
     select w.*, round(coalesce(w."unitCost", (
       select sum(e.quantity * e.unit_cost) / sum(e.quantity)
       from stock_movements e
       where w.quantity > 0 and e.restaurant_id = $1 and e.source_id = w."sourceId" and e.inventory_item_id = w.id
       having sum(e.quantity) < 0), w.average_cost), 6) as cost
     from wanted w
   ), moved as (
     select id, name, unit, policy, reorder_point, average_cost, current_quantity as before, current_quantity + sum(quantity) as after,
       sum(quantity) as net, coalesce(sum(quantity) filter (where quantity > 0), 0) as valued,
       coalesce(sum(quantity * cost) filter (where quantity > 0), 0) as value,
       (array_agg("lowEventId") filter (where "lowEventId" is not null))[1] as low_event_id,
       (array_agg("negativeEventId") filter (where "negativeEventId" is not null))[1] as negative_event_id
     from priced
     group by id, name, unit, policy, reorder_point, average_cost, current_quantity
   ), refused as (
     select refuse_short_stock(jsonb_agg(jsonb_build_object(
       'id', id, 'name', name, 'unit', unit, 'wanted', trim_scale(-net)::text, 'left', trim_scale(before)::text))) as is_refused
     from moved
     where policy <> 'allow_negative' and net < 0 and after < 0
     having count(*) > 0
   ), ledger as (
     insert into stock_movements (restaurant_id, id, inventory_item_id, kind, quantity, unit_cost, location_id, source_kind, source_id,
       source_version, reason, business_date, occurred_at, created_by, created_at)
     select $1, "movementId", id, kind, quantity, cost, location_id, "sourceKind", "sourceId", "sourceVersion", reason, "businessDate",
       "occurredAt", "createdBy", $3
     from priced
   ), elsewhere as (
     insert into stock_levels as l (restaurant_id, inventory_item_id, location_id, quantity)
     select $1, id, location_id, sum(quantity)
     from priced
     where location_id <> home_id or (home_id is null and location_id is not null)
     group by id, location_id
     on conflict (restaurant_id, inventory_item_id, location_id) do update set quantity = l.quantity + excluded.quantity
   ), costed as (
     update inventory_items i
     set average_cost = round((greatest(m.before, 0) * m.average_cost + m.value) / (greatest(m.before, 0) + m.valued), 6),
       version = i.version + 1
     from moved m
     where i.restaurant_id = $1 and i.id = m.id and m.value <> m.valued * m.average_cost
   ), told as (
     insert into events (restaurant_id, id, type, subject, subject_id, data, created_at)
     select $1, e.event_id, e.type, 'inventory_item', m.id, jsonb_build_object('name', m.name, 'unit', m.unit,
       'quantity', trim_scale(m.after)::text, 'reorderPoint', trim_scale(m.reorder_point)::text), $3
     from moved m
     cross join lateral (values
       (1, 'stock.low', m.low_event_id, m.before >= m.reorder_point and m.after < m.reorder_point),
       (2, 'stock.negative', m.negative_event_id, m.before >= 0 and m.after < 0)) as e(place, type, event_id, has_crossed)
     where e.has_crossed
     order by m.id, e.place
   )
   select id, name, unit, policy, trim_scale(before)::text as before, trim_scale(after)::text as after
   from moved
   where not exists (select 1 from refused where is_refused)
   order by id`,
);

// The value of the returned goods is removed from the average, as long as the result is between the
// lowest and the highest cost of all receipts that were kept: a quotient of small remainders can be
// any number. Otherwise the cost of the last kept receipt is used, or 0 (unknown) without one.
const takeBack = query(
  'inventory.takeBack',
  `update inventory_items i
   set average_cost = case
     when held.quantity > 0 and held.cost between coalesce(kept.lowest, 0) and coalesce(kept.highest, held.cost) then held.cost
     else coalesce(kept.latest, 0)
   end, version = i.version + 1
   from (
     select r."inventoryItemId" as id, sum(r.quantity) as quantity, sum(r.quantity * r."unitCost") as value
     from jsonb_to_recordset($2::jsonb) as r("inventoryItemId" uuid, quantity numeric, "unitCost" numeric)
     group by r."inventoryItemId"
   ) back
   join inventory_items now on now.restaurant_id = $1 and now.id = back.id
   cross join lateral (
     select now.current_quantity as quantity,
       round(((now.current_quantity + back.quantity) * now.average_cost - back.value) / nullif(now.current_quantity, 0), 6) as cost
   ) held
   cross join lateral (
     select min(m.unit_cost) as lowest, max(m.unit_cost) as highest,
       (array_agg(m.unit_cost order by m.occurred_at desc, m.id desc))[1] as latest
     from stock_movements m
     where m.restaurant_id = $1 and m.inventory_item_id = back.id and m.quantity > 0
       and (m.kind in ('receipt', 'prep') or m.source_kind in ('opening', 'supplier_invoice'))
       and not exists (
         select 1 from stock_movements b
         where b.restaurant_id = $1 and b.source_id = m.source_id and b.inventory_item_id = m.inventory_item_id
           and b.source_kind = 'goods_receipt' and b.quantity < 0)
   ) kept
   where i.restaurant_id = $1 and i.id = back.id`,
);

// A statement that names an item twice locks its row twice. The second lock would queue behind
// another transaction that waits for the first.
const lockItems = query(
  'inventory.lockItems',
  'select 1 from inventory_items where restaurant_id = $1 and id = any ($2::uuid[]) order by id for no key update',
);

export class StockLedger {
  /**
   * Posts movements, all or none. The items stay locked until the transaction ends.
   * @param source each state of a source posts only once. A second time is a bug.
   * @param postings at most one in each direction per item.
   * @param by a movement that happens now has the same `createdAt` and `occurredAt`; a late booking
   *   is recognised by the difference.
   * @returns each moved item, in id order.
   * @throws StockShortage when an item would go below zero although its policy forbids it.
   */
  async post(
    restaurantId: string,
    tx: Tx,
    source: MovementSource,
    postings: readonly Posting[],
    by: { createdBy: string; createdAt: Date },
  ): Promise<MovedItem[]> {
    return this.postAll(restaurantId, tx, [{ source, postings, createdBy: by.createdBy }], by.createdAt);
  }

  /**
   * Removes the value of reversed receipts from the average costs of their items. The caller has
   * posted them before, which has locked the items.
   * @param postings with costs and negative quantities.
   */
  async takeBack(restaurantId: string, tx: Tx, postings: readonly Posting[]): Promise<void> {
    const rows = postings.map((posting) => ({ ...posting, quantity: formatQuantity(-posting.quantity) }));
    await tx.run(takeBack, [restaurantId, JSON.stringify(rows)]);
  }

  /** As `post`, for many sources at once. The stock must suffice for all of them together. */
  async postAll(
    restaurantId: string,
    tx: Tx,
    batch: readonly { source: MovementSource; postings: readonly Posting[]; createdBy: string }[],
    createdAt: Date,
  ): Promise<MovedItem[]> {
    const told = new Set<string>();
    const rows = batch.flatMap(({ source, postings, createdBy }) =>
      postings.map((posting) => ({ ...rowOf(source, posting, told), createdBy })),
    );
    const itemIds = new Set(rows.map((row) => row.inventoryItemId));
    const isLocked = itemIds.size < rows.length ? tx.run(lockItems, [restaurantId, [...itemIds]]) : undefined;
    try {
      // Sent without waiting for the locks: the caller may send more statements and the commit.
      const [moved] = await Promise.all([tx.many(post, [restaurantId, JSON.stringify(rows), createdAt]), isLocked]);
      return moved.map((row) => ({ ...row, before: micros(row.before), after: micros(row.after) }));
    } catch (error) {
      throw refusalOf(error);
    }
  }
}

function refusalOf(error: unknown): unknown {
  if (isOutOfRange(error))
    return new AppError('invalid_request', 'These numbers are too large to store. Check quantities, units and costs.', {
      cause: error,
    });
  if (violatedConstraint(error) !== 'inventory_items_suffices') return error;
  // The detail is the argument of refuse_short_stock in the statement above.
  const short = JSON.parse(violationDetail(error) ?? '[]') as (Omit<ShortItem, 'wanted' | 'left'> & {
    wanted: string;
    left: string;
  })[];
  return new StockShortage(
    short.map((item): ShortItem => ({ ...item, wanted: micros(item.wanted), left: micros(item.left) })),
    error,
  );
}

/**
 * @param told items that already have event ids: an item needs them once, even with many movements.
 */
function rowOf(source: MovementSource, posting: Posting, told: Set<string>) {
  const { kind, id, version, businessDate, occurredAt } = source;
  const events = told.has(posting.inventoryItemId) ? {} : { lowEventId: newId(), negativeEventId: newId() };
  told.add(posting.inventoryItemId);
  return {
    ...posting,
    ...events,
    quantity: formatQuantity(posting.quantity),
    movementId: newId(),
    sourceKind: kind,
    sourceId: id,
    sourceVersion: version,
    businessDate,
    occurredAt,
  };
}

/**
 * Parses a number from the database. A wanted sum may exceed the numeric(18, 6) of stored
 * quantities.
 */
function micros(text: string): Micros {
  const quantity = parseSum(text);
  if (quantity === undefined) throw new Error(`the database returned ${text} as a quantity`);
  return quantity;
}
