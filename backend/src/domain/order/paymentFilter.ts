/** Filters of lists of payments and refunds. */
import type { Payment, PaymentMethod, Refund } from './payment.js';

export const PAYMENT_STATES = ['paid', 'partially_refunded', 'refunded'] as const;
export type PaymentState = (typeof PAYMENT_STATES)[number];

export interface MoneyFilter {
  /** First and last business date. */
  from?: string | undefined;
  to?: string | undefined;
  /** Limits of the amount without tip, minor units, both included. */
  minAmount?: number | undefined;
  maxAmount?: number | undefined;
  method?: readonly PaymentMethod[] | undefined;
  orderId?: string | undefined;
  /** As the field says, or the id alone. */
  createdBy?: string | undefined;
}

export interface PaymentFilter extends MoneyFilter {
  /** Part of the reference, in any case. */
  reference?: string | undefined;
  status?: readonly PaymentState[] | undefined;
}

export interface RefundFilter extends MoneyFilter {
  /** Part of the reason, in any case. */
  reason?: string | undefined;
  paymentId?: string | undefined;
  goodwill?: boolean | undefined;
}

/** Fields that a list adds to money that moved. */
interface Listed {
  orderNumber: string;
  currency: string;
  /** Name of the person or API key, as it is today; null for others. */
  createdByName: string | null;
}

export interface ListedPayment extends Payment, Listed {}
export interface ListedRefund extends Refund, Listed {}

/** How much of a payment went back. */
export function paymentState({ refunded, amount, tip }: Pick<Payment, 'refunded' | 'amount' | 'tip'>): PaymentState {
  if (refunded === 0) return 'paid';
  return refunded < amount + tip ? 'partially_refunded' : 'refunded';
}
