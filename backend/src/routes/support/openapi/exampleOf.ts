/** Examples of bodies, made from their schemas: as a person would write them, and always valid. */
import { EXAMPLE_ID } from '../../schemas/common.js';
import { nameOf, type Schema } from './document.js';

const BY_FORMAT: Record<string, string> = {
  uuid: EXAMPLE_ID,
  date: '2026-11-22',
  'date-time': '2026-11-22T18:30:00.000Z',
  email: 'mia@example.com',
  uri: 'https://example.com/hook',
  binary: '',
};
/** Texts and numbers by the field that has them; a part of a longer name will do. */
const BY_FIELD: [RegExp, unknown][] = [
  [/^currency$/, 'EUR'],
  [/^timezone$/, 'Europe/Berlin'],
  [/^(?:restaurantName)$/, 'Café Servio'],
  [/^(?:accessToken|refreshToken|token|secret|ticket)$/, 'sk_019ab3f06c1e_example'],
  [/password$/i, 'a long enough password'],
  [/^phone$|^to$/, '+4915112345678'],
  [/^address$/, 'Marktplatz 1, 10117 Berlin'],
  [/^reason$/, 'The guest changed their mind'],
  [/^notes?$/, 'No onions'],
  [/^(?:table)$/, '12'],
  [/^(?:number)$/, 'ORD-2026-11-0001'],
  [/^language$/, 'en'],
  [/^unit$/, 'kg'],
  [/^variantName$/, 'Large'],
  [/^categoryName$/, 'Soups'],
  [/supplierName$/i, 'Green Valley Produce'],
  [/name$/i, 'Tomato soup'],
  [/^text$|^question$/, 'How many soups did we sell yesterday?'],
  [/^(?:price|amount|subtotal|total|unitPrice|grossAmount)$|Total$/, 1250],
  [/^quantity$/, 2],
  [/^(?:rate|percent)$/, '19'],
  [/^(?:guests|seat)$/, 2],
  [/^(?:expiresIn)$/, 900],
  [/cursor$/i, 'eyJpZCI6IjAxOWFiM2YwIn0'],
  [/^code$/, 'K7PM4XWD'],
  [/^iban$/i, 'DE89370400440532013000'],
  [/^bic$/i, 'COBADEFFXXX'],
  [/^createdBy$/, `user:${EXAMPLE_ID}`],
];
/** For texts whose pattern fits none of the above. */
const TEXTS = ['Example', '1.250', '10', '12:00', 'EUR', 'DE', '2026-11', 'ABC123', 'kg', '+4915112345678', 'a'];
/** Lists below this depth are empty. */
const MOST_DEPTH = 6;

export interface ExampleOptions {
  schemas: Record<string, Schema>;
  /** Only what must be sent, and one field of a body that demands none. */
  isShort: boolean;
}

export function exampleOf(schema: Schema, options: ExampleOptions, field = '', depth = 0): unknown {
  const name = nameOf(schema);
  if (schema.examples?.length) return schema.examples[0];
  if (name !== undefined) return exampleOf(options.schemas[name] ?? {}, options, field, depth);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (schema.default !== undefined && !schema.properties && !options.isShort) return schema.default;
  const choice = (schema.oneOf ?? schema.anyOf)?.[0];
  if (choice) return exampleOf(choice, options, field, depth);
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map((one) => exampleOf(one, options, field, depth)));
  switch ([schema.type].flat()[0]) {
    case 'object':
    case undefined:
      return objectExample(schema, options, depth);
    case 'array':
      if (!schema.items || (!schema.minItems && depth > (options.isShort ? 1 : MOST_DEPTH))) return [];
      return [exampleOf(schema.items, options, field.replace(/s$/, ''), depth + 1)];
    case 'boolean':
      return true;
    case 'integer':
    case 'number':
      return numberExample(schema, field);
    default:
      return textExample(schema, field);
  }
}

function objectExample(schema: Schema, options: ExampleOptions, depth: number): object {
  const fields = Object.entries(schema.properties ?? {});
  const required = new Set(schema.required ?? []);
  const wanted = fields.filter(([name]) => !options.isShort || required.has(name));
  const shown = wanted.length > 0 || depth > 1 ? wanted : fields.slice(0, 1);
  return Object.fromEntries(shown.map(([name, one]) => [name, exampleOf(one, options, name, depth + 1)]));
}

function numberExample({ minimum = -Infinity, maximum = Infinity }: Schema, field: string): number {
  const usual = BY_FIELD.find(([pattern, value]) => typeof value === 'number' && pattern.test(field))?.[1];
  return Math.min(Math.max(typeof usual === 'number' ? usual : 1, minimum), maximum);
}

function textExample(schema: Schema, field: string): string {
  const byFormat = BY_FORMAT[schema.format ?? ''];
  if (byFormat !== undefined) return byFormat;
  const usual = BY_FIELD.flatMap(([pattern, value]) =>
    typeof value === 'string' && pattern.test(field) ? [value] : [],
  );
  const fits = (text: string) =>
    (schema.pattern === undefined || new RegExp(schema.pattern, 'u').test(text)) &&
    text.length <= (schema.maxLength ?? Infinity) &&
    text.length >= (schema.minLength ?? 0);
  const found = [...usual, ...TEXTS].find(fits);
  return found ?? 'x'.repeat(schema.minLength ?? 1);
}
