/** Common parts of the mappings of all imports: file format and column names. */
import { z } from 'zod';

/** Tills export some dozens. */
export const MAX_COLUMNS = 500;
export const MAX_JOINED = 5;

export const column = z
  .union([z.string().trim().min(1).max(200), z.int().min(1).max(MAX_COLUMNS)], {
    error: 'Name a column by its heading, or by its number: 1 is the first.',
  })
  .meta({ id: 'ImportColumn', description: 'Heading of a column, or its number from 1.', examples: ['order_id', 3] });

export const columns = z
  .union([column, z.array(column).min(1).max(MAX_JOINED)], {
    error: `Name a column by its heading or number, or up to ${MAX_JOINED} of them in a list.`,
  })
  .meta({ description: 'One column, or several whose texts are joined.' });

/** Fields of every mapping. */
export const fileFields = {
  source: z
    .string()
    .trim()
    .min(1)
    .max(50)
    .default('import')
    .meta({ description: 'Name of the other till. Together with the order id, it identifies an order.' }),
  encoding: z
    .string()
    .max(40)
    .refine(
      isEncoding,
      'This encoding is not known. Leave it out, or give for example "utf-8", "windows-1252" or "iso-8859-15".',
    )
    .optional()
    .meta({ description: 'A label of the WHATWG Encoding Standard. Absent: detected.' }),
  delimiter: z
    .string()
    .refine((value) => value === 'auto' || /^.$/su.test(value), 'Give one character, or "auto".')
    .refine((value) => !/["\r\n]/.test(value), 'A quote or a line end cannot be the delimiter. Give another character.')
    .default('auto'),
  quote: z.enum(['auto', 'on', 'off'], { error: 'Give "auto", "on" or "off".' }).default('auto'),
  header: z.boolean().default(true).meta({ description: 'Whether the first line contains the headings.' }),
  skipLines: z.int().min(0).max(1000).default(0).meta({ description: 'Number of lines to skip before the headings.' }),
  decimalSeparator: z
    .enum(['.', ','], { error: 'Give "." or ",".' })
    .optional()
    .meta({ description: 'Absent: detected in each number, where it is certain.' }),
};

const layout = z.object(fileFields);
export type FileLayout = z.output<typeof layout>;
export type ColumnName = z.output<typeof column>;

/** A mapped column, and its path in the mapping. */
export interface NamedColumn {
  path: (string | number)[];
  column: ColumnName;
}

/** The columns of one field: none, one, or several. */
export function namedColumns(path: (string | number)[], named: ColumnName | ColumnName[] | undefined): NamedColumn[] {
  if (named === undefined) return [];
  return Array.isArray(named)
    ? named.map((one, index) => ({ path: [...path, index], column: one }))
    : [{ path, column: named }];
}

/** Refuses column names in a mapping of a file without headings. */
export function checkHeader({ header }: FileLayout, named: readonly NamedColumn[], context: z.RefinementCtx): void {
  if (header) return;
  for (const { path, column: name } of named) {
    if (typeof name !== 'string') continue;
    context.addIssue({
      code: 'custom',
      path,
      message: 'A file without headings has no column names. Give the number of the column: 1 is the first.',
    });
  }
}

function isEncoding(label: string): boolean {
  try {
    return new TextDecoder(label).encoding !== '';
  } catch {
    return false;
  }
}
