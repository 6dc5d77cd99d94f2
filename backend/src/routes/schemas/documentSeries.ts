/** Shapes of number series and of their proof. */
import { z } from 'zod';
import { RESETS } from '../../domain/document/documentNumber.js';
import { SERIES_KINDS } from '../../domain/document/documentSeries.js';
import { cursor, edited, id, inQuery, patchOf } from './common.js';
import { documentType, place } from './document.js';

/** As a prefix it would give numbers that another series draws too: `A-2026` with `0001`, `A` with `2026-0001`. */
const PERIOD_AT_END = /(?:^|-)\d{4}(?:-\d\d)?$/;

const seriesFields = {
  location: place.optional(),
  register: place.optional(),
  prefix: z
    .string()
    .regex(/^[A-Z0-9][A-Z0-9-]{0,19}$/, 'Give up to 20 capitals, digits and hyphens, for example "BOQ-HH".')
    .refine((prefix) => !PERIOD_AT_END.test(prefix), 'Leave out the year and the month: "reset" puts them in.')
    .optional()
    .meta({
      description:
        'Numbers are `prefix-2026-11-0001`, with `reset: year` `prefix-2026-0001`, with `never` `prefix-0001`.',
      examples: ['BOQ'],
    }),
  reset: z.enum(RESETS).optional().meta({ description: 'When it begins again at 1: month (default), year, never.' }),
  kind: z.enum(SERIES_KINDS).optional().meta({
    description:
      'gapless (default), or fast: a failure leaves a gap. Not for invoice, receipt, credit_note and day_close.',
  }),
  startNumber: z.int().min(1).max(1_000_000_000).optional().meta({
    description:
      'Of its first document, 1 by default: the next number of another system, where the series goes on from it. Later periods begin at 1.',
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
    .meta({ description: 'Only this month, or this year of a series that begins again each year.' }),
  limit: inQuery(z.int('Give a whole number from 1 on.').min(1))
    .optional()
    .meta({ description: 'Documents to look at in this answer, for who wants to see it going on.' }),
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
    duplicates: z.array(z.string()).meta({ description: 'The first hundred of this answer; they count as faults.' }),
    chainIntact: z.boolean().nullable().meta({ description: 'null: a fast series keeps no chain.' }),
    faultCount: z.int(),
    faults: z
      .array(z.object({ documentId: id, number: z.string(), problem: z.string() }))
      .meta({ description: 'The first hundred of this answer.' }),
    clean: z.boolean().nullable().meta({
      description:
        'Nothing to object to. A fast series may have gaps. null: nothing yet, and there is more to look at.',
    }),
    nextCursor: z.string().nullable().meta({
      description: 'Goes on behind `last`, as long as it is not null. Counts include those of the answers before.',
    }),
  })
  .meta({ id: 'DocumentSeriesAudit' });
