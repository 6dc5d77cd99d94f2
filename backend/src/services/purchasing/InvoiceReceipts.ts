/**
 * Goods receipts that come from supplier invoices, in the caller's transaction. Costs are those of
 * the invoice: its net amounts, not rounded prices.
 */
import type { Tx } from '../../config/database.js';
import type { Call } from '../../domain/shared/call.js';
import { AppError, notFound } from '../../domain/shared/errors.js';
import { changesBetween } from '../../domain/shared/events.js';
import type { GoodsReceipt, GoodsReceiptLine } from '../../domain/purchasing/goodsReceipt.js';
import type { PurchaseOrder, PurchaseOrderLine } from '../../domain/purchasing/purchaseOrder.js';
import { formatQuantity, fromMicros, parseQuantity, toMicros } from '../../domain/number/quantity.js';
import { divide } from '../../domain/number/ratio.js';
import { unitFactor } from '../../domain/inventory/units.js';
import type { BoughtItem, PurchasingRepository } from '../../repositories/PurchasingRepository.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import { goodsReceiptFact, purchaseOrderFact } from './purchasingFacts.js';
import type { ReceiptBooking } from './ReceiptBooking.js';

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: PurchasingRepository;
  booking: ReceiptBooking;
}

/** A line with its costs decided. Quantities are signed: negative goods go back. */
export interface InvoicedGoods {
  inventoryItemId: string;
  quantity: string;
  unit: string;
  stockQuantity: string;
  unitCost: string;
  unitPrice: number;
}

export interface InvoicedDelivery {
  supplierId: string;
  /** Whose open lines the goods fulfil. */
  purchaseOrderId: string | null;
  /** The number of the invoice. */
  reference: string | null;
  lines: InvoicedGoods[];
}

export class InvoiceReceipts {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Books the goods of an invoice.
   * @throws AppError not_found; invalid_state for a deleted item or an order that takes no goods;
   *   insufficient_stock for returns of more than there is.
   */
  async book(call: Call, tx: Tx, delivery: InvoicedDelivery): Promise<GoodsReceipt> {
    const { repository, unitOfWork, booking } = this.#deps;
    const { restaurantId } = call;
    const order = await this.#openOrder(call, tx, delivery);
    const supplier = await repository.keepSupplier(restaurantId, tx, delivery.supplierId);
    if (!supplier) throw notFound('supplier', '/supplierId');
    const items = await repository.lockItems(
      restaurantId,
      tx,
      delivery.lines.map((line) => line.inventoryItemId),
    );
    const filling = new OrderFilling(order);
    const lines = delivery.lines.map((line, index) => receiptLine(line, index, items, filling));
    const from = {
      id: order?.id ?? null,
      number: order?.number ?? null,
      supplierId: delivery.supplierId,
      supplierName: supplier.supplierName,
    };
    const receipt = await booking.book(call, tx, from, delivery, lines);
    await unitOfWork.record(tx, call, [goodsReceiptFact('posted', receipt, changesBetween({}, receipt))]);
    if (order) {
      const after = await booking.saveReceived(call, tx, order, filling.lines);
      await unitOfWork.record(tx, call, [purchaseOrderFact('received', after, changesBetween(order, after))]);
    }
    return receipt;
  }

  async #openOrder(call: Call, tx: Tx, delivery: InvoicedDelivery): Promise<PurchaseOrder | undefined> {
    if (delivery.purchaseOrderId === null) return undefined;
    const order = await this.#deps.repository.orders.lock(call.restaurantId, tx, delivery.purchaseOrderId);
    if (!order || order.supplierId !== delivery.supplierId)
      throw notFound('purchase order of this supplier', '/purchaseOrderId');
    if (order.status === 'sent' || order.status === 'partly_received') return order;
    throw new AppError(
      'invalid_state',
      `The purchase order ${order.number ?? ''} is ${order.status.replace('_', ' ')} and takes no goods. Name its goods receipt instead, or remove the order from this document.`,
    );
  }
}

/** Adds what came to the open lines of an order, in the units of the order. */
class OrderFilling {
  readonly #lines: PurchaseOrderLine[];

  constructor(order: PurchaseOrder | undefined) {
    this.#lines = (order?.lines ?? []).map((line) => ({ ...line }));
  }

  get lines(): PurchaseOrderLine[] {
    return this.#lines;
  }

  /** @returns the order line that an item fulfils. */
  fill(item: BoughtItem, stockQuantity: string): PurchaseOrderLine | undefined {
    const line = this.#lines.find((one) => one.inventoryItemId === item.id);
    const factor = line && unitFactor(item, line.unit);
    const stock = parseQuantity(stockQuantity) ?? 0n;
    if (!line || !factor || stock < 0n) return undefined;
    const came = toMicros(divide(fromMicros(stock), factor));
    line.receivedQuantity = formatQuantity((parseQuantity(line.receivedQuantity) ?? 0n) + came);
    return line;
  }
}

function receiptLine(
  goods: InvoicedGoods,
  index: number,
  items: readonly BoughtItem[],
  filling: OrderFilling,
): GoodsReceiptLine {
  const item = items.find((one) => one.id === goods.inventoryItemId);
  if (!item)
    throw new AppError('invalid_state', `The item of line ${index + 1} was deleted. Match the line with another item.`);
  const ordered = filling.fill(item, goods.stockQuantity);
  return {
    ...goods,
    name: item.name,
    purchaseOrderLineId: ordered?.id ?? null,
    expectedUnitPrice: ordered?.unit === goods.unit ? ordered.unitPrice : null,
    excessQuantity: '0',
    locationId: item.locationId,
  };
}
