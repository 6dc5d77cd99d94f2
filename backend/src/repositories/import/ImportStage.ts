/** Staged rows of a running import: stored in parts, then gathered into orders. */
import { query, type Tx } from '../../config/database.js';
import type { ImportAction } from '../../domain/import/import.js';
import type { OrderType } from '../../domain/menu/menu.js';
import type { Measured } from '../../domain/order/measure.js';
import type { MinorUnits } from '../../domain/number/money.js';

/** A staged row. A faulty row has only its line and, if it could be read, its order. */
export interface StagedRow {
  line: number;
  /** Empty when the row has no order. */
  orderKey: string;
  isFaulty: boolean;
  orderedAt?: string;
  orderType?: OrderType;
  itemNo?: number;
  variantNo?: number | undefined;
  /** Sorted. */
  choices?: number[];
  quantity?: number;
  measured?: Measured;
  unitPrice?: MinorUnits;
  discountAmount?: MinorUnits;
  amount?: MinorUnits;
}

export interface StagedOrder {
  orderNo: number;
  orderKey: string;
  orderedAt: string;
  orderType: OrderType;
  lineCount: number;
  faultyRows: number;
  units: number;
  amount: MinorUnits;
}

/** A row of an order to store. */
export interface StagedLine {
  orderKey: string;
  orderedAt: string;
  itemNo: number;
  variantNo: number | null;
  choices: number[];
  quantity: number;
  measured: Measured | null;
  unitPrice: MinorUnits;
  discountAmount: MinorUnits;
  amount: MinorUnits;
}

export interface RefusedOrder {
  orderKey: string;
  line: number;
  rows: number;
}

export interface OversizedOrder extends RefusedOrder {
  /** True: the amount is too large. False: the order has too many lines. */
  isTooMuch: boolean;
}

export interface UsedItem {
  itemNo: number;
  variantNo: number | null;
}

export interface UsedChoice {
  itemNo: number;
  choice: number;
}

/**
 * Hundreds of dishes with dozens of choices each. Five thousand names of both would make millions.
 */
export const MAX_COMBINATIONS = 20_000;

const insertRows = query(
  'import.stageRows',
  `insert into import_rows (restaurant_id, import_id, line, order_key, is_faulty, ordered_at, order_type, item_no, variant_no, choices,
     quantity, measured, unit_price, discount_amount, amount)
   select $1, $2, r.line, r."orderKey", r."isFaulty", r."orderedAt", r."orderType", r."itemNo", r."variantNo", r.choices,
     r.quantity, r.measured, r."unitPrice", r."discountAmount", r.amount
   from jsonb_to_recordset($3::jsonb) as r(line int, "orderKey" text, "isFaulty" boolean, "orderedAt" timestamptz, "orderType" text,
     "itemNo" int, "variantNo" int, choices int[], quantity int, measured jsonb, "unitPrice" bigint, "discountAmount" bigint, amount bigint)`,
);

const refuseOversized = query<OversizedOrder>(
  'import.refuseOversized',
  `with oversized as (
     select order_key, count(*)::int as rows, min(line) as line,
       sum(amount + discount_amount) > $4 as "isTooMuch"
     from import_rows
     where restaurant_id = $1 and import_id = $2 and not is_faulty and order_key <> ''
     group by order_key
     having count(*) > $3 or sum(amount + discount_amount) > $4
   ), refused as (
     update import_rows r
     set is_faulty = true
     from oversized o
     where r.restaurant_id = $1 and r.import_id = $2 and r.order_key = o.order_key and not r.is_faulty
   )
   select order_key as "orderKey", line, rows, "isTooMuch" from oversized order by line`,
);

// The time of an order is that of its oldest line. The action is decided again, under a lock, when
// the order is stored.
const gatherOrders = query(
  'import.gatherOrders',
  `insert into import_orders (restaurant_id, import_id, order_no, order_key, ordered_at, order_type, line_count, faulty_rows, units, amount, action)
   select $1, $2, row_number() over (order by f.ordered_at, f.line), f.order_key, f.ordered_at, f.order_type, f.line_count, f.faulty_rows,
     f.units, f.amount, 'create'
   from (
     select order_key, min(ordered_at) as ordered_at, min(line) as line,
       (array_agg(order_type order by line) filter (where not is_faulty))[1] as order_type,
       count(*) filter (where not is_faulty) as line_count,
       count(*) filter (where is_faulty) as faulty_rows,
       coalesce(sum(quantity) filter (where not is_faulty), 0) as units,
       coalesce(sum(amount) filter (where not is_faulty), 0) as amount
     from import_rows
     where restaurant_id = $1 and import_id = $2 and order_key <> ''
     group by order_key
     having not bool_and(is_faulty)
   ) f`,
);

const listOrders = query<StagedOrder>(
  'import.listOrders',
  `select order_no as "orderNo", order_key as "orderKey", ordered_at as "orderedAt", order_type as "orderType",
     line_count as "lineCount", faulty_rows as "faultyRows", units, amount
   from import_orders
   where restaurant_id = $1 and import_id = $2 and order_no > $3 and action <> 'skip'
   order by order_no
   limit $4`,
);

const setActions = query(
  'import.setActions',
  `update import_orders o
   set action = a.action
   from jsonb_to_recordset($3::jsonb) as a("orderNo" int, action text)
   where o.restaurant_id = $1 and o.import_id = $2 and o.order_no = a."orderNo"`,
);

const countOrders = query<{ orders: number }>(
  'import.countOrders',
  `select count(*)::int as orders from import_orders where restaurant_id = $1 and import_id = $2 and action <> 'skip'`,
);

// `offset 0` forces one look-up per order. Without statistics of these tables, the planner would
// compare every row with every order.
const ROWS_OF_ORDERS = `from unnest($3::text[]) as k(order_key)
  cross join lateral (
    select r.*
    from import_rows r
    where r.restaurant_id = $1 and r.import_id = $2 and r.order_key = k.order_key and not r.is_faulty
    offset 0
  ) r`;

const linesOfOrders = query<StagedLine>(
  'import.listLinesOfOrders',
  `select r.order_key as "orderKey", r.ordered_at as "orderedAt", r.item_no as "itemNo", r.variant_no as "variantNo", r.choices,
     r.quantity, r.measured, r.unit_price as "unitPrice", r.discount_amount as "discountAmount", r.amount
   ${ROWS_OF_ORDERS}
   order by r.order_key, r.line`,
);

const countRows = query<RefusedOrder>(
  'import.countRows',
  `select r.order_key as "orderKey", min(r.line) as line, count(*)::int as rows ${ROWS_OF_ORDERS}
   group by r.order_key
   order by line`,
);

const usedItems = query<UsedItem>(
  'import.listUsedItems',
  `select distinct r.item_no as "itemNo", r.variant_no as "variantNo" ${ROWS_OF_ORDERS}`,
);
const usedChoices = query<UsedChoice>(
  'import.listUsedChoices',
  `select distinct u.item_no as "itemNo", c.choice
   from (select distinct r.item_no, r.choices ${ROWS_OF_ORDERS} where r.choices <> '{}') u
   cross join lateral unnest(u.choices) as c(choice)
   limit ${MAX_COMBINATIONS + 1}`,
);

export class ImportStage {
  async add(restaurantId: string, tx: Tx, importId: string, rows: readonly StagedRow[]): Promise<void> {
    await tx.run(insertRows, [restaurantId, importId, JSON.stringify(rows)]);
  }

  /**
   * Marks all rows of oversized orders as faulty.
   * @param limit maximum number of lines of an order.
   * @param mostMinor maximum amount of an order before discounts.
   * @returns the oversized orders.
   */
  refuseOversized(
    restaurantId: string,
    tx: Tx,
    importId: string,
    limit: number,
    mostMinor: MinorUnits,
  ): Promise<OversizedOrder[]> {
    return tx.many(refuseOversized, [restaurantId, importId, limit, mostMinor]);
  }

  /** Gathers the rows into orders. An order with only faulty rows is left out. */
  async gatherOrders(restaurantId: string, tx: Tx, importId: string): Promise<void> {
    await tx.run(gatherOrders, [restaurantId, importId]);
  }

  /** The next orders that are not skipped. */
  listOrders(restaurantId: string, tx: Tx, importId: string, after: number, limit: number): Promise<StagedOrder[]> {
    return tx.many(listOrders, [restaurantId, importId, after, limit]);
  }

  async countOrders(restaurantId: string, tx: Tx, importId: string): Promise<number> {
    return (await tx.one(countOrders, [restaurantId, importId])).orders;
  }

  async setActions(
    restaurantId: string,
    tx: Tx,
    importId: string,
    actions: readonly { orderNo: number; action: ImportAction }[],
  ): Promise<void> {
    await tx.run(setActions, [restaurantId, importId, JSON.stringify(actions)]);
  }

  linesOf(restaurantId: string, tx: Tx, importId: string, orderKeys: readonly string[]): Promise<StagedLine[]> {
    return tx.many(linesOfOrders, [restaurantId, importId, orderKeys]);
  }

  /** First line and number of rows of each order, without faulty rows. */
  rowsOf(restaurantId: string, tx: Tx, importId: string, orderKeys: readonly string[]): Promise<RefusedOrder[]> {
    return tx.many(countRows, [restaurantId, importId, orderKeys]);
  }

  /** Distinct items and variants in the orders. */
  usedItems(restaurantId: string, tx: Tx, importId: string, orderKeys: readonly string[]): Promise<UsedItem[]> {
    return tx.many(usedItems, [restaurantId, importId, orderKeys]);
  }

  /** As `usedItems`; of more than `MAX_COMBINATIONS` one more. */
  usedChoices(restaurantId: string, tx: Tx, importId: string, orderKeys: readonly string[]): Promise<UsedChoice[]> {
    return tx.many(usedChoices, [restaurantId, importId, orderKeys]);
  }
}
