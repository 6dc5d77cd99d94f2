import type { Total } from '../number/money.js';

/** The groups by which the sales of a day are summed. */
export const SUMMED_GROUPS = ['day', 'hour', 'item', 'category', 'type'] as const;
export type SummedGroup = (typeof SUMMED_GROUPS)[number];

/** Groups whose reports read no orders of days that have sums. */
export const GROUPS_OF_SUMS = [...SUMMED_GROUPS, 'month', 'weekday', 'weekday_hour'] as const;
/** Groups that no sums have: their reports read the orders of the period. */
const GROUPS_OF_ORDERS = ['table', 'server'] as const;
export const SALES_GROUPS = [...GROUPS_OF_SUMS, ...GROUPS_OF_ORDERS] as const;
export type SalesGroup = (typeof SALES_GROUPS)[number];

/** A report that reads orders takes no more: a third of a million of a large restaurant. */
export const MAX_DAYS_OF_ORDERS = 31;

export function readsOrders(group: SalesGroup): boolean {
  return GROUPS_OF_ORDERS.some((one) => one === group);
}

/** The groups of the payments of a period. */
export const PAYMENT_GROUPS = ['method', 'day', 'month'] as const;
export type PaymentGroup = (typeof PAYMENT_GROUPS)[number];

/** Payments and refunds of a period or of one group in it, by the days on which they were made. */
export interface PaymentFigures {
  payments: number;
  /** Towards bills, without tips. */
  amount: Total;
  tip: Total;
  refunds: number;
  refundAmount: Total;
}

/** Sales of a period or of one group in it. Cancelled orders and voided lines count for nothing. */
export interface SalesFigures {
  orders: number;
  units: number;
  grossSales: Total;
  discountTotal: Total;
  /** `grossSales - discountTotal`: total of the lines, with included taxes, without added ones. */
  revenue: Total;
  taxTotal: Total;
  /**
   * Amount of the multi-purpose vouchers sold: owed to their holders, and in no other figure of the
   * sales.
   */
  vouchersSold: Total;
  /**
   * Amount that single-purpose vouchers paid, less what came back onto them. Their sale was
   * revenue, so `grossSales` and `revenue` are less it.
   */
  vouchersRedeemed: Total;
}
