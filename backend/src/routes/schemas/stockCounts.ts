/** Schemas of stock counts. */
import { z } from 'zod';
import { COUNT_STATUSES, presentLine } from '../../domain/stock/stockTaking.js';
import type { CountSheet } from '../../services/stockTaking/StockCounts.js';
import { balance, currency, id, text, timestamp } from './common.js';
import { money } from './exported.js';
import { quantity, shown, unit } from './inventory.js';

const MAX_LINES = 500;

const countLineInput = z
  .strictObject({
    inventoryItemId: id,
    quantity: quantity.meta({ description: 'The quantity found. Send "0" if there is none.' }),
    unit: unit.optional().meta({ description: 'The item’s stock unit if absent.' }),
    countedAt: timestamp
      .optional()
      .meta({ description: 'When it was counted, if the list is typed in later. Now if absent.' }),
  })
  .meta({ id: 'StockCountLineInput' });
const lines = z.array(countLineInput).max(MAX_LINES);

export const countInput = z
  .strictObject({
    locationId: id.optional().meta({ description: 'The location to count. All locations if absent.' }),
    inventoryItemIds: z.array(id).max(5000).optional().meta({
      description:
        'The items to count. If absent: all items at the location; with `commit`, only the items in `lines`.',
    }),
    isBlind: z
      .boolean()
      .optional()
      .meta({ description: 'Expected quantities are hidden until the commit. True if absent.' }),
    notes: text(400).optional(),
    lines: lines.optional(),
    commit: z.boolean().optional().meta({ description: 'Commits the count in the same call.' }),
  })
  .meta({ id: 'StockCountInput' });
export const countLinesInput = z
  .strictObject({ lines: lines.min(1, 'Give at least one line.') })
  .meta({ id: 'StockCountLinesInput' });

const change = money(z.int()).nullable();
export const stockCount = z
  .object({
    id,
    locationId: id.nullable(),
    isBlind: z.boolean(),
    status: z.enum(COUNT_STATUSES),
    notes: z.string().nullable(),
    itemCount: z.int(),
    countedItemCount: z.int(),
    gain: change.meta({
      description:
        'Value of stock found above the expected quantity, at average cost, in minor units. Null before the commit.',
    }),
    loss: change.meta({
      description: 'Value of missing stock, at average cost, in minor units. Null before the commit.',
    }),
    net: change.meta({ description: 'gain - loss.' }),
    createdBy: z.string(),
    createdAt: timestamp,
    closedBy: z.string().nullable(),
    closedAt: timestamp.nullable(),
    currency,
  })
  .meta({ id: 'StockCount' });
export const stockCountSheet = stockCount
  .extend({
    lines: z.array(
      z.object({
        inventoryItemId: id,
        name: z.string(),
        unit: z.string(),
        countedQuantity: shown.nullable().meta({ description: 'Null until the item is counted.' }),
        countedAt: timestamp.nullable(),
        countedBy: z.string().nullable(),
        expectedQuantity: shown.nullable().meta({
          description: 'Quantity in the stock ledger at the time of counting. Null in a blind count before the commit.',
        }),
        variance: shown.nullable().meta({ description: 'countedQuantity - expectedQuantity.' }),
        unitCost: shown.nullable().meta({ description: 'Average cost at the commit.' }),
        varianceValue: balance.nullable(),
      }),
    ),
  })
  .meta({ id: 'StockCountSheet' });

export function presentCount<T extends { gain: number | null; loss: number | null }>(count: T) {
  const { gain, loss } = count;
  return { ...count, net: gain === null || loss === null ? null : gain - loss };
}

export function presentSheet(sheet: CountSheet) {
  return { ...presentCount(sheet), lines: sheet.lines.map((line) => presentLine(line, sheet)) };
}
