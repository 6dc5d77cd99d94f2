import { type Query, query, type Tx } from '../../config/database.js';
import { formatNumber } from '../../domain/document/documentNumber.js';
import type { PurchaseOrder, PurchaseOrderLine, PurchaseOrderStatus } from '../../domain/purchasing/purchaseOrder.js';
import type { CounterRepository } from '../CounterRepository.js';
import { type ListPage, NEWEST } from '../editableTable.js';
import { fitting, fittingSlice, type Slice } from '../pageSize.js';

const SERIES = 'PO';

const COLUMNS = `o.id, o.number, o.status, o.supplier_id as "supplierId", s.name as "supplierName", s.minimum_order as "minimumOrder",
  o.expected_at as "expectedAt", o.notes, o.is_closed_short as "isClosedShort", o.close_reason as "closeReason", o.version,
  o.created_by as "createdBy", o.created_at as "createdAt", o.updated_at as "updatedAt", o.sent_at as "sentAt", o.closed_at as "closedAt"`;
const FROM = `from purchase_orders o
   join suppliers s on s.restaurant_id = o.restaurant_id and s.id = o.supplier_id
   where o.restaurant_id = $1`;

type OrderRow = Omit<PurchaseOrder, 'lines'>;
type LineRow = PurchaseOrderLine & { purchaseOrderId: string };

const insertOrder = query(
  'purchaseOrder.insert',
  `insert into purchase_orders (restaurant_id, id, status, supplier_id, expected_at, notes, version, created_by, created_at, updated_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
);
const saveOrder = query(
  'purchaseOrder.save',
  `update purchase_orders
   set number = $3, status = $4, supplier_id = $5, expected_at = $6, notes = $7, is_closed_short = $8, close_reason = $9, version = $10,
     updated_at = $11, sent_at = $12, closed_at = $13
   where restaurant_id = $1 and id = $2`,
);
const insertLines = query(
  'purchaseOrder.insertLines',
  `insert into purchase_order_lines (restaurant_id, purchase_order_id, id, position, inventory_item_id, article_number, quantity, unit, unit_price)
   select $1, $2, l.id, l.position, l."inventoryItemId", l."articleNumber", l.quantity, l.unit, l."unitPrice"
   from jsonb_to_recordset($3::jsonb) as l(id uuid, position int, "inventoryItemId" uuid, "articleNumber" text, quantity numeric, unit text,
     "unitPrice" bigint)`,
);
const removeLines = query(
  'purchaseOrder.removeLines',
  'delete from purchase_order_lines where restaurant_id = $1 and purchase_order_id = $2',
);
const saveReceived = query(
  'purchaseOrder.saveReceived',
  `update purchase_order_lines l
   set received_quantity = r."receivedQuantity"
   from jsonb_to_recordset($3::jsonb) as r(id uuid, "receivedQuantity" numeric)
   where l.restaurant_id = $1 and l.purchase_order_id = $2 and l.id = r.id`,
);
// The lock blocks changes of the order, but no goods receipts or lines that refer to it.
const lockOrder = query(
  'purchaseOrder.lock',
  'select 1 from purchase_orders where restaurant_id = $1 and id = $2 for no key update',
);
const findOrder = query<OrderRow>('purchaseOrder.find', `select ${COLUMNS} ${FROM} and o.id = $2`);
const linesOf = query<LineRow>(
  'purchaseOrder.listLines',
  `select l.purchase_order_id as "purchaseOrderId", l.id, l.inventory_item_id as "inventoryItemId", i.name,
     l.article_number as "articleNumber", trim_scale(l.quantity)::text as quantity, l.unit, l.unit_price as "unitPrice",
     trim_scale(l.received_quantity)::text as "receivedQuantity"
   from purchase_order_lines l
   join inventory_items i on i.restaurant_id = l.restaurant_id and i.id = l.inventory_item_id
   where l.restaurant_id = $1 and l.purchase_order_id = any ($2::uuid[])
   order by l.purchase_order_id, l.position`,
);
const fittingOrders = fitting('purchaseOrder.findFitting', {
  purchase_orders: 'id',
  purchase_order_lines: 'purchase_order_id',
});

const PAGE = 'order by o.id desc limit $3';
const LIST = `select ${COLUMNS} ${FROM} and o.id < $2`;
const FILTERED = `${LIST}
     and ($4::text is null or o.status = $4)
     and ($5::uuid is null or o.supplier_id = $5)
     and ($6::text is null or o.number = $6)`;
// One statement per index: a statement with only optional filters gets a plan that uses no index
// for them.
const listOrders = query<OrderRow>('purchaseOrder.list', `${LIST} ${PAGE}`);
const listFiltered = query<OrderRow>('purchaseOrder.listFiltered', `${FILTERED} ${PAGE}`);
const listByNumber = query<OrderRow>('purchaseOrder.listByNumber', `${FILTERED} and o.number = $6 ${PAGE}`);
const listOfSupplier = query<OrderRow>('purchaseOrder.listOfSupplier', `${FILTERED} and o.supplier_id = $5 ${PAGE}`);
// The list of open statuses tells the planner that few orders match. It cannot know this from `$4`.
const listOpen = query<OrderRow>(
  'purchaseOrder.listOpen',
  `${FILTERED} and o.status = $4 and o.status in ('draft', 'sent', 'partly_received') ${PAGE}`,
);

export interface PurchaseOrderFilter {
  status?: PurchaseOrderStatus | undefined;
  supplierId?: string | undefined;
  number?: string | undefined;
}

export class PurchaseOrderTable {
  readonly #counters: CounterRepository;

  constructor(counters: CounterRepository) {
    this.#counters = counters;
  }

  async insert(restaurantId: string, tx: Tx, order: PurchaseOrder): Promise<void> {
    const { id, status, supplierId, expectedAt, notes, version, createdBy, createdAt, updatedAt } = order;
    const values = [id, status, supplierId, expectedAt, notes, version, createdBy, createdAt, updatedAt];
    await tx.run(insertOrder, [restaurantId, ...values]);
    await this.#insertLines(restaurantId, tx, order);
  }

  /** Updates an order without its lines. The caller has locked it. */
  async save(restaurantId: string, tx: Tx, order: PurchaseOrder): Promise<void> {
    const { id, number, status, supplierId, expectedAt, notes, isClosedShort, closeReason } = order;
    const { version, updatedAt, sentAt, closedAt } = order;
    const details = [number, status, supplierId, expectedAt, notes, isClosedShort, closeReason];
    await tx.run(saveOrder, [restaurantId, id, ...details, version, updatedAt, sentAt, closedAt]);
  }

  /** Replaces the lines of a draft. */
  async replaceLines(restaurantId: string, tx: Tx, order: PurchaseOrder): Promise<void> {
    await tx.run(removeLines, [restaurantId, order.id]);
    await this.#insertLines(restaurantId, tx, order);
  }

  /** Stores the received quantity of each line. */
  async saveReceived(restaurantId: string, tx: Tx, { id, lines }: PurchaseOrder): Promise<void> {
    await tx.run(saveReceived, [restaurantId, id, JSON.stringify(lines)]);
  }

  /**
   * The next number of a month. This is the transaction's last lock.
   * @param month e.g. `2026-11`.
   */
  async drawNumber(restaurantId: string, tx: Tx, month: string): Promise<string> {
    return formatNumber(SERIES, month, await this.#counters.reserve(restaurantId, tx, SERIES, month, 1));
  }

  async find(restaurantId: string, tx: Tx, id: string): Promise<PurchaseOrder | undefined> {
    const row = await tx.maybeOne(findOrder, [restaurantId, id]);
    return row && (await this.#withLines(restaurantId, tx, [row]))[0];
  }

  /** As `find`, and locks the order: other transactions that change it wait. */
  async lock(restaurantId: string, tx: Tx, id: string): Promise<PurchaseOrder | undefined> {
    // A second statement reads the row. The statement that waits for the lock would see the old
    // lines.
    return (await tx.run(lockOrder, [restaurantId, id])) === 0 ? undefined : this.find(restaurantId, tx, id);
  }

  /** Newest first. */
  async list(restaurantId: string, tx: Tx, filter: PurchaseOrderFilter, page: ListPage): Promise<Slice<PurchaseOrder>> {
    const { status, supplierId, number } = filter;
    const values = [restaurantId, page.after ?? NEWEST, page.limit + 1];
    const statement = statementFor(filter);
    const filters = statement === listOrders ? [] : [status, supplierId, number].map((value) => value ?? null);
    const rows = await tx.many(statement, [...values, ...filters]);
    const slice = await fittingSlice(restaurantId, tx, { rows, limit: page.limit, statement: fittingOrders });
    return { ...slice, rows: await this.#withLines(restaurantId, tx, slice.rows) };
  }

  async #insertLines(restaurantId: string, tx: Tx, { id, lines }: PurchaseOrder): Promise<void> {
    const rows = lines.map((line, position) => ({ ...line, position }));
    await tx.run(insertLines, [restaurantId, id, JSON.stringify(rows)]);
  }

  async #withLines(restaurantId: string, tx: Tx, rows: readonly OrderRow[]): Promise<PurchaseOrder[]> {
    if (rows.length === 0) return [];
    const lines = new Map<string, PurchaseOrderLine[]>(rows.map((row) => [row.id, []]));
    for (const { purchaseOrderId, ...line } of await tx.many(linesOf, [restaurantId, rows.map((row) => row.id)]))
      lines.get(purchaseOrderId)?.push(line);
    return rows.map((row) => ({ ...row, lines: lines.get(row.id) ?? [] }));
  }
}

/** The statement for the filter that leaves the fewest orders to read. */
function statementFor({ number, status, supplierId }: PurchaseOrderFilter): Query<OrderRow> {
  if (number !== undefined) return listByNumber;
  if (status !== undefined && status !== 'received' && status !== 'cancelled') return listOpen;
  if (supplierId !== undefined) return listOfSupplier;
  return status === undefined ? listOrders : listFiltered;
}
