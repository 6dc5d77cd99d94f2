/**
 * Books goods receipts in the caller's transaction, and takes them back: the moves and the paper.
 */
import type { Tx } from '../../config/database.js';
import type { Call } from '../../domain/shared/call.js';
import { AppError, notFound } from '../../domain/shared/errors.js';
import { monthOf } from '../../domain/document/documentNumber.js';
import { type GoodsReceipt, type GoodsReceiptLine, totalsOf } from '../../domain/purchasing/goodsReceipt.js';
import { assertBounded } from '../../domain/number/money.js';
import { type PurchaseOrder, statusAfterReceipt } from '../../domain/purchasing/purchaseOrder.js';
import { businessDate } from '../../domain/restaurant/localTime.js';
import { StockShortage } from '../../domain/stock/stockShortage.js';
import type { PurchasingRepository } from '../../repositories/PurchasingRepository.js';
import type { Clock } from '../../utils/clock.js';
import { newId } from '../../utils/ids.js';
import type { InventoryService } from '../InventoryService.js';
import type { RestaurantService } from '../RestaurantService.js';
import {
  assertNamedOnce,
  atStockCost,
  moveIn,
  moveOut,
  paidPrices,
  returnsOf,
  roundsOf,
  splitMoves,
} from './receiptMoves.js';

interface Dependencies {
  repository: PurchasingRepository;
  restaurants: RestaurantService;
  inventory: InventoryService;
  clock: Clock;
}

export interface Delivery<Line> {
  lines: Line[];
  /** The number of the delivery note. */
  reference?: string | null | undefined;
  /** The current time if absent. */
  receivedAt?: string | undefined;
}

/** The reason of a reversal, and the current locations of items that were moved since. */
export interface Reversal {
  reason: string;
  takeFrom?: { inventoryItemId: string; locationId: string }[] | undefined;
}

export class ReceiptBooking {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Moves the goods and stores the receipt under its number. Lines with a negative quantity leave
   * at the average cost, and come back at it when the receipt is reversed.
   */
  async book(
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
      number: null,
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
    assertBounded('A delivery', { subtotal: Math.abs(total), total: Math.abs(total) });
    const cause = { kind: 'goods_receipt', id: receipt.id, occurredAt: new Date(receipt.receivedAt) } as const;
    const { coming, leaving } = splitMoves(lines.map((line) => moveIn(line, reference)));
    await inventory.postRounds(call, tx, cause, roundsOf(coming));
    await inventory.postRounds(call, tx, { ...cause, id: returnsOf(receipt.id) }, roundsOf(leaving.map(atStockCost)));
    await repository.updatePrices(call.restaurantId, tx, receipt.supplierId, paidPrices(lines), receipt.receivedAt);
    const numbered = { ...receipt, number: await this.#drawNumber(call, tx) };
    await repository.receipts.insert(call.restaurantId, tx, numbered);
    return numbered;
  }

  /** The reverse of `book`. @throws AppError invalid_state, not_found, insufficient_stock. */
  async takeOut(call: Call, tx: Tx, receipt: GoodsReceipt, { reason, takeFrom = [] }: Reversal): Promise<void> {
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
      const { coming, leaving } = splitMoves(moves);
      await inventory.postRounds(call, tx, { ...cause, id: returnsOf(receipt.id) }, roundsOf(coming.map(atStockCost)));
      if (leaving.length > 0) await inventory.takeBack(call, tx, cause, roundsOf(leaving));
    } catch (error) {
      if (!(error instanceof StockShortage)) throw error;
      const message = `Some of the delivered stock was used, so this receipt cannot be reversed. ${error.message}`;
      throw new AppError('insufficient_stock', message, { cause: error });
    }
  }

  /** Stores the received quantities of an order, and the status that follows from them. */
  async saveReceived(call: Call, tx: Tx, order: PurchaseOrder, lines: PurchaseOrder['lines']): Promise<PurchaseOrder> {
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

  async #drawNumber(call: Call, tx: Tx): Promise<string> {
    const { repository, restaurants, clock } = this.#deps;
    const settings = await restaurants.settings(tx, call.restaurantId);
    const date = businessDate(clock(), settings.timezone, settings.businessDayCutoffHour);
    return repository.receipts.drawNumber(call.restaurantId, tx, monthOf(date));
  }
}
