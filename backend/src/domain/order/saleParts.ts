/** The parts of a sale, and the parts that a refund takes out of it. */
import { AppError } from '../shared/errors.js';
import { allocate, type MinorUnits, sum } from '../number/money.js';
import type { PricedLine, PricedOrder } from './pricing.js';
import { isSameRate, type TaxTotal } from './taxes.js';

/** Parts of an order's total, or of a refund. Each part is without the taxes included in it. */
export interface SaleParts {
  /** After discounts. */
  goods: MinorUnits;
  serviceCharge: MinorUnits;
  tax: MinorUnits;
  tip: MinorUnits;
}

/** Refunded from a sale: its parts, and the taxes that make up `parts.tax`. */
export interface Refunded {
  parts: SaleParts;
  taxes: TaxTotal[];
}

export const NO_PARTS: Readonly<SaleParts> = { goods: 0, serviceCharge: 0, tax: 0, tip: 0 };

function plusParts(a: SaleParts, b: SaleParts): SaleParts {
  return {
    goods: a.goods + b.goods,
    serviceCharge: a.serviceCharge + b.serviceCharge,
    tax: a.tax + b.tax,
    tip: a.tip + b.tip,
  };
}

/** Sums two refunds; rates with nothing left are left out. */
export function plusRefunded(a: Refunded, b: Refunded): Refunded {
  const taxes = a.taxes.map((tax) => ({ ...tax }));
  for (const tax of b.taxes) {
    const same = taxes.find((one) => isSameRate(one, tax));
    if (same) {
      same.base += tax.base;
      same.amount += tax.amount;
    } else taxes.push({ ...tax });
  }
  return { parts: plusParts(a.parts, b.parts), taxes: taxes.filter(({ base, amount }) => base !== 0 || amount !== 0) };
}

export function minusRefunded(a: Refunded, b: Refunded): Refunded {
  const { goods, serviceCharge, tax, tip } = b.parts;
  // Avoids -0, which JSON and equality distinguish from 0.
  const parts = { goods: 0 - goods, serviceCharge: 0 - serviceCharge, tax: 0 - tax, tip: 0 - tip };
  return plusRefunded(a, {
    parts,
    taxes: b.taxes.map((one) => ({ ...one, base: 0 - one.base, amount: 0 - one.amount })),
  });
}

export function totalOfParts({ goods, serviceCharge, tax, tip }: SaleParts): MinorUnits {
  return sum([goods, serviceCharge, tax, tip]);
}

/**
 * Splits a total into its parts. Taxes included in lines are subtracted from the goods, those
 * included in the service charge from the service charge.
 */
export function saleParts(
  order: Pick<PricedOrder, 'total' | 'taxTotal' | 'tipTotal'> & {
    lines: readonly Pick<PricedLine, 'amount' | 'taxes'>[];
  },
): SaleParts {
  const withoutTax = order.total - order.tipTotal - order.taxTotal;
  const ofLines = order.lines.flatMap((line) => [
    line.amount,
    ...line.taxes.map((tax) => (tax.inclusive ? -tax.amount : 0)),
  ]);
  // Largest-remainder spreading of several included taxes can put more cents on a charge of one or
  // two cents than it has.
  const goods = Math.max(0, Math.min(sum(ofLines), withoutTax));
  return { goods, serviceCharge: withoutTax - goods, tax: order.taxTotal, tip: order.tipTotal };
}

/**
 * Takes a refund out of the rest of a sale: out of goods, service charge and tax in proportion, and
 * out of the tip only when nothing else is left. Refunds that together return everything return
 * each part exactly, in any number of steps. A part can be over-refunded when the sale was reopened
 * and goods were voided: it then has nothing left, and the other parts bear the rest.
 * @throws AppError refund_exceeds_payment when the amount is above the rest.
 */
export function refundParts(sale: SaleParts, refunded: SaleParts, amount: MinorUnits): SaleParts {
  const left = [sale.goods - refunded.goods, sale.serviceCharge - refunded.serviceCharge, sale.tax - refunded.tax];
  const most = Math.max(0, sum([...left, sale.tip - refunded.tip]));
  if (amount > most) throw new AppError('refund_exceeds_payment', `Only ${most} of this sale is left to refund.`);
  const weights = left.map((part) => Math.max(0, part));
  const sold = Math.min(amount, sum(weights));
  const [goods = 0, serviceCharge = 0, tax = 0] = allocate(sold, weights);
  return { goods, serviceCharge, tax, tip: amount - sold };
}
