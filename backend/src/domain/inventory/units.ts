/**
 * Stock units and their exact conversions.
 *
 * Sources: the international avoirdupois pound is 0.45359237 kg by definition (1959), an ounce is a
 * sixteenth of it. Volumes are US customary (NIST Handbook 44, appendix C): a gallon is 231 cubic
 * inches, 3.785411784 l.
 */
import type { FieldError } from '../shared/errors.js';
import { compare, divide, multiply, ONE, type Ratio, ratio } from '../number/ratio.js';

export type Dimension = 'mass' | 'volume' | 'count';

/**
 * 1 `unit` = numerator/denominator stock units of the item. Both are positive whole numbers as
 * text: a crate of 24 is 24/1.
 */
export interface ItemUnit {
  unit: string;
  numerator: string;
  denominator: string;
}

/**
 * Units of an inventory item: its stock unit (a standard unit or any word such as `bottle`) and its
 * own conversions.
 */
export interface StockUnits {
  unit: string;
  units: readonly ItemUnit[];
}

interface StandardUnit {
  dimension: Dimension;
  /** In grams, millilitres or pieces. */
  size: Ratio;
}

const POUND = ratio(45_359_237n, 100_000n);
const GALLON = ratio(3_785_411_784n, 1_000_000n);

const mass = (size: Ratio): StandardUnit => ({ dimension: 'mass', size });
const volume = (size: Ratio): StandardUnit => ({ dimension: 'volume', size });
const count = (size: Ratio): StandardUnit => ({ dimension: 'count', size });
const gallonOver = (parts: bigint): StandardUnit => volume(divide(GALLON, ratio(parts)));

const STANDARD = new Map<string, StandardUnit>([
  ['mg', mass(ratio(1n, 1000n))],
  ['g', mass(ONE)],
  ['kg', mass(ratio(1000n))],
  ['oz', mass(divide(POUND, ratio(16n)))],
  ['lb', mass(POUND)],
  ['ml', volume(ONE)],
  ['cl', volume(ratio(10n))],
  ['dl', volume(ratio(100n))],
  ['l', volume(ratio(1000n))],
  ['tsp', gallonOver(768n)],
  ['tbsp', gallonOver(256n)],
  ['fl_oz', gallonOver(128n)],
  ['cup', gallonOver(16n)],
  ['pt', gallonOver(8n)],
  ['qt', gallonOver(4n)],
  ['gal', volume(GALLON)],
  ['piece', count(ONE)],
  ['dozen', count(ratio(12n))],
]);

/** Names of the standard units. Spelling counts: `KG` is a word like any other. */
export const STANDARD_UNITS: readonly string[] = [...STANDARD.keys()];

/** Dimension of a standard unit; undefined for an item's own word. */
export function dimensionOf(unit: string): Dimension | undefined {
  return STANDARD.get(unit)?.dimension;
}

/**
 * Number of the item's stock units in one `unit`. Tried in this order: the stock unit itself; the
 * item's own conversion; a standard unit of the stock unit's dimension; a standard unit through an
 * own conversion of its dimension (an egg of 60 g, bought by the kg).
 * @returns undefined when the item has no such unit and none can be derived.
 */
export function unitFactor(item: StockUnits, unit: string): Ratio | undefined {
  if (unit === item.unit) return ONE;
  const own = item.units.find((candidate) => candidate.unit === unit);
  if (own) return ownFactor(own);
  const inStockUnits = standardFactor(unit, item.unit);
  if (inStockUnits) return inStockUnits;
  for (const bridge of item.units) {
    const inBridge = standardFactor(unit, bridge.unit);
    if (inBridge) return multiply(inBridge, ownFactor(bridge));
  }
  return undefined;
}

/** @returns undefined when one of the units is unknown for this item. */
export function convert(quantity: Ratio, from: string, to: string, item: StockUnits): Ratio | undefined {
  const source = unitFactor(item, from);
  const target = unitFactor(item, to);
  return source && target && divide(multiply(quantity, source), target);
}

/**
 * Finds the first fault in an item's own conversions: a number that is not a positive whole number
 * of at most 15 digits; a unit that is given twice or equals the stock unit; a conflict with the
 * standard (an own kg of 999 g, or a kg and a g that are not a thousand to one).
 */
export function unitProblem(item: StockUnits): FieldError | undefined {
  for (const [index, own] of item.units.entries()) {
    const pointer = `/units/${index}`;
    for (const part of ['numerator', 'denominator'] as const) {
      if (isPositiveWhole(own[part])) continue;
      return { pointer: `${pointer}/${part}`, message: 'Write a whole number above zero, with at most 15 digits.' };
    }
    const message = conflictOf(own, { unit: item.unit, units: item.units.slice(0, index) });
    if (message !== undefined) return { pointer: `${pointer}/unit`, message };
  }
  return undefined;
}

/**
 * Message about a conflict of a conversion with the stock unit or the conversions before it;
 * undefined for none.
 */
function conflictOf(own: ItemUnit, known: StockUnits): string | undefined {
  if (own.unit === known.unit) return `"${own.unit}" is the item's stock unit. Leave this conversion out.`;
  if (known.units.some((other) => other.unit === own.unit)) return `"${own.unit}" is given twice. Keep one of them.`;
  const expected = unitFactor(known, own.unit);
  if (!expected || compare(expected, ownFactor(own)) === 0) return undefined;
  const { numerator, denominator } = expected;
  return `1 ${own.unit} is already ${numerator}/${denominator} ${known.unit}. Leave this conversion out, or name another unit.`;
}

function isPositiveWhole(text: string): boolean {
  return /^\d{1,15}$/.test(text) && BigInt(text) > 0n;
}

function ownFactor({ numerator, denominator }: ItemUnit): Ratio {
  return ratio(BigInt(numerator), BigInt(denominator));
}

/** Number of `to` in one `from`, for standard units of one dimension. */
function standardFactor(from: string, to: string): Ratio | undefined {
  const source = STANDARD.get(from);
  const target = STANDARD.get(to);
  return source && target && source.dimension === target.dimension ? divide(source.size, target.size) : undefined;
}
