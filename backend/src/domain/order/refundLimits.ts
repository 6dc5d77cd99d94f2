/** Keeps refunds within the sale that they are taken from, part by part and tax by tax. */
import { spreadWithin, sum } from '../number/money.js';
import type { Order } from './order.js';
import { type Refunded, saleParts, totalOfParts } from './saleParts.js';
import { isSameRate, type TaxTotal } from './taxes.js';

/**
 * Whether the sale still contains all that was refunded. It may not when one part became dearer and
 * another cheaper.
 */
export function fits(order: Order, { parts, taxes }: Refunded): boolean {
  const { goods, serviceCharge, tax, tip } = saleParts(order);
  if (parts.goods > goods || parts.serviceCharge > serviceCharge || parts.tax > tax || parts.tip > tip) return false;
  return taxes.every((one) => {
    const own = order.taxes.find((total) => isSameRate(total, one));
    return own !== undefined && one.base <= own.base && one.amount <= own.amount;
  });
}

/**
 * Limits taxes to the recorded ones. Refunds stored before refunds had taxes are not in the tax
 * figures, and nothing is subtracted from those figures for them.
 */
export function noMoreThan({ parts, taxes: recorded }: Refunded, taxes: TaxTotal[]): TaxTotal[] {
  const known = sum(recorded.map(({ amount }) => amount));
  if (known === parts.tax) return taxes;
  return taxes.map((tax) => {
    const own = recorded.find((one) => isSameRate(one, tax));
    return { ...tax, base: Math.min(tax.base, own?.base ?? 0), amount: Math.min(tax.amount, own?.amount ?? 0) };
  });
}

/**
 * Limits each part and each tax to the sale's own: rounding may move a unit from one to another.
 */
export function within(order: Order, { parts, taxes }: Refunded): Refunded {
  const sale = saleParts(order);
  const isKnown = sum(taxes.map(({ amount }) => amount)) === parts.tax;
  const amount = Math.min(totalOfParts(parts), order.total);
  const [goods = 0, serviceCharge = 0, tax = 0, tip = 0] = spreadWithin(
    amount,
    [parts.goods, parts.serviceCharge, parts.tax, parts.tip],
    [sale.goods, sale.serviceCharge, sale.tax, sale.tip],
  );
  const own = order.taxes.map((total) => taxes.find((one) => isSameRate(one, total)));
  const known = isKnown ? tax : Math.min(tax, sum(own.map((one) => one?.amount ?? 0)));
  const amounts = spreadWithin(
    known,
    own.map((one) => one?.amount ?? 0),
    order.taxes.map((total) => total.amount),
  );
  const kept = order.taxes.map((total, index) => {
    const isAll = amount === order.total && isKnown;
    return {
      ...total,
      base: isAll ? total.base : Math.min(own[index]?.base ?? 0, total.base),
      amount: amounts[index]!,
    };
  });
  return {
    parts: { goods, serviceCharge, tax, tip },
    taxes: kept.filter((one) => one.base > 0 || one.amount > 0),
  };
}
