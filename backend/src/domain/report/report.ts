import type { Total } from '../number/money.js';

export const SALES_GROUPS = ['day', 'hour', 'item', 'category', 'type'] as const;
export type SalesGroup = (typeof SALES_GROUPS)[number];

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
   * Amount that single-purpose vouchers paid, less what came back onto them. Their sale was revenue,
   * so `grossSales` and `revenue` are less it.
   */
  vouchersRedeemed: Total;
}
