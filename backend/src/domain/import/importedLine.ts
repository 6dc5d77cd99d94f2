/** The price of a line taken over from another till. */
import { type MinorUnits, multiplyDivide } from '../number/money.js';

/** `unitPrice x quantity = grossAmount`, and `grossAmount - discountAmount = amount`, always. */
export interface ImportedPrice {
  unitPrice: MinorUnits;
  grossAmount: MinorUnits;
  /** What a line price that cannot be divided by the quantity leaves over: less than one minor unit per unit sold. */
  discountAmount: MinorUnits;
  amount: MinorUnits;
}

/** The file gives the price of one unit. */
export function priceByUnit(unitPrice: MinorUnits, quantity: number): ImportedPrice {
  const grossAmount = multiplyDivide(unitPrice, quantity, 1);
  return { unitPrice, grossAmount, discountAmount: 0, amount: grossAmount };
}

/** The file gives the price of the line: the unit price is rounded up, the difference is a discount, the amount stays exact. */
export function priceByLine(amount: MinorUnits, quantity: number): ImportedPrice {
  const left = amount % quantity;
  const unitPrice = (amount - left) / quantity + (left === 0 ? 0 : 1);
  const grossAmount = multiplyDivide(unitPrice, quantity, 1);
  return { unitPrice, grossAmount, discountAmount: grossAmount - amount, amount };
}
