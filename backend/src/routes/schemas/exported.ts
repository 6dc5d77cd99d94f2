/** Fields that exported tables write otherwise than answers do. */
import { z } from 'zod';

interface Mark {
  /**
   * `money`: minor units, in an export a decimal of the currency. `decimal`: decimal text, in an
   * export a number. `json`: an object that is one column.
   */
  as: 'money' | 'decimal' | 'json';
}

// Schemas derived from a marked one, by `meta` or checks, have its mark.
const marks = z.registry<Mark>();

export function markOf(schema: z.ZodType): Mark['as'] | undefined {
  return marks.get(schema)?.as;
}

/** Marks a schema of money in minor units, as an integer or as decimal text. */
export function money<T extends z.ZodType>(schema: T): T {
  marks.add(schema, { as: 'money' });
  return schema;
}

/** Marks an object that has too many fields for columns of their own: an export has it as JSON. */
export function inOneCell<T extends z.ZodType>(schema: T): T {
  marks.add(schema, { as: 'json' });
  return schema;
}

/** Marks a schema of a quantity or percentage as decimal text. */
export function decimal<T extends z.ZodType>(schema: T): T {
  marks.add(schema, { as: 'decimal' });
  return schema;
}
