/** Brings approved documents into stock, once, and takes them back exactly. */
import type { Tx } from '../../config/database.js';
import type { Call } from '../../domain/shared/call.js';
import { AppError, assertVersion, notFound } from '../../domain/shared/errors.js';
import { changesBetween } from '../../domain/shared/events.js';
import { currencyDecimals } from '../../domain/number/money.js';
import { type PostedLine, postedLine } from '../../domain/supplierInvoice/posting.js';
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
   * document names their receipt) are not moved again.
   * @throws AppError not_found, version_mismatch, invalid_state, insufficient_stock.
   */
  post(call: Call, id: string): Promise<SupplierInvoice> {
    return this.#act(call, id, 'post', async (tx, before) => {
      const postedAt = this.#deps.clock().toISOString();
      const posted = await this.#postedLines(call, tx, before);
      const stock = new Map(posted.map((one) => [one.position, one]));
      const lines = before.lines.map((one) => withStock(one, stock.get(one.position)));
      const goodsReceiptId = before.goodsReceiptId ?? (await this.#book(call, tx, before, posted));
      return { ...before, status: 'posted', postedAt, goodsReceiptId, lines };
    });
  }

  /**
   * Undoes a posting: the goods leave at the cost at which they came. A receipt that was there
   * before the document stays.
   * @throws AppError not_found, version_mismatch, invalid_state, insufficient_stock.
   */
  reverse(call: Call, id: string, reason: string): Promise<SupplierInvoice> {
    return this.#act(call, id, 'reverse', async (tx, before) => {
      const isOwn = before.lines.some((one) => one.stockQuantity !== null);
      if (before.goodsReceiptId !== null && isOwn)
        await this.#deps.purchasing.receipts.reverseWithin(call, tx, before.goodsReceiptId, { reason });
      return { ...before, status: 'reversed', decisionReason: reason };
    });
  }

  async #postedLines(call: Call, tx: Tx, document: SupplierInvoice): Promise<PostedLine[]> {
    const { invoice, product, goodsReturned, goodsReceiptId, exchangeRate } = document;
    // Only the price of the goods is credited, or the goods are in stock already.
    if (!invoice || goodsReceiptId !== null || (product === 'credit_note' && goodsReturned !== true)) return [];
    const { currency } = await this.#deps.restaurants.settings(tx, call.restaurantId);
    const terms = { product, decimals: currencyDecimals(currency), exchangeRate };
    return document.lines.flatMap((one) => postedLine(one, unitNameOf(one), terms) ?? []);
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

/** The word of the paper where we know it, else its code. */
function unitNameOf({ line }: SupplierInvoiceLine): string {
  return (unitOf(line.unit) ?? line.unit ?? 'piece').slice(0, 30);
}
