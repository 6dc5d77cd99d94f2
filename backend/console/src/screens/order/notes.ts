/**
 * Notes and coins in units of a currency with two or three digits; a hundredfold without digits.
 */
const NOTES = [5, 10, 20, 50, 100, 200];
const MOST = 3;

/**
 * Amounts above the due one that a guest is likely to hand over, lowest first.
 * @param due minor units. @param minor minor units in one of the currency.
 */
export function notesAbove(due: number, minor: number): number[] {
  const unit = minor === 1 ? 100 : minor;
  const rounded = NOTES.map((note) => Math.ceil(due / (note * unit)) * note * unit);
  return [...new Set(rounded)].filter((amount) => amount > due).slice(0, MOST);
}
