/** Bodies that a JSON schema of /openapi.json allows, with ids of the caller's choice. */
import type { Json } from './api.js';

/** Where a value stands: field names, and `*` for the items of an array. */
export type SchemaPath = readonly string[];

/** Where a schema sets no bound. */
const MANY = 1_000;

interface SampleOptions {
  /** A path that must be there although the schema does not demand it. */
  include?: SchemaPath;
  /** All fields, with lists and texts of this share of the length that they may have. */
  share?: number;
  /** The id to put at a place. */
  idAt: (path: SchemaPath) => string;
}

/** Texts for the patterns that schemas have: the first that fits is taken. */
const TEXTS = [
  'Sample',
  'EUR',
  '10',
  '12:00',
  'Europe/Berlin',
  'sample@example.com',
  '2030-05-05',
  'ABC123',
  'kg',
  '+4915112345678',
  'DE',
];
const TEXTS_BY_FORMAT: Record<string, string> = {
  'date-time': '2035-06-07T12:00:00Z',
  date: '2035-06-07',
  email: 'sample@example.com',
  uri: 'https://example.com/hook',
};
const TEXTS_BY_FIELD: Record<string, string> = { timezone: 'Europe/Berlin', currency: 'EUR' };

export class SchemaSampler {
  readonly #document: Json;

  constructor(document: Json) {
    this.#document = document;
  }

  /** Paths of all ids that a body may hold. */
  idPaths(schema: Json, path: SchemaPath = []): SchemaPath[] {
    const found = this.resolve(schema);
    if (found.format === 'uuid') return [path];
    if (found.items) return this.idPaths(found.items, [...path, '*']);
    return Object.entries(found.properties ?? {}).flatMap(([name, field]) => this.idPaths(field, [...path, name]));
  }

  /**
   * The smallest body that the schema allows. If all fields are optional, it has the first simple
   * one.
   */
  sample(schema: Json, options: SampleOptions, path: SchemaPath = []): Json {
    const found = this.resolve(schema);
    if (found.const !== undefined) return found.const;
    if (found.enum) return found.enum[0];
    switch (Array.isArray(found.type) ? found.type[0] : found.type) {
      case 'array':
        if (options.share !== undefined) {
          const length = Math.max(found.minItems ?? 0, Math.ceil((found.maxItems ?? MANY) * options.share));
          return Array.from({ length }, () => this.sample(found.items, options, [...path, '*']));
        }
        return found.minItems > 0 || isOnWay(path, options.include)
          ? [this.sample(found.items, options, [...path, '*'])]
          : [];
      case 'integer':
      case 'number':
        return Math.max(found.minimum ?? 1, 1);
      case 'boolean':
        return true;
      case 'string':
        return found.format === 'uuid' ? options.idAt(path) : this.#text(found, path, options.share);
      default:
        return this.#object(found, options, path);
    }
  }

  #object(schema: Json, options: SampleOptions, path: SchemaPath): Json {
    const fields: [string, Json][] = Object.entries(schema.properties ?? {});
    const wanted = new Set<string>(schema.required ?? []);
    const next = options.include?.[path.length];
    if (next !== undefined && isOnWay(path, options.include)) wanted.add(next);
    if (options.share !== undefined) for (const [name] of fields) wanted.add(name);
    if (wanted.size === 0 && path.length === 0) {
      const simple = fields.find(([, field]) => ['string', 'integer'].includes(this.resolve(field).type));
      if (simple) wanted.add(simple[0]);
    }
    return Object.fromEntries(
      fields
        .filter(([name]) => wanted.has(name))
        .map(([name, field]) => [name, this.sample(field, options, [...path, name])]),
    );
  }

  #text(schema: Json, path: SchemaPath, share = 0): string {
    const byName = TEXTS_BY_FIELD[path.at(-1) ?? ''] ?? TEXTS_BY_FORMAT[schema.format];
    const text = byName ?? TEXTS.find((one) => schema.pattern === undefined || new RegExp(schema.pattern).test(one));
    if (text === undefined && share > 0) return 'Sample';
    if (text === undefined) throw new Error(`No sample text matches ${schema.pattern} at ${path.join('.')}: add one.`);
    const isFree = byName === undefined && schema.pattern === undefined;
    const length = isFree ? Math.floor((schema.maxLength ?? MANY) * share) : 0;
    return text.padEnd(Math.max(schema.minLength ?? 0, length), 'x');
  }

  /** Follows references, and takes the first choice that is not null. */
  resolve(schema: Json): Json {
    if (schema.$ref)
      return this.resolve(
        schema.$ref
          .slice(2)
          .split('/')
          .reduce((node: Json, part: string) => node[part], this.#document),
      );
    const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf;
    if (!choices) return schema;
    return this.resolve(choices.find((choice: Json) => choice.type !== 'null'));
  }
}

function isOnWay(path: SchemaPath, include: SchemaPath | undefined): boolean {
  return include !== undefined && path.length < include.length && path.every((part, index) => part === include[index]);
}
