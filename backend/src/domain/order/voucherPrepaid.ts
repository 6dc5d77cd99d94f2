/**
 * Single-purpose vouchers (decision 0063): their sale is taxed, and each voucher carries its part
 * of that sale. A payment takes it from the voucher, and a refund onto the voucher brings it back.
 * So the parts on vouchers and in payments are the sale at every moment.
 */
import { type MinorUnits, multiplyDivide } from '../number/money.js';
import { depositLeft, less, partOfCharges } from './deposit.js';
import { chargeOf, plusCharge, type Prepaid, totalOfCharge } from './lineCharges.js';
import type { OrderLine } from './order.js';
import type { Payment, Refund } from './payment.js';
import { ratesKey } from './taxes.js';

/**
 * The parts of a line for its last `count` vouchers. All vouchers of a line together have exactly
 * its taxes.
 */
export function prepaidOfUnits(line: OrderLine, count: number): Prepaid[] {
  const { taxes } = chargeOf(line);
  const { quantity, unitPrice, menuItemId, name, categoryId, categoryName } = line;
  const sold = { menuItemId, name, categoryId, categoryName };
  return Array.from({ length: count }, (_, index): Prepaid => {
    const place = quantity - count + index;
    const own = taxes.map((tax) => {
      const upTo = (units: number) => multiplyDivide(tax.amount, units, quantity);
      return { ...tax, amount: upTo(place + 1) - upTo(place) };
    });
    const net = unitPrice - own.reduce((sum, { amount }) => sum + amount, 0);
    const charge = { net, taxes: own.map((tax) => ({ ...tax, base: net })) };
    return { kind: 'voucher', amount: unitPrice, charges: [charge], sold };
  });
}

/** @param amount at most that of the whole. */
export function partOfPrepaid(whole: Prepaid, amount: MinorUnits): Prepaid {
  if (amount === whole.amount) return whole;
  return { ...whole, amount, charges: partOfCharges(whole.charges, amount) };
}

/** Null: nothing is left. */
export function minusPrepaid(whole: Prepaid, part: Prepaid): Prepaid | null {
  const amount = whole.amount - part.amount;
  if (amount === 0) return null;
  const charges = whole.charges.map((charge) => less(charge, part.charges));
  return { ...whole, amount, charges: charges.filter((charge) => totalOfCharge(charge) > 0) };
}

export function plusPrepaid(before: Prepaid | null, more: Prepaid): Prepaid {
  if (!before) return more;
  const charges = [...before.charges];
  for (const charge of more.charges) {
    const place = charges.findIndex(({ taxes }) => ratesKey(taxes) === ratesKey(charge.taxes));
    if (place === -1) charges.push(charge);
    else charges[place] = plusCharge(charges[place]!, charge);
  }
  return { ...before, amount: before.amount + more.amount, charges };
}

/**
 * The part of a payment by voucher that a refund brings back onto the voucher; null for any other
 * payment.
 * @param refunds of the order, before this one.
 */
export function voucherReturned(
  { payment, refunds }: { payment: Payment; refunds: readonly Refund[] },
  amount: MinorUnits,
): Prepaid | null {
  const { prepaid } = payment;
  if (prepaid?.kind !== 'voucher' || amount === 0) return null;
  const charges = depositLeft(payment, refunds);
  const left = charges.reduce((sum, charge) => sum + totalOfCharge(charge), 0);
  return partOfPrepaid({ ...prepaid, amount: left, charges }, Math.min(amount, left));
}
