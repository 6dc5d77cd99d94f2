import { z } from 'zod';
import { id, sum } from './common.js';
import { taxRate } from './tax.js';

export const rate = taxRate.extend({ base: sum, amount: sum });

export const prepaid = z
  .object({
    kind: z.enum(['deposit', 'voucher']),
    amount: sum,
    charges: z.array(z.object({ net: sum, taxes: z.array(rate) })).meta({ description: 'One for each set of taxes.' }),
    sold: z
      .object({ menuItemId: id, name: z.string(), categoryId: id, categoryName: z.string() })
      .optional()
      .meta({ description: 'For a voucher: the item that sold it.' }),
  })
  .nullable();
