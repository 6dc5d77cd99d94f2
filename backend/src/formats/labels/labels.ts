/** The words printed on documents. Every language of `documentLabels.ts` has all of them. */
import type { DocumentType } from '../../domain/document/document.js';
import type { OrderType } from '../../domain/menu/menu.js';
import type { PaymentMethod } from '../../domain/order/payment.js';

export interface DocumentLabels {
  title: Record<DocumentType, string>;
  orderType: Record<OrderType, string>;
  paymentMethod: Record<PaymentMethod, string>;
  dayClose: {
    orders: string;
    /** Of all that was sold, whatever it was. */
    units: string;
    cancelledOrders: string;
    voidedLines: string;
    unfinishedOrders: string;
    /** What the drawer holds beyond what it began with. */
    cashExpected: string;
    cashCounted: string;
    cashDifference: string;
  };
  date: string;
  order: string;
  /** Date and time of the order. */
  orderedAt: string;
  table: string;
  customer: string;
  /** In the place of the customer on what is bought. */
  supplier: string;
  /** What the supplier calls the restaurant. */
  customerNumber: string;
  /** The other side's number of the same thing: a purchase order's, a delivery note's. */
  reference: string;
  /** What the tax office calls them: across borders, and at home. */
  vatId: string;
  taxNumber: string;
  position: string;
  description: string;
  quantity: string;
  unitPrice: string;
  amount: string;
  subtotal: string;
  discount: string;
  serviceCharge: string;
  tip: string;
  /** Added to the amounts above. */
  tax: string;
  /** Contained in the total. `{tax}` is its name, or its name and rate. */
  includedTax: string;
  rate: string;
  /** What a tax is computed on. */
  taxBase: string;
  taxAmount: string;
  total: string;
  change: string;
  refund: string;
  toPay: string;
  toGiveBack: string;
  reason: string;
  /** The document that a credit note corrects, or another replaces. */
  corrects: string;
  draft: string;
  voided: string;
  cancelled: string;
  /** `{page}` of `{pages}`. */
  page: string;
}
