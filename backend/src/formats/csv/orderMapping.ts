/**
 * The mapping: the meaning of the columns in another till's file. One schema for HTTP, command line
 * and documentation.
 */
import { z } from 'zod';
import { CHOICE_SHAPES } from './choiceText.js';
import { ORDER_TYPES } from '../../domain/menu/menu.js';
import { timeReader } from './timeText.js';
import { checkHeader, column, columns, fileFields, MAX_JOINED, type NamedColumn, namedColumns } from './fileMapping.js';

const timeFormat = z.string().min(1).max(60).superRefine(checkTimeFormat);

const time = z.union(
  [
    z.strictObject({
      column: columns.meta({
        description: 'Several columns, such as a date and a time of day, are joined with a space.',
      }),
      format: z
        .union([timeFormat, z.array(timeFormat).min(1).max(MAX_JOINED)])
        .default('iso')
        .meta({
          description:
            '`iso`, `unix` (seconds), `unix_ms`, or a pattern such as `dd/MM/yyyy HH:mm`. Several formats are tried in the given order.',
        }),
    }),
    z.strictObject({
      fixed: z
        .string()
        .max(60)
        .superRefine(checkFixedTime)
        .meta({ description: 'One time for all orders of a file without times.', examples: ['2015-02-01T12:00:00'] }),
    }),
  ],
  { error: 'Give {"column": ..., "format": ...}, or {"fixed": "2015-02-01T12:00:00"} when the file has no times.' },
);

const choices = z.strictObject({
  column: columns.meta({ description: 'Several columns are read one after the other.' }),
  shape: z.enum(CHOICE_SHAPES, { error: `Give one of: ${CHOICE_SHAPES.join(', ')}.` }),
  separator: z
    .string()
    .min(1)
    .max(10)
    .default(',')
    .meta({ description: 'Text between two choices; not used for `json`.' }),
  none: z
    .array(z.string().max(50))
    .max(20)
    .default(['NULL', ''])
    .meta({ description: 'Texts that mean no choice. An empty cell always means no choice.' }),
});

const allergens = z.strictObject({
  column,
  separator: z.string().min(1).max(10).optional().meta({
    description: 'Text between two of them. Absent: a comma, a semicolon or a slash.',
  }),
  legend: z
    .record(z.string().min(1).max(50), z.string().min(1).max(50))
    .default({})
    .meta({
      description:
        'What letters, numbers and abbreviations of the file mean, as codes or in words. Without it they stay text.',
      examples: [{ A: 'gluten', G: 'milk' }],
    }),
});

const orderType = z.enum(ORDER_TYPES, { error: `Give one of: ${ORDER_TYPES.join(', ')}.` });

const type = z.union(
  [
    z.strictObject({
      column,
      values: z
        .record(z.string(), orderType)
        .default({})
        .meta({ description: 'The till’s names of the types, e.g. `{"Eat in": "dine_in"}`.' }),
      otherwise: orderType.optional().meta({ description: 'Type for cells that are empty or not listed.' }),
    }),
    z.strictObject({ fixed: orderType }),
  ],
  { error: 'Give {"column": ..., "values": {...}}, or {"fixed": "takeaway"}.' },
);

export const mappingSchema = z
  .strictObject({
    ...fileFields,
    orderId: columns.meta({
      description: 'Several columns, such as a date and a number that restarts daily, are joined with "-".',
    }),
    time,
    item: column,
    category: column.optional(),
    variant: column.optional(),
    allergens: allergens.optional().meta({ description: 'Allergens of items that are new.' }),
    choices: choices.optional(),
    quantity: column.optional().meta({ description: 'Absent: 1.' }),
    unit: column.optional().meta({
      description:
        'Column of the unit: rows in kg, g, lb, oz, l, dl, cl, ml, m or h may have decimals in their quantity. Others are pieces.',
    }),
    unitPrice: column
      .optional()
      .meta({ description: 'Price of one unit, including choices. Give either this or `linePrice`.' }),
    linePrice: column.optional().meta({ description: 'Price of the whole line, for its full quantity.' }),
    currency: column.optional().meta({ description: 'Column with ISO 4217 codes. Absent: the restaurant’s currency.' }),
    type: type.optional().meta({ description: 'Absent: takeaway.' }),
    depleteStock: z.boolean().default(false).meta({
      description:
        'Whether new orders take their ingredients from stock, by the current recipes. Leave it out for sales before the last count.',
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
    checkHeader(mapping, columnsOf(mapping), context);
  })
  .meta({ id: 'ImportMapping', description: 'Meaning of the columns in the file. See docs/import.md.' });

export type Mapping = z.output<typeof mappingSchema>;

const SINGLE_COLUMNS = ['category', 'variant', 'quantity', 'unit', 'unitPrice', 'linePrice', 'currency'] as const;

/** Every column that a mapping names. */
export function columnsOf(mapping: Pick<Mapping, 'orderId' | 'time' | 'item'> & Partial<Mapping>): NamedColumn[] {
  const { time, type: typeOf } = mapping;
  return [
    ...namedColumns(['orderId'], mapping.orderId),
    ...('column' in time ? namedColumns(['time', 'column'], time.column) : []),
    ...namedColumns(['item'], mapping.item),
    ...SINGLE_COLUMNS.flatMap((field) => namedColumns([field], mapping[field])),
    ...namedColumns(['choices', 'column'], mapping.choices?.column),
    ...namedColumns(['allergens', 'column'], mapping.allergens?.column),
    ...(typeOf && 'column' in typeOf ? namedColumns(['type', 'column'], typeOf.column) : []),
  ];
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
    message: 'Give a time such as 2015-02-01T12:00:00, in the restaurant’s local time or with an offset.',
  });
}
