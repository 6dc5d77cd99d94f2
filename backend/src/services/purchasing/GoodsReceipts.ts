/**
 * Receives goods, with or without a purchase order, and reverses receipts. Each posts to the ledger
 * once.
 */
import type { Tx } from '../../config/database.js';
import { Track } from '../../decorators/Performance.js';
import type { Call } from '../../domain/shared/call.js';
import { AppError, assertVersion, notFound } from '../../domain/shared/errors.js';
import { changesBetween } from '../../domain/shared/events.js';
import { type GoodsReceipt, type GoodsReceiptLine, totalsOf } from '../../domain/purchasing/goodsReceipt.js';
import { assertBounded } from '../../domain/number/money.js';
import { assertPossible, type PurchaseOrder, statusAfterReceipt } from '../../domain/purchasing/purchaseOrder.js';
import { StockShortage } from '../../domain/stock/stockShortage.js';
import type { PurchasingRepository } from '../../repositories/PurchasingRepository.js';
import type { GoodsReceiptFilter } from '../../repositories/purchasing/GoodsReceiptTable.js';
import type { Clock } from '../../utils/clock.js';
import type { Cursors, Page, PageOf } from '../../utils/cursor.js';
import { newId } from '../../utils/ids.js';
import type { InventoryService } from '../InventoryService.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import { goodsReceiptFact, purchaseOrderFact } from './purchasingFacts.js';
import { assertPast } from './orderLines.js';
import { assertNamedOnce, moveIn, moveOut, paidPrices, roundsOf } from './receiptMoves.js';
import { type DirectLineInput, directLines, OrderedLines, type OrderedLineInput } from './receiptLines.js';

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: PurchasingRepository;
  inventory: InventoryService;
  cursors: Cursors;
  clock: Clock;
}

interface Delivery<Line> {
  lines: Line[];
  /** The number of the delivery note. */
  reference?: string | null | undefined;
  /** The current time if absent. */
  receivedAt?: string | undefined;
}

export interface OrderedDelivery extends Delivery<OrderedLineInput> {
  /** Accepts any quantity above the ordered one. */
  acceptExcess?: boolean | undefined;
}

export interface DirectDelivery extends Delivery<DirectLineInput> {
  supplierId: string;
}

/** The reason of a reversal, and the current locations of items that were moved since. */
export interface Reversal {
  reason: string;
  takeFrom?: { inventoryItemId: string; locationId: string }[] | undefined;
}

export interface Received {
  goodsReceipt: GoodsReceipt;
  purchaseOrder: PurchaseOrder;
}

export class GoodsReceipts {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
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
      const goodsReceipt = await this.#book(call, tx, order, delivery, lines);
      const purchaseOrder = await this.#saveReceived(call, tx, order, ordered.lines);
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
      const receipt = await this.#book(call, tx, { ...from, id: null, number: null }, delivery, lines);
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
    const { unitOfWork, repository, clock } = this.#deps;
    const { restaurantId } = call;
    return unitOfWork.run(call, async (tx) => {
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
      await this.#takeOut(call, tx, receipt, reversal);
      await unitOfWork.record(tx, call, [goodsReceiptFact('reversed', reversed, changesBetween(receipt, reversed))]);
      if (!order) return reversed;
      const left = new OrderedLines(order);
      left.takeBack(receipt.lines);
      const after = await this.#saveReceived(call, tx, order, left.lines);
      await unitOfWork.record(tx, call, [purchaseOrderFact('changed', after, changesBetween(order, after))]);
      return reversed;
    });
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

  async #book(
    call: Call,
    tx: Tx,
    from: { id: string | null; number: string | null; supplierId: string; supplierName: string },
    { reference = null, receivedAt }: Delivery<unknown>,
    lines: GoodsReceiptLine[],
  ): Promise<GoodsReceipt> {
    const { repository, inventory, clock } = this.#deps;
    const createdAt = clock().toISOString();
    const receipt: GoodsReceipt = {
      id: newId(),
      supplierId: from.supplierId,
      supplierName: from.supplierName,
      purchaseOrderId: from.id,
      purchaseOrderNumber: from.number,
      reference,
      receivedAt: receivedAt ?? createdAt,
      lines,
      createdBy: `${call.actor.kind}:${call.actor.id}`,
      createdAt,
      reversedAt: null,
      reversedBy: null,
      reverseReason: null,
    };
    // A total that is too large is refused now, so that every later view can show it.
    const { total } = totalsOf(lines);
    assertBounded('A delivery', { subtotal: total, total });
    const cause = { kind: 'goods_receipt', id: receipt.id, occurredAt: new Date(receipt.receivedAt) } as const;
    const moves = lines.map((line) => moveIn(line, reference));
    await inventory.postRounds(call, tx, cause, roundsOf(moves));
    await repository.receipts.insert(call.restaurantId, tx, receipt);
    await repository.updatePrices(call.restaurantId, tx, receipt.supplierId, paidPrices(lines), receipt.receivedAt);
    return receipt;
  }

  async #takeOut(call: Call, tx: Tx, receipt: GoodsReceipt, { reason, takeFrom = [] }: Reversal): Promise<void> {
    const { repository, inventory, clock } = this.#deps;
    const ids = new Set(receipt.lines.map((line) => line.inventoryItemId));
    const live = await repository.lockItems(call.restaurantId, tx, [...ids]);
    if (live.length < ids.size)
      throw new AppError('invalid_state', 'An item of this receipt was deleted. Its stock can no longer be changed.');
    assertNamedOnce(takeFrom);
    const stranger = takeFrom.findIndex(({ inventoryItemId }) => !ids.has(inventoryItemId));
    if (stranger >= 0) throw notFound('item of this receipt', `/takeFrom/${stranger}/inventoryItemId`);
    const places = [...receipt.lines, ...takeFrom].flatMap(({ locationId }) => locationId ?? []);
    const known = await inventory.keepLocations(call, tx, places);
    const nowhere = takeFrom.findIndex(({ locationId }) => !known.has(locationId));
    if (nowhere >= 0) throw notFound('stock location', `/takeFrom/${nowhere}/locationId`);
    const carried = new Map(takeFrom.map(({ inventoryItemId, locationId }) => [inventoryItemId, locationId]));
    const moves = receipt.lines.map((line) => {
      const put = known.has(line.locationId ?? '') ? line.locationId : null;
      return moveOut(line, carried.get(line.inventoryItemId) ?? put, reason);
    });
    const cause = { kind: 'goods_receipt', id: receipt.id, occurredAt: clock() } as const;
    try {
      await inventory.takeBack(call, tx, cause, roundsOf(moves));
    } catch (error) {
      if (!(error instanceof StockShortage)) throw error;
      const message = `Some of the delivered stock was used, so this receipt cannot be reversed. ${error.message}`;
      throw new AppError('insufficient_stock', message, { cause: error });
    }
  }

  /** Stores the received quantities of an order, and the status that follows from them. */
  async #saveReceived(call: Call, tx: Tx, order: PurchaseOrder, lines: PurchaseOrder['lines']): Promise<PurchaseOrder> {
    const now = this.#deps.clock().toISOString();
    const status = statusAfterReceipt(lines);
    const closedAt = status === 'received' ? now : null;
    const after: PurchaseOrder = {
      ...order,
      lines,
      status,
      isClosedShort: false,
      closeReason: null,
      closedAt,
      version: order.version + 1,
      updatedAt: now,
    };
    await this.#deps.repository.orders.saveReceived(call.restaurantId, tx, after);
    await this.#deps.repository.orders.save(call.restaurantId, tx, after);
    return after;
  }
}
