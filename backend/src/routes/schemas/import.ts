import { z } from 'zod';
import { IMPORT_KINDS, IMPORT_STATUSES } from '../../domain/import/import.js';
import { UploadedFile } from '../../middleware/upload.js';
import { mappingSchema } from '../../formats/csv/orderMapping.js';
import { itemMappingSchema, openingMappingSchema, recipeMappingSchema } from '../../formats/csv/stockMappings.js';
import { balance, id, timestamp } from './common.js';

const count = z.int();

const part = {
  file: z
    .instanceof(UploadedFile, { error: 'Send the file in the part "file".' })
    .meta({ override: { type: 'string', format: 'binary', description: 'CSV or TSV, in any encoding.' } }),
  dryRun: z
    .stringbool({ truthy: ['true', '1'], falsy: ['false', '0'], error: 'Give "true" or "false".' })
    .default(false)
    .meta({
      override: {
        type: 'string',
        enum: ['true', 'false'],
        default: 'false',
        description: 'Do everything but store.',
      },
    }),
};
const AS_TEXT = { description: 'JSON text, as a text part or as a file.' };

/** `kind` is filled in before: a form without one holds orders. */
export const importInput = z
  .discriminatedUnion(
    'kind',
    [
      z.strictObject({ ...part, kind: z.literal('orders'), mapping: mappingSchema.meta(AS_TEXT) }),
      z.strictObject({ ...part, kind: z.literal('inventory_items'), mapping: itemMappingSchema.meta(AS_TEXT) }),
      z.strictObject({ ...part, kind: z.literal('recipes'), mapping: recipeMappingSchema.meta(AS_TEXT) }),
      z.strictObject({ ...part, kind: z.literal('opening_stock'), mapping: openingMappingSchema.meta(AS_TEXT) }),
    ],
    { error: `Give one of: ${IMPORT_KINDS.join(', ')}.` },
  )
  .meta({ id: 'ImportInput', description: '`kind` may be left out for `orders`.' });

export const importResult = z
  .object({
    id,
    kind: z.enum(IMPORT_KINDS),
    status: z.enum(IMPORT_STATUSES).meta({
      description: '`interrupted`: no sign of life for a minute. Send the file again: what is stored is skipped.',
    }),
    dryRun: z.boolean().meta({ description: 'Then the counts say what would be stored.' }),
    fileName: z.string(),
    source: z.string(),
    currency: z.string().meta({ description: 'ISO 4217.', examples: ['EUR'] }),
    rows: count.meta({ description: 'Data rows of the file, faulty ones included.' }),
    faultyRows: count,
    ordersCreated: count,
    ordersCompleted: count.meta({
      description: 'Orders stored earlier with faulty rows, of which this file had more.',
    }),
    ordersSkipped: count.meta({ description: 'Orders that were there already.' }),
    linesCreated: count,
    units: count,
    revenue: balance,
    menuItemsCreated: count,
    modifiersCreated: count,
    ordersDepleted: count.meta({ description: 'Orders that took their ingredients from stock; with `depleteStock`.' }),
    linesWithoutRecipe: count.meta({ description: 'Lines whose dish has no recipe; with `depleteStock`.' }),
    created: count.meta({
      description:
        'Items, recipes, or items with their opening stock. The counts of orders are 0 for these kinds, and these for orders.',
    }),
    changed: count.meta({ description: 'There already, and changed as `onExisting` asks.' }),
    skipped: count.meta({ description: 'There already, and left as they are.' }),
    locationsCreated: count.meta({ description: 'Stock locations that the file names and were missing.' }),
    errors: z
      .array(z.object({ file: z.string(), line: z.int(), reason: z.string() }).meta({ id: 'ImportFault' }))
      .meta({ description: 'The first 1,000 faulty rows, by physical line of the file.' }),
    failure: z.string().nullable().meta({ description: 'Why it failed.' }),
    createdAt: timestamp,
    finishedAt: timestamp.nullable(),
  })
  .meta({ id: 'Import' });
