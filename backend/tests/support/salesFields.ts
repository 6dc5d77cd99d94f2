/** What a business day and the sales report both say. */
export const SALES_FIELDS = [
  'orders',
  'units',
  'grossSales',
  'discountTotal',
  'revenue',
  'serviceChargeTotal',
  'taxTotal',
  'tipTotal',
  'total',
  'refundTotal',
];
