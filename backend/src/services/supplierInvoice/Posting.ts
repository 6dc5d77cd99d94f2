/** Brings approved documents into stock, once, and takes them back exactly. */
import type { Tx } from '../../config/database.js';
import type { Call } from '../../domain/shared/call.js';
import { AppError, assertVersion, notFound } from '../../domain/shared/errors.js';
import { changesBetween } from '../../domain/shared/events.js';
import { currencyDecimals } from '../../domain/number/money.js';
import { type PostedLine, postedLines } from '../../domain/supplierInvoice/posting.js';
import { unitOf } from '../../domain/supplierInvoice/packs.js';
import {
  assertPossible,
  type SupplierInvoice,
  type SupplierInvoiceLine,
} from '../../domain/supplierInvoice/supplierInvoice.js';
import type { SupplierInvoiceRepository } from '../../repositories/SupplierInvoiceRepository.js';
import type { Clock } from '../../utils/clock.js';
import type { PurchasingService } from '../PurchasingService.js';
import type { RestaurantService } from '../RestaurantService.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import { savedOf, supplierInvoiceFact } from './documentState.js';

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: SupplierInvoiceRepository;
  purchasing: PurchasingService;
  restaurants: RestaurantService;
  clock: Clock;
}

export class Posting {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Makes the goods receipt, its movements and costs. Goods that came before their paper (the
   * document names their receipt) are not moved again: they get the costs of the paper.
   * @throws AppError not_found, version_mismatch, invalid_state, insufficient_stock.
   */
  post(call: Call, id: string): Promise<SupplierInvoice> {
    return this.#act(call, id, 'post', async (tx, before) => {
      const postedAt = this.#deps.clock().toISOString();
      const stated = await this.#statedLines(call, tx, before);
      const revaluations = await this.#revalue(call, tx, before, stated);
      // Goods that came before their paper are in stock already.
      const posted = before.goodsReceiptId === null ? stated : [];
      const stock = new Map(posted.map((one) => [one.position, one]));
      const lines = before.lines.map((one) => withStock(one, stock.get(one.position)));
      const goodsReceiptId = before.goodsReceiptId ?? (await this.#book(call, tx, before, posted));
      return { ...before, status: 'posted', postedAt, goodsReceiptId, lines, revaluations };
    });
  }

  /**
   * Undoes a posting: the goods leave at the cost at which they came. A receipt that was there
   * before the document stays, and its goods get the cost back that they had without it.
   * @throws AppError not_found, version_mismatch, invalid_state, insufficient_stock.
   */
  reverse(call: Call, id: string, reason: string): Promise<SupplierInvoice> {
    return this.#act(call, id, 'reverse', async (tx, before) => {
      const isOwn = before.lines.some((one) => one.stockQuantity !== null);
      if (before.goodsReceiptId !== null && isOwn)
        await this.#deps.purchasing.receipts.reverseWithin(call, tx, before.goodsReceiptId, { reason });
      if (before.revaluations !== null) {
        const document = { ...pricingOf(before), of: before.version };
        await this.#deps.purchasing.latePrices.undo(call, tx, document, before.revaluations);
      }
      return { ...before, status: 'reversed', decisionReason: reason, revaluations: null };
    });
  }

  /** What the document says of goods that come or go. */
  async #statedLines(call: Call, tx: Tx, document: SupplierInvoice): Promise<PostedLine[]> {
    const { invoice, product, goodsReturned, exchangeRate } = document;
    // Only the price of the goods is credited.
    if (!invoice || (product === 'credit_note' && goodsReturned !== true)) return [];
    const { currency } = await this.#deps.restaurants.settings(tx, call.restaurantId);
    const terms = { product, decimals: currencyDecimals(currency), exchangeRate };
    return postedLines(document, terms, unitNameOf);
  }

  async #revalue(call: Call, tx: Tx, document: SupplierInvoice, lines: readonly PostedLine[]) {
    const { product, goodsReceiptId } = document;
    if (product !== 'invoice' || goodsReceiptId === null || lines.length === 0) return null;
    const { latePrices } = this.#deps.purchasing;
    const revaluations = await latePrices.apply(call, tx, goodsReceiptId, pricingOf(document), lines);
    return revaluations.length === 0 ? null : revaluations;
  }

  async #book(call: Call, tx: Tx, document: SupplierInvoice, lines: readonly PostedLine[]): Promise<string | null> {
    const { supplierId, purchaseOrderId, invoice } = document;
    if (lines.length === 0) return null;
    if (supplierId === null)
      throw new AppError('invalid_state', 'This document has no supplier. Reprocess and approve it again.');
    const goods = lines.map(({ position: _position, ...line }) => line);
    const reference = invoice?.number?.slice(0, 100) ?? null;
    const receipt = await this.#deps.purchasing.invoiceReceipts.book(call, tx, {
      supplierId,
      purchaseOrderId,
      reference,
      lines: goods,
    });
    return receipt.id;
  }

  async #act(
    call: Call,
    id: string,
    action: 'post' | 'reverse',
    change: (tx: Tx, before: SupplierInvoice) => Promise<SupplierInvoice>,
  ): Promise<SupplierInvoice> {
    const { unitOfWork, repository, clock } = this.#deps;
    const { restaurantId } = call;
    return unitOfWork.run(call, async (tx) => {
      const before = await repository.lock(restaurantId, tx, id);
      if (!before) throw notFound('supplier invoice');
      assertVersion(call.ifMatch, before.version);
      assertPossible(action, before.status);
      const changed = await change(tx, before);
      const after = { ...changed, version: before.version + 1, updatedAt: clock().toISOString() };
      if (after.lines !== before.lines) await repository.lines.replace(restaurantId, tx, id, after.lines);
      await repository.save(restaurantId, tx, savedOf(after));
      const verb = action === 'post' ? 'posted' : 'reversed';
      await unitOfWork.record(tx, call, [supplierInvoiceFact(verb, after, changesBetween(before, after))]);
      return after;
    });
  }
}

function withStock(line: SupplierInvoiceLine, posted: PostedLine | undefined): SupplierInvoiceLine {
  return { ...line, stockQuantity: posted?.stockQuantity ?? null, unitCost: posted?.unitCost ?? null };
}

/** Each posting and each reversal of a document has a version of its own. */
function pricingOf({ id, version, invoice }: SupplierInvoice) {
  return { id, version: version + 1, reason: `Invoice ${invoice?.number ?? ''}`.trim().slice(0, 200) };
}

/** The word of the paper where we know it, else its code. */
function unitNameOf({ line }: SupplierInvoiceLine): string {
  return (unitOf(line.unit) ?? line.unit ?? 'piece').slice(0, 30);
}
