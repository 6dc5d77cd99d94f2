/**
 * Bodies at the bounds of a JSON schema of /openapi.json: each value is as small, as large or as
 * long as the schema allows.
 */
import type { Json } from './api.js';

export interface BoundaryOptions {
  /** From 0 to below 1. */
  random: () => number;
  /** The id for a field of this name. */
  idFor: (field: string) => string | undefined;
}

const MOST_ITEMS = 3;
/** Where a schema names no length. */
const LONGEST = 2_000;
/** For patterns: those that fit are taken from. */
const TEXTS =
  '0 1 2.5 -1 100 99.9999 999999999999999 999999999999.999999 -999999999999.999999 0.000001 12:00 24:00 EUR DE 2026-11 Sample'.split(
    ' ',
  );
const TEXTS_BY_FORMAT: Record<string, string> = {
  'date-time': '2026-11-10T10:00:00.000Z',
  date: '2026-11-10',
  email: 'guest@example.com',
};

/** Fields that the rest of a body depends on, or whose format the schema does not state. */
const TEXTS_BY_FIELD: Record<string, string> = {
  unit: 'kg',
  packUnit: 'kg',
  email: 'guest@example.com',
  timezone: 'Europe/Berlin',
};
const UNIQUE = /^(?:name|prefix)$/;
/** The first that is there stays. */
const EXCLUSIVE = [
  ['amount', 'percent'],
  ['lines', 'orderId', 'quotationId', 'purchaseOrderId', 'goodsReceiptId', 'stockCountId'],
  ['recipeId', 'inventoryItemId', 'menuItemId'],
];
/** Fields that take a dish off the menu, so that no order of it could succeed. */
const NEVER = new Set(
  'availability schedules until remaining openingHours units scheduledFor variantId variants modifiers'.split(' '),
);

export class BoundaryBodies {
  readonly #document: Json;
  readonly #options: BoundaryOptions;
  #made = 0;

  constructor(document: Json, options: BoundaryOptions) {
    this.#document = document;
    this.#options = options;
  }

  /**
   * A value that the schema allows. Undefined if none of the known texts fits, or if no id is known
   * for a field.
   */
  value(schema: Json, field = ''): Json {
    const found = this.#resolve(schema);
    if (found.const !== undefined) return found.const;
    if (found.enum) return this.#pick(found.enum);
    const ways = found.anyOf ?? found.oneOf;
    if (ways) return this.value(this.#pick(ways), field);
    if (found.allOf) return this.value(Object.assign({}, ...found.allOf.map((one: Json) => this.#resolve(one))), field);
    switch (Array.isArray(found.type) ? this.#pick(found.type) : found.type) {
      case 'null':
        return null;
      case 'boolean':
        return /^(?:isAvailable|accept\w+)$/.test(field) || this.#options.random() < 0.5;
      case 'integer':
      case 'number':
        return this.#number(found);
      case 'array':
        return this.#items(found, field);
      case 'string':
        return this.#text(found, field);
      default:
        return this.#object(found);
    }
  }

  #number({ minimum = Number.MIN_SAFE_INTEGER, maximum = Number.MAX_SAFE_INTEGER }: Json): number {
    const small = Math.min(Math.max(1, minimum), maximum);
    return this.#isPlain() ? small : this.#pick([minimum, maximum]);
  }

  /** Every other value is an ordinary one, so that a body as a whole has a chance. */
  #isPlain(): boolean {
    return this.#options.random() < 0.6;
  }

  #items(schema: Json, field: string): Json {
    const least = schema.minItems ?? 0;
    const count =
      least + Math.floor(this.#options.random() * (Math.min(MOST_ITEMS, schema.maxItems ?? MOST_ITEMS) - least + 1));
    const items = Array.from({ length: Math.max(count, least) }, () => this.value(schema.items, field));
    const known = items.filter((item) => item !== undefined);
    return known.length < least ? undefined : known;
  }

  #object(schema: Json): Json {
    const required = new Set<string>(schema.required ?? []);
    const fields: [string, Json][] = [];
    for (const [name, field] of Object.entries<Json>(schema.properties ?? {})) {
      if (!required.has(name) && (NEVER.has(name) || this.#options.random() < 0.5)) continue;
      const value = this.value(field, name);
      if (value === undefined && required.has(name)) return undefined;
      if (value !== undefined) fields.push([name, value]);
    }
    return withOneOf(Object.fromEntries(fields));
  }

  #text(schema: Json, field: string): string | undefined {
    if (schema.format === 'uuid') return this.#options.idFor(field);
    const known = TEXTS_BY_FORMAT[schema.format];
    if (known !== undefined) return known;
    const usual = TEXTS_BY_FIELD[field];
    if (usual !== undefined) return usual;
    if (UNIQUE.test(field)) {
      this.#made += 1;
      return `N${this.#made}`;
    }
    if (schema.pattern === undefined) return this.#pick(['Sample', 'W'.repeat(schema.maxLength ?? LONGEST)]);
    const fitting = TEXTS.filter((text) => new RegExp(schema.pattern, 'u').test(text));
    if (fitting.length === 0) return undefined;
    return this.#isPlain() ? (fitting.find((text) => text === '1') ?? fitting[0]) : this.#pick(fitting);
  }

  #pick<T>(all: readonly T[]): T {
    const index = Math.floor(this.#options.random() * all.length);
    // The index lies within.
    return all[index] as T;
  }

  #resolve(schema: Json): Json {
    const name = /^#\/components\/schemas\/(.+)$/.exec(schema.$ref ?? '')?.[1];
    return name === undefined ? schema : this.#resolve(this.#document.components.schemas[name]);
  }
}

/** Keeps one of several fields that exclude each other. JSON schemas do not state this. */
function withOneOf(body: Json): Json {
  for (const names of EXCLUSIVE) {
    const [kept, ...others] = names.filter((name) => name in body);
    if (kept !== undefined) for (const name of others) delete body[name];
  }
  return body;
}
