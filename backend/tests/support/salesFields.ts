/** Fields that the business day and the sales report share. */
export const SALES_FIELDS = [
  'orders',
  'units',
  'grossSales',
  'discountTotal',
  'revenue',
  'serviceChargeTotal',
  'taxTotal',
  'vouchersSold',
  'vouchersRedeemed',
  'tipTotal',
  'total',
  'refundTotal',
  'roundingTotal',
];
