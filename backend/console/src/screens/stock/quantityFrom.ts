import { microsFrom, quantityText } from '../purchasing/quantity.js';

/** A typed quantity as decimal text: 2,50 is 2.5. Of other texts, the server says why not. */
export function quantityFrom(text: string): string {
  const micros = text.trim() === '' ? undefined : microsFrom(text.trim());
  return micros === undefined ? text.trim() : quantityText(micros);
}
