/**
 * Canonical form of an issued document, the input of its hash. It leaves out a later void: voiding
 * changes the effect of a document, not its content.
 */
import type { Document } from './document.js';

/**
 * Part of every form. A form with other content takes the next number; old documents keep their
 * form.
 */
const FORM = 1;

/** The hashed fields, in the form that the API returns. */
const FIELDS = [
  'id',
  'type',
  'seriesId',
  'period',
  'counter',
  'number',
  'businessDate',
  'issuedAt',
  'issuedBy',
  'seller',
  'location',
  'register',
  'currency',
  'customer',
  'notes',
  'lines',
  'discounts',
  'taxes',
  'subtotal',
  'discountTotal',
  'taxTotal',
  'taxIncludedTotal',
  'total',
  'details',
  'orderId',
  'originalId',
  'reason',
  'previousHash',
] as const satisfies (keyof Document)[];

/** One text per content. */
export function canonicalForm(restaurantId: string, document: Document): string {
  const content = Object.fromEntries(FIELDS.map((field) => [field, document[field]]));
  return canonicalJson({ form: FORM, restaurantId, ...content });
}

/** JSON without spaces, keys sorted by name, absent fields left out. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  let fields = '';
  for (const name of Object.keys(value).sort()) {
    // The name is one of its own keys.
    const field = (value as Record<string, unknown>)[name];
    if (field !== undefined) fields += `${fields && ','}${JSON.stringify(name)}:${canonicalJson(field)}`;
  }
  return `{${fields}}`;
}
