/** Schemas of stock on hand, waste, transfers and preparations. */
import { z } from 'zod';
import { sumOf, toTotal } from '../../domain/number/exactMoney.js';
import type { Total } from '../../domain/number/money.js';
import { type Micros, parseSum } from '../../domain/number/quantity.js';
import { type PostedLine, type StockOnHand, WASTE_REASONS } from '../../domain/stock/stockTaking.js';
import { shownValueOf, valueOf } from '../../domain/stock/stockValue.js';
import { EXAMPLE_ID, balance, currency, id, pageOf, pageQuery, text, timestamp } from './common.js';
import { money } from './exported.js';
import { positiveQuantity, shown, unit } from './inventory.js';

const MAX_LINES = 200;
const note = text(400).optional();

export const stockQuery = pageQuery.extend({
  asOf: timestamp.optional().meta({ description: 'A past instant, to the millisecond. Now if absent.' }),
  locationId: id.optional().meta({ description: 'Only stock at this location.' }),
});
const onHandItem = z
  .object({
    inventoryItemId: id,
    name: z.string(),
    unit: z.string(),
    quantity: shown,
    unitCost: money(shown.meta({ description: 'Current moving average, also with `asOf`.' })),
    value: balance.meta({ description: 'quantity x unitCost in minor units.' }),
    locations: z.array(z.object({ locationId: id.nullable(), quantity: shown })),
    currency,
  })
  .meta({ id: 'StockOnHand' });
export const stockOnHand = pageOf(onHandItem);

export const stockAudit = z
  .object({
    checked: z.int().meta({ description: 'Number of items compared with their ledger.' }),
    faults: z.array(
      z.object({
        inventoryItemId: id,
        name: z.string(),
        fault: z.enum(['quantity', 'location', 'negative']).meta({
          description:
            'quantity: differs from the sum of the movements. location: the quantity at a location differs from the sum of its movements. negative: below zero although the policy forbids it.',
        }),
        locationId: id.nullable(),
        expected: shown,
        found: shown,
      }),
    ),
  })
  .meta({ id: 'StockAudit' });

const itemLineInput = z.strictObject({
  inventoryItemId: id,
  quantity: positiveQuantity,
  unit: unit.optional().meta({ description: 'The item’s stock unit if absent.' }),
});
const postedLine = z
  .object({
    inventoryItemId: id,
    name: z.string(),
    unit: z.string(),
    quantity: shown.meta({ description: 'In the stock unit, without a sign.' }),
    unitCost: shown,
    value: balance,
    locationId: id.nullable(),
  })
  .meta({ id: 'PostedStockLine' });
const posted = { id, createdAt: timestamp, currency };

const wasteLineInput = z
  .strictObject({
    inventoryItemId: id.optional(),
    menuItemId: id.optional(),
    variantId: id.optional(),
    recipeId: id.optional(),
    quantity: positiveQuantity.meta({ description: 'In `unit`; for a dish, in portions.' }),
    unit: unit.optional().meta({ description: 'If absent: the item’s stock unit, or the recipe’s yield unit.' }),
  })
  .meta({ id: 'WasteLineInput', description: 'Give exactly one of inventoryItemId, menuItemId and recipeId.' });
export const wasteInput = z
  .strictObject({
    reason: z.enum(WASTE_REASONS),
    note,
    locationId: id.optional().meta({ description: 'Where the stock was kept. The items’ own locations if absent.' }),
    lines: z.array(wasteLineInput).min(1, 'Give at least one wasted item.').max(MAX_LINES),
  })
  .meta({
    id: 'WasteInput',
    override: { examples: [{ reason: 'spoiled', lines: [{ inventoryItemId: EXAMPLE_ID, quantity: '1.250' }] }] },
  });
export const wasteEntry = z
  .object({
    ...posted,
    reason: z.enum(WASTE_REASONS),
    note: z.string().nullable(),
    locationId: id.nullable(),
    lines: z.array(postedLine).meta({ description: 'What was taken from stock.' }),
    value: balance.meta({ description: 'Of all lines, minor units.' }),
  })
  .meta({ id: 'WasteEntry' });

export const transferInput = z
  .strictObject({
    fromLocationId: id,
    toLocationId: id,
    notes: note,
    lines: z
      .array(itemLineInput.meta({ id: 'TransferLineInput' }))
      .min(1, 'Give at least one item to move.')
      .max(MAX_LINES),
  })
  .meta({ id: 'StockTransferInput' });
export const transfer = z
  .object({
    ...posted,
    fromLocationId: id,
    toLocationId: id,
    notes: z.string().nullable(),
    lines: z.array(postedLine),
  })
  .meta({ id: 'StockTransfer' });

export const prepInput = z
  .strictObject({
    recipeId: id.meta({ description: 'A recipe with an outputItemId.' }),
    quantity: positiveQuantity.meta({ description: 'The quantity made.' }),
    unit: unit.optional().meta({ description: 'The recipe’s yield unit if absent.' }),
    notes: note,
  })
  .meta({ id: 'PrepInput' });
export const prep = z
  .object({
    ...posted,
    recipeId: id,
    recipeName: z.string(),
    notes: z.string().nullable(),
    output: postedLine,
    consumed: z.array(postedLine),
    value: balance.meta({ description: 'Of what went in, minor units.' }),
  })
  .meta({ id: 'Prep' });

export function presentOnHand(item: StockOnHand) {
  return { ...item, value: shownValueOf(micros(item.quantity), item.unitCost) };
}

export function presentPosted(line: PostedLine) {
  const quantity = line.quantity.replace('-', '');
  return { ...line, quantity, value: shownValueOf(micros(quantity), line.unitCost) };
}

/** Value of all lines together, rounded once. */
export function totalValue(lines: readonly PostedLine[]): Total {
  return toTotal(sumOf(lines.map((line) => valueOf(micros(line.quantity.replace('-', '')), line.unitCost))));
}

/**
 * The quantity at an instant may exceed the limit of one quantity: the database has added it up.
 */
function micros(text: string): Micros {
  return parseSum(text) ?? 0n;
}
