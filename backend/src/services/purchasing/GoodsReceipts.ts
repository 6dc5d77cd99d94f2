/**
 * Receives goods, with or without a purchase order, and reverses receipts. Each posts to the ledger
 * once.
 */
import type { Tx } from '../../config/database.js';
import { Track } from '../../decorators/Performance.js';
import type { Call } from '../../domain/shared/call.js';
import { AppError, assertVersion, notFound } from '../../domain/shared/errors.js';
import { changesBetween } from '../../domain/shared/events.js';
import type { GoodsReceipt } from '../../domain/purchasing/goodsReceipt.js';
import { assertPossible, type PurchaseOrder } from '../../domain/purchasing/purchaseOrder.js';
import type { PurchasingRepository } from '../../repositories/PurchasingRepository.js';
import type { GoodsReceiptFilter } from '../../repositories/purchasing/GoodsReceiptTable.js';
import type { Clock } from '../../utils/clock.js';
import type { Cursors, Page, PageOf } from '../../utils/cursor.js';
import type { InventoryService } from '../InventoryService.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import { goodsReceiptFact, purchaseOrderFact } from './purchasingFacts.js';
import { assertPast } from './orderLines.js';
import type { Delivery, ReceiptBooking, Reversal } from './ReceiptBooking.js';
import { type DirectLineInput, directLines, OrderedLines, type OrderedLineInput } from './receiptLines.js';

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: PurchasingRepository;
  inventory: InventoryService;
  cursors: Cursors;
  clock: Clock;
}

export interface OrderedDelivery extends Delivery<OrderedLineInput> {
  /** Accepts any quantity above the ordered one. */
  acceptExcess?: boolean | undefined;
}

export interface DirectDelivery extends Delivery<DirectLineInput> {
  supplierId: string;
}

export interface Received {
  goodsReceipt: GoodsReceipt;
  purchaseOrder: PurchaseOrder;
}

export class GoodsReceipts {
  readonly #deps: Dependencies;
  readonly #booking: ReceiptBooking;

  constructor(deps: Dependencies & { booking: ReceiptBooking }) {
    this.#deps = deps;
    this.#booking = deps.booking;
  }

  /**
   * Books a full or partial delivery of an order.
   * @throws AppError not_found, invalid_request, each with its pointer; invalid_state;
   * exceeds_ordered.
   */
  @Track('goodsReceipts.receive')
  receive(call: Call, orderId: string, delivery: OrderedDelivery): Promise<Received> {
    const { unitOfWork, repository } = this.#deps;
    const { restaurantId } = call;
    return unitOfWork.run(call, async (tx) => {
      const order = await this.#lockOrder(call, tx, orderId);
      assertVersion(call.ifMatch, order.version);
      const ordered = new OrderedLines(order);
      ordered.assertKnown(delivery.lines);
      await this.#assertDelivery(call, tx, delivery);
      assertPossible('receive', order.status);
      const ids = order.lines.map((line) => line.inventoryItemId);
      const items = await repository.lockItems(restaurantId, tx, ids);
      const lines = delivery.lines.map((line, index) =>
        ordered.read(line, index, items, delivery.acceptExcess ?? false),
      );
      const goodsReceipt = await this.#booking.book(call, tx, order, delivery, lines);
      const purchaseOrder = await this.#booking.saveReceived(call, tx, order, ordered.lines);
      await unitOfWork.record(tx, call, [
        goodsReceiptFact('posted', goodsReceipt, changesBetween({}, goodsReceipt)),
        purchaseOrderFact('received', purchaseOrder, changesBetween(order, purchaseOrder)),
      ]);
      return { goodsReceipt, purchaseOrder };
    });
  }

  /**
   * Books a delivery without an order.
   * @throws AppError not_found, invalid_request, each with its pointer.
   */
  @Track('goodsReceipts.receiveDirect')
  receiveDirect(call: Call, delivery: DirectDelivery): Promise<GoodsReceipt> {
    const { unitOfWork, repository } = this.#deps;
    const { supplierId } = delivery;
    return unitOfWork.run(call, async (tx) => {
      const supplier = await repository.keepSupplier(call.restaurantId, tx, supplierId);
      if (!supplier) throw notFound('supplier', '/supplierId');
      await this.#assertDelivery(call, tx, delivery);
      const lines = await directLines(repository, call.restaurantId, tx, supplierId, delivery.lines);
      const from = { supplierId, supplierName: supplier.supplierName };
      const receipt = await this.#booking.book(call, tx, { ...from, id: null, number: null }, delivery, lines);
      await unitOfWork.record(tx, call, [goodsReceiptFact('posted', receipt, changesBetween({}, receipt))]);
      return receipt;
    });
  }

  /**
   * Reverses a receipt: its goods leave stock at their purchase cost, and its order is open again.
   * @throws AppError not_found; invalid_state when it is already reversed; insufficient_stock when
   * stock must not go below zero or is at another location.
   */
  @Track('goodsReceipts.reverse')
  reverse(call: Call, id: string, reversal: Reversal): Promise<GoodsReceipt> {
    return this.#deps.unitOfWork.run(call, (tx) => this.reverseWithin(call, tx, id, reversal));
  }

  /** Same as `reverse`, in the caller's transaction. */
  async reverseWithin(call: Call, tx: Tx, id: string, reversal: Reversal): Promise<GoodsReceipt> {
    const { unitOfWork, repository, clock } = this.#deps;
    const { restaurantId } = call;
    const receipt = await repository.receipts.find(restaurantId, tx, id);
    if (!receipt) throw notFound('goods receipt');
    const { purchaseOrderId } = receipt;
    const order = purchaseOrderId === null ? undefined : await this.#lockOrder(call, tx, purchaseOrderId);
    const reversed: GoodsReceipt = {
      ...receipt,
      reversedAt: clock().toISOString(),
      reversedBy: `${call.actor.kind}:${call.actor.id}`,
      reverseReason: reversal.reason,
    };
    if (!(await repository.receipts.reverse(restaurantId, tx, reversed)))
      throw new AppError('invalid_state', 'This receipt is already reversed.');
    // The row is locked now, so no invoice can price its goods meanwhile.
    if ((await repository.receipts.revaluations(restaurantId, tx, id)).length > 0)
      throw new AppError('invalid_state', 'A supplier invoice has changed the costs of these goods. Reverse it first.');
    await this.#booking.takeOut(call, tx, receipt, reversal);
    await unitOfWork.record(tx, call, [goodsReceiptFact('reversed', reversed, changesBetween(receipt, reversed))]);
    if (!order) return reversed;
    const left = new OrderedLines(order);
    left.takeBack(receipt.lines);
    const after = await this.#booking.saveReceived(call, tx, order, left.lines);
    await unitOfWork.record(tx, call, [purchaseOrderFact('changed', after, changesBetween(order, after))]);
    return reversed;
  }

  /** @throws AppError not_found. */
  async get(call: Call, id: string): Promise<GoodsReceipt> {
    const { unitOfWork, repository } = this.#deps;
    const receipt = await unitOfWork.read(call, (tx) => repository.receipts.find(call.restaurantId, tx, id));
    if (!receipt) throw notFound('goods receipt');
    return receipt;
  }

  /** Newest first. */
  @Track('goodsReceipts.list')
  list(call: Call, filter: GoodsReceiptFilter, page: Page): Promise<PageOf<GoodsReceipt>> {
    const { unitOfWork, repository, cursors } = this.#deps;
    const binding = [call.restaurantId, 'goodsReceipts', filter.supplierId, filter.purchaseOrderId];
    const after = cursors.read(page.cursor, binding);
    return unitOfWork.read(call, async (tx) => {
      const receipts = await repository.receipts.list(call.restaurantId, tx, filter, { limit: page.limit, after });
      return cursors.slice(receipts, binding, (receipt) => receipt.id);
    });
  }

  async #lockOrder(call: Call, tx: Tx, id: string): Promise<PurchaseOrder> {
    const order = await this.#deps.repository.orders.lock(call.restaurantId, tx, id);
    if (!order) throw notFound('purchase order');
    return order;
  }

  async #assertDelivery(
    call: Call,
    tx: Tx,
    { lines, receivedAt }: Delivery<{ locationId?: string | undefined }>,
  ): Promise<void> {
    assertPast(receivedAt, this.#deps.clock());
    const ids = lines.flatMap(({ locationId }) => locationId ?? []);
    if (ids.length === 0) return;
    const known = await this.#deps.inventory.keepLocations(call, tx, ids);
    const unknown = lines.findIndex(({ locationId }) => locationId !== undefined && !known.has(locationId));
    if (unknown >= 0) throw notFound('stock location', `/lines/${unknown}/locationId`);
  }
}
