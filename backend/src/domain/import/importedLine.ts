/** The price of a line imported from another till. */
import { type MinorUnits, multiplyDivide } from '../number/money.js';

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
