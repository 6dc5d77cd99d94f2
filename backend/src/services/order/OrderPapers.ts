/** Orders that have an invoice or a receipt: their bill does not change behind it. */
import type { Tx } from '../../config/database.js';
import type { Call } from '../../domain/shared/call.js';
import { AppError } from '../../domain/shared/errors.js';
import type { Order } from '../../domain/order/order.js';
import type { AskedQuantity } from '../../domain/order/measure.js';
import { rebilled } from '../../domain/order/refundedBill.js';
import type { DepositDocument, OrderRepository } from '../../repositories/OrderRepository.js';
import type { Clock } from '../../utils/clock.js';
import { depositHasDocument, orderHasDocument, withoutTaken } from './billRules.js';
import type { OrderEdits } from './OrderEdits.js';
import type { TakenBack } from './orderRequests.js';

/** As in the other events of an order: decimal text only if it was measured. */
function shown(quantity: string, unit: string | null): AskedQuantity {
  return unit === null ? Number(quantity) : quantity;
}

interface Dependencies {
  repository: OrderRepository;
  edits: OrderEdits;
  clock: Clock;
}

export class OrderPapers {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** Keeps an order as it is until this transaction ends. */
  lockShared(call: Call, tx: Tx, id: string): Promise<void> {
    return this.#deps.repository.lockShared(call.restaurantId, tx, id);
  }

  /** Whether a business day is closed. The database checks this again at the commit. */
  isDayClosed(call: Call, tx: Tx, date: string): Promise<boolean> {
    return this.#deps.repository.isDayClosed(call.restaurantId, tx, date);
  }

  /** Whether an order has an invoice or a receipt that is not credited in full. */
  async areLive(call: Call, tx: Tx, { id }: Pick<Order, 'id'>): Promise<boolean> {
    return (await this.#deps.repository.liveDocuments(call.restaurantId, tx, id)).length > 0;
  }

  /** @throws AppError order_has_documents. The caller has locked the order. */
  async assertNone(call: Call, tx: Tx, { id }: Pick<Order, 'id'>): Promise<void> {
    const [document] = await this.#deps.repository.liveDocuments(call.restaurantId, tx, id);
    if (document) throw orderHasDocument(document);
  }

  /**
   * Refuses while a deposit of the order has a valid document. The caller has locked the order.
   * @param paymentId of one deposit; without it, of all.
   * @throws AppError order_has_documents.
   */
  async assertNoDeposit(call: Call, tx: Tx, { id }: Pick<Order, 'id'>, paymentId?: string): Promise<void> {
    const live = await this.#deps.repository.liveDeposits(call.restaurantId, tx, id);
    const document = live.find((one) => paymentId === undefined || one.paymentId === paymentId);
    if (document) throw depositHasDocument(document);
  }

  /**
   * Documents of deposits that a new invoice or receipt deducts. A credit note over all of one that
   * deducted them has taken their taxes back too: for the next one they are payments.
   */
  async deductible(call: Call, tx: Tx, { id }: Pick<Order, 'id'>): Promise<DepositDocument[]> {
    const { repository } = this.#deps;
    const deposits = await repository.liveDeposits(call.restaurantId, tx, id);
    if (deposits.every(({ deductedIn }) => deductedIn === null)) return deposits;
    const live = (await repository.liveDocuments(call.restaurantId, tx, id)).map(({ number }) => number);
    return deposits.filter(({ deductedIn }) => (deductedIn ?? []).every((number) => live.includes(number)));
  }

  /** Payments by voucher whose deduction a credit note over all of its document has taken back. */
  async vouchersTakenBack(call: Call, tx: Tx, { id }: Pick<Order, 'id'>): Promise<Set<string>> {
    const { repository } = this.#deps;
    const deducted = await repository.deductedVouchers(call.restaurantId, tx, id);
    if (deducted.length === 0) return new Set();
    const live = (await repository.liveDocuments(call.restaurantId, tx, id)).map(({ number }) => number);
    return new Set(deducted.filter(({ number }) => !live.includes(number)).map(({ paymentId }) => paymentId));
  }

  /**
   * Refuses to void or credit the document of a deposit that an invoice or a receipt deducts. The
   * caller has locked the order.
   * @throws AppError invalid_state.
   */
  async assertNotDeducted(call: Call, tx: Tx, orderId: string, depositId: string): Promise<void> {
    const deposits = await this.#deps.repository.liveDeposits(call.restaurantId, tx, orderId);
    const numbers = deposits.find(({ id }) => id === depositId)?.deductedIn ?? [];
    if (numbers.length === 0) return;
    throw new AppError(
      'invalid_state',
      `${numbers.join(' and ')} deducts this deposit, and its credit notes take it back. Void it, or credit it instead.`,
    );
  }

  /** Takes credited goods off an order, together with their credit note. It may be completed. */
  takeBack(call: Call, tx: Tx, id: string, taken: readonly TakenBack[], reason: string): Promise<Order> {
    return this.#deps.edits.within(call, tx, id, async (order) => {
      if (order.status === 'cancelled') throw new AppError('invalid_state', 'This order is cancelled.');
      return {
        after: rebilled(withoutTaken(order, taken, { at: this.#deps.clock().toISOString(), reason })),
        type: 'order.lines_credited',
        data: {
          lines: taken.map(({ lineId, quantity, unit }) => ({ lineId, quantity: shown(quantity, unit) })),
          reason,
        },
        isCredited: true,
      };
    });
  }
}
