/** Quantities of lines: pieces, or decimal text of what is sold by weight or the like. */
import { z } from 'zod';
import { decimal } from './exported.js';

const MAX_QUANTITY = 10_000;

/** Decimal text of a quantity, for items that are sold by weight or the like. */
const decimalQuantity = z
  .string()
  .max(20)
  .regex(/^-?\d{1,5}(?:\.\d{1,6})?$/, 'Give decimal text such as "0.350".');
const QUANTITY_HINT = `Give a whole number up to ${MAX_QUANTITY}, or decimal text such as "0.350" for an item that is sold by weight.`;
export const unitsOfLine = z
  .union([z.int().min(1).max(MAX_QUANTITY), decimalQuantity], { error: QUANTITY_HINT })
  .meta({ description: 'Whole number, or decimal text of a line that is sold by weight or the like.' });
/** Of a new line, or of a changed one. */
export const lineQuantity = z
  .union([z.int().min(-MAX_QUANTITY).max(MAX_QUANTITY), decimalQuantity], { error: QUANTITY_HINT })
  .refine((value) => Number(value) !== 0, { error: 'Give a quantity other than 0.', params: { rule: 'not_zero' } })
  .meta({
    description:
      'Whole number, or decimal text of an item with a `unit`: at most three decimals. Below zero: deposits that the guest returns; they lower the bill, at most to zero.',
  });
/** As answers have it. */
export const shownQuantity = decimal(z.union([z.int(), z.string()])).meta({
  description: 'Decimal text if the line is sold by weight or the like.',
});
