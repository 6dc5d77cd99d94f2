/** Orders of another till, stored in batches. */
import { query, type Tx } from '../../config/database.js';
import { formatNumber, monthOf } from '../../domain/document/documentNumber.js';
import type { StoredOrder } from '../../domain/import/import.js';
import type { OrderType } from '../../domain/menu/menu.js';
import type { MinorUnits } from '../../domain/number/money.js';
import type { StockUse, UsingLine } from '../../domain/inventory/needs.js';
import type { Measured } from '../../domain/order/measure.js';
import type { LineModifier, Order, OrderLine } from '../../domain/order/order.js';
import type { CounterRepository } from '../CounterRepository.js';
import { LINE_COLUMNS, ORDER_COLUMNS } from '../orderColumns.js';

const SERIES = 'IMP';
const PAYMENT_REFERENCE = 'import';

export interface StoredImportedOrder extends StoredOrder {
  id: string;
  orderKey: string;
  businessDate: string;
  units: number;
  total: MinorUnits;
  version: number;
  /** Lines that took items from stock. */
  uses: UsingLine[];
}

export interface ImportedLine {
  id: string;
  orderId: string;
  position: number;
  menuItemId: string;
  variantId: string | null;
  categoryId: string;
  categoryName: string;
  name: string;
  variantName: string | null;
  quantity: number;
  measured: Measured | null;
  unitPrice: MinorUnits;
  modifiers: LineModifier[];
  discounts: { name: string; amount: MinorUnits }[];
  grossAmount: MinorUnits;
  discountAmount: MinorUnits;
  amount: MinorUnits;
  stockUse: StockUse;
  createdAt: string;
}

export interface ImportedOrder {
  id: string;
  orderKey: string;
  type: OrderType;
  businessDate: string;
  subtotal: MinorUnits;
  discountTotal: MinorUnits;
  total: MinorUnits;
  faultyRows: number;
  createdAt: string;
  paymentId: string;
}

/** Orders with their lines. */
export interface OrderBatch {
  orders: ImportedOrder[];
  lines: ImportedLine[];
}

/** Values that all orders of one batch share. */
export interface BatchHeading {
  source: string;
  currency: string;
  createdBy: string;
  /** Time of storing. */
  at: Date;
}

const LINE_FIELDS = [
  'id',
  'position',
  'menuItemId',
  'variantId',
  'categoryId',
  'categoryName',
  'name',
  'variantName',
  'quantity',
  'measured',
  'unitPrice',
  'modifiers',
  'discounts',
  'grossAmount',
  'discountAmount',
  'amount',
  'stockUse',
  'createdAt',
] as const satisfies readonly (keyof ImportedLine & keyof OrderLine)[];
const SUM_FIELDS = ['subtotal', 'discountTotal', 'total'] as const;
const ORDER_FIELDS = ['id', 'number', 'type', 'businessDate', ...SUM_FIELDS, 'createdAt'] as const;
/** Values that follow from the batch or from other fields. */
const DERIVED = {
  status: "'completed'",
  currency: '$4',
  serviceChargeTotal: '0',
  taxTotal: '0',
  taxIncludedTotal: '0',
  orderTip: '0',
  tipTotal: '0',
  paidTotal: 'o.total',
  externalSource: '$3',
  externalId: 'o."orderKey"',
  createdBy: '$5',
  updatedAt: '$6',
  completedAt: 'o."createdAt"',
} satisfies Partial<Record<keyof Order, string>>;
const DERIVED_FIELDS = Object.keys(DERIVED) as (keyof typeof DERIVED)[];

const storedOrders = query<StoredImportedOrder>(
  'import.findStoredOrders',
  `select o.id, o.external_id as "orderKey", o.business_date as "businessDate", o.faulty_rows as "faultyRows", o.total, o.version, l.lines, l.units, l.uses,
     coalesce(o.imported_version = o.version, false) and o.status = 'completed' and o.refunded_total = 0 and o.deleted_at is null
       as "isUntouched"
   from unnest($3::text[]) as k(order_key)
   join orders o on o.restaurant_id = $1 and o.external_source = $2 and o.external_id = k.order_key
   cross join lateral (
     select count(*)::int as lines, coalesce(sum(l.quantity), 0)::bigint as units,
       coalesce(jsonb_agg(jsonb_build_object('stockUse', l.stock_use, 'quantity', l.quantity, 'voided', l.voided_at is not null))
         filter (where l.stock_use <> '{}'), '[]') as uses
     from order_lines l
     where l.restaurant_id = o.restaurant_id and l.order_id = o.id
   ) l`,
);
const lockStoredOrders = query<StoredImportedOrder>('import.lockStoredOrders', `${storedOrders.text} for update of o`);

// An imported line has no taxes, notes, course or seat.
const insertLines = query(
  'import.insertLines',
  `insert into order_lines (restaurant_id, order_id, tax_amount, ${LINE_COLUMNS.names(LINE_FIELDS)})
   select $1, l."orderId", 0, ${LINE_COLUMNS.recordFields(LINE_FIELDS, 'l')}
   from jsonb_to_recordset($2::jsonb) as l("orderId" uuid, ${LINE_COLUMNS.record(LINE_FIELDS)})`,
);

const insertPayments = query(
  'import.insertPayments',
  `insert into payments (restaurant_id, id, order_id, method, amount, tip, tendered, change, reference, business_date, created_by, created_at)
   select $1, o."paymentId", o.id, 'other', o.total, 0, o.total, 0, '${PAYMENT_REFERENCE}', o."businessDate", $3, o."createdAt"
   from jsonb_to_recordset($2::jsonb) as o(id uuid, "paymentId" uuid, total bigint, "businessDate" date, "createdAt" timestamptz)
   where o.total > 0`,
);
const insertMissingPayments = query(
  'import.insertMissingPayments',
  `${insertPayments.text}
     and not exists (select 1 from payments p where p.restaurant_id = $1 and p.order_id = o.id and p.reference = '${PAYMENT_REFERENCE}')`,
);

const insertOrders = query<{ id: string }>(
  'import.insertOrders',
  `insert into orders (restaurant_id, faulty_rows, imported_version, ${ORDER_COLUMNS.names([...ORDER_FIELDS, ...DERIVED_FIELDS])})
   select $1, o."faultyRows", 1, ${ORDER_COLUMNS.recordFields(ORDER_FIELDS, 'o')}, ${Object.values(DERIVED).join(', ')}
   from jsonb_to_recordset($2::jsonb) as o(${ORDER_COLUMNS.record(ORDER_FIELDS)}, "orderKey" text, "faultyRows" int)
   on conflict (restaurant_id, external_source, external_id) where external_id is not null do nothing
   returning id`,
);

const deleteLines = query(
  'import.deleteLines',
  'delete from order_lines where restaurant_id = $1 and order_id = any ($2::uuid[])',
);

// An extra condition next to the join. With the join alone, the planner reads all orders of a
// restaurant that has few orders so far.
const IDS = `array(select (jsonb_array_elements($2::jsonb) ->> 'id')::uuid)`;

const updateOrders = query(
  'import.updateOrders',
  `update orders t
   set ${SUM_FIELDS.map((field) => `${ORDER_COLUMNS.names([field])} = o."${field}"`).join(', ')}, paid_total = o.total,
       faulty_rows = o."faultyRows", version = t.version + 1, imported_version = t.version + 1, updated_at = $3
   from jsonb_to_recordset($2::jsonb) as o(id uuid, ${ORDER_COLUMNS.record(SUM_FIELDS)}, "faultyRows" int)
   where t.restaurant_id = $1 and t.id = any (${IDS}) and t.id = o.id`,
);

const updatePayments = query(
  'import.updatePayments',
  `update payments p
   set amount = o.total, tendered = o.total
   from jsonb_to_recordset($2::jsonb) as o(id uuid, total bigint)
   where p.restaurant_id = $1 and p.order_id = any (${IDS}) and p.order_id = o.id and p.reference = '${PAYMENT_REFERENCE}'`,
);

export class ImportedOrders {
  readonly #counters: CounterRepository;

  constructor(counters: CounterRepository) {
    this.#counters = counters;
  }

  /** Those of the orders that are already stored. */
  findStored(
    restaurantId: string,
    tx: Tx,
    source: string,
    orderKeys: readonly string[],
  ): Promise<StoredImportedOrder[]> {
    return tx.many(storedOrders, [restaurantId, source, orderKeys]);
  }

  /** As `findStored`, and locks the orders until the transaction ends. */
  lockStored(
    restaurantId: string,
    tx: Tx,
    source: string,
    orderKeys: readonly string[],
  ): Promise<StoredImportedOrder[]> {
    return tx.many(lockStoredOrders, [restaurantId, source, orderKeys]);
  }

  /** Replaces lines and sums of stored orders. They keep their number, time and type. */
  async replace(restaurantId: string, tx: Tx, { orders, lines }: OrderBatch, heading: BatchHeading): Promise<void> {
    const json = JSON.stringify(orders);
    await tx.run(deleteLines, [restaurantId, orders.map((order) => order.id)]);
    await tx.run(insertLines, [restaurantId, JSON.stringify(lines)]);
    await tx.run(updatePayments, [restaurantId, json]);
    await tx.run(insertMissingPayments, [restaurantId, json, heading.createdBy]);
    await tx.run(updateOrders, [restaurantId, json, heading.at]);
  }

  /**
   * Stores new orders and numbers them in sequence, within the month of their business date. The
   * counters are the last locks.
   * @throws Error when an order is already stored: the caller holds the import lock and has
   * checked.
   */
  async insert(restaurantId: string, tx: Tx, { orders, lines }: OrderBatch, heading: BatchHeading): Promise<void> {
    await tx.run(insertLines, [restaurantId, JSON.stringify(lines)]);
    await tx.run(insertPayments, [restaurantId, JSON.stringify(orders), heading.createdBy]);
    const numbers = await this.#reserve(restaurantId, tx, orders);
    const rows = orders.map((order, index) => ({ ...order, number: numbers[index] }));
    const { source, currency, createdBy, at } = heading;
    const stored = await tx.many(insertOrders, [restaurantId, JSON.stringify(rows), source, currency, createdBy, at]);
    if (stored.length !== orders.length) throw new Error('an imported order was stored twice at once');
  }

  /** Reserves numbers. Periods are locked in their order, so that transactions do not deadlock. */
  async #reserve(restaurantId: string, tx: Tx, orders: readonly ImportedOrder[]): Promise<string[]> {
    const counts = new Map<string, number>();
    for (const order of orders)
      counts.set(monthOf(order.businessDate), (counts.get(monthOf(order.businessDate)) ?? 0) + 1);
    const next = new Map<string, number>();
    for (const [period, count] of [...counts].sort(([a], [b]) => (a < b ? -1 : 1))) {
      next.set(period, await this.#counters.reserve(restaurantId, tx, SERIES, period, count));
    }
    return orders.map((order) => {
      const period = monthOf(order.businessDate);
      const number = next.get(period) ?? 0;
      next.set(period, number + 1);
      return formatNumber(SERIES, period, number);
    });
  }
}
