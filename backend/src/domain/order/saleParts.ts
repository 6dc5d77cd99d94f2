/** The parts of a sale, and the parts that a refund takes out of it. */
import { AppError } from '../shared/errors.js';
import { allocate, type MinorUnits, sum } from '../number/money.js';
import type { PricedLine, PricedOrder } from './pricing.js';
import type { TaxTotal } from './taxes.js';

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

export function plusParts(a: SaleParts, b: SaleParts): SaleParts {
  return {
    goods: a.goods + b.goods,
    serviceCharge: a.serviceCharge + b.serviceCharge,
    tax: a.tax + b.tax,
    tip: a.tip + b.tip,
  };
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
 * Takes a refund out of the rest of a sale, in proportion. Refunds that together return everything
 * return each part exactly, in any number of steps. A part can be over-refunded when the sale was
 * reopened and goods were voided: it then has nothing left, and the other parts bear the rest.
 * @throws AppError refund_exceeds_payment when the amount is above the rest.
 */
export function refundParts(sale: SaleParts, refunded: SaleParts, amount: MinorUnits): SaleParts {
  const left = [
    sale.goods - refunded.goods,
    sale.serviceCharge - refunded.serviceCharge,
    sale.tax - refunded.tax,
    sale.tip - refunded.tip,
  ];
  const most = Math.max(0, sum(left));
  if (amount > most) throw new AppError('refund_exceeds_payment', `Only ${most} of this sale is left to refund.`);
  const [goods = 0, serviceCharge = 0, tax = 0, tip = 0] = allocate(
    amount,
    left.map((part) => Math.max(0, part)),
  );
  return { goods, serviceCharge, tax, tip };
}
