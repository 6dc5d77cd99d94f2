/** Values of fields as the API takes them. */
import { amountFrom } from '../../ui/amount.js';
import { quantityText } from '../purchasing/quantity.js';

/** An empty field says that there is none. */
export function textOf(typed: string | undefined): string | null {
  return typed?.trim() || null;
}

/** "2,50" is "2.5". Other text is sent as it is: the server says so at the field. */
export function decimalOfTyped(typed: string | undefined): string | null {
  const text = textOf(typed);
  const micros = text === null ? undefined : amountFrom(text, 6);
  return micros === undefined || !Number.isSafeInteger(micros) ? text : quantityText(micros);
}

/** Only what differs: a change of one thing must not repeat the others. */
export function changed<Values extends object>(
  values: Values,
  before: Partial<Record<keyof Values, unknown>>,
): Partial<Values> {
  const differs = ([name, value]: [string, unknown]): boolean => before[name as keyof Values] !== value;
  // It has a part of the entries of `values`.
  return Object.fromEntries(Object.entries(values).filter(differs)) as Partial<Values>;
}
