/**
 * Makes the lists of a schema stop early. On its own, zod checks every entry of a list before it
 * checks the length, and goes on after a hundred faults: a kilobyte of gzip kept it busy for a
 * second.
 */
import { z } from 'zod';

const bounded = new WeakSet<z.core.$ZodType>();

/**
 * Changes the lists inside a schema, for all users of these lists. A list that is too long is not
 * read, and reading stops at `mostFaults` faults.
 * @throws Error if a list has no maximum.
 */
export function boundLists(schema: z.core.$ZodType, mostFaults: number): void {
  if (bounded.has(schema)) return;
  bounded.add(schema);
  if (schema instanceof z.core.$ZodArray) boundList(schema, mostFaults);
  for (const child of childrenOf(schema)) boundLists(child, mostFaults);
}

/** The schemas to which a schema passes values. */
function childrenOf(schema: z.core.$ZodType): z.core.$ZodType[] {
  // The union of all kinds that zod has.
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'object':
      return Object.values(def.shape);
    case 'array':
      return [def.element];
    case 'union':
      return [...def.options];
    case 'intersection':
      return [def.left, def.right];
    case 'record':
      return [def.keyType, def.valueType];
    case 'pipe':
      return [def.in, def.out];
    case 'lazy':
      return [def.getter()];
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'nonoptional':
    case 'readonly':
    case 'catch':
      return [def.innerType];
    default:
      return [];
  }
}

function boundList(list: z.core.$ZodArray, mostFaults: number): void {
  const internals = list._zod;
  const most = maximumOf(list);
  const { element } = internals.def;
  const parseAll = internals.parse.bind(internals);
  const parse: typeof parseAll = (payload, context) => {
    const { value: entries } = payload;
    if (!Array.isArray(entries)) return parseAll(payload, context);
    if (entries.length > most) {
      // No further check runs on this list or around it, because its entries have not been read.
      payload.issues.push({
        code: 'too_big',
        origin: 'array',
        maximum: most,
        inclusive: true,
        input: entries,
        inst: list,
      });
      payload.value = entries.slice(0, most);
      return payload;
    }
    const read: unknown[] = [];
    for (const [index, value] of entries.entries()) {
      const result = element._zod.run({ value, issues: [] }, context);
      if (result instanceof Promise) throw new Error('a schema of a request must not wait');
      payload.issues.push(...z.core.util.prefixIssues(index, result.issues));
      if (payload.issues.length >= mostFaults) break;
      read.push(result.value);
    }
    payload.value = read;
    return payload;
  };
  internals.parse = parse;
}

/** @throws Error if the list has no maximum. */
function maximumOf({ _zod }: z.core.$ZodArray): number {
  for (const check of _zod.def.checks ?? []) {
    if (check instanceof z.core.$ZodCheckMaxLength) return check._zod.def.maximum;
  }
  throw new Error('a list in a body must have a maximum');
}
