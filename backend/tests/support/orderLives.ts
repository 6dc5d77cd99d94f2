/**
 * Random lives of orders, lived by the rules of `domain/` without a server, and held at every step
 * against a ledger of their own that knows nothing but totals: what was sold, less what was given
 * back, is what was kept.
 */
import assert from 'node:assert/strict';
import { AppError } from '../../src/domain/shared/errors.js';
import { refundRounding } from '../../src/domain/order/refundedCash.js';
import type { CashRounding } from '../../src/domain/restaurant/cashRounding.js';
import { activeLines, dueTotal, type Order, type OrderLine, paymentStatus } from '../../src/domain/order/order.js';
import {
  moneyAfterPayment,
  type Payment,
  PAYMENT_METHODS,
  type Refund,
  settlingPayments,
  tender,
} from '../../src/domain/order/payment.js';
import {
  depositKept,
  depositLeft,
  depositOf,
  depositReturned,
  giveBackKept,
  isDeposit,
  keptSale,
} from '../../src/domain/order/deposit.js';
import { type LineCharge, type Prepaid, totalOfCharge } from '../../src/domain/order/lineCharges.js';
import { type Discount, priceOrder } from '../../src/domain/order/pricing.js';
import { giveBack, type RefundRequest as Wanted } from '../../src/domain/order/refund.js';
import { rebilled, refundedOf, settledTotal, settleRefunds } from '../../src/domain/order/refundedBill.js';
import {
  minusPrepaid,
  partOfPrepaid,
  plusPrepaid,
  prepaidOfUnits,
  voucherReturned,
} from '../../src/domain/order/voucherPrepaid.js';
import type { SaleCorrection } from '../../src/domain/order/saleCorrection.js';
import { minusRefunded, NO_PARTS, saleParts, totalOfParts } from '../../src/domain/order/saleParts.js';
import { isSameRate, type TaxRate, type TaxTotal } from '../../src/domain/order/taxes.js';
import { newId } from '../../src/utils/ids.js';
import { assertNotBelowZero, isReturn, withoutReturns } from '../../src/domain/order/returnedDeposits.js';
import { withLine, withoutLine } from '../../src/domain/order/attachedLines.js';
import { priceOf, shownUnits, unitsIn, withUnits } from '../../src/domain/order/measure.js';
import { formatQuantity } from '../../src/domain/number/quantity.js';
import { orderOf } from '../domain/orders.js';

export const DATES = ['2026-11-02', '2026-11-03', '2026-11-04', '2026-11-05', '2026-11-06'];
/**
 * The day on which each of `DATES` is closed, by its place in them; beyond the last, it stays open.
 */
const CLOSED_ON = [1, 9, 4, 9, 9];

function tax(name: string, rate: string, inclusive: boolean): TaxRate {
  return { taxId: `01976b3c-0000-7000-8000-00000000000${name.length}`, name, rate, inclusive };
}
const FOOD = tax('Food', '7', true);
const WINE = tax('Drinks', '19', true);
const ADDED = tax('Sales', '8.875', false);
const HALVES = [tax('Of state', '2.5', true), tax('Of land', '2.5', true)];
const TAX_SETS: readonly TaxRate[][] = [[], [FOOD], [WINE], [ADDED], HALVES, [FOOD, ADDED]];

/**
 * The share of an order in one day: sales of the order, and refunds of its sale made on it, less
 * those settled.
 */
export interface DayShare {
  total: number;
  refundTotal: number;
  taxes: TaxTotal[];
  refundTaxes: TaxTotal[];
  /** Deposits taken, less those given back or kept, less those deducted. */
  depositTaxes: TaxTotal[];
}

/** Numbers that depend on the seed alone (mulberry32). */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** From 0 to below `below`. */
  roll(below: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  }

  oneOf<T>(choices: readonly T[]): T {
    const choice = choices[this.roll(choices.length)];
    assert.ok(choice !== undefined);
    return choice;
  }
}

const ACTIONS = [
  'pay',
  'pay',
  'payAll',
  'payAll',
  'deposit',
  'deposit',
  'keepDeposit',
  'refund',
  'refund',
  'refundAgain',
  'refundLines',
  'refundLines',
  'refundGoodwill',
  'refundTip',
  'complete',
  'complete',
  'complete',
  'reopen',
  'reopen',
  'void',
  'lower',
  'raise',
  'add',
  'addSet',
  'return',
  'discount',
  'tip',
  'cancel',
  'sleep',
] as const;
/** Those of guests who hold a single-purpose voucher. */
const WITH_VOUCHER = [...ACTIONS, 'payVoucher', 'payVoucher'] as const;
type Action = (typeof WITH_VOUCHER)[number];

export interface LifeOptions {
  /** It sells vouchers instead of dishes; `taxed` ones are single-purpose. */
  vouchers?: boolean | 'taxed';
  /** Its guest holds a single-purpose voucher. */
  redeems?: boolean;
}

/** Refunds of the sale at the last of them, and the bill that they belong to. */
interface Ledger {
  /** Refunds that named nothing. */
  amount: number;
  /** Of the lines that no refund named. */
  price: number;
  quantities: Map<string, number>;
  /** By line: what refunds took of it, what it came to, and that before discounts of the order. */
  named: Map<string, { amount: number; total: number; own: number }>;
  goodwill: number;
  tip: number;
  /** Tips given with payments until then. */
  paymentTips: number;
}

export class OrderLife {
  order: Order;
  readonly payments: Payment[] = [];
  readonly refunds: Refund[] = [];
  readonly corrections: SaleCorrection[] = [];
  /**
   * The single-purpose voucher that the guest holds, as it was sold, and what is left of its sale.
   */
  readonly voucher: { sold: Prepaid | null; left: Prepaid | null };
  readonly #dice: Dice;
  readonly #menuItemId: string;
  readonly #sellsVouchers: boolean;
  /** Its vouchers are single-purpose. */
  readonly #sellsTaxed: boolean;
  #today = 0;
  /**
   * The ledger: money in the house, and what refunds took off a bill that had these lines and this
   * price.
   */
  #held = 0;
  /** Deposits that are kept of the cancelled order. */
  #kept = 0;
  #refunded: Ledger = {
    amount: 0,
    price: 0,
    quantities: new Map(),
    named: new Map(),
    goodwill: 0,
    tip: 0,
    paymentTips: 0,
  };
  readonly #frozen = new Map<number, DayShare>();

  constructor(dice: Dice, menuItemId: string, { vouchers = false, redeems = false }: LifeOptions = {}) {
    this.#dice = dice;
    this.#menuItemId = menuItemId;
    this.#sellsVouchers = vouchers !== false;
    this.#sellsTaxed = vouchers === 'taxed';
    const serviceCharge = dice.oneOf([null, null, { rate: '12.5', taxes: dice.oneOf(TAX_SETS) }]);
    const orderTip = dice.oneOf([0, 0, dice.roll(300)]);
    const lines = Array.from({ length: 1 + dice.roll(3) }, (_, index) => this.#line(index + 1));
    const sold = redeems ? prepaidOfUnits(this.#voucherLine(), 1)[0]! : null;
    this.voucher = { sold, left: sold };
    const businessDate = dice.oneOf([DATES[0]!, DATES[0]!, DATES[1]!, DATES[2]!]);
    this.order = rebilled(
      orderOf(
        { lines: [], discounts: this.#discounts(), tip: orderTip },
        { id: newId(), businessDate, serviceCharge, lines },
      ),
    );
  }

  /** Lives the whole life. @returns how many steps were taken. */
  live(): number {
    let taken = 0;
    for (let left = 8 + this.#dice.roll(32); left > 0; left -= 1) {
      if (!this.#step(this.#dice.oneOf(this.voucher.sold ? WITH_VOUCHER : ACTIONS))) continue;
      taken += 1;
      this.#check();
    }
    while (this.#today < DATES.length - 1) this.#sleep();
    return taken;
  }

  get #date(): string {
    return DATES[this.#today]!;
  }

  get #isDayOpen(): boolean {
    return this.#today < CLOSED_ON[DATES.indexOf(this.order.businessDate)]!;
  }

  get #isEditable(): boolean {
    return this.#isDayOpen && this.order.status !== 'completed' && this.order.status !== 'cancelled';
  }

  /** Returns whether the step was possible. */
  #step(action: Action): boolean {
    const { order } = this;
    const dice = this.#dice;
    if (action === 'sleep') return this.#sleep();
    if (order.status === 'cancelled') return action === 'refund' && this.#refundKept();
    if (action === 'pay') return this.#pay(1 + dice.roll(Math.max(1, order.total)), dice.oneOf([0, dice.roll(200)]));
    if (action === 'payVoucher') return this.#payVoucher();
    if (action === 'payAll') return this.#pay(Math.max(0, dueTotal(order)), 0);
    if (action === 'refund') return this.#refund((left) => dice.oneOf([left, 1 + dice.roll(left)]));
    if (action === 'refundAgain') {
      const again = this.refunds.at(-1)?.amount;
      return again !== undefined && this.#refund((left) => Math.min(left, again));
    }
    if (action === 'refundLines') return this.#refundLines();
    if (action === 'refundGoodwill')
      return this.#refund((left) => dice.oneOf([left, 1 + dice.roll(left), 1 + dice.roll(100)]), { goodwill: true });
    if (action === 'refundTip') {
      const tip = order.tipTotal - refundedOf(order).parts.tip;
      return tip > 0 && this.#refund(() => 0, { tip: 1 + dice.roll(tip) });
    }
    if (action === 'complete') return order.status !== 'completed' && this.#become({ ...order, status: 'completed' });
    if (action === 'reopen')
      return order.status === 'completed' && this.#isDayOpen && this.#become({ ...order, status: 'accepted' });
    if (!this.#isEditable) return false;
    if (action === 'deposit') return this.#deposit();
    if (action === 'keepDeposit') return this.#keepDeposit();
    if (action === 'cancel')
      return this.#held === 0 && this.#become(settleRefunds({ ...order, status: 'cancelled', cancelReason: 'gone' }));
    return this.#edit(action);
  }

  #edit(action: 'void' | 'lower' | 'raise' | 'add' | 'addSet' | 'return' | 'discount' | 'tip'): boolean {
    const { order } = this;
    const dice = this.#dice;
    if (action === 'discount') return this.#rebill({ ...order, discounts: this.#discounts() });
    if (action === 'tip') {
      const orderTip = dice.oneOf([0, dice.roll(300)]);
      const tipTotal = order.tipTotal - order.orderTip + orderTip;
      return this.#rebill({ ...order, orderTip, tipTotal });
    }
    const more = order.lines.length + 1;
    if (this.#sellsVouchers && (action === 'addSet' || action === 'return')) return false;
    if (action === 'add') return this.#rebill({ ...order, lines: [...order.lines, this.#line(more)] });
    if (action === 'addSet') return this.#rebill({ ...order, lines: [...order.lines, ...this.#set(more)] });
    if (action === 'return') return this.#rebill({ ...order, lines: [...order.lines, this.#returned(more)] });
    const active = activeLines(order.lines);
    if (active.length === 0) return false;
    const line = dice.oneOf(active);
    const voided = { at: `${this.#date}T20:00:00.000Z`, reason: 'gone' };
    if (action === 'void') return this.#rebill(withoutLine(order, line, voided));
    const units = unitsIn(line);
    if (line.parentLineId !== null || isReturn(line) || (action === 'lower' && units === 1)) return false;
    const changed = action === 'lower' ? 1 + dice.roll(units - 1) : units + 1 + dice.roll(line.measured ? units : 3);
    return this.#rebill(withLine(order, withUnits(line, changed)));
  }

  /** What would bring the bill below zero is refused. */
  #rebill(changed: Order): boolean {
    const after = rebilled(changed);
    try {
      assertNotBelowZero(after);
    } catch {
      const less = after.total < after.refundedSaleTotal || after.total < after.tipTotal;
      assert.ok(less || after.subtotal < after.discountTotal, 'refused without need');
      return false;
    }
    return this.#become(after);
  }

  #deposit(): boolean {
    const { order } = this;
    const due = Math.max(0, dueTotal(order));
    if (due === 0) return false;
    const amount = this.#dice.oneOf([due, 1 + this.#dice.roll(due)]);
    const earlier = this.payments.flatMap((payment) => depositLeft(payment, this.refunds));
    let prepaid: Prepaid;
    try {
      prepaid = depositOf(order, amount, earlier);
    } catch (error) {
      assert.ok(error instanceof AppError && error.code === 'amount_exceeds_due', String(error));
      return false;
    }
    assert.deepEqual([prepaid.amount, totalOf(prepaid.charges)], [amount, amount]);
    const tip = this.#dice.oneOf([0, 0, this.#dice.roll(200)]);
    this.#take({ method: this.#dice.oneOf(PAYMENT_METHODS), amount, tip, rounding: 0, change: 0, prepaid });
    return this.#become({ ...order, ...moneyAfterPayment(order, amount, tip) });
  }

  #keepDeposit(): boolean {
    const { order } = this;
    let prepaid: Prepaid;
    try {
      prepaid = depositKept(order, this.payments, this.refunds);
    } catch (error) {
      assert.ok(error instanceof AppError, String(error));
      assert.ok(['invalid_state', 'order_has_payments'].includes(error.code));
      return false;
    }
    const kept = keptSale(prepaid, this.#dice.oneOf([true, false]));
    const ids = { id: newId(), orderId: order.id, kind: 'deposit_kept' as const, documentId: null };
    this.corrections.push({ ...ids, ...kept, prepaid, reason: 'gone', ...this.#stamp() });
    assert.equal(prepaid.amount, this.#held, 'kept other money than it has');
    this.#kept = this.#held;
    const cancelled = settleRefunds({ ...order, status: 'cancelled', cancelReason: 'gone' });
    return this.#become({ ...cancelled, refundedSaleTotal: -this.#kept });
  }

  /** Of a deposit that was kept. */
  #refundKept(): boolean {
    const open = this.payments.filter(({ amount, tip, refunded }) => amount + tip > refunded);
    if (this.#kept === 0 || open.length === 0) return false;
    const payment = this.#dice.oneOf(open);
    const amount = 1 + this.#dice.roll(payment.amount + payment.tip - payment.refunded);
    const [sale] = this.corrections;
    const kept = minusRefunded({ parts: NO_PARTS, taxes: [] }, sale!);
    const given = giveBackKept(this.order, kept, { payment, amount, refunds: this.refunds });
    const { money, ...refund } = given;
    const ids = { id: newId(), paymentId: payment.id, orderId: this.order.id, method: payment.method };
    const rounding = refundRounding(payment, { method: payment.method, amount }, this.refunds, this.#cashRounding());
    const moved = { rounding, shiftId: null, prepaid: null };
    this.refunds.push({ ...ids, ...refund, ...moved, goodwill: false, reason: 'kind', ...this.#stamp() });
    payment.refunded += amount;
    this.#held -= amount;
    this.#kept -= amount;
    return this.#become({ ...this.order, ...money });
  }

  /** With a part of the voucher, or all that is left on it. */
  #payVoucher(): boolean {
    const { order, voucher } = this;
    const most = Math.min(Math.max(0, dueTotal(order)), voucher.left?.amount ?? 0);
    if (this.#sellsVouchers || !voucher.left || most === 0) return false;
    const amount = this.#dice.oneOf([most, 1 + this.#dice.roll(most)]);
    const prepaid = partOfPrepaid(voucher.left, amount);
    assert.deepEqual([prepaid.amount, totalOf(prepaid.charges)], [amount, amount]);
    voucher.left = minusPrepaid(voucher.left, prepaid);
    this.#take({ method: 'voucher', amount, tip: 0, rounding: 0, change: 0, prepaid });
    return this.#become({ ...order, ...moneyAfterPayment(order, amount, 0) });
  }

  #take(paid: Pick<Payment, 'method' | 'amount' | 'tip' | 'rounding' | 'change' | 'prepaid'>): void {
    const { amount, tip, rounding, change } = paid;
    const tendered = amount + tip + rounding + change;
    const ids = { id: newId(), orderId: this.order.id, shiftId: null };
    this.payments.push({ ...ids, ...paid, tendered, refunded: 0, reference: null, ...this.#stamp() });
    this.#held += amount + tip;
  }

  #pay(handed: number, wantedTip: number): boolean {
    const { order } = this;
    const method = this.#dice.oneOf(PAYMENT_METHODS);
    const tip = this.#isDayOpen ? wantedTip : 0;
    const due = Math.max(0, dueTotal(order));
    if (handed + tip === 0 || due === 0) return false;
    const cash = this.#cashRounding();
    const wanted = { method, amount: method === 'cash' ? handed : Math.min(handed, due), tip };
    const { amount, rounding, change } = tender(order, wanted, cash);
    checkCoins({ due, tip, isCash: method === 'cash', handed: handed + tip }, { amount, rounding, change }, cash);
    this.#take({ method, amount, tip, rounding, change, prepaid: null });
    return this.#become({ ...order, ...moneyAfterPayment(order, amount, tip) });
  }

  /** Some lines, each in full, by units, or by an amount. */
  #refundLines(): boolean {
    const dice = this.#dice;
    const active = activeLines(this.order.lines).filter(() => dice.roll(2) === 0);
    const lines = active.map((line) => ({
      lineId: line.id,
      ...dice.oneOf([{}, {}, { quantity: this.#some(line) }, { amount: 1 + dice.roll(500) }]),
    }));
    return lines.length > 0 && this.#refund(() => 0, { lines, tip: dice.oneOf([0, 0, dice.roll(50)]) });
  }

  /** Some of the units of a line, as a caller names them. */
  #some(line: OrderLine): number | string {
    const units = Math.abs(unitsIn(line));
    // Scales show grams.
    return shownUnits(
      line,
      line.measured
        ? 1_000 * (1 + this.#dice.roll(Math.max(1, Math.floor(units / 1_000))))
        : 1 + this.#dice.roll(units),
    );
  }

  #refund(amountOf: (left: number) => number, fields: Partial<Wanted> = {}): boolean {
    const { order } = this;
    const open = this.payments.filter(({ amount, tip, refunded }) => amount + tip > refunded);
    if (open.length === 0) return false;
    const payment = this.#dice.oneOf(open);
    const amount = fields.lines ? undefined : amountOf(payment.amount + payment.tip - payment.refunded);
    const wanted = { ...fields, payment, amount, acceptFurther: this.#dice.oneOf([true, false]) };
    const given = this.#giveBack(wanted);
    if (!given) return false;
    const { money, ...refund } = given;
    // A tip that goes back changes the total, which the figures of a closed day do not allow.
    if (!this.#isDayOpen && money.total !== order.total) return false;
    // Half of what a voucher paid comes back onto it.
    const isSame = payment.prepaid?.kind === 'voucher' && this.#dice.roll(2) === 0;
    const method = isSame ? payment.method : this.#dice.oneOf(PAYMENT_METHODS);
    const ids = { id: newId(), paymentId: payment.id, orderId: order.id };
    const goodwill = fields.goodwill ?? false;
    const cash = this.#cashRounding();
    const rounding = refundRounding(payment, { method, amount: refund.amount }, this.refunds, cash);
    const { unsettled } = refund.parts;
    const isBefore = this.#isDayOpen && order.status !== 'completed' && isDeposit(payment);
    const deposit = isBefore ? depositReturned(depositLeft(payment, this.refunds), unsettled) : null;
    const isOnto = payment.method === 'voucher' && method === 'voucher';
    const returned = isOnto ? voucherReturned({ payment, refunds: this.refunds }, refund.amount) : null;
    if (returned) this.voucher.left = plusPrepaid(this.voucher.left, returned);
    const prepaid = deposit ?? returned;
    const moved = { method, rounding, shiftId: null, prepaid };
    this.refunds.push({ ...ids, ...refund, ...moved, goodwill, reason: 'cold', ...this.#stamp() });
    payment.refunded += refund.amount;
    if (method === 'cash') this.#checkCoinsBack(payment, cash);
    else assert.equal(rounding, 0, 'rounded without cash');
    this.#noteRefund(refund, fields);
    // A tip that went back is gone: what is given later is not refunded.
    const { tipTotal = order.tipTotal } = money;
    if (tipTotal < order.tipTotal)
      this.#refunded.paymentTips = Math.min(this.#refunded.paymentTips, tipTotal - order.orderTip);
    this.#held -= refund.amount;
    return this.#become({ ...order, ...money });
  }

  /** The setting may change at any moment. */
  #cashRounding(): CashRounding {
    return { increment: this.#dice.oneOf([0, 5, 5, 5, 10, 50, 100]), isHalfDown: this.#dice.roll(4) === 0 };
  }

  /** Cash that went back for a payment: never negative, and all of it when all of it goes back. */
  #checkCoinsBack(payment: Payment, { increment }: CashRounding): void {
    const back = this.refunds.filter(({ paymentId, method }) => paymentId === payment.id && method === 'cash');
    const handed = back.map(({ amount, rounding }) => amount + rounding);
    assert.ok(
      handed.every((one) => one >= 0),
      'a refund took money',
    );
    const amount = back.reduce((sum, one) => sum + one.amount, 0);
    const total = handed.reduce((sum, one) => sum + one, 0);
    const isAll = payment.method === 'cash' && amount === payment.amount + payment.tip;
    const last = handed.at(-1) ?? 0;
    if (isAll && last > 0) assert.equal(total, payment.tendered - payment.change);
    else if (increment > 0 && last > 0) assert.equal(total % increment, 0, 'coins that do not exist');
  }

  #giveBack(wanted: Omit<Wanted, 'earlier'>): ReturnType<typeof giveBack> | undefined {
    const { order } = this;
    const settled = settledTotal(order);
    const amount = wanted.amount ?? 0;
    const sale = order.status === 'completed' ? amount - Math.min(amount, Math.max(0, -dueTotal(order))) : 0;
    const isRepeated = sale > 0 && sale <= settled && !wanted.acceptFurther && !wanted.goodwill;
    try {
      const given = giveBack(order, { ...wanted, earlier: this.refunds });
      assert.ok(!isRepeated, 'what was given back already was given back again');
      return given;
    } catch (error) {
      assert.ok(error instanceof AppError, String(error));
      if (error.code === 'already_refunded') assert.ok(isRepeated || wanted.lines);
      else if (wanted.lines)
        assert.ok(['refund_exceeds_payment', 'invalid_request', 'invalid_state'].includes(error.code));
      else assert.equal(error.code, 'refund_exceeds_payment');
      return undefined;
    }
  }

  #sleep(): boolean {
    if (this.#today === DATES.length - 1) return false;
    this.#today += 1;
    for (const [day, closedOn] of CLOSED_ON.entries())
      if (closedOn === this.#today) this.#frozen.set(day, this.shareOf(DATES[day]!));
    return true;
  }

  #become(order: Order): true {
    this.order = order;
    return true;
  }

  /** Notes how much the refund took off the bill, beyond too much paid and payments reversed. */
  #noteRefund(
    { amount, lines }: Pick<Refund, 'amount' | 'lines'>,
    { goodwill, tip = 0, lines: wanted }: Partial<Wanted>,
  ) {
    const { order } = this;
    const left = this.#left();
    const forGoods = amount - tip;
    const overpaid = Math.max(0, this.#held - (order.total - this.#compensated()));
    const open = order.status === 'completed' ? Math.min(forGoods, overpaid) : forGoods;
    const unnamed = wanted || goodwill ? 0 : forGoods - open;
    if (unnamed + tip === 0 && !wanted && !goodwill) return;
    const quantities = new Map(activeLines(order.lines).map((line) => [line.id, unitsIn(line)]));
    const priced = this.#priced(quantities);
    const named = new Map<string, { amount: number; total: number; own: number }>();
    let beyond = 0;
    for (const { id, total, own } of priced) {
      const more = lines.find(({ lineId }) => lineId === id)?.amount ?? 0;
      const before = left.named.get(id);
      if (before === undefined && more === 0) continue;
      // A discount of the order that is spread again may have made the line a cent cheaper.
      const all = (before ?? 0) + more;
      named.set(id, { amount: Math.min(all, total), total, own });
      beyond += Math.max(0, all - total);
    }
    this.#refunded = {
      amount: left.amount + unnamed + beyond,
      price: this.#priceOf(quantities, named),
      quantities,
      named,
      goodwill: left.goodwill + (goodwill ? forGoods : 0),
      tip: left.tip + tip,
      paymentTips: order.tipTotal - order.orderTip,
    };
  }

  /**
   * The amounts by which refunds still make the bill cheaper: each line less what it has lost by
   * itself, and the others less what the other lines have lost.
   */
  #left(): { named: Map<string, number>; tip: number; goodwill: number; amount: number } {
    const { amount, price, quantities, named, goodwill, tip, paymentTips } = this.#refunded;
    const { order } = this;
    if (order.status === 'cancelled') return { named: new Map(), tip: 0, goodwill: 0, amount: -this.#kept };
    const priced = this.#priced(quantities);
    const ofLines = new Map<string, number>();
    for (const [id, before] of named) {
      const now = priced.find((one) => one.id === id) ?? { total: 0, own: 0 };
      const lost = before.own > 0 ? Math.round((before.total * Math.max(0, before.own - now.own)) / before.own) : 0;
      ofLines.set(id, Math.min(now.total, Math.max(0, before.amount - lost)));
    }
    const tips = Math.min(paymentTips, order.tipTotal - order.orderTip);
    const ofTip = Math.min(tip, order.orderTip + tips);
    const whole = this.#priceOf(quantities, new Map()) + tips;
    const room = Math.max(0, whole - ofTip - [...ofLines.values()].reduce((sum, one) => sum + one, 0));
    const lost = Math.max(0, price - this.#priceOf(quantities, named));
    const ofGoodwill = Math.min(goodwill, room);
    const rest = Math.min(Math.max(0, amount - lost), room - ofGoodwill);
    return { named: ofLines, tip: ofTip, goodwill: ofGoodwill, amount: rest };
  }

  #compensated(): number {
    const { named, tip, goodwill, amount } = this.#left();
    return Math.min(
      this.order.total,
      [...named.values()].reduce((sum, one) => sum + one, tip + goodwill + amount),
    );
  }

  /** Lines as far as they are still on the order, with what each comes to. */
  #priced(quantities: ReadonlyMap<string, number>): { id: string; total: number; own: number }[] {
    const { discounts, serviceCharge } = this.order;
    const left = this.#linesLeft(quantities);
    const input = { discounts, serviceCharge: serviceCharge ?? undefined, tip: 0 };
    const priced = priceOrder({ ...input, lines: left });
    const undiscounted = priceOrder({ lines: left, discounts: [], tip: 0 });
    return left.map((line, index) => {
      const { amount, taxes } = priced.lines[index]!;
      const sum = (isIncluded: boolean) =>
        taxes.filter(({ inclusive }) => inclusive || !isIncluded).reduce((total, tax) => total + tax.amount, 0);
      const own = undiscounted.lines[index]!.amount;
      return { id: line.id, total: Math.max(0, amount - sum(true)) + sum(false), own };
    });
  }

  #linesLeft(quantities: ReadonlyMap<string, number>): OrderLine[] {
    return activeLines(this.order.lines)
      .filter((line) => !isReturn(line) && (quantities.get(line.id) ?? 0) > 0)
      .map((line) => withUnits(line, Math.min(unitsIn(line), quantities.get(line.id) ?? 0)));
  }

  /**
   * The price of these lines, without those that refunds have named, as far as they are still on
   * the order, with the tip asked for on the bill.
   */
  #priceOf(quantities: ReadonlyMap<string, number>, named: ReadonlyMap<string, unknown>): number {
    const { discounts, serviceCharge, orderTip } = this.order;
    const left = this.#linesLeft(quantities).filter(({ id }) => !named.has(id));
    return priceOrder({ lines: left, discounts, serviceCharge: serviceCharge ?? undefined, tip: orderTip }).total;
  }

  #check(): void {
    const { order } = this;
    const total = order.status === 'cancelled' ? 0 : order.total;
    const compensated = this.#compensated();
    assert.equal(order.refundedSaleTotal, compensated, 'what refunds take off the sale');
    assert.equal(order.paidTotal - order.refundedTotal, this.#held);
    // Sales less their refunds equal the money kept plus the money due.
    assert.equal(total - compensated, this.#held + dueTotal(order));
    assert.ok(this.#held >= 0 && -dueTotal(order) <= this.#held, 'owes the guest more than they paid');
    assert.equal(paymentStatus(order) === 'overpaid', dueTotal(order) < 0);
    if (this.corrections.length === 0) {
      assert.equal(
        settlingPayments(order, this.payments, this.refunds).reduce((sum, one) => sum + one.amount + one.tip, 0),
        this.#held + compensated,
      );
      this.#checkTaxes(total, compensated);
    } else this.#checkKept();
    this.#checkDeposits();
    for (const [day, share] of this.#frozen) assert.deepEqual(this.shareOf(DATES[day]!), share, 'a closed day moved');
  }

  /** A kept deposit is a sale of its own: with the taxes that it had, or without any. */
  #checkKept(): void {
    const all = DATES.map((date) => this.shareOf(date));
    const { prepaid, taxes } = this.corrections[0]!;
    const sold = all.flatMap(({ refundTaxes }) => refundTaxes.map(negative));
    const back = this.refunds.flatMap((one) => one.taxes);
    const settled = this.order.settledRefund?.taxes ?? [];
    assert.deepEqual(byRate([...sold, ...back, ...settled.map(negative)]), byRate(taxes.map(negative)));
    if (taxes.length > 0) assert.deepEqual(byRate(taxes.map(negative)), byRate(taxesOf(prepaid)));
    if (this.#kept === 0) assert.deepEqual(byRate(sold), {});
    assert.equal(
      all.reduce((sum, { total, refundTotal }) => sum + total - refundTotal, 0),
      this.#kept,
    );
  }

  /** Taxes of deposits come once and are deducted once; none is left of one that went back. */
  #checkDeposits(): void {
    // The sale of a voucher is what is left on it, and what it has paid.
    const { sold, left: onVoucher } = this.voucher;
    const spent = [...taxesOf(sold), ...taxesOf(onVoucher).map(negative)];
    assert.deepEqual(byRate(DATES.flatMap((date) => this.shareOf(date).depositTaxes)), byRate(spent.map(negative)));
    assert.equal(totalOf(onVoucher?.charges ?? []), onVoucher?.amount ?? 0);
    for (const tax of taxesOf(onVoucher)) assert.ok(tax.amount >= 0 && tax.base >= 0);
    for (const payment of this.payments) {
      const left = depositLeft(payment, this.refunds);
      const returned = this.refunds.filter((one) => one.paymentId === payment.id);
      const before = returned.reduce((sum, one) => sum + (one.prepaid?.amount ?? 0), 0);
      assert.equal(totalOf(left), (payment.prepaid?.amount ?? 0) - before);
      for (const tax of left.flatMap(({ taxes }) => taxes)) assert.ok(tax.amount >= 0 && tax.base >= 0);
    }
  }

  /**
   * By tax and rate: between nothing and the tax of the sale, all where nothing was refunded, and
   * none where everything was.
   */
  #checkTaxes(total: number, compensated: number): void {
    const { order } = this;
    const refunded = DATES.map((date) => this.shareOf(date).refundTaxes).flat();
    const back = { parts: { goods: 0, serviceCharge: 0, tax: 0, tip: 0 }, taxes: [] as TaxTotal[] };
    const sum = refunded.reduce((so, one) => minusRefunded(so, { ...back, taxes: [negative(one)] }), back).taxes;
    assert.deepEqual(byRate(sum), byRate(refundedOf(order).taxes));
    // Returned deposits lower the bill, and nothing is refunded of them.
    const sold = withoutReturns(order);
    const sale = total === 0 && order.status === 'cancelled' ? [] : sold.taxes;
    for (const one of sum)
      assert.ok(
        sale.some((own) => isSameRate(own, one)),
        'took back a tax that was not sold',
      );
    const isMixed = this.refunds.some(({ lines, goodwill }) => lines.length > 0 || goodwill);
    for (const own of sale) {
      // Lines and amounts refunded of one bill share its rates: they may be a hundredth apart.
      const slack = 2 + 2 * this.refunds.length + (isMixed ? own.base / 100 : 0);
      const taken = sum.find((one) => isSameRate(one, own)) ?? { base: 0, amount: 0 };
      const kept = { base: own.base - taken.base, amount: own.amount - taken.amount };
      assert.ok(kept.base >= 0 && kept.amount >= 0 && taken.base >= 0 && taken.amount >= 0, JSON.stringify(kept));
      if (compensated === 0) assert.deepEqual([taken.base, taken.amount], [0, 0]);
      if (compensated === total && sold === order) assert.equal(kept.amount, 0);
      const expected = (kept.base * Number(own.rate)) / 100;
      assert.ok(Math.abs(kept.amount - expected) <= slack, `${own.rate} % of ${kept.base} is not ${kept.amount}`);
    }
    if (order.status === 'cancelled') return;
    const { parts } = refundedOf(order);
    const whole = saleParts(sold);
    assert.equal(totalOfParts(parts), compensated);
    for (const part of ['goods', 'serviceCharge', 'tax', 'tip'] as const)
      assert.ok(parts[part] >= 0 && parts[part] <= whole[part], `${part} ${parts[part]} of ${whole[part]}`);
  }

  /** The order's part of the figures of a day. */
  shareOf(date: string): DayShare {
    const { order } = this;
    const isOwn = order.businessDate === date;
    const isSold = isOwn && order.status !== 'cancelled';
    const made = this.refunds.filter((refund) => refund.businessDate === date);
    const settled = isOwn ? (order.settledRefund?.taxes ?? []) : [];
    const corrected = this.corrections.filter((one) => one.businessDate === date);
    const deposits = [...this.refunds, ...this.corrections].filter(({ prepaid }) => prepaid?.kind === 'deposit');
    const left = [
      ...this.payments.filter(isDeposit).flatMap(({ prepaid }) => taxesOf(prepaid)),
      ...deposits.flatMap(({ prepaid }) => taxesOf(prepaid).map(negative)),
    ];
    const taken = this.payments.filter((one) => one.businessDate === date);
    return {
      total: isSold ? order.total : 0,
      refundTotal:
        made.reduce((sum, { amount, parts }) => sum + amount - parts.unsettled, 0) +
        corrected.reduce((sum, { amount }) => sum + amount, 0) -
        (isOwn ? settledTotal(order) : 0),
      taxes: isSold ? order.taxes : [],
      refundTaxes: [...[...made, ...corrected].flatMap(({ taxes }) => taxes), ...settled.map(negative)],
      depositTaxes: [
        ...taken.flatMap(({ prepaid }) => taxesOf(prepaid).map(prepaid?.kind === 'voucher' ? negative : (tax) => tax)),
        ...[...made, ...corrected].flatMap(({ prepaid }) =>
          taxesOf(prepaid).map(prepaid?.kind === 'voucher' ? (tax) => tax : negative),
        ),
        ...(isOwn ? left.map(negative) : []),
      ],
    };
  }

  /** Amount that the voucher paid on a day, less what came back onto it. */
  redeemedOn(date: string): number {
    const amountIn = (rows: readonly Pick<Payment, 'prepaid' | 'businessDate'>[]) =>
      rows
        .filter(({ prepaid, businessDate }) => prepaid?.kind === 'voucher' && businessDate === date)
        .reduce((sum, { prepaid }) => sum + prepaid!.amount, 0);
    return amountIn(this.payments) - amountIn(this.refunds);
  }

  /** The line of another order, which sold the voucher. */
  #voucherLine(): OrderLine {
    const dice = this.#dice;
    const taxes = dice.oneOf([[FOOD], [WINE], HALVES]).map((rate) => ({ ...rate, amount: 0 }));
    const piece = {
      ...this.#piece(1),
      kind: 'taxed_voucher' as const,
      discounts: [],
      taxes,
      unitPrice: 1 + dice.roll(8_000),
    };
    const sale = orderOf({ lines: [], discounts: [], tip: 0 }, { lines: [{ ...piece, quantity: 1 + dice.roll(3) }] });
    return rebilled(sale).lines[0]!;
  }

  #returned(position: number): OrderLine {
    const unitPrice = this.#dice.oneOf([8, 25, 200]);
    const quantity = -1 - this.#dice.roll(12);
    return { ...this.#line(position), kind: 'deposit', quantity, measured: null, unitPrice, discounts: [] };
  }

  /** A set menu of two parts, of which the second is twice in it. */
  #set(position: number): OrderLine[] {
    const set: OrderLine = { ...this.#line(position), kind: 'set', measured: null, unitPrice: 0 };
    const quantity = 1 + this.#dice.roll(3);
    const parts = [1, 2].map((units, index): OrderLine => {
      const part = { ...this.#line(position + 1 + index), kind: 'part' as const, measured: null };
      return { ...part, quantity: quantity * units, parentLineId: set.id, parentUnits: units };
    });
    return [{ ...set, quantity }, ...parts];
  }

  #line(position: number): OrderLine {
    const line = this.#piece(position);
    const dice = this.#dice;
    if (this.#sellsVouchers) {
      const taxes = this.#sellsTaxed ? line.taxes.filter(({ inclusive }) => inclusive) : [];
      const named = this.#sellsTaxed && taxes.length === 0 ? [{ ...FOOD, amount: 0 }] : taxes;
      const kind = this.#sellsTaxed ? 'taxed_voucher' : 'voucher';
      return { ...line, kind, unitPrice: Math.max(1, line.unitPrice), discounts: [], taxes: named };
    }
    if (dice.roll(5) > 0) return line;
    if (dice.roll(2) === 0) return { ...line, kind: 'deposit', discounts: [] };
    const measured = { quantity: formatQuantity(1_000n * BigInt(1 + dice.roll(2_000))), unit: 'kg' as const };
    const priced = { ...measured, unitPrice: line.unitPrice };
    return { ...line, quantity: 1, measured: priced, unitPrice: priceOf(priced) };
  }

  #piece(position: number): OrderLine {
    const dice = this.#dice;
    return {
      id: newId(),
      position,
      kind: 'item',
      parentLineId: null,
      parentUnits: null,
      menuItemId: this.#menuItemId,
      variantId: null,
      categoryId: this.#menuItemId,
      categoryName: 'Food',
      name: 'Dish',
      variantName: null,
      quantity: 1 + dice.roll(4),
      measured: null,
      unitPrice: dice.oneOf([0, 1 + dice.roll(9), 1 + dice.roll(3_000), 1 + dice.roll(3_000)]),
      modifiers: [],
      discounts: dice.oneOf([[], [], [{ percent: '12.5' }], [{ amount: 1 + dice.roll(200) }]]),
      taxes: dice.oneOf(TAX_SETS).map((rate) => ({ ...rate, amount: 0 })),
      grossAmount: 0,
      discountAmount: 0,
      amount: 0,
      taxAmount: 0,
      stockUse: {},
      notes: null,
      course: null,
      seat: null,
      voidedAt: null,
      voidReason: null,
      comp: null,
      free: null,
      createdAt: `${this.#date}T18:00:00.000Z`,
    };
  }

  #discounts(): Discount[] {
    return this.#dice.oneOf([[], [], [{ percent: '33.3333' }], [{ amount: 1 + this.#dice.roll(400) }]]);
  }

  #stamp() {
    return { businessDate: this.#date, createdBy: 'user:test', createdAt: `${this.#date}T19:00:00.000Z` };
  }
}

/** The rule of cash, said another way: what remains in the drawer for the rest of a bill. */
function checkCoins(
  asked: { due: number; tip: number; isCash: boolean; handed: number },
  { amount, rounding, change }: Pick<Payment, 'amount' | 'rounding' | 'change'>,
  { increment }: CashRounding,
): void {
  const kept = amount + asked.tip + rounding;
  if (!asked.isCash || amount < asked.due) return assert.equal(rounding, 0, 'only the rest in cash is rounded');
  if (increment > 0) assert.equal(kept % increment, 0, 'coins that do not exist');
  assert.ok(2 * Math.abs(kept - asked.due - asked.tip) <= increment, 'not the nearest coins');
  assert.ok(change >= 0 && (change === 0 || change === asked.handed - kept), 'wrong change');
}

export function taxesOf(prepaid: Prepaid | null): TaxTotal[] {
  return (prepaid?.charges ?? []).flatMap(({ taxes }) => taxes);
}

function totalOf(charges: readonly LineCharge[]): number {
  return charges.reduce((sum, charge) => sum + totalOfCharge(charge), 0);
}

function negative(one: TaxTotal): TaxTotal {
  return { ...one, base: 0 - one.base, amount: 0 - one.amount };
}

/** By tax and rate, as reports add them up: nothing of what comes to nothing. */
export function byRate(taxes: readonly TaxTotal[]): Record<string, [number, number]> {
  const totals: Record<string, [number, number]> = {};
  for (const { taxId, rate, inclusive, base, amount } of taxes) {
    const total = (totals[`${taxId} ${rate} ${inclusive}`] ??= [0, 0]);
    total[0] += base;
    total[1] += amount;
  }
  return Object.fromEntries(
    Object.entries(totals)
      .filter(([, [base, amount]]) => base !== 0 || amount !== 0)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
