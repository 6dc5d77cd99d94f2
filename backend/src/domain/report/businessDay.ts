/** The figures of a business day: live while it is open (X report), frozen in a numbered document once closed (Z report). */
import { AppError, invalid } from '../shared/errors.js';
import { addTotals, type MinorUnits, subtractTotal, type Total } from '../number/money.js';
import type { OrderStatus } from '../order/orderStatus.js';
import type { PaymentMethod } from '../order/payment.js';
import type { SalesFigures } from './report.js';
import type { TaxRate } from '../order/taxes.js';

/** `total = grossSales - discountTotal + serviceChargeTotal + taxTotal - taxIncludedTotal + tipTotal`, always. */
export interface DayTotals extends SalesFigures {
  serviceChargeTotal: Total;
  taxIncludedTotal: Total;
  tipTotal: Total;
  total: Total;
  /** Taken back from completed sales, of whichever day, less what orders of this day have lost since of what was refunded. */
  refundTotal: Total;
}

/** What the sales of a day hold of one tax. */
export interface DayTax extends TaxRate {
  base: Total;
  amount: Total;
}

/** Money taken on the day, for orders of whichever day. */
export interface MethodPayments {
  method: PaymentMethod;
  count: number;
  amount: Total;
  tip: Total;
  /** Handed back; neither in `amount` nor in `tip`. */
  change: Total;
}

/** Money given back on the day, by how it had been taken. */
export interface MethodRefunds {
  method: PaymentMethod;
  count: number;
  amount: Total;
}

/** Neither cancelled nor both completed and settled: something is still to pay, or to give back. */
export interface UnfinishedOrder {
  id: string;
  number: string;
  status: OrderStatus;
  total: Total;
  /** Negative: the guest gets money back. */
  dueTotal: Total;
}

export interface DayFigures extends DayTotals {
  /** By tax and rate; they add up to `taxTotal`. */
  taxes: DayTax[];
  payments: MethodPayments[];
  refunds: MethodRefunds[];
  /** Of what `refundTotal` returned, by tax and rate: to be taken off `taxes` in a tax return. Absent on closes older than this. */
  refundTaxes?: DayTax[];
  cancelledOrders: { count: number; total: Total };
  /** `amount` at the prices of the lines, before discounts and added taxes. */
  voidedLines: { count: number; units: number; amount: Total };
  /** `open` of them are not completed. */
  unfinishedOrders: { count: number; open: number; dueTotal: Total; orders: UnfinishedOrder[] };
}

/** What the drawer holds beyond what it began with. */
export interface Cash {
  expected: Total;
  /** Null: nobody has counted. */
  counted: Total | null;
  /** `counted - expected`. */
  difference: Total | null;
}

/** As a day close holds it. */
export interface DayReport extends DayFigures {
  /** The day that is closed; that of the document is the day on which it was issued. */
  date: string;
  currency: string;
  cash: Cash;
}

export const DAY_STATUSES = ['open', 'closed'] as const;

export interface BusinessDay extends DayReport {
  status: (typeof DAY_STATUSES)[number];
  documentId: string | null;
  /** Of the Z report. */
  number: string | null;
  closedAt: string | null;
  closedBy: string | null;
  notes: string | null;
}

export interface CloseRequest {
  notes?: string | null | undefined;
  /** What was counted in the drawer, less what it began with. */
  countedCash?: MinorUnits | undefined;
  acceptOpenOrders: boolean;
  acceptEarly: boolean;
}

/** @param counted null when nobody has counted. */
export function cashOf({ payments, refunds }: DayFigures, counted: Total | null): Cash {
  const taken = payments.find(({ method }) => method === 'cash');
  const returned = refunds.find(({ method }) => method === 'cash');
  const expected = subtractTotal(taken ? addTotals(taken.amount, taken.tip) : 0, returned?.amount ?? 0);
  return { expected, counted, difference: counted === null ? null : subtractTotal(counted, expected) };
}

/**
 * A day that has not begun has nothing to close. One that is not over is closed for good all the same, and from then on nothing can
 * be sold until the next begins: that must be what was meant.
 * @throws AppError invalid_request, invalid_state.
 */
export function assertMayClose(date: string, today: string, { acceptEarly }: CloseRequest): void {
  if (date > today) throw invalid('/date', 'This business day has not begun.');
  if (date < today || acceptEarly) return;
  throw new AppError(
    'invalid_state',
    'This business day is not over. Closed now, it takes no orders and no money until the next one begins: send "acceptEarly": true if you mean it.',
  );
}

/** @throws AppError invalid_state. */
export function assertFinished({ unfinishedOrders: { open } }: DayFigures, { acceptOpenOrders }: CloseRequest): void {
  if (open === 0 || acceptOpenOrders) return;
  throw new AppError(
    'invalid_state',
    `Orders of this day are still open: ${open}. Complete or cancel them, or send "acceptOpenOrders": true: then they can be paid and completed, but not changed.`,
  );
}

/** @param name the day, and where it is known the number of its close. */
export function businessDayClosed(name: string, cause?: unknown): AppError {
  return new AppError(
    'business_day_closed',
    `The business day ${name} is closed and its figures stay. Correct it on an open day: complete the order if it is open, then with a refund or a credit note.`,
    { cause },
  );
}
