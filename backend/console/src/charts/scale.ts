/** Steps of an axis. */

/** A round number at or above the value: 1, 2, 2.5 or 5 times a power of ten. */
export function roundUp(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 2.5, 5, 10].find((one) => one * power >= value) ?? 10;
  return step * power;
}

/** Values of the lines across a chart, from 0 on. @param count how many steps. */
export function ticksUpTo(most: number, count = 4): number[] {
  const step = roundUp(most / count);
  const steps = Math.max(1, Math.ceil(most / step - 1e-9));
  return Array.from({ length: steps + 1 }, (_, place) => place * step);
}

/** Sums are whole numbers, or decimal text from 2^53 on: a picture needs no more than a double. */
export function amountOf(value: number | string): number {
  return Number(value);
}
