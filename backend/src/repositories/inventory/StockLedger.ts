/** The one statement that changes stock: locks the items, posts to the ledger, and tells who asks what became of them. */
import { isOutOfRange, query, type Tx, violatedConstraint, violationDetail } from '../../config/database.js';
import { AppError } from '../../domain/shared/errors.js';
import { formatQuantity, type Micros, parseSum } from '../../domain/number/quantity.js';
import type { MovementKind, StockPolicy } from '../../domain/stock/stock.js';
import { type ShortItem, StockShortage } from '../../domain/stock/stockShortage.js';
import { newId } from '../../utils/ids.js';

/** What a movement belongs to. */
export type SourceKind = 'order' | 'opening' | 'adjustment' | 'waste' | 'count' | 'transfer' | 'prep' | 'goods_receipt';

export interface MovementSource {
  kind: SourceKind;
  id: string;
  /** State of the source that caused the movements; each state moves an item once each way. */
  version: number;
  businessDate: string;
  occurredAt: Date;
}

/** Into stock when positive. */
export interface Posting {
  inventoryItemId: string;
  kind: MovementKind;
  quantity: Micros;
  /**
   * Minor units per stock unit. Absent: what goes leaves at the average, what comes back returns at what it left for. What
   * goes at a cost of its own is a receipt taken back: `takeBack` settles what that does to the average.
   */
  unitCost?: string | undefined;
  /** Absent: the item's own location. */
  locationId?: string | null | undefined;
  reason?: string | null | undefined;
}

/** An item that was moved, with its quantity on both sides. */
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

// Items are locked in the order of their ids, whoever posts: two orders with the same ingredients in opposite lines wait for each
// other once and never twice. `costed` re-averages the cost of what comes in, and raises the
// version as an edit would: whoever is about to write a cost has not seen this one. A trigger on the ledger adds up the quantities.
const post = query<MovedRow>(
  'inventory.post',
  `with wanted as (
     select i.id, i.name, i.unit, i.policy, i.current_quantity, i.reorder_point, i.average_cost, i.location_id as home_id,
       m."movementId", m."lowEventId", m."negativeEventId", m.kind, m.quantity, m."unitCost", m.reason,
       coalesce(m."locationId", i.location_id) as location_id, m."sourceKind", m."sourceId", m."sourceVersion", m."businessDate", m."occurredAt"
     from jsonb_to_recordset($2::jsonb) as m("inventoryItemId" uuid, "movementId" uuid, "lowEventId" uuid, "negativeEventId" uuid,
       kind text, quantity numeric, "unitCost" numeric, "locationId" uuid, reason text, "sourceKind" text, "sourceId" uuid,
       "sourceVersion" int, "businessDate" date, "occurredAt" timestamptz)
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
       "occurredAt", $3, $4
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
       'quantity', trim_scale(m.after)::text, 'reorderPoint', trim_scale(m.reorder_point)::text), $4
     from moved m
     cross join lateral (values
       ('stock.low', m.low_event_id, m.before >= m.reorder_point and m.after < m.reorder_point),
       ('stock.negative', m.negative_event_id, m.before >= 0 and m.after < 0)) as e(type, event_id, has_crossed)
     where e.has_crossed
   )
   select id, name, unit, policy, trim_scale(before)::text as before, trim_scale(after)::text as after
   from moved
   where not exists (select 1 from refused where is_refused)
   order by id`,
);

// The value of what went back leaves the average, as long as what is left costs no less and no more than anything that ever came and
// was kept: a quotient of leavings may be anything. Else what came last counts; where nothing else ever came, the cost is unknown: 0.
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
       and (m.kind in ('receipt', 'prep') or m.source_kind = 'opening')
       and not exists (
         select 1 from stock_movements b
         where b.restaurant_id = $1 and b.source_id = m.source_id and b.inventory_item_id = m.inventory_item_id
           and b.source_kind = 'goods_receipt' and b.quantity < 0)
   ) kept
   where i.restaurant_id = $1 and i.id = back.id`,
);

// A statement that names an item twice locks its row twice: the second time it queues behind whoever waits for the first.
const lockItems = query(
  'inventory.lockItems',
  'select 1 from inventory_items where restaurant_id = $1 and id = any ($2::uuid[]) order by id for no key update',
);

export class StockLedger {
  /**
   * Posts movements, all or none. The caller's transaction keeps the items locked until it ends.
   * @param source a state of a source posts once: a second time is an error of the program.
   * @param postings at most one each way an item.
   * @returns each item moved, in the order of the ids.
   * @throws StockShortage when an item that must not go below zero would.
   */
  async post(
    restaurantId: string,
    tx: Tx,
    source: MovementSource,
    postings: readonly Posting[],
    by: { createdBy: string; createdAt: Date },
  ): Promise<MovedItem[]> {
    return this.postAll(restaurantId, tx, [{ source, postings }], by);
  }

  /**
   * Takes the value of receipts that went back out of the average costs of their items. They have been posted, which keeps the items.
   * @param postings with costs of their own, all below zero.
   */
  async takeBack(restaurantId: string, tx: Tx, postings: readonly Posting[]): Promise<void> {
    const rows = postings.map((posting) => ({ ...posting, quantity: formatQuantity(-posting.quantity) }));
    await tx.run(takeBack, [restaurantId, JSON.stringify(rows)]);
  }

  /** As `post`, for many sources at once: what they take of an item together must be there. */
  async postAll(
    restaurantId: string,
    tx: Tx,
    batch: readonly { source: MovementSource; postings: readonly Posting[] }[],
    by: { createdBy: string; createdAt: Date },
  ): Promise<MovedItem[]> {
    const told = new Set<string>();
    const rows = batch.flatMap(({ source, postings }) => postings.map((posting) => rowOf(source, posting, told)));
    const values = [restaurantId, JSON.stringify(rows), by.createdBy, by.createdAt];
    const itemIds = new Set(rows.map((row) => row.inventoryItemId));
    if (itemIds.size < rows.length) await tx.run(lockItems, [restaurantId, [...itemIds]]);
    try {
      const moved = await tx.many(post, values);
      return moved.map((row) => ({ ...row, before: micros(row.before), after: micros(row.after) }));
    } catch (error) {
      throw refusalOf(error);
    }
  }
}

function refusalOf(error: unknown): unknown {
  if (isOutOfRange(error))
    return new AppError('invalid_request', 'This is more than can be counted: look at quantities, units and costs.', {
      cause: error,
    });
  if (violatedConstraint(error) !== 'inventory_items_suffices') return error;
  // The detail is what refuse_short_stock was given by the statement above.
  const short = JSON.parse(violationDetail(error) ?? '[]') as (Omit<ShortItem, 'wanted' | 'left'> & {
    wanted: string;
    left: string;
  })[];
  return new StockShortage(
    short.map((item): ShortItem => ({ ...item, wanted: micros(item.wanted), left: micros(item.left) })),
    error,
  );
}

/** @param told items that have ids for their events: each item tells at most once, however many movements it has. */
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

/** What a column numeric(18, 6) holds is a quantity; what is asked for may be more than that. */
function micros(text: string): Micros {
  const quantity = parseSum(text);
  if (quantity === undefined) throw new Error(`the database answered ${text} for a quantity`);
  return quantity;
}
