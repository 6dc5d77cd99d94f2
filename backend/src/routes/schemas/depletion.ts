/** Schemas for taking the ingredients of past orders from stock. */
import { z } from 'zod';
import { businessDate, id } from './common.js';

const shown = z.string().meta({ description: 'Decimal text in the item’s stock unit.', examples: ['1.25'] });
const count = z.int();

export const depletionInput = z
  .strictObject({
    from: businessDate.meta({ description: 'First business date.' }),
    to: businessDate.meta({ description: 'Last business date.' }),
    dryRun: z.boolean().default(false).meta({ description: 'Only reports what would be taken; takes nothing.' }),
  })
  .meta({ id: 'DepletionInput' });

export const depletion = z
  .object({
    from: businessDate,
    to: businessDate,
    dryRun: z.boolean(),
    ordersDepleted: count,
    ordersSkipped: count.meta({
      description: 'Orders in the period that are cancelled, already depleted, or have no line that takes stock.',
    }),
    withoutRecipe: z
      .array(
        z.object({
          menuItemId: id,
          variantId: id.nullable(),
          name: z.string(),
          variantName: z.string().nullable(),
          lines: count,
          units: count,
        }),
      )
      .meta({ description: 'Dishes that were sold and have no recipe, most sold first.' }),
    consumption: z.array(z.object({ inventoryItemId: id, name: z.string(), unit: z.string(), quantity: shown })),
    short: z
      .array(z.object({ inventoryItemId: id, name: z.string(), unit: z.string(), wanted: shown, left: shown }))
      .meta({ description: 'Dry run only: items that would go below zero although their policy forbids it.' }),
  })
  .meta({ id: 'Depletion' });
