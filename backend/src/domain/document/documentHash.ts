/**
 * The canonical form of an issued document, over which its hash is taken. What is voided later is not in it: voiding changes what
 * a document counts for, not what it says.
 */
import type { Document } from './document.js';

/** Stands in every form; a form that says more or other things takes the next number, and old documents keep theirs. */
const FORM = 1;

/** The fields that are hashed, all as they are answered by the API. */
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

/** One text for one content: JSON without blanks, fields in the order of their names, absent ones left out. */
export function canonicalForm(restaurantId: string, document: Document): string {
  const content = Object.fromEntries(FIELDS.map((field) => [field, document[field]]));
  return canonicalJson({ form: FORM, restaurantId, ...content });
}

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  let fields = '';
  for (const name of Object.keys(value).sort()) {
    // Its own keys are what it has.
    const field = (value as Record<string, unknown>)[name];
    if (field !== undefined) fields += `${fields && ','}${JSON.stringify(name)}:${canonicalJson(field)}`;
  }
  return `{${fields}}`;
}
