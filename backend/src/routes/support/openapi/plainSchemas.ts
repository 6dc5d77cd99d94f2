/**
 * Schemas in the one form that generators of clients read alike. The fuller forms that the checks
 * themselves need stay in the code.
 */
import { type ApiDocument, changeSchemas, type Schema, withParts } from './document.js';

/** Formats that state more than their patterns, which readers need not compile. */
const KNOWN_FORMATS: ReadonlySet<string> = new Set(['uuid', 'date', 'date-time', 'email', 'uri']);

/** Leaves out needless bounds and patterns, and writes each nullable schema and flag in one way. */
export function simplify(document: ApiDocument): void {
  changeSchemas(document, plain);
}

function plain(schema: Schema): Schema {
  return withOneNull(asFlag(withoutNeedless(withParts(schema, plain))));
}

/** Every JSON integer is between these bounds, so they say nothing. */
function withoutNeedless(schema: Schema): Schema {
  const next = { ...schema };
  if (next.minimum === Number.MIN_SAFE_INTEGER) delete next.minimum;
  if (next.maximum === Number.MAX_SAFE_INTEGER) delete next.maximum;
  if (next.format !== undefined && KNOWN_FORMATS.has(next.format)) delete next.pattern;
  // An object's field names are always text.
  delete next.propertyNames;
  return next;
}

/** The text "true" or "false" of a query or a form is a boolean in the language of OpenAPI. */
function asFlag(schema: Schema): Schema {
  if (schema.enum?.length !== 2 || !schema.enum.every((one) => one === 'true' || one === 'false')) return schema;
  const { enum: _, default: usual, ...rest } = schema;
  return { ...rest, type: 'boolean', ...(usual === undefined ? {} : { default: usual === 'true' }) };
}

/**
 * A schema that allows null names it among its types. Only a reference or a choice, which has no
 * type of its own, has it as its last choice.
 */
function withOneNull(schema: Schema): Schema {
  const choice = schema.anyOf ? 'anyOf' : 'oneOf';
  const flat = (schema[choice] ?? []).flatMap((one) => (isPlainChoice(one, choice) ? (one[choice] ?? []) : [one]));
  if (!flat.some(isNull)) return schema;
  const others = flat.filter((one) => !isNull(one));
  const { anyOf: _, oneOf: __, ...outer } = schema;
  const [only] = others;
  if (others.length !== 1 || only?.type === undefined)
    return { ...outer, [others.length === 1 ? 'anyOf' : choice]: [...others, { type: 'null' }] };
  return { ...withNull(only), ...outer };
}

function withNull(schema: Schema): Schema {
  const { const: only, ...rest } = schema;
  const values = only === undefined ? schema.enum : [only];
  return { ...rest, type: [schema.type ?? []].flat().concat('null'), ...(values ? { enum: [...values, null] } : {}) };
}

/** A choice without words of its own can be part of the choice around it. */
function isPlainChoice(schema: Schema, choice: 'anyOf' | 'oneOf'): boolean {
  return schema[choice] !== undefined && Object.keys(schema).length === 1;
}

function isNull(schema: Schema): boolean {
  return schema.type === 'null';
}
