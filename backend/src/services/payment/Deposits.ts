/** Deposits of orders: taken before the meal, given back, or kept when the order is cancelled. */
import type { Tx } from '../../config/database.js';
import type { Call } from '../../domain/shared/call.js';
import type { DocumentDeposit } from '../../domain/document/document.js';
import { type MinorUnits, sum } from '../../domain/number/money.js';
import {
  depositKept,
  depositLeft,
  depositOf,
  depositReturned,
  giveBackKept,
  isDeposit,
  keptSale,
  mostOfDeposit,
} from '../../domain/order/deposit.js';
import { type LineCharge, type Prepaid, totalOfCharge } from '../../domain/order/lineCharges.js';
import type { Order } from '../../domain/order/order.js';
import type { Payment, Refund } from '../../domain/order/payment.js';
import type { GivenBack, RefundRequest } from '../../domain/order/refund.js';
import { refundedOf } from '../../domain/order/refundedBill.js';
import type { SaleCorrection } from '../../domain/order/saleCorrection.js';
import { minusRefunded, NO_PARTS, type Refunded } from '../../domain/order/saleParts.js';
import { partOfPrepaid } from '../../domain/order/voucherPrepaid.js';
import { businessDayClosed } from '../../domain/report/businessDay.js';
import { sellsVouchers } from '../../domain/order/voucherSales.js';
import { AppError, invalid, notFound } from '../../domain/shared/errors.js';
import type { PaymentRepository } from '../../repositories/PaymentRepository.js';
import { newId } from '../../utils/ids.js';
import type { OrderService } from '../OrderService.js';
import type { UnitOfWork } from '../UnitOfWork.js';

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: PaymentRepository;
  orders: OrderService;
  stamp(call: Call, tx: Tx): Promise<Pick<SaleCorrection, 'businessDate' | 'createdBy' | 'createdAt'>>;
}

export class Deposits {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * The taxes that a payment pays before the meal; null if it is no deposit. By default, a payment
   * is one when it comes before the business day of its order, if it can be one (decision 0073).
   * The caller has locked the order.
   * @param payment.asked whether the caller wants a deposit; undefined: by default.
   * @param payment.date business date of the payment.
   * @throws AppError when a deposit was asked for: invalid_request on orders that sell vouchers;
   *   invalid_state after the meal; business_day_closed; amount_exceeds_due.
   */
  async take(
    call: Call,
    tx: Tx,
    order: Order,
    { amount, asked, date }: { amount: MinorUnits; asked: boolean | undefined; date: string },
  ): Promise<Prepaid | null> {
    const isDefault = asked === undefined;
    if (!(asked ?? (amount > 0 && order.businessDate > date))) return null;
    const refusal = await this.#refusalOf(call, tx, order);
    if (refusal && isDefault) return null;
    if (refusal) throw refusal;
    const { payments, refunds } = await this.#moneyOf(call, tx, order.id);
    const earlier = payments.flatMap((payment) => depositLeft(payment, refunds));
    if (isDefault && amount > mostOfDeposit(order, earlier)) return null;
    return depositOf(order, amount, earlier);
  }

  /** The reason for which an order takes no deposits, if there is one. */
  async #refusalOf(call: Call, tx: Tx, order: Order): Promise<AppError | undefined> {
    if (sellsVouchers(order))
      return invalid('/deposit', 'This order sells vouchers, which are no supply yet. Leave out "deposit".');
    if (order.status === 'completed')
      return new AppError(
        'invalid_state',
        'This order is completed, so no deposit is left to take. Leave out "deposit".',
      );
    return (await this.#isDayClosed(call, tx, order)) ? businessDayClosed(order.businessDate) : undefined;
  }

  /**
   * The part of a deposit that a refund before the meal gives back. After the meal, and on a closed
   * day, the deposit is deducted from the taxes of the meal, and a refund is one of the meal.
   * @param amount that reverses the payment.
   * @throws AppError order_has_documents while a document of the deposit is valid.
   */
  async giveBack(call: Call, tx: Tx, order: Order, payment: Payment, amount: MinorUnits): Promise<Prepaid | null> {
    if (!isDeposit(payment) || amount === 0 || order.status === 'completed') return null;
    if (await this.#isDayClosed(call, tx, order)) return null;
    // An invoice that deducts the deposit names its document, which is then valid, too.
    await this.#deps.orders.papers.assertNoDeposit(call, tx, order, payment.id);
    const { refunds } = await this.#moneyOf(call, tx, order.id);
    return depositReturned(depositLeft(payment, refunds), amount);
  }

  /**
   * Cancels an order and keeps its deposits. They are a sale of today, with their taxes, or damages
   * without.
   * @throws AppError not_found; invalid_state; order_has_payments; order_has_documents while a
   *   document states taxes that are not due.
   */
  async keep(
    call: Call,
    tx: Tx,
    orderId: string,
    { reason, taxed }: { reason: string; taxed: boolean },
  ): Promise<Order> {
    const { repository, orders, unitOfWork } = this.#deps;
    const order = await orders.lock(call, tx, orderId);
    const { payments, refunds } = await this.#moneyOf(call, tx, orderId);
    const prepaid = depositKept(order, payments, refunds);
    if (!taxed) await orders.papers.assertNoDeposit(call, tx, order);
    const stamp = await this.#deps.stamp(call, tx);
    if (await orders.papers.isDayClosed(call, tx, stamp.businessDate)) throw businessDayClosed(stamp.businessDate);
    const { amount, parts, taxes } = keptSale(prepaid, taxed);
    const after = await orders.cancelKeeping(call, tx, orderId, { reason, amount: prepaid.amount });
    const content = { id: newId(), orderId, kind: 'deposit_kept' as const, documentId: null, reason, prepaid };
    await repository.correct(call.restaurantId, tx, { ...content, amount, parts, taxes, ...stamp });
    const { number, currency, version } = after;
    await unitOfWork.record(tx, call, [
      {
        type: 'order.sale_corrected',
        subject: 'order',
        subjectId: orderId,
        data: { number, kind: content.kind, documentId: null, amount, currency, reason, version },
        changes: { refundedSaleTotal: { from: order.refundedSaleTotal, to: after.refundedSaleTotal } },
      },
    ]);
    return after;
  }

  /**
   * A refund of a deposit that was kept of a cancelled order; undefined for any other.
   * @throws AppError invalid_request for lines and tips; refund_exceeds_payment.
   */
  async giveBackKept(
    call: Call,
    tx: Tx,
    order: Order,
    request: Pick<RefundRequest, 'payment' | 'amount' | 'lines' | 'tip'>,
  ): Promise<(Omit<GivenBack, 'lines'> & { lines: [] }) | undefined> {
    if (order.status !== 'cancelled' || order.refundedSaleTotal >= 0) return undefined;
    const { payment, amount, lines, tip = 0 } = request;
    if (amount === undefined || lines || tip > 0)
      throw invalid('', 'Of a deposit that was kept, refund an "amount": the order has no lines and no tip left.');
    const { repository } = this.#deps;
    const corrections = await repository.correctionsOfOrder(call.restaurantId, tx, order.id);
    const kept = corrections
      .filter(({ kind }) => kind === 'deposit_kept')
      .reduce<Refunded>((total, one) => minusRefunded(total, one), { parts: NO_PARTS, taxes: [] });
    const { refunds } = await this.#moneyOf(call, tx, order.id);
    return giveBackKept(order, kept, { payment, amount, refunds });
  }

  /**
   * The deductions of a new invoice or receipt of an order: deposits that have valid documents, and
   * single-purpose vouchers.
   */
  async shown(call: Call, tx: Tx, order: Order): Promise<DocumentDeposit[]> {
    const documents = await this.#deps.orders.papers.deductible(call, tx, order);
    const { payments, refunds } = await this.#moneyOf(call, tx, order.id);
    const deposits = documents.flatMap(({ id, number, issueDate, paymentId }) => {
      const payment = payments.find((one) => one.id === paymentId);
      if (!payment) return [];
      const { amount, charges } = leftOf(payment, refunds);
      return [{ documentId: id, paymentId, number, issueDate, date: payment.businessDate, amount, charges }];
    });
    const takenBack = await this.#deps.orders.papers.vouchersTakenBack(call, tx, order);
    const open = payments.filter(({ id, prepaid }) => prepaid?.kind === 'voucher' && !takenBack.has(id));
    // Goods that were given back in cash are no longer on the document.
    const { goods, serviceCharge, tax } = refundedOf(order).parts;
    let left = order.total - order.tipTotal - goods - serviceCharge - tax - sum(deposits.map((one) => one.amount));
    const vouchers = open.flatMap((payment) => {
      const shown = voucherShown(payment, depositLeft(payment, refunds), left);
      left -= shown?.amount ?? 0;
      return shown ?? [];
    });
    return [...deposits, ...vouchers];
  }

  /**
   * A payment of a deposit with its order, for a document. @throws AppError not_found,
   * invalid_state.
   */
  async forDocument(
    call: Call,
    tx: Tx,
    paymentId: string,
  ): Promise<{ order: Order; payment: Payment & { prepaid: Prepaid } }> {
    const { repository, orders } = this.#deps;
    const payment = await repository.find(call.restaurantId, tx, paymentId);
    if (!payment) throw notFound('payment', '/paymentId');
    if (!isDeposit(payment) || !payment.prepaid)
      throw new AppError('invalid_state', 'This payment is no deposit. Make an invoice or a receipt of its order.');
    const order = await orders.lock(call, tx, payment.orderId);
    await orders.papers.assertNone(call, tx, order);
    const { refunds } = await this.#moneyOf(call, tx, order.id);
    const prepaid = leftOf(payment, refunds);
    if (prepaid.amount === 0)
      throw new AppError('invalid_state', 'This deposit was given back. No document can be made of it.');
    return { order, payment: { ...payment, prepaid } };
  }

  #isDayClosed(call: Call, tx: Tx, { businessDate }: Order): Promise<boolean> {
    return this.#deps.orders.papers.isDayClosed(call, tx, businessDate);
  }

  async #moneyOf(call: Call, tx: Tx, orderId: string): Promise<{ payments: Payment[]; refunds: Refund[] }> {
    const { repository } = this.#deps;
    const payments = await repository.listOfOrder(call.restaurantId, tx, orderId);
    return { payments, refunds: await repository.refundsOfOrder(call.restaurantId, tx, orderId) };
  }
}

function leftOf(payment: Payment, refunds: readonly Refund[]): Prepaid {
  const charges = depositLeft(payment, refunds);
  return { kind: 'deposit', amount: sum(charges.map(totalOfCharge)), charges };
}

/** @param most that the document has left to deduct from. */
function voucherShown(
  { id: paymentId, businessDate: date, reference }: Payment,
  charges: LineCharge[],
  most: MinorUnits,
): DocumentDeposit | undefined {
  const whole = { kind: 'voucher' as const, amount: sum(charges.map(totalOfCharge)), charges };
  if (Math.min(whole.amount, most) <= 0) return undefined;
  const shown = partOfPrepaid(whole, Math.min(whole.amount, most));
  const numbered = { documentId: null, number: reference ?? '', issueDate: date };
  return { kind: 'voucher', paymentId, date, ...numbered, amount: shown.amount, charges: shown.charges };
}
