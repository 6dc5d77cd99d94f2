/** Prices of goods receipts that an invoice brings later, in the caller's transaction. */
import type { Tx } from '../../config/database.js';
import type { Call } from '../../domain/shared/call.js';
import { AppError } from '../../domain/shared/errors.js';
import { formatQuantity, parseQuantity } from '../../domain/number/quantity.js';
import { type LatePrice, latePrices, pricedBy, type Revaluation } from '../../domain/supplierInvoice/latePrices.js';
import type { PurchasingRepository } from '../../repositories/PurchasingRepository.js';
import type { Clock } from '../../utils/clock.js';
import type { InventoryService } from '../InventoryService.js';
import type { InvoicedGoods } from './InvoiceReceipts.js';
import { paidPrices } from './receiptMoves.js';

interface Dependencies {
  repository: PurchasingRepository;
  inventory: InventoryService;
  clock: Clock;
}

export interface PricingDocument {
  id: string;
  /** Of the document when it is posted: it may be posted again after a reversal. */
  version: number;
  /** Told in the ledger. */
  reason: string;
}

export class LatePrices {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Gives goods of a receipt the prices of an invoice.
   * @returns what became of each item whose cost differs.
   * @throws AppError invalid_state when the receipt was reversed.
   */
  async apply(
    call: Call,
    tx: Tx,
    goodsReceiptId: string,
    document: PricingDocument,
    lines: readonly InvoicedGoods[],
  ): Promise<Revaluation[]> {
    const { repository, inventory, clock } = this.#deps;
    const { restaurantId } = call;
    const receipt = await repository.receipts.lock(restaurantId, tx, goodsReceiptId);
    if (!receipt || receipt.reversedAt !== null)
      throw new AppError('invalid_state', 'The goods receipt of this document is reversed. Reprocess the document.');
    const priced = await repository.receipts.revaluations(restaurantId, tx, goodsReceiptId);
    const prices = latePrices(receipt.lines, lines, pricedBy(priced));
    const changes = prices.map((one) => [one.inventoryItemId, changeOf(one)] as const);
    const results = await inventory.revaluing.change(call, tx, causeOf(document), new Map(changes));
    await repository.updatePrices(restaurantId, tx, receipt.supplierId, paidPrices(lines), clock().toISOString());
    return prices.flatMap((price) => {
      const result = results.get(price.inventoryItemId);
      if (!result) return [];
      const { held, average, stockValue, variance, before } = result;
      return {
        inventoryItemId: price.inventoryItemId,
        quantity: formatQuantity(price.quantity),
        receivedUnitCost: formatQuantity(price.receivedUnitCost),
        invoicedUnitCost: formatQuantity(price.invoicedUnitCost),
        heldQuantity: formatQuantity(held),
        stockValue,
        variance,
        stockQuantity: formatQuantity(before.quantity),
        averageBefore: formatQuantity(before.average),
        averageAfter: formatQuantity(average),
      };
    });
  }

  /** Undoes `apply`. @param of the version of the document that was posted. */
  undo(
    call: Call,
    tx: Tx,
    document: PricingDocument & { of: number },
    revaluations: readonly Revaluation[],
  ): Promise<void> {
    const past = revaluations.map(({ inventoryItemId, stockQuantity, averageBefore, averageAfter }) => {
      const before = { quantity: parseQuantity(stockQuantity) ?? 0n, average: parseQuantity(averageBefore) ?? 0n };
      return [inventoryItemId, { before, average: parseQuantity(averageAfter) ?? 0n }] as const;
    });
    return this.#deps.inventory.revaluing.undo(call, tx, { ...causeOf(document), of: document.of }, new Map(past));
  }
}

function changeOf({ quantity, receivedUnitCost, invoicedUnitCost }: LatePrice) {
  return { quantity, change: invoicedUnitCost - receivedUnitCost };
}

function causeOf({ id, version, reason }: PricingDocument) {
  return { kind: 'supplier_invoice', id, version, reason } as const;
}
