/** Schemas of number series and of their audit. */
import { z } from 'zod';
import { RESETS } from '../../domain/document/documentNumber.js';
import { SERIES_KINDS } from '../../domain/document/documentSeries.js';
import { cursor, edited, id, inQuery, patchOf } from './common.js';
import { documentType, place } from './document.js';

/**
 * Such a prefix could produce the numbers of another series: both `A-2026` and `A` give
 * `A-2026-0001`.
 */
const PERIOD_AT_END = /(?:^|-)\d{4}(?:-\d\d)?$/;

const seriesFields = {
  location: place.optional(),
  register: place.optional(),
  prefix: z
    .string()
    .regex(/^[A-Z0-9][A-Z0-9-]{0,19}$/, 'Give up to 20 capitals, digits and hyphens, for example "BOQ-HH".')
    .refine((prefix) => !PERIOD_AT_END.test(prefix), 'Leave out the year and the month: "reset" adds them.')
    .optional()
    .meta({
      description:
        'Numbers look like `prefix-2026-11-0001`; with `reset: year` `prefix-2026-0001`; with `reset: never` `prefix-0001`.',
      examples: ['BOQ'],
    }),
  reset: z
    .enum(RESETS)
    .optional()
    .meta({ description: 'When numbering restarts at 1: each month (default), each year or never.' }),
  kind: z.enum(SERIES_KINDS).optional().meta({
    description:
      'gapless (default); or fast, where a failure leaves a gap. fast is not allowed for invoice, receipt, credit_note, deposit and day_close.',
  }),
  startNumber: z.int().min(1).max(1_000_000_000).optional().meta({
    description:
      'Number of the first document; 1 by default. To continue from another system, give its next number. Later periods start at 1.',
  }),
};

export const seriesInput = z.strictObject({ type: documentType, ...seriesFields }).meta({ id: 'DocumentSeriesInput' });
export const seriesPatch = patchOf(z.strictObject(seriesFields)).meta({ id: 'DocumentSeriesPatch' });

export const series = z
  .object({
    ...edited,
    type: documentType,
    location: z.string(),
    register: z.string(),
    prefix: z.string(),
    reset: z.enum(RESETS),
    kind: z.enum(SERIES_KINDS),
    startNumber: z.int(),
  })
  .meta({ id: 'DocumentSeries' });

export const seriesAuditQuery = z.strictObject({
  period: z
    .string()
    .regex(/^\d{4}(?:-\d{2})?$/, 'Give a month as YYYY-MM, or a year as YYYY.')
    .optional()
    .meta({ description: 'Only this month; or only this year, for a series that restarts each year.' }),
  limit: inQuery(z.int('Give a whole number of at least 1.').min(1))
    .optional()
    .meta({ description: 'Number of documents to check in this call. Use it to show progress.' }),
  cursor,
});

export const seriesAudit = z
  .object({
    seriesId: id,
    prefix: z.string(),
    kind: z.enum(SERIES_KINDS),
    first: z.string().nullable(),
    last: z.string().nullable(),
    count: z.int(),
    voided: z.int(),
    gapCount: z.int(),
    gaps: z
      .array(z.object({ period: z.string(), from: z.int(), to: z.int() }))
      .meta({ description: 'The first hundred of this answer.' }),
    duplicates: z
      .array(z.string())
      .meta({ description: 'The first hundred of this answer. Duplicates count as faults.' }),
    chainIntact: z.boolean().nullable().meta({ description: 'Null: a fast series has no hash chain.' }),
    faultCount: z.int(),
    faults: z
      .array(z.object({ documentId: id, number: z.string(), problem: z.string() }))
      .meta({ description: 'The first hundred of this answer.' }),
    clean: z.boolean().nullable().meta({
      description:
        'True: no fault found; gaps are no fault in a fast series. Null: no fault so far, but more documents remain to be checked.',
    }),
    nextCursor: z.string().nullable().meta({
      description: 'If not null, send it to continue after `last`. Counts include those of the previous answers.',
    }),
  })
  .meta({ id: 'DocumentSeriesAudit' });
