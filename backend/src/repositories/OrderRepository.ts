import { query, type Tx } from '../config/database.js';
import type { Order, OrderLine } from '../domain/order/order.js';
import type { OrderFilter } from '../domain/order/orderFilter.js';
import { LINE_COLUMNS, ORDER_COLUMNS } from './orderColumns.js';
import { NewOrders } from './order/NewOrders.js';
import { OrderLists, type OrderPage, type OrderRow, type OrderSlice } from './order/OrderLists.js';

type LineRow = OrderLine & { orderId: string };

const SAVED = ORDER_COLUMNS.writtenBy('save');

const saveOrder = query(
  'order.save',
  `update orders
   set ${ORDER_COLUMNS.parameters(SAVED, 3)}
   where restaurant_id = $1 and id = $2`,
);

const saveLines = query(
  'order.saveLines',
  `insert into order_lines (restaurant_id, order_id, ${LINE_COLUMNS.names(LINE_COLUMNS.fields)})
   select $1, $2, ${LINE_COLUMNS.recordFields(LINE_COLUMNS.fields, 'l')}
   from jsonb_to_recordset($3::jsonb) as l(${LINE_COLUMNS.record(LINE_COLUMNS.fields)})
   on conflict (restaurant_id, id) do update
   set ${LINE_COLUMNS.assignments(LINE_COLUMNS.writtenBy('save'), 'excluded')}`,
);

const findOrder = query<OrderRow>(
  'order.find',
  `select ${ORDER_COLUMNS.selection('o')} from orders o where o.restaurant_id = $1 and o.id = $2 and o.deleted_at is null`,
);
const lockOrder = query<OrderRow>('order.lock', `${findOrder.text} for update`);
const lockShared = query<{ id: string }>(
  'order.lockShared',
  'select id from orders where restaurant_id = $1 and id = $2 for share',
);
const linesOf = query<LineRow>(
  'order.listLines',
  `select l.order_id as "orderId", ${LINE_COLUMNS.selection('l')} from order_lines l
   where l.restaurant_id = $1 and l.order_id = any ($2::uuid[])
   order by l.order_id, l.position`,
);
const isDayClosed = query<{ closed: boolean }>(
  'order.isDayClosed',
  'select exists (select from business_days where restaurant_id = $1 and business_date = $2) as closed',
);

// Credit notes never exceed their document, so it is credited in full when the sums agree.
const IS_LIVE = `d.status = 'issued' and d.deleted_at is null
     and (select coalesce(sum(abs((l ->> 'quantity')::numeric)), 0) from jsonb_array_elements(d.lines) l) > (
       select coalesce(sum(abs((l ->> 'quantity')::numeric)), 0)
       from documents c
       cross join lateral jsonb_array_elements(c.lines) l
       where c.restaurant_id = $1 and c.original_id = d.id and c.status = 'issued' and c.deleted_at is null)`;
const liveDocuments = query<{ id: string; type: string; number: string }>(
  'order.listLiveDocuments',
  `select d.id, d.type, d.number
   from documents d
   where d.restaurant_id = $1 and d.order_id = $2 and d.type in ('invoice', 'receipt') and ${IS_LIVE}
   order by d.id`,
);
const liveDeposits = query<DepositDocument>(
  'order.listLiveDeposits',
  `select d.id, d.type, d.number, d.business_date as "issueDate", d.payment_id as "paymentId",
     (select array_agg(p.number order by p.id)
      from documents p
      where p.restaurant_id = $1 and p.order_id = $2 and p.type in ('invoice', 'receipt') and p.status = 'issued' and p.deleted_at is null
        and p.details -> 'deposits' @> jsonb_build_array(jsonb_build_object('documentId', d.id))) as "deductedIn"
   from documents d
   where d.restaurant_id = $1 and d.order_id = $2 and d.type = 'deposit' and ${IS_LIVE}
   order by d.id`,
);
const deductedVouchers = query<{ number: string; paymentId: string }>(
  'order.listDeductedVouchers',
  `select d.number, x ->> 'paymentId' as "paymentId"
   from documents d
   cross join lateral jsonb_array_elements(d.details -> 'deposits') x
   where d.restaurant_id = $1 and d.order_id = $2 and d.type in ('invoice', 'receipt') and d.status = 'issued' and d.deleted_at is null
     and x ->> 'kind' = 'voucher'`,
);
const paidByTaxedVoucher = query<{ paid: boolean }>(
  'order.isPaidByTaxedVoucher',
  `select exists (
     select from payments
     where restaurant_id = $1 and order_id = $2 and prepaid is not null and prepaid ->> 'kind' = 'voucher' and refunded < amount) as paid`,
);

/** An issued document of a deposit that is not credited. */
export interface DepositDocument {
  id: string;
  type: string;
  number: string;
  issueDate: string;
  paymentId: string;
  /** Numbers of the invoices and receipts that deduct it, credited ones included; null: none. */
  deductedIn: string[] | null;
}

export class OrderRepository {
  readonly newOrders = new NewOrders();
  readonly #lists = new OrderLists();

  /** Whether a day is closed. The database checks this again when an order is stored. */
  async isDayClosed(restaurantId: string, tx: Tx, businessDate: string): Promise<boolean> {
    return (await tx.one(isDayClosed, [restaurantId, businessDate])).closed;
  }

  /** Issued invoices and receipts of an order that are not credited in full. */
  liveDocuments(restaurantId: string, tx: Tx, orderId: string) {
    return tx.many(liveDocuments, [restaurantId, orderId]);
  }

  /** Issued documents of an order's deposits that are not credited. */
  liveDeposits(restaurantId: string, tx: Tx, orderId: string): Promise<DepositDocument[]> {
    return tx.many(liveDeposits, [restaurantId, orderId]);
  }

  /** Whether an order holds a payment by a voucher that was taxed when it was sold. */
  async isPaidByTaxedVoucher(restaurantId: string, tx: Tx, orderId: string): Promise<boolean> {
    return (await tx.one(paidByTaxedVoucher, [restaurantId, orderId])).paid;
  }

  /** Vouchers that invoices and receipts of an order have deducted, credited ones included. */
  deductedVouchers(restaurantId: string, tx: Tx, orderId: string): Promise<{ number: string; paymentId: string }[]> {
    return tx.many(deductedVouchers, [restaurantId, orderId]);
  }

  /** Keeps other transactions from changing an order until this one ends. */
  async lockShared(restaurantId: string, tx: Tx, id: string): Promise<void> {
    await tx.run(lockShared, [restaurantId, id]);
  }

  /** Updates an order with its lines. The caller has locked it. */
  async save(restaurantId: string, tx: Tx, order: Order): Promise<void> {
    if (order.lines.length > 0) await tx.run(saveLines, [restaurantId, order.id, JSON.stringify(order.lines)]);
    await tx.run(saveOrder, [restaurantId, order.id, ...ORDER_COLUMNS.values(SAVED, order)]);
  }

  async find(restaurantId: string, tx: Tx, id: string): Promise<Order | undefined> {
    return this.#one(restaurantId, tx, await tx.maybeOne(findOrder, [restaurantId, id]));
  }

  /** As `find`, and locks the order: other transactions that change it wait. */
  async lock(restaurantId: string, tx: Tx, id: string): Promise<Order | undefined> {
    return this.#one(restaurantId, tx, await tx.maybeOne(lockOrder, [restaurantId, id]));
  }

  /** A page of orders. Without `lines`, the orders have none. */
  async list(restaurantId: string, tx: Tx, filter: OrderFilter, page: OrderPage): Promise<OrderSlice<Order>> {
    const slice = await this.#lists.read(restaurantId, tx, filter, page);
    if (!page.lines) return { ...slice, rows: slice.rows.map((row) => ({ ...row, lines: [] })) };
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
