import { z } from 'zod';
import { IMPORT_KINDS, IMPORT_STATUSES } from '../../domain/import/import.js';
import { UploadedFile } from '../../middleware/upload.js';
import { mappingSchema } from '../../formats/csv/orderMapping.js';
import { itemMappingSchema, openingMappingSchema, recipeMappingSchema } from '../../formats/csv/stockMappings.js';
import { balance, id, pageQuery, timestamp } from './common.js';

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
        description: 'Checks and counts everything but stores nothing.',
      },
    }),
};
const AS_TEXT = { description: 'JSON text, as a text part or as a file.' };

/** `kind` is always set: the route uses `orders` for a form without it. */
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
  .meta({ id: 'ImportInput', description: '`kind` is optional for `orders`.' });

export const importResult = z
  .object({
    id,
    kind: z.enum(IMPORT_KINDS),
    status: z.enum(IMPORT_STATUSES).meta({
      description: '`interrupted`: no progress for a minute. Send the file again: stored rows are skipped.',
    }),
    dryRun: z.boolean().meta({ description: 'If true, nothing is stored; the counts say what would be stored.' }),
    fileName: z.string(),
    source: z.string(),
    currency: z.string().meta({ description: 'ISO 4217.', examples: ['EUR'] }),
    rows: count.meta({ description: 'Data rows of the file, with the faulty ones.' }),
    faultyRows: count,
    ordersCreated: count,
    ordersCompleted: count.meta({
      description: 'Orders stored earlier with faulty rows, to which this file added rows.',
    }),
    ordersSkipped: count.meta({ description: 'Orders that were stored already.' }),
    linesCreated: count,
    units: count,
    revenue: balance,
    menuItemsCreated: count,
    modifiersCreated: count,
    ordersDepleted: count.meta({ description: 'With `depleteStock`: orders whose ingredients were taken from stock.' }),
    linesWithoutRecipe: count.meta({ description: 'With `depleteStock`: lines whose dish has no recipe.' }),
    created: count.meta({
      description:
        'Items, recipes or opening stocks created; 0 for orders. The order counts are 0 for the other kinds.',
    }),
    changed: count.meta({ description: 'Existing entries that were changed, as `onExisting` asks.' }),
    skipped: count.meta({ description: 'Existing entries that were left unchanged.' }),
    locationsCreated: count.meta({ description: 'Stock locations named in the file that did not exist.' }),
    errors: z
      .array(z.object({ file: z.string(), line: z.int(), reason: z.string() }).meta({ id: 'ImportFault' }))
      .meta({ description: 'The first 1,000 faulty rows. `line` is the line number in the file.' }),
    failure: z.string().nullable().meta({ description: 'Why the import failed.' }),
    createdAt: timestamp,
    finishedAt: timestamp.nullable(),
  })
  .meta({ id: 'Import' });

export const importQuery = pageQuery.extend({
  kind: z.enum(IMPORT_KINDS).optional(),
  status: z.enum(IMPORT_STATUSES).optional(),
});

export const listedImport = importResult
  .omit({ errors: true })
  .extend({
    createdBy: z.string(),
    createdByName: z
      .string()
      .nullable()
      .meta({ description: 'Name of the person or API key, as it is today. Null for others.' }),
  })
  .meta({ id: 'ListedImport', description: 'An import without its faults.' });
