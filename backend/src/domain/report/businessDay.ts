/**
 * Figures of a business day: live while it is open (X report), stored in a numbered document once
 * closed (Z report).
 */
import {
  type CashMovements,
  cashMoved,
  type DayShift,
  type DrawerTakings,
  type StaffTakings,
} from '../drawer/shift.js';
import { AppError, invalid } from '../shared/errors.js';
import { addTotals, type MinorUnits, subtractTotal, type Total } from '../number/money.js';
import type { OrderStatus } from '../order/orderStatus.js';
import type { PaymentMethod } from '../order/payment.js';
import type { SalesFigures } from './report.js';
import type { TaxRate } from '../order/taxes.js';

/**
 * `total = grossSales - discountTotal + serviceChargeTotal + taxTotal - taxIncludedTotal +
 * tipTotal + vouchersSold + vouchersRedeemed`, always.
 */
export interface DayTotals extends Omit<SalesFigures, 'vouchersSold' | 'vouchersRedeemed'> {
  /** As in a sales report. Absent on closes that are older than this field. */
  vouchersSold?: Total;
  vouchersRedeemed?: Total;
  serviceChargeTotal: Total;
  taxIncludedTotal: Total;
  tipTotal: Total;
  total: Total;
  /**
   * Taken off sales of any day on this day, by refunds, credit notes and write-offs, less the part
   * that is settled: refunded from orders of this day and since gone from those orders too.
   */
  refundTotal: Total;
  /**
   * Cash taken beyond the payments of the day, less cash given back beyond its refunds, by
   * rounding. Absent on closes that are older than this field.
   */
  roundingTotal?: Total;
}

/** Total of one tax at one rate in the sales of a day. */
export interface DayTax extends TaxRate {
  base: Total;
  amount: Total;
}

/** Money taken on the day, for orders of any day. */
export interface MethodPayments {
  method: PaymentMethod;
  count: number;
  amount: Total;
  tip: Total;
  /** Cash handed back; not in `amount` or `tip`. */
  change: Total;
}

/** Money given back on the day, by its own method: a card payment may be given back in cash. */
export interface MethodRefunds {
  method: PaymentMethod;
  count: number;
  amount: Total;
}

/** The parts of `refundTotal`, each without the taxes included in it. */
export interface DayRefundParts {
  goods: Total;
  serviceCharge: Total;
  tax: Total;
  tip: Total;
  /**
   * Of orders that sold multi-purpose vouchers, without tips. Absent on closes that are older than
   * this field.
   */
  vouchers?: Total;
}

/** Sales changed on the day without money; in `refundTotal`. */
export interface DayCorrection {
  kind: 'credit_note' | 'write_off' | 'deposit_kept';
  count: number;
  /** Credit notes: less those that were taken back. A deposit kept is below zero. */
  amount: Total;
  taxAmount: Total;
}

interface DepositSum {
  count: number;
  amount: Total;
}

/** Payments before the meal, whose taxes are due before those of the sale. */
export interface DayDeposits {
  /** Taken on the day. */
  taken: DepositSum;
  /** Given back on the day before the meal, or kept of an order that was cancelled on the day. */
  released: DepositSum;
  /** Of the orders of the day, less what was given back of them before the meal. */
  deducted: DepositSum;
  /**
   * Single-purpose vouchers that paid on the day, less what came back onto them: their sale was
   * taxed. Absent on closes that are older than this field.
   */
  vouchers?: DepositSum;
  /** Taken, less released, deducted and vouchers: `withTaxesDue` adds them to `taxes`. */
  taxes: DayTax[];
}

/**
 * Both sides of a day: `salesKept = moneyKept + dueTotal + otherDays` (decision 0006).
 */
export interface DayBalance {
  /** `total - refundTotal`. */
  salesKept: Total;
  /** Payments with tips, less refunds, of the day; without `roundingTotal`. */
  moneyKept: Total;
  /** Still to be paid for the day's orders; negative: to be given back. */
  dueTotal: Total;
  /** Money of the day's orders on other days, less money of other days' orders on the day. */
  otherDays: Total;
}

/**
 * An order that is not cancelled and is not both completed and settled: something is still to be
 * paid or given back.
 */
export interface UnfinishedOrder {
  id: string;
  number: string;
  status: OrderStatus;
  total: Total;
  /** Negative: the guest gets money back. */
  dueTotal: Total;
}

/** Money of the day by person and drawer, and the drawers' shifts that were opened on it. */
export interface DayDrawers {
  staff: StaffTakings[];
  drawers: DrawerTakings[];
  cashMovements: CashMovements[];
  /** The first hundred, open ones first. */
  shifts: { count: number; open: number; list: DayShift[] };
}

/** Closes that are older than the drawers do not have them. */
export interface DayFigures extends DayTotals, Partial<DayDrawers> {
  /** Of the sales, by tax and rate; they add up to `taxTotal`. */
  taxes: DayTax[];
  payments: MethodPayments[];
  refunds: MethodRefunds[];
  /**
   * Taxes of the refunds in `refundTotal`, by tax and rate; a tax return subtracts them from
   * `taxes`. Absent on closes that are older than this field.
   */
  refundTaxes?: DayTax[];
  /** Absent on closes that are older than this field. */
  refundParts?: DayRefundParts;
  /** Absent on closes that are older than this field. */
  corrections?: DayCorrection[];
  /** Absent on closes that are older than this field. */
  deposits?: DayDeposits;
  cancelledOrders: { count: number; total: Total };
  /** `amount` at the prices of the lines, before discounts and added taxes. */
  voidedLines: { count: number; units: number; amount: Total };
  /**
   * `open` counts those that are not completed, `unsettled` completed ones that owe the guest
   * money. The latter is absent on older closes.
   */
  unfinishedOrders: { count: number; open: number; unsettled?: number; dueTotal: Total; orders: UnfinishedOrder[] };
  /** Absent on closes that are older than this field. */
  balance?: DayBalance;
}

/** Cash in the drawer beyond its opening amount. */
export interface Cash {
  expected: Total;
  /** Null: nobody has counted. */
  counted: Total | null;
  /** `counted - expected`. */
  difference: Total | null;
}

/** Figures as stored in a day close. */
export interface DayReport extends DayFigures {
  /** The closed day. The document's own business date is the day of its issue. */
  date: string;
  currency: string;
  cash: Cash;
}

export const DAY_STATUSES = ['open', 'closed'] as const;

export interface BusinessDay extends DayReport {
  status: (typeof DAY_STATUSES)[number];
  documentId: string | null;
  /** Number of the Z report. */
  number: string | null;
  closedAt: string | null;
  closedBy: string | null;
  notes: string | null;
}

export interface CloseRequest {
  notes?: string | null | undefined;
  /** Cash counted in the drawer, less its opening amount. */
  countedCash?: MinorUnits | undefined;
  acceptOpenOrders: boolean;
  acceptOpenShifts: boolean;
  acceptEarly: boolean;
}

/**
 * @param otherDays money of the day's orders on other days, less money of other orders on the day.
 */
export function balanceOf(figures: DayFigures, otherDays: Total): DayBalance {
  const { total, refundTotal, payments, refunds, unfinishedOrders } = figures;
  const taken = addTotals(...payments.flatMap(({ amount, tip }) => [amount, tip]));
  return {
    salesKept: subtractTotal(total, refundTotal),
    moneyKept: subtractTotal(taken, addTotals(...refunds.map(({ amount }) => amount))),
    dueTotal: unfinishedOrders.dueTotal,
    otherDays,
  };
}

/** A closed day as it was frozen, and by how much its two sides differ. */
export interface FrozenBalance extends DayBalance {
  date: string;
  /** Of the Z report. */
  number: string;
  /** `salesKept - moneyKept - dueTotal - otherDays`; 0: the day adds up. */
  difference: Total;
}

/** @param counted null when nobody has counted. */
export function cashOf(
  { payments, refunds, roundingTotal = 0, cashMovements = [] }: DayFigures,
  counted: Total | null,
): Cash {
  const taken = payments.find(({ method }) => method === 'cash');
  const returned = refunds.find(({ method }) => method === 'cash');
  const received = addTotals(taken?.amount ?? 0, taken?.tip ?? 0, roundingTotal, cashMoved(cashMovements));
  const expected = subtractTotal(received, returned?.amount ?? 0);
  return { expected, counted, difference: counted === null ? null : subtractTotal(counted, expected) };
}

/**
 * A day that has not begun cannot be closed. Closing a day before its end is final too: no sales
 * are possible until the next day begins. The caller must confirm this with `acceptEarly`.
 * @throws AppError invalid_request, invalid_state.
 */
export function assertMayClose(date: string, today: string, { acceptEarly }: CloseRequest): void {
  if (date > today) throw invalid('/date', 'This business day has not begun. Close it after it has ended.');
  if (date < today || acceptEarly) return;
  throw new AppError(
    'invalid_state',
    'This business day is not over. If you close it now, it takes no orders and no payments until the next day begins. To close it anyway, send "acceptEarly": true.',
  );
}

/** @throws AppError invalid_state. */
export function assertFinished({ unfinishedOrders, shifts }: DayFigures, request: CloseRequest): void {
  const { acceptOpenOrders, acceptOpenShifts } = request;
  if (shifts && shifts.open > 0 && !acceptOpenShifts) {
    const names = shifts.list.flatMap(({ status, drawerName }) => (status === 'open' ? [drawerName] : []));
    throw new AppError(
      'invalid_state',
      `Shifts of this day are still open: ${shifts.open} (${names.slice(0, 5).join(', ')}). Count and close them: see shifts. Or send "acceptOpenShifts": true and close them later.`,
    );
  }
  const { open, unsettled = 0 } = unfinishedOrders;
  if (acceptOpenOrders || open + unsettled === 0) return;
  if (open === 0)
    throw new AppError(
      'invalid_state',
      `Completed orders of this day on which guests get money back: ${unsettled}. Refund it: see unfinishedOrders. Or send "acceptOpenOrders": true and refund it later.`,
    );
  throw new AppError(
    'invalid_state',
    `Orders of this day are still open: ${open}. Complete or cancel them. Or send "acceptOpenOrders": true: then they can still be paid and completed, but not changed.`,
  );
}

/** @param name the day, and the number of its close when known. */
export function businessDayClosed(name: string, cause?: unknown): AppError {
  return new AppError(
    'business_day_closed',
    `The business day ${name} is closed and its figures are final. Correct them on an open day: complete the order if it is open, then use a refund or a credit note, or write off what it owes.`,
    { cause },
  );
}
