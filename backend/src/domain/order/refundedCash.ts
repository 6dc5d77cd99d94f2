/** Cash of refunds where small coins are missing (decision 0045). Amounts are minor units. */
import type { MinorUnits } from '../number/money.js';
import { type CashRounding, inCash } from '../restaurant/cashRounding.js';
import type { Payment, Refund } from './payment.js';

/**
 * Cash that a refund hands out beyond its amount; negative: less. All refunds of a payment in cash
 * are rounded together, so that no number of small ones gains a coin. Those that return a payment
 * of cash completely return the coins that were taken.
 * @param earlier refunds of the order.
 */
export function refundRounding(
  payment: Pick<Payment, 'id' | 'method' | 'amount' | 'tip' | 'rounding'>,
  refund: Pick<Refund, 'method' | 'amount'>,
  earlier: readonly Pick<Refund, 'paymentId' | 'method' | 'amount' | 'rounding'>[],
  rounding: CashRounding,
): MinorUnits {
  if (refund.method !== 'cash') return 0;
  const before = earlier.filter(({ paymentId, method }) => paymentId === payment.id && method === 'cash');
  const total = before.reduce((sum, { amount }) => sum + amount, refund.amount);
  const isMirror = payment.method === 'cash' && total === payment.amount + payment.tip;
  const cash = isMirror ? total + payment.rounding : inCash(total, rounding);
  const handed = before.reduce((sum, { amount, rounding: beyond }) => sum + amount + beyond, 0);
  // Another rule may have applied before: a refund never takes money.
  return Math.max(0, cash - handed) - refund.amount;
}

/** Cash taken beyond the amounts of the payments, less cash given back beyond the refunds. */
export function roundingTotal(
  payments: readonly Pick<Payment, 'rounding'>[],
  refunds: readonly Pick<Refund, 'rounding'>[],
): MinorUnits {
  const sum = (rows: readonly { rounding: MinorUnits }[]) => rows.reduce((total, row) => total + row.rounding, 0);
  return sum(payments) - sum(refunds);
}
