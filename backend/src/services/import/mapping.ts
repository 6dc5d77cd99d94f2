/** The mapping: what the columns of another till's file mean. One schema for HTTP, command line and documentation. */
import { z } from 'zod';
import { CHOICE_SHAPES } from '../../domain/choiceText.js';
import { ORDER_TYPES } from '../../domain/menu.js';
import { timeReader } from '../../domain/timeText.js';

const MAX_COLUMNS = 1000;
const MAX_JOINED = 5;

const column = z
  .union([z.string().trim().min(1).max(200), z.int().min(1).max(MAX_COLUMNS)], {
    error: 'Name a column by its heading, or by its number: 1 is the first.',
  })
  .meta({ id: 'ImportColumn', description: 'Heading of a column, or its number from 1.', examples: ['order_id', 3] });

const columns = z
  .union([column, z.array(column).min(1).max(MAX_JOINED)], {
    error: `Name a column by its heading or number, or up to ${MAX_JOINED} of them in a list.`,
  })
  .meta({ description: 'One column, or several whose texts are joined.' });

const timeFormat = z.string().min(1).max(60).superRefine(checkTimeFormat);

const time = z.union(
  [
    z.strictObject({
      column: columns.meta({ description: 'Several, as a date and a time of day, are joined with a blank.' }),
      format: z
        .union([timeFormat, z.array(timeFormat).min(1).max(MAX_JOINED)])
        .default('iso')
        .meta({
          description:
            '`iso`, `unix` (seconds), `unix_ms`, or a pattern such as `dd/MM/yyyy HH:mm`. Several are tried in their order.',
        }),
    }),
    z.strictObject({
      fixed: z
        .string()
        .max(60)
        .superRefine(checkFixedTime)
        .meta({ description: 'One time for every order of a file that has none.', examples: ['2015-02-01T12:00:00'] }),
    }),
  ],
  { error: 'Give {"column": ..., "format": ...}, or {"fixed": "2015-02-01T12:00:00"} when the file has no times.' },
);

const choices = z.strictObject({
  column: columns.meta({ description: 'Several are read one after the other.' }),
  shape: z.enum(CHOICE_SHAPES, { error: `Give one of: ${CHOICE_SHAPES.join(', ')}.` }),
  separator: z.string().min(1).max(10).default(',').meta({ description: 'Between two choices; not for `json`.' }),
  none: z
    .array(z.string().max(50))
    .max(20)
    .default(['NULL', ''])
    .meta({ description: 'Cells that mean: no choice. An empty cell always does.' }),
});

const orderType = z.enum(ORDER_TYPES, { error: `Give one of: ${ORDER_TYPES.join(', ')}.` });

const type = z.union(
  [
    z.strictObject({
      column,
      values: z
        .record(z.string(), orderType)
        .default({})
        .meta({ description: 'What the till calls them, e.g. `{"Eat in": "dine_in"}`.' }),
      otherwise: orderType.optional().meta({ description: 'For cells that are empty or not listed.' }),
    }),
    z.strictObject({ fixed: orderType }),
  ],
  { error: 'Give {"column": ..., "values": {...}}, or {"fixed": "takeaway"}.' },
);

export const mappingSchema = z
  .strictObject({
    source: z
      .string()
      .trim()
      .min(1)
      .max(50)
      .default('import')
      .meta({ description: 'Name of the other till. With the order id it says which order is which.' }),
    encoding: z
      .string()
      .max(40)
      .refine(isEncoding, 'No such encoding. Leave it out, or give for example "utf-8", "windows-1252", "iso-8859-15".')
      .optional()
      .meta({ description: 'A label of the WHATWG Encoding Standard. Absent: found out.' }),
    delimiter: z
      .string()
      .refine((value) => value === 'auto' || /^.$/su.test(value), 'Give one character, or "auto".')
      .refine((value) => !/["\r\n]/.test(value), 'A quote or a line end cannot part columns.')
      .default('auto'),
    quote: z.enum(['auto', 'on', 'off'], { error: 'Give "auto", "on" or "off".' }).default('auto'),
    header: z.boolean().default(true).meta({ description: 'Whether the first line holds the headings.' }),
    skipLines: z
      .int()
      .min(0)
      .max(1000)
      .default(0)
      .meta({ description: 'Lines before the headings that are to be passed over.' }),
    orderId: columns.meta({
      description: 'Several, as a date and a number that starts again daily, are joined with "-".',
    }),
    time,
    item: column,
    category: column.optional(),
    variant: column.optional(),
    choices: choices.optional(),
    quantity: column.optional().meta({ description: 'Absent: 1.' }),
    unitPrice: column
      .optional()
      .meta({ description: 'Price of one unit, choices included. Either this or `linePrice`.' }),
    linePrice: column.optional().meta({ description: 'Price of the whole line, quantity included.' }),
    decimalSeparator: z
      .enum(['.', ','], { error: 'Give "." or ",".' })
      .optional()
      .meta({ description: 'Absent: read from each number, where that is certain.' }),
    currency: column.optional().meta({ description: 'Column with ISO 4217 codes. Absent: the restaurant’s currency.' }),
    type: type.optional().meta({ description: 'Absent: takeaway.' }),
    depleteStock: z.boolean().default(false).meta({
      description:
        'Whether new orders take their ingredients from stock, by the recipes of now. Leave it out for sales older than the last count.',
    }),
  })
  .superRefine((mapping, context) => {
    const fault = (path: (string | number)[], message: string) => context.addIssue({ code: 'custom', path, message });
    if (mapping.unitPrice === undefined && mapping.linePrice === undefined) {
      fault(
        ['unitPrice'],
        'Name the column of the price: "unitPrice" for one unit, or "linePrice" for the whole line.',
      );
    }
    if (mapping.unitPrice !== undefined && mapping.linePrice !== undefined) {
      fault(['linePrice'], 'Name either "unitPrice" or "linePrice", not both.');
    }
    if (!mapping.header) {
      for (const { path, column: named } of columnsOf(mapping)) {
        if (typeof named === 'string') fault(path, 'Without headings columns go by number: 1 is the first.');
      }
    }
  })
  .meta({ id: 'ImportMapping', description: 'What the columns of the file mean. See docs/import.md.' });

export type Mapping = z.output<typeof mappingSchema>;
export type ColumnName = z.output<typeof column>;

/** Every column that a mapping names, and where it names it. */
export function columnsOf(
  mapping: Pick<Mapping, 'orderId' | 'time' | 'item'> & Partial<Mapping>,
): { path: (string | number)[]; column: ColumnName }[] {
  const found: { path: (string | number)[]; column: ColumnName }[] = [];
  const add = (path: (string | number)[], named: ColumnName | ColumnName[] | undefined) => {
    if (Array.isArray(named)) named.forEach((one, index) => found.push({ path: [...path, index], column: one }));
    else if (named !== undefined) found.push({ path, column: named });
  };
  add(['orderId'], mapping.orderId);
  if ('column' in mapping.time) add(['time', 'column'], mapping.time.column);
  for (const field of ['item', 'category', 'variant', 'quantity', 'unitPrice', 'linePrice', 'currency'] as const) {
    add([field], mapping[field]);
  }
  add(['choices', 'column'], mapping.choices?.column);
  if (mapping.type && 'column' in mapping.type) add(['type', 'column'], mapping.type.column);
  return found;
}

function checkTimeFormat(format: string, context: z.RefinementCtx): void {
  const reader = timeReader(format);
  if (typeof reader !== 'function') context.addIssue({ code: 'custom', message: `${reader.fault}.` });
}

function checkFixedTime(text: string, context: z.RefinementCtx): void {
  const reader = timeReader('iso');
  if (typeof reader === 'function' && reader(text, 'UTC') !== undefined) return;
  context.addIssue({
    code: 'custom',
    message: 'Give a time as 2015-02-01T12:00:00, by the restaurant’s clock, or with an offset.',
  });
}

function isEncoding(label: string): boolean {
  try {
    return new TextDecoder(label).encoding !== '';
  } catch {
    return false;
  }
}
