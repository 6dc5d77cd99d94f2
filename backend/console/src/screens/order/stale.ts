/** What a change of the bill or of its money makes old. */
export const STALE = ['getOrder', 'listOrders', 'getOrderPayments', 'getOrderReceipt', 'listOrderHistory'] as const;
