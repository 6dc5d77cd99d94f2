import { type Query, query, type Tx } from '../config/database.js';
import type { OrderType } from '../domain/menu/menu.js';
import type { Order, OrderLine } from '../domain/order/order.js';
import { isOpen, type OrderStatus } from '../domain/order/orderStatus.js';
import { fitting, fittingSlice, type Slice } from './pageSize.js';

const SERIES = 'ORD';
/** Above every id: where a list begins. */
const NEWEST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

const ORDER_COLUMNS = `o.id, o.number, o.status, o.type, o.business_date as "businessDate", o.currency, o.table_name as "table", o.guests,
  o.customer, o.notes, o.scheduled_for as "scheduledFor", o.discounts, o.service_charge as "serviceCharge", o.taxes, o.subtotal,
  o.discount_total as "discountTotal", o.service_charge_total as "serviceChargeTotal", o.tax_total as "taxTotal",
  o.tax_included_total as "taxIncludedTotal", o.order_tip as "orderTip", o.tip_total as "tipTotal", o.total, o.paid_total as "paidTotal",
  o.refunded_total as "refundedTotal", o.refunded_sale_total as "refundedSaleTotal", o.refunded_bill as "refundedBill",
  o.settled_refund as "settledRefund", o.cancel_reason as "cancelReason",
  o.external_source as "externalSource", o.external_id as "externalId", o.version, o.created_by as "createdBy",
  o.created_at as "createdAt", o.updated_at as "updatedAt", o.completed_at as "completedAt"`;

const LINE_COLUMNS = `id, position, menu_item_id as "menuItemId", variant_id as "variantId", category_id as "categoryId",
  category_name as "categoryName", name, variant_name as "variantName", quantity, unit_price as "unitPrice", modifiers, discounts, taxes,
  gross_amount as "grossAmount", discount_amount as "discountAmount", amount, tax_amount as "taxAmount", stock_use as "stockUse", notes, course, seat,
  voided_at as "voidedAt", void_reason as "voidReason", created_at as "createdAt"`;

type OrderRow = Omit<Order, 'lines'>;
type LineRow = OrderLine & { orderId: string };

// The counter is raised by the statement that stores the order, and the number is written there as in domain/documentNumber:
// were it answered first, its lock would be held while this process has other things to do. Measured at 20 callers of one
// restaurant: twice the orders a second. `$3` is the series, `$28` the period.
const insertOrder = query<{ number: string }>(
  'order.insert',
  `with counter as (
     insert into number_counters as c (restaurant_id, series, period, last_number)
     values ($1, $3, $28, 1)
     on conflict (restaurant_id, series, period) do update set last_number = c.last_number + 1
     returning last_number::text as digits
   )
   insert into orders (restaurant_id, id, number, status, type, business_date, currency, table_name, guests, customer, notes, scheduled_for,
     discounts, service_charge, taxes, subtotal, discount_total, service_charge_total, tax_total, tax_included_total, order_tip, tip_total,
     total, version, created_by, created_at, updated_at)
   select $1, $2, concat_ws('-', $3::text, $28::text, lpad(digits, greatest(4, length(digits)), '0')), $4, $5, $6, $7, $8, $9, $10, $11,
     $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27
   from counter
   returning number`,
);

const saveOrder = query(
  'order.save',
  `update orders
   set status = $3, table_name = $4, guests = $5, customer = $6, notes = $7, scheduled_for = $8, discounts = $9, taxes = $10,
       subtotal = $11, discount_total = $12, service_charge_total = $13, tax_total = $14, tax_included_total = $15, order_tip = $16,
       tip_total = $17, total = $18, paid_total = $19, refunded_total = $20, refunded_sale_total = $21, cancel_reason = $22,
       version = $23, updated_at = $24, completed_at = $25, business_date = $26, refunded_bill = $27, settled_refund = $28
   where restaurant_id = $1 and id = $2`,
);

const saveLines = query(
  'order.saveLines',
  `insert into order_lines (restaurant_id, order_id, id, position, menu_item_id, variant_id, category_id, category_name, name, variant_name,
     quantity, unit_price, modifiers, discounts, taxes, gross_amount, discount_amount, amount, tax_amount, stock_use, notes, course, seat,
     voided_at, void_reason, created_at)
   select $1, $2, l.id, l.position, l."menuItemId", l."variantId", l."categoryId", l."categoryName", l.name, l."variantName",
     l.quantity, l."unitPrice", l.modifiers, l.discounts, l.taxes, l."grossAmount", l."discountAmount", l.amount, l."taxAmount",
     l."stockUse", l.notes, l.course, l.seat, l."voidedAt", l."voidReason", l."createdAt"
   from jsonb_to_recordset($3::jsonb) as l(id uuid, position int, "menuItemId" uuid, "variantId" uuid, "categoryId" uuid,
     "categoryName" text, name text, "variantName" text, quantity int, "unitPrice" bigint, modifiers jsonb, discounts jsonb, taxes jsonb,
     "grossAmount" bigint, "discountAmount" bigint, amount bigint, "taxAmount" bigint, "stockUse" jsonb, notes text, course int, seat int,
     "voidedAt" timestamptz, "voidReason" text, "createdAt" timestamptz)
   on conflict (restaurant_id, id) do update
   set quantity = excluded.quantity, modifiers = excluded.modifiers, discounts = excluded.discounts, taxes = excluded.taxes,
       gross_amount = excluded.gross_amount, discount_amount = excluded.discount_amount, amount = excluded.amount,
       tax_amount = excluded.tax_amount, stock_use = excluded.stock_use, notes = excluded.notes, course = excluded.course, seat = excluded.seat,
       voided_at = excluded.voided_at, void_reason = excluded.void_reason`,
);

const findOrder = query<OrderRow>(
  'order.find',
  `select ${ORDER_COLUMNS} from orders o where o.restaurant_id = $1 and o.id = $2 and o.deleted_at is null`,
);
const lockOrder = query<OrderRow>('order.lock', `${findOrder.text} for update`);
const LIST = `select ${ORDER_COLUMNS} from orders o where o.restaurant_id = $1 and o.deleted_at is null and o.id < $2`;
const PAGE = 'order by o.id desc limit $3';
/** Narrowed by those of `$4` to `$7` that are not null. */
const FILTERED = `${LIST}
     and ($4::text is null or o.status = $4)
     and ($5::date is null or o.business_date = $5)
     and ($6::text is null or o.type = $6)
     and ($7::text is null or o.number = $7)`;
// One statement for each index: the plan of a statement that may or may not narrow the list must do without one.
const listOrders = query<OrderRow>('order.list', `${LIST} ${PAGE}`);
const listFiltered = query<OrderRow>('order.listFiltered', `${FILTERED} ${PAGE}`);
const listByNumber = query<OrderRow>('order.listByNumber', `${FILTERED} and o.number = $7 ${PAGE}`);
const listOfDate = query<OrderRow>('order.listOfDate', `${FILTERED} and o.business_date = $5 ${PAGE}`);
// The open statuses spelled out tell the planner how few orders have any of them: it cannot know that of `$4`.
const listOpen = query<OrderRow>(
  'order.listOpen',
  `${FILTERED} and o.status = $4 and o.status in ('placed', 'accepted', 'preparing', 'ready') ${PAGE}`,
);
const linesOf = query<LineRow>(
  'order.lines',
  `select order_id as "orderId", ${LINE_COLUMNS} from order_lines
   where restaurant_id = $1 and order_id = any ($2::uuid[])
   order by order_id, position`,
);
const fittingOrders = fitting('order.fitting', { orders: 'id', order_lines: 'order_id' });
const isDayClosed = query<{ closed: boolean }>(
  'order.isDayClosed',
  'select exists (select from business_days where restaurant_id = $1 and business_date = $2) as closed',
);

export interface OrderFilter {
  status?: OrderStatus | undefined;
  businessDate?: string | undefined;
  type?: OrderType | undefined;
  number?: string | undefined;
}

export class OrderRepository {
  /** What the database finds out by itself when an order is stored. */
  async isDayClosed(restaurantId: string, tx: Tx, businessDate: string): Promise<boolean> {
    return (await tx.one(isDayClosed, [restaurantId, businessDate])).closed;
  }

  /** Stores lines of an order, which itself may be stored after them. */
  async insertLines(restaurantId: string, tx: Tx, orderId: string, lines: readonly OrderLine[]): Promise<void> {
    await tx.run(saveLines, [restaurantId, orderId, JSON.stringify(lines)]);
  }

  /**
   * Stores a new order, without its lines, and numbers it: the last lock there is.
   * @param period of its number: the month in which it is placed.
   * @returns the number.
   */
  async insert(restaurantId: string, tx: Tx, order: Omit<Order, 'number'>, period: string): Promise<string> {
    const row = await tx.one(insertOrder, [
      restaurantId,
      order.id,
      SERIES,
      order.status,
      order.type,
      order.businessDate,
      order.currency,
      order.table,
      order.guests,
      json(order.customer),
      order.notes,
      order.scheduledFor,
      json(order.discounts),
      json(order.serviceCharge),
      json(order.taxes),
      order.subtotal,
      order.discountTotal,
      order.serviceChargeTotal,
      order.taxTotal,
      order.taxIncludedTotal,
      order.orderTip,
      order.tipTotal,
      order.total,
      order.version,
      order.createdBy,
      order.createdAt,
      order.updatedAt,
      period,
    ]);
    return row.number;
  }

  /** Writes an order that was locked, with its lines. */
  async save(restaurantId: string, tx: Tx, order: Order): Promise<void> {
    if (order.lines.length > 0) await this.insertLines(restaurantId, tx, order.id, order.lines);
    await tx.run(saveOrder, [
      restaurantId,
      order.id,
      order.status,
      order.table,
      order.guests,
      json(order.customer),
      order.notes,
      order.scheduledFor,
      json(order.discounts),
      json(order.taxes),
      order.subtotal,
      order.discountTotal,
      order.serviceChargeTotal,
      order.taxTotal,
      order.taxIncludedTotal,
      order.orderTip,
      order.tipTotal,
      order.total,
      order.paidTotal,
      order.refundedTotal,
      order.refundedSaleTotal,
      order.cancelReason,
      order.version,
      order.updatedAt,
      order.completedAt,
      order.businessDate,
      json(order.refundedBill),
      json(order.settledRefund),
    ]);
  }

  async find(restaurantId: string, tx: Tx, id: string): Promise<Order | undefined> {
    return this.#one(restaurantId, tx, await tx.maybeOne(findOrder, [restaurantId, id]));
  }

  /** As `find`, and keeps the order for this transaction: whoever else changes it waits. */
  async lock(restaurantId: string, tx: Tx, id: string): Promise<Order | undefined> {
    return this.#one(restaurantId, tx, await tx.maybeOne(lockOrder, [restaurantId, id]));
  }

  /** Newest first, up to `limit` orders. @param after id of the last order of the page before. */
  async list(
    restaurantId: string,
    tx: Tx,
    filter: OrderFilter,
    limit: number,
    after: string | undefined,
  ): Promise<Slice<Order>> {
    const { status, businessDate, type, number } = filter;
    const page = [restaurantId, after ?? NEWEST, limit + 1];
    const statement = statementFor(filter);
    const filters = statement === listOrders ? [] : [status, businessDate, type, number].map((value) => value ?? null);
    const rows = await tx.many(statement, [...page, ...filters]);
    const slice = await fittingSlice(restaurantId, tx, { rows, limit, statement: fittingOrders });
    return { ...slice, rows: await this.#withLines(restaurantId, tx, slice.rows) };
  }

  async #one(restaurantId: string, tx: Tx, row: OrderRow | undefined): Promise<Order | undefined> {
    if (!row) return undefined;
    return (await this.#withLines(restaurantId, tx, [row]))[0];
  }

  async #withLines(restaurantId: string, tx: Tx, rows: readonly OrderRow[]): Promise<Order[]> {
    if (rows.length === 0) return [];
    const lines = new Map<string, OrderLine[]>(rows.map((row) => [row.id, []]));
    for (const { orderId, ...line } of await tx.many(linesOf, [restaurantId, rows.map((row) => row.id)]))
      lines.get(orderId)?.push(line);
    return rows.map((row) => ({ ...row, lines: lines.get(row.id) ?? [] }));
  }
}

/** By whichever filter leaves the fewest orders to look at. */
function statementFor({ number, status, businessDate, type }: OrderFilter): Query<OrderRow> {
  if (number !== undefined) return listByNumber;
  if (status !== undefined && isOpen(status)) return listOpen;
  if (businessDate !== undefined) return listOfDate;
  return status === undefined && type === undefined ? listOrders : listFiltered;
}

/** pg writes arrays in PostgreSQL's own notation; a jsonb column wants JSON. */
function json(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value);
}
