/**
 * Lines sold by weight, volume, length or time (decision 0046). Such a line is one piece, whose
 * price is that of its quantity, rounded half away from zero to a minor unit. Whatever counts units
 * counts millionths of it.
 */
import { invalid } from '../shared/errors.js';
import { scaledUse, type StockUse } from '../inventory/needs.js';
import { type MinorUnits, multiplyDivide } from '../number/money.js';
import { formatQuantity, type Micros, ONE_IN_MICROS, parseQuantity } from '../number/quantity.js';

export const MEASURE_UNITS = ['kg', 'g', 'lb', 'oz', 'l', 'dl', 'cl', 'ml', 'm', 'h'] as const;
export type MeasureUnit = (typeof MEASURE_UNITS)[number];

export interface Measured {
  /** Decimal text: `0.35`. */
  quantity: string;
  unit: MeasureUnit;
  /** Of one unit. */
  unitPrice: MinorUnits;
}

/** A quantity as callers send it: a number of pieces, or decimal text. */
export type AskedQuantity = number | string;

const MAX_UNITS = 10_000;
/** Grams and millilitres: scales show no more. */
const STEP: Micros = 1_000n;

interface Counted {
  quantity: number;
  measured?: Measured | null;
}

/** The units of a line: pieces, or millionths of its unit. */
export function unitsIn({ quantity, measured }: Counted): number {
  return measured ? Number(microsOf(measured.quantity)) : quantity;
}

/** The line with other units, and the price and the stock use that come with them. */
export function withUnits<T extends Counted & { unitPrice: MinorUnits; stockUse: StockUse }>(
  line: T,
  units: number,
): T {
  if (!line.measured) return { ...line, quantity: units };
  const measured = { ...line.measured, quantity: formatQuantity(BigInt(units)) };
  const stockUse = scaledUse(line.stockUse, BigInt(units), microsOf(line.measured.quantity));
  return { ...line, measured, unitPrice: priceOf(measured), stockUse };
}

/** The price of a quantity, rounded half away from zero. */
export function priceOf({ quantity, unitPrice }: Pick<Measured, 'quantity' | 'unitPrice'>): MinorUnits {
  return multiplyDivide(unitPrice, microsOf(quantity), ONE_IN_MICROS);
}

/** Units as callers know them: `3`, or `0.35` of a line sold by weight. */
export function shownUnits({ measured }: Pick<Counted, 'measured'>, units: number): AskedQuantity {
  return measured ? formatQuantity(BigInt(units)) : units;
}

/**
 * The units that a caller means.
 * @param thing an item or a line; by the piece if its unit is null.
 * @throws AppError invalid_request for a quantity that the thing does not allow.
 */
export function askedUnits(
  thing: { name: string; unit: string | null },
  asked: AskedQuantity,
  pointer: string,
): number {
  const micros = parseQuantity(String(asked)) ?? 0n;
  const { name, unit } = thing;
  const most = BigInt(MAX_UNITS) * ONE_IN_MICROS;
  if (unit === null) {
    const isWhole =
      typeof asked === 'number' && micros % ONE_IN_MICROS === 0n && micros !== 0n && micros <= most && -micros <= most;
    if (!isWhole)
      throw invalid(pointer, `${name} is sold by the piece: give a whole number from 1 to ${MAX_UNITS}.`, 'quantity');
    return Number(micros / ONE_IN_MICROS);
  }
  if (micros > 0n && micros <= most && micros % STEP === 0n) return Number(micros);
  throw invalid(
    pointer,
    `${name} is sold by the ${unit}: give decimal text above 0 and up to ${MAX_UNITS}, with at most three decimals, such as "0.350".`,
  );
}

function microsOf(quantity: string): Micros {
  const micros = parseQuantity(quantity);
  if (micros === undefined) throw new Error(`an order line has "${quantity}", which is not a quantity`);
  return micros;
}
