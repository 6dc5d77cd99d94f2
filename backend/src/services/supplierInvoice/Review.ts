/** A person corrects, approves or rejects a document, and teaches what was matched. */
import type { Tx } from '../../config/database.js';
import type { Call } from '../../domain/shared/call.js';
import { AppError, assertVersion, invalid, notFound } from '../../domain/shared/errors.js';
import { changesBetween } from '../../domain/shared/events.js';
import { isDuplicate } from '../../domain/supplierInvoice/duplicates.js';
import { articleKey, identitiesOf } from '../../domain/supplierInvoice/matching.js';
import { packOf } from '../../domain/supplierInvoice/packs.js';
import { EMPTY_LINE } from '../../domain/supplierInvoice/readInvoice.js';
import {
  assertPossible,
  type SupplierInvoice,
  type SupplierInvoiceAction,
  type SupplierInvoiceLine,
} from '../../domain/supplierInvoice/supplierInvoice.js';
import type { SupplierInvoiceRepository } from '../../repositories/SupplierInvoiceRepository.js';
import type { Clock } from '../../utils/clock.js';
import type { PurchasingService } from '../PurchasingService.js';
import type { RestaurantService } from '../RestaurantService.js';
import type { UnitOfWork } from '../UnitOfWork.js';
import { type FactVerb, savedOf, supplierInvoiceFact } from './documentState.js';
import { changedDocument, changedLine, type DocumentChanges, type LineChanges } from './edits.js';
import type { Matching } from './Matching.js';

const MAX_LINES = 10_000;

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: SupplierInvoiceRepository;
  purchasing: PurchasingService;
  restaurants: RestaurantService;
  matching: Matching;
  clock: Clock;
}

export interface Approval {
  /** Approve although a document with this number was approved before. */
  acceptDuplicate?: boolean | undefined;
  /** Lines without an item move no stock. */
  skipUnmatched?: boolean | undefined;
}

export class Review {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * Corrects a document. A new supplier matches its lines anew, those that no person has matched.
   * @throws AppError not_found, version_mismatch, invalid_state, invalid_request.
   */
  change(call: Call, id: string, changes: DocumentChanges): Promise<SupplierInvoice> {
    return this.#act(call, id, 'change', 'changed', async (tx, before) => {
      const after = changedDocument(before, changes);
      await this.#assertLinks(call, tx, after);
      if (after.supplierId === before.supplierId) return after;
      const lines = after.lines.map(({ line }) => line);
      const matched = await this.#deps.matching.linesOf(call.restaurantId, tx, after.supplierId, lines);
      const kept = after.lines.map((one, index) => (one.matchSource === 'person' ? one : (matched[index] ?? one)));
      return { ...after, lines: kept };
    });
  }

  changeLine(call: Call, id: string, position: number, changes: LineChanges): Promise<SupplierInvoice> {
    return this.#act(call, id, 'change', 'changed', async (tx, before) => {
      const found = before.lines.find((one) => one.position === position);
      if (!found) throw notFound('line of this document');
      const changed = await this.#matched(call, tx, changedLine(found, changes), changes);
      return { ...before, lines: before.lines.map((one) => (one === found ? changed : one)) };
    });
  }

  /** Adds a line that was not read. */
  addLine(call: Call, id: string, changes: LineChanges): Promise<SupplierInvoice> {
    return this.#act(call, id, 'change', 'changed', async (tx, before) => {
      if (before.lines.length >= MAX_LINES) throw invalid('', `A document has at most ${MAX_LINES} lines.`);
      const [empty] = await this.#deps.matching.linesOf(call.restaurantId, tx, null, [EMPTY_LINE]);
      if (!empty) throw new Error('a line was matched to none');
      const line = changedLine({ ...empty, position: (before.lines.at(-1)?.position ?? 0) + 1 }, changes);
      return { ...before, lines: [...before.lines, await this.#matched(call, tx, line, changes)] };
    });
  }

  /** Removes a line that was read wrongly. The positions of the others stay. */
  removeLine(call: Call, id: string, position: number): Promise<SupplierInvoice> {
    return this.#act(call, id, 'change', 'changed', (_tx, before) => {
      const lines = before.lines.filter((one) => one.position !== position);
      if (lines.length === before.lines.length) throw notFound('line of this document');
      return Promise.resolve({ ...before, lines });
    });
  }

  /**
   * Accepts a document as it is now, and learns its supplier and its articles.
   * @throws AppError not_found, version_mismatch, invalid_state; invalid_request with the place of
   *   each thing that is missing; already_exists for a document that was approved before.
   */
  approve(call: Call, id: string, approval: Approval): Promise<SupplierInvoice> {
    return this.#act(call, id, 'approve', 'approved', async (tx, before) => {
      await this.#assertComplete(call, tx, before, approval);
      await this.#assertFirst(call, tx, before, approval);
      const supplierId = before.supplierId ?? (await this.#supplierOf(call, tx, before));
      const lines = approval.skipUnmatched
        ? before.lines.map((one) =>
            isDecided(one) ? one : { ...one, isStock: false, inventoryItemId: null, packQuantity: null },
          )
        : before.lines;
      const after: SupplierInvoice = {
        ...before,
        status: 'approved',
        supplierId,
        lines,
        reviewedBy: `${call.actor.kind}:${call.actor.id}`,
      };
      await this.#learn(call, tx, after, before);
      return after;
    });
  }

  reject(call: Call, id: string, reason: string): Promise<SupplierInvoice> {
    return this.#act(call, id, 'reject', 'rejected', (_tx, before) =>
      Promise.resolve({
        ...before,
        status: 'rejected',
        reviewedBy: `${call.actor.kind}:${call.actor.id}`,
        decisionReason: reason,
      }),
    );
  }

  /** Locks a document, changes, stores and records it. */
  async #act(
    call: Call,
    id: string,
    action: SupplierInvoiceAction,
    verb: FactVerb,
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
      await unitOfWork.record(tx, call, [supplierInvoiceFact(verb, after, changesBetween(before, after))]);
      const stored = await repository.find(restaurantId, tx, id);
      if (!stored) throw notFound('supplier invoice');
      return stored;
    });
  }

  /** A person names the item; the pack follows from the paper where it can. */
  async #matched(call: Call, tx: Tx, line: SupplierInvoiceLine, { match }: LineChanges): Promise<SupplierInvoiceLine> {
    if (!match || !line.isStock) return line;
    const [item] = await this.#deps.repository.matches.items(call.restaurantId, tx, [match.inventoryItemId]);
    if (!item) throw notFound('inventory item', '/match/inventoryItemId');
    const packQuantity = match.packQuantity ?? packOf(item, line.line.unit, line.line.description) ?? null;
    return { ...line, inventoryItemId: item.id, packQuantity, score: '1', matchSource: 'person' };
  }

  async #assertLinks(
    call: Call,
    tx: Tx,
    { supplierId, purchaseOrderId, goodsReceiptId }: SupplierInvoice,
  ): Promise<void> {
    const { purchasing } = this.#deps;
    if (supplierId !== null) await purchasing.assertSupplier(call, tx, supplierId);
    if (purchaseOrderId !== null) {
      const { order } = await purchasing.orderForDocument(call, tx, purchaseOrderId);
      if (order.supplierId !== supplierId) throw notFound('purchase order of this supplier', '/purchaseOrderId');
    }
    if (goodsReceiptId === null) return;
    const { receipt } = await purchasing.receiptForDocument(call, tx, goodsReceiptId);
    if (receipt.supplierId !== supplierId) throw notFound('goods receipt of this supplier', '/goodsReceiptId');
    if (receipt.reversedAt !== null)
      throw invalid('/goodsReceiptId', 'This goods receipt is reversed. Name another one.');
  }

  async #assertComplete(call: Call, tx: Tx, document: SupplierInvoice, { skipUnmatched }: Approval): Promise<void> {
    const { invoice, supplierId, lines, exchangeRate, goodsReturned, goodsReceiptId } = document;
    const { currency } = await this.#deps.restaurants.settings(tx, call.restaurantId);
    const open = skipUnmatched || goodsReceiptId !== null ? [] : lines.filter((one) => !isDecided(one));
    const faults = [
      ...(invoice?.number ? [] : [['/number', 'Give the number of the document.']]),
      ...(invoice?.issueDate ? [] : [['/issueDate', 'Give the date of the document.']]),
      ...(invoice?.currency ? [] : [['/currency', 'Give the currency of the document.']]),
      ...(supplierId !== null || invoice?.supplier.name ? [] : [['/supplierId', 'Say which supplier this is from.']]),
      ...(invoice?.currency && invoice.currency !== currency && exchangeRate === null
        ? [['/exchangeRate', `Give the rate: how many ${currency} one ${invoice.currency} is.`]]
        : []),
      ...(invoice?.documentType === 'credit_note' && goodsReturned === null
        ? [['/goodsReturned', 'Say whether the goods go back (true), or only their price is credited (false).']]
        : []),
      ...open.map((one) => [`/lines/${one.position}/match`, undecided(one)]),
    ].map(([pointer = '', message = '']) => ({ pointer, message }));
    if (faults.length === 0) return;
    throw new AppError('invalid_request', `This document cannot be approved yet. ${faults[0]?.message ?? ''}`, {
      errors: faults.slice(0, 100),
    });
  }

  /**
   * Two people may approve a photo and an XML of one invoice at the same time: one of them waits.
   */
  async #assertFirst(call: Call, tx: Tx, document: SupplierInvoice, { acceptDuplicate }: Approval): Promise<void> {
    const { repository } = this.#deps;
    const saved = savedOf(document);
    if (saved.numberKey === null) return;
    await repository.lockNumber(call.restaurantId, tx, saved.numberKey);
    if (acceptDuplicate) return;
    const others = await repository.sameNumber(call.restaurantId, tx, saved.numberKey);
    const own = others.find((one) => one.id === document.id);
    const twin = others.find(
      (one) => own && isDuplicate(own, one) && (one.status === 'approved' || one.status === 'posted'),
    );
    if (!twin) return;
    throw new AppError(
      'already_exists',
      `This document is ${twin.status} already, from the file ${twin.fileName} (${twin.id}). Reject this one, or send acceptDuplicate if they are two.`,
    );
  }

  /** Another document may have made the supplier known meanwhile. Else it is a new one. */
  async #supplierOf(call: Call, tx: Tx, { invoice }: SupplierInvoice): Promise<string> {
    const known = invoice && (await this.#deps.matching.supplierOf(call.restaurantId, tx, invoice));
    if (known) return known;
    const name = (invoice?.supplier.name ?? '').slice(0, 100);
    return (await this.#deps.purchasing.suppliers.createWithin(call, tx, { name })).id;
  }

  async #learn(call: Call, tx: Tx, after: SupplierInvoice, { lines }: SupplierInvoice): Promise<void> {
    const { repository, clock } = this.#deps;
    const { supplierId, invoice } = after;
    if (supplierId === null || !invoice) return;
    await repository.matches.learnSupplier(call.restaurantId, tx, identitiesOf(invoice), supplierId, clock());
    const articles = lines.filter(isDecided).flatMap(({ line, isStock, inventoryItemId, packQuantity }) => {
      const key = articleKey(line);
      return key === undefined ? [] : [{ articleKey: key, isStock, inventoryItemId, packQuantity }];
    });
    const once = new Map(articles.map((one) => [one.articleKey, one]));
    await repository.matches.learn(call.restaurantId, tx, supplierId, [...once.values()], clock());
  }
}

/** Matched with all that posting needs, or no goods of the store room. */
function isDecided({ isStock, inventoryItemId, packQuantity, line }: SupplierInvoiceLine): boolean {
  if (!isStock) return true;
  return inventoryItemId !== null && packQuantity !== null && line.quantity !== null && line.netAmount !== null;
}

function undecided({ position, inventoryItemId, packQuantity, line, itemUnit }: SupplierInvoiceLine): string {
  const name = `Line ${position} (${line.description.slice(0, 60)})`;
  if (inventoryItemId === null)
    return `${name}: match it with an inventory item, or set isStock to false. With skipUnmatched, such lines move no stock.`;
  if (packQuantity === null)
    return `${name}: say how many ${itemUnit ?? 'stock units'} one invoiced unit is (packQuantity).`;
  return `${name}: give its quantity and net amount.`;
}
