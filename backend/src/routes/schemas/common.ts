/** Building blocks of request and response schemas. */
import { z } from 'zod';
import { isCountry } from '../../domain/restaurant/country.js';
import { WEEKDAYS } from '../../domain/restaurant/localTime.js';
import { isCurrency, MAX_AMOUNT } from '../../domain/number/money.js';
import { PRINT_LANGUAGES } from '../../domain/restaurant/printLanguage.js';
import { decimal, money } from './exported.js';

const CURRENCY_HINT = 'Give the ISO 4217 code of a currency in capitals, for example "EUR".';
const COUNTRY_HINT = 'Give the ISO 3166-1 code of a country in two capitals, for example "DE".';
const MAX_CURSOR_CHARS = 1000;
/** The longest address that SMTP can carry (RFC 5321, 4.5.3.1.3). */
const MAX_EMAIL_CHARS = 254;
const PERCENT = /^(?:100(?:\.0{1,4})?|[1-9]?\d(?:\.\d{1,4})?)$/;
const PERCENT_HINT = 'Give a percentage from 0 to 100 with at most four decimals, for example "8.875".';

/** A UUID, turned into lower case: ids are compared as text. */
export const id = z.uuid('Give the id of a resource: a UUID.').toLowerCase();

/**
 * In examples of requests. They are an `override`: zod drops `examples` where it transforms what is
 * sent.
 */
export const EXAMPLE_ID = '019ab3f0-6c1e-7d42-9b58-2f6a1c0d4e77';

export const idParams = z.object({ id });

/**
 * An instant in UTC, cut to the millisecond. PostgreSQL would round a finer one; at the end of 9999
 * it would round it into a year that the API cannot express.
 */
export const timestamp = z.iso
  .datetime('Give an instant in UTC, for example "2026-11-22T18:30:00Z".')
  .refine((value) => !value.startsWith('0000'), 'There is no year 0000.')
  // Also runs on a value that a check above refused: such a value stays unchanged.
  .overwrite((value) => (Number.isNaN(Date.parse(value)) ? value : new Date(value).toISOString()));

/** Fields of every resource that people edit. */
export const edited = { id, version: z.int(), createdAt: timestamp, updatedAt: timestamp };

/** A currency that a caller chooses. */
export const currencyCode = z
  .string()
  .regex(/^[A-Z]{3}$/, CURRENCY_HINT)
  .refine(isCurrency, { error: CURRENCY_HINT, params: { rule: 'format' } });

export const currency = z.string().meta({ description: 'ISO 4217.', examples: ['EUR'] });

/** The same fields for PATCH: each is optional, but at least one must be sent. */
export function patchOf<T extends z.ZodRawShape>(schema: z.ZodObject<T>) {
  return schema
    .partial()
    .refine((sent) => Object.values(sent).some((value) => value !== undefined), 'Send at least one field to change.');
}

/** A day on the restaurant's calendar. */
export const businessDate = z.iso
  .date('Give a day as YYYY-MM-DD.')
  .refine((value) => !value.startsWith('0000'), 'There is no year 0000.');

/** Money in minor units of the currency. */
export const amount = money(
  z
    .int('Give money as an integer in minor units: 12.50 EUR is 1250.')
    .min(0, 'Money cannot be negative here.')
    .max(MAX_AMOUNT, `Give at most ${MAX_AMOUNT} minor units.`),
);

/** A percentage as exact decimal text without trailing zeros. A JSON number is accepted too. */
export const percent = decimal(
  z
    .union([z.string().regex(PERCENT, PERCENT_HINT), z.number().min(0, PERCENT_HINT).max(100, PERCENT_HINT)], {
      error: PERCENT_HINT,
    })
    .transform((value) => withoutNeedlessZeros(String(value)))
    .pipe(z.string().regex(PERCENT, PERCENT_HINT)),
).meta({ id: 'Percent', examples: ['8.875'] });

/** A sum of money in minor units. It may exceed `MAX_AMOUNT`, for example over a year. */
export const sum = money(z.int().min(0));

/** As `sum`, where returned deposits may lower it below zero. */
export const signedSum = money(z.int());

const LARGE = 'From 9007199254740992 upwards it is decimal text, because JSON readers round such large numbers.';

/** A sum over many orders. */
export const total = money(z.union([z.int().min(0), z.string().regex(/^[1-9]\d{15,}$/)])).meta({
  id: 'Total',
  description: `Minor units. ${LARGE}`,
});

/** A sum over many orders that may be negative. */
export const balance = money(z.union([z.int(), z.string().regex(/^-?[1-9]\d{15,}$/)])).meta({
  id: 'Balance',
  description: `Minor units; negative when more money went out than came in. ${LARGE}`,
});

/** Cash beyond an amount, because small coins are missing; negative: less. */
export const rounding = money(z.int());

/**
 * Text without the blanks around it; empty text is refused. Text that is too long gets no further
 * checks.
 */
export function text(maxChars: number) {
  const error = `Give at most ${maxChars} characters.`;
  return z.string().trim().min(1, 'This must not be empty.').max(maxChars, { abort: true, error });
}

/** Text that may be absent; null removes it. */
export function optionalText(maxChars: number) {
  return text(maxChars).nullable().optional();
}

/** Described alike in requests and answers: the check comes after the trimming. */
export const email = z
  .string()
  .trim()
  .max(MAX_EMAIL_CHARS)
  .pipe(z.email('Give an e-mail address.'))
  .meta({ override: { type: 'string', format: 'email', maxLength: MAX_EMAIL_CHARS, pattern: undefined } });

const timeOfDay = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$/, 'Give a time of day as HH:MM.');

const endOfInterval = z
  .string()
  .regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, 'Give a time of day as HH:MM, at most 24:00.');

export const weeklyInterval = z
  .strictObject({
    days: z.array(z.enum(WEEKDAYS)).min(1, 'Name at least one day.').max(WEEKDAYS.length),
    from: timeOfDay,
    to: endOfInterval,
  })
  .meta({
    id: 'WeeklyInterval',
    description: 'Local times of the restaurant. If the end is at or before the start, it is on the next day.',
  });

/** A number in a query: it arrives as text. */
export function inQuery(schema: z.ZodInt) {
  return z.preprocess((text) => (typeof text === 'string' && /^\d+$/.test(text) ? Number(text) : text), schema);
}

/** A boolean in a query: it arrives as text. */
export const flag = z.enum(['true', 'false']).transform((value) => value === 'true');

/** Several values of a filter, separated by commas. @param purpose begins its description. */
export function severalOf<Value extends string>(values: readonly Value[], purpose = '') {
  return z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(values)).max(values.length, 'Name each value once.'))
    .optional()
    .meta({
      description: `${purpose}Separated by commas: ${values.join(', ')}.`,
      examples: [values.slice(0, 2).join(',')],
    });
}

export const cursor = z.string().min(1).max(MAX_CURSOR_CHARS).optional();

/** Query of every list; `.extend` adds filters. */
export const pageQuery = z.strictObject({
  limit: inQuery(z.int('Give a whole number from 1 to 100.').min(1).max(100)).default(25),
  cursor,
});
export const searchQuery = pageQuery.extend({
  q: text(100).optional().meta({ description: 'Part of the name. Upper and lower case are treated alike.' }),
});

/** Answer of every list. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ data: z.array(item), nextCursor: z.string().nullable() });
}

function withoutNeedlessZeros(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
}

/** A country that a caller names. */
export const country = z
  .string()
  .regex(/^[A-Z]{2}$/, COUNTRY_HINT)
  .refine(isCountry, { error: COUNTRY_HINT, params: { rule: 'format' } })
  .meta({ description: 'ISO 3166-1 alpha-2.', examples: ['DE'] });

/** A number from a tax office. The service checks the format of its country. */
export function taxOfficeNumber(description: string) {
  return text(30).meta({ description });
}

export const printLanguage = z
  .enum(PRINT_LANGUAGES)
  .meta({ description: 'Language of labels, numbers and dates in print.' });
