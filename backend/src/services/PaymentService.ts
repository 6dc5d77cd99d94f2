/** Payments and refunds of orders, and the receipt. Every write holds the lock of its order. */
import type { Tx } from '../config/database.js';
import { Track } from '../decorators/Performance.js';
import type { Call } from '../domain/shared/call.js';
import type { DocumentDeposit, DocumentPayment, DocumentRefund } from '../domain/document/document.js';
import { AppError, invalid, notFound } from '../domain/shared/errors.js';
import { cashRoundingOf, inCash, roundingOfRest } from '../domain/restaurant/cashRounding.js';
import { MAX_AMOUNT } from '../domain/number/money.js';
import { dueTotal, type Order } from '../domain/order/order.js';
import {
  assertCountable,
  moneyAfterPayment,
  type Payment,
  type PaymentMethod,
  type Refund,
  saleRefunds,
  settlingPayments,
  tender,
} from '../domain/order/payment.js';
import { giveBack, type RefundRequest as Wanted } from '../domain/order/refund.js';
import { voucherReturned } from '../domain/order/voucherPrepaid.js';
import { refundRounding } from '../domain/order/refundedCash.js';
import { type Receipt, receiptOf } from '../domain/order/receipt.js';
import type { PaymentRepository } from '../repositories/PaymentRepository.js';
import type { Clock } from '../utils/clock.js';
import { newId } from '../utils/ids.js';
import type { DrawerService } from './DrawerService.js';
import type { Claimed } from './codePool/ClaimQueue.js';
import type { SoldVouchers } from './codePool/SoldVouchers.js';
import type { VoucherPayments } from './codePool/VoucherPayments.js';
import type { OrderService } from './OrderService.js';
import type { RestaurantService } from './RestaurantService.js';
import { Deposits } from './payment/Deposits.js';
import { SaleCorrections } from './payment/SaleCorrections.js';
import { stampAt, stampOf } from './payment/stamp.js';
import type { UnitOfWork } from './UnitOfWork.js';

export interface PaymentRequest {
  method: PaymentMethod;
  /** The amount for the bill. Cash may be more than the amount due. */
  amount: number;
  tip?: number | undefined;
  reference?: string | null | undefined;
  /**
   * Taken before the meal: its taxes are due today. Absent: when it comes before the business day
   * of its order.
   */
  deposit?: boolean | undefined;
  /** A voucher of one of the pools, which is redeemed with the payment. */
  code?: string | undefined;
  /** Where the money goes; absent: the drawer of the caller's open shift, if there is one. */
  drawerId?: string | undefined;
}

export interface RefundRequest extends Pick<Wanted, 'amount' | 'lines' | 'goodwill' | 'tip' | 'acceptFurther'> {
  reason: string;
  /** How the money is given back; by default as it was paid. */
  method?: PaymentMethod | undefined;
  /** As in a payment. */
  drawerId?: string | undefined;
}

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: PaymentRepository;
  orders: OrderService;
  restaurants: RestaurantService;
  vouchers: VoucherPayments;
  soldVouchers: SoldVouchers;
  drawers: DrawerService;
  clock: Clock;
}

type WithCurrency<T> = T & { currency: string };

export class PaymentService {
  /** Changes of a sale without money. */
  readonly corrections: SaleCorrections;
  readonly deposits: Deposits;
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
    const stamped = { ...deps, stamp: (call: Call, tx: Tx) => stampOf(deps, call, tx) };
    this.corrections = new SaleCorrections(stamped);
    this.deposits = new Deposits(stamped);
  }

  /**
   * @throws AppError not_found, amount_exceeds_due, invalid_state on a cancelled order;
   *   code_refused for a voucher.
   */
  @Track('payments.pay')
  pay(call: Call, orderId: string, request: PaymentRequest): Promise<WithCurrency<Payment>> {
    const { unitOfWork, repository, orders, restaurants, drawers, vouchers, clock } = this.#deps;
    return unitOfWork.run(call, async (tx) => {
      const order = await orders.lock(call, tx, orderId);
      if (order.status === 'cancelled') throw new AppError('invalid_state', 'A cancelled order cannot be paid.');
      const tip = request.tip ?? 0;
      const settings = await restaurants.settings(tx, call.restaurantId);
      const cash = roundingOfRest(cashRoundingOf(settings), order.paidTotal - order.refundedTotal);
      // A rest below half a coin is paid by nothing.
      const isWaived = request.method === 'cash' && dueTotal(order) > 0 && inCash(dueTotal(order), cash) === 0;
      if (request.amount + tip === 0 && !isWaived)
        throw invalid('/amount', 'A payment must be more than 0.', 'positive');
      if (tip > 0 && order.total + tip > MAX_AMOUNT)
        throw invalid(
          '/tip',
          `With this tip the order would be more than ${MAX_AMOUNT} minor units. Give a smaller tip.`,
        );
      const { amount, rounding, change } = tender(order, request, cash);
      assertCountable(order, amount + tip);
      const shiftId = await drawers.shiftOf(call, tx, request.drawerId);
      const stamp = stampAt(clock(), call, settings);
      const id = newId();
      const { code, deposit: asked } = request;
      const voucher =
        code === undefined
          ? undefined
          : await vouchers.pay(call, tx, { id, order, code, amount, tip, isDeposit: asked === true });
      const ofVoucher = voucher?.prepaid ?? null;
      const deposit = ofVoucher
        ? null
        : await this.deposits.take(call, tx, order, { amount, asked, date: stamp.businessDate });
      const payment: Payment = {
        id,
        orderId,
        method: request.method,
        amount,
        tip,
        rounding,
        tendered: amount + tip + rounding + change,
        change,
        refunded: 0,
        reference: request.reference ?? voucher?.reference ?? null,
        shiftId,
        prepaid: deposit ?? ofVoucher,
        ...stamp,
      };
      await repository.insert(call.restaurantId, tx, payment);
      const after = await orders.saveMoney(call, tx, order, moneyAfterPayment(order, amount, tip));
      await unitOfWork.record(tx, call, [
        {
          type: 'payment.recorded',
          subject: 'order',
          subjectId: orderId,
          data: {
            paymentId: payment.id,
            number: order.number,
            method: payment.method,
            amount,
            tip,
            rounding,
            shiftId,
            ...(deposit && { isDeposit: true }),
            currency: order.currency,
            version: after.version,
          },
          changes: { paidTotal: { from: order.paidTotal, to: after.paidTotal } },
        },
      ]);
      return { ...payment, currency: order.currency };
    });
  }

  /**
   * Refunds all or part of a payment, for named lines or for the order as a whole.
   * @throws AppError not_found; refund_exceeds_payment when the amount is more than is left of the
   *   payment or of a line; already_refunded.
   */
  @Track('payments.refund')
  refund(call: Call, paymentId: string, request: RefundRequest): Promise<WithCurrency<Refund>> {
    const { unitOfWork, repository, orders, restaurants, drawers, clock } = this.#deps;
    return unitOfWork.run(call, async (tx) => {
      const found = await repository.find(call.restaurantId, tx, paymentId);
      if (!found) throw notFound('payment');
      const order = await orders.lock(call, tx, found.orderId);
      const shiftId = await drawers.shiftOf(call, tx, request.drawerId);
      // Read again under the order's lock: another refund may have been stored before.
      const payment = (await repository.find(call.restaurantId, tx, paymentId)) ?? found;
      const refunds = await repository.refundsOfOrder(call.restaurantId, tx, order.id);
      const earlier = [...refunds, ...(await repository.correctionsOfOrder(call.restaurantId, tx, order.id))];
      const wanted = { ...request, payment, earlier };
      const ofKept = await this.deposits.giveBackKept(call, tx, order, wanted);
      const { money, ...given } = ofKept ?? giveBack(order, wanted);
      const { reason, method = payment.method, goodwill = false } = request;
      // Given back in another way, the money does not return onto the voucher.
      const isOntoVoucher = payment.method === 'voucher' && method === 'voucher';
      const returned = isOntoVoucher ? voucherReturned({ payment, refunds }, given.amount) : null;
      const deposit = await this.deposits.giveBack(call, tx, order, payment, given.parts.unsettled);
      const prepaid = deposit ?? returned;
      if (given.amount > given.parts.unsettled || money.total !== order.total)
        await orders.papers.assertNone(call, tx, order);
      const ids = { id: newId(), paymentId, orderId: order.id };
      const settings = await restaurants.settings(tx, call.restaurantId);
      const rounding = refundRounding(payment, { ...given, method }, refunds, cashRoundingOf(settings));
      const moved = { method, rounding, shiftId, prepaid, goodwill, reason, ...stampAt(clock(), call, settings) };
      const refund: Refund = { ...ids, ...given, ...moved };
      await repository.refund(call.restaurantId, tx, refund);
      if (isOntoVoucher) await this.#deps.vouchers.giveBack(call, tx, refund);
      const after = await orders.saveMoney(call, tx, order, money);
      await unitOfWork.record(tx, call, [
        {
          type: 'payment.refunded',
          subject: 'order',
          subjectId: order.id,
          data: {
            paymentId,
            refundId: refund.id,
            number: order.number,
            method,
            amount: refund.amount,
            rounding,
            shiftId,
            currency: order.currency,
            reason,
            version: after.version,
          },
          changes: { refundedTotal: { from: order.refundedTotal, to: after.refundedTotal } },
        },
      ]);
      return { ...refund, currency: order.currency };
    });
  }

  /**
   * Gives up the amount that a completed order still owes. It counts today, also for an order of a
   * closed day.
   * @throws AppError not_found; invalid_state; business_day_closed.
   */
  @Track('payments.writeOff')
  writeOff(call: Call, orderId: string, reason: string): Promise<Order> {
    return this.#deps.unitOfWork.run(call, (tx) => this.corrections.writeOff(call, tx, orderId, reason));
  }

  /**
   * Cancels an order and keeps its deposits, taxed as a sale of today or untaxed as damages.
   * @throws AppError not_found; invalid_state; order_has_payments; order_has_documents;
   *   business_day_closed.
   */
  @Track('payments.keepDeposit')
  keepDeposit(call: Call, orderId: string, request: { reason: string; taxed: boolean }): Promise<Order> {
    return this.#deps.unitOfWork.run(call, (tx) => this.deposits.keep(call, tx, orderId, request));
  }

  /**
   * Hands out the vouchers of a line, when its order is paid.
   * @throws AppError not_found; invalid_state; pool_empty.
   */
  @Track('payments.handOutVouchers')
  handOutVouchers(
    call: Call,
    orderId: string,
    request: { lineId: string; holder?: string | undefined },
  ): Promise<Claimed[]> {
    const { orders, soldVouchers } = this.#deps;
    return soldVouchers.handOut(call, request, {
      read: (tx) => orders.find(call, tx, orderId),
      lock: (tx) => orders.lock(call, tx, orderId),
    });
  }

  /** Payments of an order and its refunds, in the order in which they were made. */
  @Track('payments.listOfOrder')
  listOfOrder(
    call: Call,
    orderId: string,
  ): Promise<{ payments: WithCurrency<Payment>[]; refunds: WithCurrency<Refund>[] }> {
    return this.#deps.unitOfWork.read(call, async (tx) => {
      const { currency } = await this.#deps.orders.find(call, tx, orderId);
      const payments = await this.#deps.repository.listOfOrder(call.restaurantId, tx, orderId);
      const refunds = await this.#deps.repository.refundsOfOrder(call.restaurantId, tx, orderId);
      const priced = <T>(thing: T) => ({ ...thing, currency });
      return { payments: payments.map(priced), refunds: refunds.map(priced) };
    });
  }

  /**
   * The payments of an order, for its document. A reversed payment is not included.
   * @param deposits that the document deducts.
   */
  async tenders(
    call: Call,
    tx: Tx,
    order: Order,
    deposits: readonly DocumentDeposit[] = [],
  ): Promise<DocumentPayment[]> {
    const payments = await this.#deps.repository.listOfOrder(call.restaurantId, tx, order.id);
    const refunds = await this.#deps.repository.refundsOfOrder(call.restaurantId, tx, order.id);
    return settlingPayments(order, payments, refunds).map(({ id, method, amount, tip, rounding, tendered, change }) => {
      const deposit = deposits.find(({ kind, paymentId }) => kind !== 'voucher' && paymentId === id)?.number;
      return {
        method,
        amount,
        tip,
        ...(rounding !== 0 && { rounding }),
        tendered,
        change,
        ...(deposit !== undefined && { deposit }),
      };
    });
  }

  /**
   * The refunds of an order's sale, for its document. Settled ones are no longer part of the sale.
   */
  async refundsShown(call: Call, tx: Tx, order: Order): Promise<DocumentRefund[]> {
    const refunds = await this.#deps.repository.refundsOfOrder(call.restaurantId, tx, order.id);
    return saleRefunds(order, refunds).map(({ rounding, ...refund }) => ({
      ...refund,
      ...(rounding !== 0 && { rounding }),
    }));
  }

  @Track('payments.receipt')
  receipt(call: Call, orderId: string): Promise<Receipt> {
    const { unitOfWork, repository, orders, restaurants } = this.#deps;
    return unitOfWork.read(call, async (tx) => {
      const order = await orders.find(call, tx, orderId);
      const settings = await restaurants.settings(tx, call.restaurantId);
      const payments = await repository.listOfOrder(call.restaurantId, tx, orderId);
      const refunds = await repository.refundsOfOrder(call.restaurantId, tx, orderId);
      return receiptOf(order, payments, refunds, settings);
    });
  }
}
