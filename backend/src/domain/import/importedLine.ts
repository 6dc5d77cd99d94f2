/** The price of a line imported from another till. */
import { type MinorUnits, multiplyDivide } from '../number/money.js';
import { ONE_IN_MICROS, parseQuantity } from '../number/quantity.js';
import { type Measured, priceOf } from '../order/measure.js';

/** `unitPrice x quantity = grossAmount`, and `grossAmount - discountAmount = amount`, always. */
export interface ImportedPrice {
  unitPrice: MinorUnits;
  grossAmount: MinorUnits;
  /**
   * Remainder of a line price that the quantity does not divide: less than one minor unit per unit
   * sold.
   */
  discountAmount: MinorUnits;
  amount: MinorUnits;
}

/** Price of a line that was sold by weight or the like: it is one piece. */
export function priceOfMeasured(
  price: { unitPrice?: MinorUnits; linePrice?: MinorUnits },
  { quantity, unit }: Pick<Measured, 'quantity' | 'unit'>,
): ImportedPrice & { measured: Measured } {
  const micros = parseQuantity(quantity) ?? ONE_IN_MICROS;
  const unitPrice = price.unitPrice ?? multiplyDivide(price.linePrice ?? 0, ONE_IN_MICROS, micros);
  const measured = { quantity, unit, unitPrice };
  return { ...priceByLine(price.linePrice ?? priceOf(measured), 1), measured };
}

/** Price of a line whose file has the unit price. */
export function priceByUnit(unitPrice: MinorUnits, quantity: number): ImportedPrice {
  const grossAmount = multiplyDivide(unitPrice, quantity, 1);
  return { unitPrice, grossAmount, discountAmount: 0, amount: grossAmount };
}

/**
 * Price of a line whose file has the line price: the unit price is rounded up, the difference is a
 * discount, and the amount stays exact.
 */
export function priceByLine(amount: MinorUnits, quantity: number): ImportedPrice {
  const left = amount % quantity;
  const unitPrice = (amount - left) / quantity + (left === 0 ? 0 : 1);
  const grossAmount = multiplyDivide(unitPrice, quantity, 1);
  return { unitPrice, grossAmount, discountAmount: grossAmount - amount, amount };
}
