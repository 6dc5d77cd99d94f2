/** The labels printed on documents. Every language in `documentLabels.ts` has all of them. */
import type { DocumentType } from '../../domain/document/document.js';
import type { CashMovement } from '../../domain/drawer/shift.js';
import type { OrderType } from '../../domain/menu/menu.js';
import type { PaymentMethod } from '../../domain/order/payment.js';

export interface DocumentLabels {
  title: Record<DocumentType, string>;
  orderType: Record<OrderType, string>;
  paymentMethod: Record<PaymentMethod, string>;
  cashMovement: Record<CashMovement['kind'], string>;
  dayClose: {
    orders: string;
    /** Units sold, of all items. */
    units: string;
    cancelledOrders: string;
    voidedLines: string;
    unfinishedOrders: string;
    /** Cash in the drawer beyond its opening amount. */
    cashExpected: string;
    cashCounted: string;
    cashDifference: string;
    /** Debts given up. */
    writeOffs: string;
    vouchersSold: string;
    vouchersRedeemed: string;
    /** `released`: given back, or kept of a cancelled order. `deposit_kept`: a sale. */
    deposits: Record<'taken' | 'released' | 'deducted' | 'deposit_kept', string>;
    /** Sales less refunds, credit notes and write-offs. */
    salesKept: string;
    /** Payments less refunds. */
    moneyKept: string;
    /** Money of the day's orders that moved on other days, less that of other orders. */
    otherDays: string;
  };
  /** Of invoices, on paper and for machines. */
  eInvoice: {
    supplyDate: string;
    /** The sign that the customer wants on its invoice. */
    yourReference: string;
    payableOnReceipt: string;
    rounding: string;
    /**
     * Why a line has no VAT. For `AE`, Directive 2006/112/EC demands the words (article 226, 11a).
     */
    exemption: Record<'E' | 'AE' | 'K' | 'G' | 'O' | 'tip', string>;
  };
  date: string;
  order: string;
  /** Date and time of the order. */
  orderedAt: string;
  table: string;
  customer: string;
  /** Replaces the customer label on purchasing documents. */
  supplier: string;
  /** The restaurant's customer number at the supplier. */
  customerNumber: string;
  /**
   * The other party's number, or that of a related document: a purchase order, a delivery note, a
   * quotation.
   */
  reference: string;
  /** VAT number (international) and national tax number. */
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
  /** Amount on which a tax is computed. */
  taxBase: string;
  taxAmount: string;
  total: string;
  change: string;
  refund: string;
  deposit: string;
  /** The day on which a deposit came. */
  paidOn: string;
  toPay: string;
  toGiveBack: string;
  reason: string;
  taxExempt: string;
  /** The document that a credit note corrects, or that this document replaces. */
  corrects: string;
  draft: string;
  voided: string;
  cancelled: string;
  /** `{page}` of `{pages}`. */
  page: string;
}
