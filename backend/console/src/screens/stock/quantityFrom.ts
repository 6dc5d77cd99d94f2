import { microsFrom, quantityText } from '../purchasing/quantity.js';

/** A typed quantity as decimal text of the API: 2,50 is 2.5. Other texts stay: the server says why. */
export function quantityFrom(text: string): string {
  const micros = text.trim() === '' ? undefined : microsFrom(text.trim());
  return micros === undefined ? text.trim() : quantityText(micros);
}
