/** The price of a set menu, split over its parts (decision 0046). */
import { allocate, type MinorUnits, sum } from '../number/money.js';

export interface PricedPart {
  /** Units in one set. */
  quantity: number;
  /** Of one unit, when it is sold by itself. */
  singlePrice: MinorUnits;
  /** Its share of the price as set, for all of its units. */
  share: MinorUnits | null;
}

/** Units of a part that have the same price. */
export interface PartUnits {
  part: number;
  units: number;
  unitPrice: MinorUnits;
}

/**
 * Splits the price of one set in proportion to the single prices, or as set, by largest remainder.
 * Units of one part may differ by a minor unit.
 * @param part of the result: the position of the part.
 */
export function splitPrice(price: MinorUnits, parts: readonly PricedPart[]): PartUnits[] {
  const units = parts.flatMap(({ quantity }, part) => Array.from({ length: quantity }, () => part));
  const prices = evenly(price, weightsOf(units, parts));
  const result: PartUnits[] = [];
  for (const [index, part] of units.entries()) {
    const same = result.find((one) => one.part === part && one.unitPrice === prices[index]);
    if (same) same.units += 1;
    else result.push({ part, units: 1, unitPrice: prices[index]! });
  }
  return result;
}

function weightsOf(units: readonly number[], parts: readonly PricedPart[]): MinorUnits[] {
  const shares = parts.map(({ share, quantity }) => (share === null ? null : evenly(share, Array(quantity).fill(1))));
  const used = parts.map(() => 0);
  return units.map((part) => {
    const own = shares[part];
    return own ? own[used[part]!++]! : parts[part]!.singlePrice;
  });
}

/** In equal parts where nothing has a price of its own. */
function evenly(price: MinorUnits, weights: readonly MinorUnits[]): MinorUnits[] {
  return allocate(price, sum(weights) === 0 ? weights.map(() => 1) : weights);
}
