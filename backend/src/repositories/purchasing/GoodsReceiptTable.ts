import { query, type Tx } from '../../config/database.js';
import type { GoodsReceipt, GoodsReceiptLine } from '../../domain/purchasing/goodsReceipt.js';
import type { Revaluation } from '../../domain/supplierInvoice/latePrices.js';
import { formatNumber } from '../../domain/document/documentNumber.js';
import type { CounterRepository } from '../CounterRepository.js';
import { type ListPage, NEWEST } from '../editableTable.js';
import { fitting, fittingSlice, type Slice } from '../pageSize.js';

const SELECTION = `select r.id, r.number, r.supplier_id as "supplierId", s.name as "supplierName", r.purchase_order_id as "purchaseOrderId",
    o.number as "purchaseOrderNumber", r.reference, r.received_at as "receivedAt", r.created_by as "createdBy", r.created_at as "createdAt",
    r.reversed_at as "reversedAt", r.reversed_by as "reversedBy", r.reverse_reason as "reverseReason"
   from goods_receipts r
   join suppliers s on s.restaurant_id = r.restaurant_id and s.id = r.supplier_id
   left join purchase_orders o on o.restaurant_id = r.restaurant_id and o.id = r.purchase_order_id
   where r.restaurant_id = $1`;

type ReceiptRow = Omit<GoodsReceipt, 'lines'>;
type LineRow = GoodsReceiptLine & { goodsReceiptId: string };

const insertReceipt = query(
  'goodsReceipt.insert',
  `insert into goods_receipts (restaurant_id, id, supplier_id, purchase_order_id, reference, received_at, created_by, created_at, number)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
);
const insertLines = query(
  'goodsReceipt.insertLines',
  `insert into goods_receipt_lines (restaurant_id, goods_receipt_id, position, purchase_order_line_id, inventory_item_id, quantity, unit,
     stock_quantity, unit_cost, unit_price, expected_unit_price, excess_quantity, location_id)
   select $1, $2, l.position, l."purchaseOrderLineId", l."inventoryItemId", l.quantity, l.unit, l."stockQuantity", l."unitCost",
     l."unitPrice", l."expectedUnitPrice", l."excessQuantity", l."locationId"
   from jsonb_to_recordset($3::jsonb) as l(position int, "purchaseOrderLineId" uuid, "inventoryItemId" uuid, quantity numeric, unit text,
     "stockQuantity" numeric, "unitCost" numeric, "unitPrice" bigint, "expectedUnitPrice" bigint, "excessQuantity" numeric,
     "locationId" uuid)`,
);
const reverseReceipt = query(
  'goodsReceipt.reverse',
  `update goods_receipts
   set reversed_at = $3, reversed_by = $4, reverse_reason = $5
   where restaurant_id = $1 and id = $2 and reversed_at is null`,
);
const lockReceipt = query(
  'goodsReceipt.lock',
  'select 1 from goods_receipts where restaurant_id = $1 and id = $2 for no key update',
);
const listRevaluations = query<{ revaluations: Revaluation[] }>(
  'goodsReceipt.listRevaluations',
  `select revaluations
   from supplier_invoices
   where restaurant_id = $1 and goods_receipt_id = $2 and revaluations is not null`,
);
const findReceipt = query<ReceiptRow>('goodsReceipt.find', `${SELECTION} and r.id = $2`);
const linesOf = query<LineRow>(
  'goodsReceipt.listLines',
  `select l.goods_receipt_id as "goodsReceiptId", l.purchase_order_line_id as "purchaseOrderLineId",
     l.inventory_item_id as "inventoryItemId", i.name, trim_scale(l.quantity)::text as quantity, l.unit,
     trim_scale(l.stock_quantity)::text as "stockQuantity", trim_scale(l.unit_cost)::text as "unitCost", l.unit_price as "unitPrice",
     l.expected_unit_price as "expectedUnitPrice", trim_scale(l.excess_quantity)::text as "excessQuantity", l.location_id as "locationId"
   from goods_receipt_lines l
   join inventory_items i on i.restaurant_id = l.restaurant_id and i.id = l.inventory_item_id
   where l.restaurant_id = $1 and l.goods_receipt_id = any ($2::uuid[])
   order by l.goods_receipt_id, l.position`,
);
const fittingReceipts = fitting('goodsReceipt.findFitting', {
  goods_receipts: 'id',
  goods_receipt_lines: 'goods_receipt_id',
});
const PAGE = 'order by r.id desc limit $3';
const LIST = `${SELECTION} and r.id < $2`;
const FILTERED = `${LIST}
     and ($4::uuid is null or r.purchase_order_id = $4)
     and ($5::uuid is null or r.supplier_id = $5)`;
// One statement per index: a statement with only optional filters gets a plan that uses no index
// for them.
const listReceipts = query<ReceiptRow>('goodsReceipt.list', `${LIST} ${PAGE}`);
const listOfOrder = query<ReceiptRow>('goodsReceipt.listOfOrder', `${FILTERED} and r.purchase_order_id = $4 ${PAGE}`);
const listOfSupplier = query<ReceiptRow>('goodsReceipt.listOfSupplier', `${FILTERED} and r.supplier_id = $5 ${PAGE}`);

export interface GoodsReceiptFilter {
  purchaseOrderId?: string | undefined;
  supplierId?: string | undefined;
}

const SERIES = 'GR';

export class GoodsReceiptTable {
  readonly #counters: CounterRepository;

  constructor(counters: CounterRepository) {
    this.#counters = counters;
  }

  /**
   * The next number of a month. This is the transaction's last lock.
   * @param month e.g. `2026-11`.
   */
  async drawNumber(restaurantId: string, tx: Tx, month: string): Promise<string> {
    return formatNumber(SERIES, month, await this.#counters.reserve(restaurantId, tx, SERIES, month, 1));
  }

  async insert(restaurantId: string, tx: Tx, receipt: GoodsReceipt): Promise<void> {
    const { id, number, supplierId, purchaseOrderId, reference, receivedAt, createdBy, createdAt } = receipt;
    const values = [id, supplierId, purchaseOrderId, reference, receivedAt, createdBy, createdAt, number];
    await tx.run(insertReceipt, [restaurantId, ...values]);
    const rows = receipt.lines.map((line, position) => ({ ...line, position }));
    await tx.run(insertLines, [restaurantId, id, JSON.stringify(rows)]);
  }

  /**
   * Marks a receipt as reversed. If two calls do so at once, the second waits.
   * @returns false when it was reversed already.
   */
  async reverse(restaurantId: string, tx: Tx, receipt: GoodsReceipt): Promise<boolean> {
    const { id, reversedAt, reversedBy, reverseReason } = receipt;
    return (await tx.run(reverseReceipt, [restaurantId, id, reversedAt, reversedBy, reverseReason])) === 1;
  }

  /** As `find`, and keeps it from being reversed until the transaction ends. */
  async lock(restaurantId: string, tx: Tx, id: string): Promise<GoodsReceipt | undefined> {
    return (await tx.run(lockReceipt, [restaurantId, id])) === 0 ? undefined : this.find(restaurantId, tx, id);
  }

  /** What posted invoices have changed of the costs of its goods. */
  async revaluations(restaurantId: string, tx: Tx, id: string): Promise<Revaluation[]> {
    return (await tx.many(listRevaluations, [restaurantId, id])).flatMap(({ revaluations }) => revaluations);
  }

  async find(restaurantId: string, tx: Tx, id: string): Promise<GoodsReceipt | undefined> {
    const row = await tx.maybeOne(findReceipt, [restaurantId, id]);
    return row && (await this.#withLines(restaurantId, tx, [row]))[0];
  }

  /** Newest first. */
  async list(restaurantId: string, tx: Tx, filter: GoodsReceiptFilter, page: ListPage): Promise<Slice<GoodsReceipt>> {
    const { purchaseOrderId, supplierId } = filter;
    const values = [restaurantId, page.after ?? NEWEST, page.limit + 1];
    const filters = [purchaseOrderId ?? null, supplierId ?? null];
    const narrowed = purchaseOrderId === undefined ? listOfSupplier : listOfOrder;
    const rows = filters.every((value) => value === null)
      ? await tx.many(listReceipts, values)
      : await tx.many(narrowed, [...values, ...filters]);
    const slice = await fittingSlice(restaurantId, tx, { rows, limit: page.limit, statement: fittingReceipts });
    return { ...slice, rows: await this.#withLines(restaurantId, tx, slice.rows) };
  }

  async #withLines(restaurantId: string, tx: Tx, rows: readonly ReceiptRow[]): Promise<GoodsReceipt[]> {
    if (rows.length === 0) return [];
    const lines = new Map<string, GoodsReceiptLine[]>(rows.map((row) => [row.id, []]));
    for (const { goodsReceiptId, ...line } of await tx.many(linesOf, [restaurantId, rows.map((row) => row.id)]))
      lines.get(goodsReceiptId)?.push(line);
    return rows.map((row) => ({ ...row, lines: lines.get(row.id) ?? [] }));
  }
}
