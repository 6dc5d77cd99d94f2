/** What is found, lost, moved and made in the store room, apart from what is sold and delivered. */
import { AppError } from '../shared/errors.js';
import { toTotal } from '../number/exactMoney.js';
import { formatQuantity, type Micros, parseQuantity } from '../number/quantity.js';
import { add, type Ratio, subtract, ZERO } from '../number/ratio.js';
import { shownValueOf, valueOf } from './stockValue.js';

export const WASTE_REASONS = [
  'spoiled',
  'expired',
  'dropped',
  'overproduced',
  'returned',
  'staff_meal',
  'other',
] as const;
export type WasteReason = (typeof WASTE_REASONS)[number];

export const COUNT_STATUSES = ['open', 'committed', 'cancelled'] as const;
export type CountStatus = (typeof COUNT_STATUSES)[number];

/** An item and what there was of it at an instant. Quantities are decimal text in the stock unit. */
export interface StockOnHand {
  inventoryItemId: string;
  name: string;
  unit: string;
  quantity: string;
  /** Minor units per stock unit, decimal text. */
  unitCost: string;
  /** Where it stood, without places where there was none; null is no place in particular. */
  locations: { locationId: string | null; quantity: string }[];
}

/** An item whose books do not agree. */
export interface StockFault {
  inventoryItemId: string;
  name: string;
  /**
   * `quantity`: not the sum of the ledger. `location`: what stands at a place is not the sum of the ledger there.
   * `negative`: below zero though its policy forbids that.
   */
  fault: 'quantity' | 'location' | 'negative';
  locationId: string | null;
  expected: string;
  found: string;
}

/** What one thing that was posted did to an item. */
export interface PostedLine {
  inventoryItemId: string;
  name: string;
  unit: string;
  /** Into stock when positive. */
  quantity: string;
  unitCost: string;
  locationId: string | null;
}

/** Quantities are null until somebody has counted. */
export interface CountLine {
  inventoryItemId: string;
  name: string;
  unit: string;
  countedQuantity: string | null;
  /** What the books said at the instant of counting. */
  expectedQuantity: string | null;
  countedAt: string | null;
  countedBy: string | null;
  /** Average cost at the commit. */
  unitCost: string | null;
}

export interface StockCount {
  id: string;
  locationId: string | null;
  isBlind: boolean;
  status: CountStatus;
  notes: string | null;
  /** Minor units, once committed. */
  gain: number | null;
  loss: number | null;
  itemCount: number;
  countedItemCount: number;
  createdBy: string;
  createdAt: string;
  closedBy: string | null;
  closedAt: string | null;
}

/** Counted less expected; undefined until somebody has counted. */
export function varianceOf({ countedQuantity, expectedQuantity }: CountLine): Micros | undefined {
  if (countedQuantity === null || expectedQuantity === null) return undefined;
  return (parseQuantity(countedQuantity) ?? 0n) - (parseQuantity(expectedQuantity) ?? 0n);
}

/**
 * What the variances of a count are worth: exact until the end, each total rounded once.
 * @throws AppError invalid_request when it is 2^53 or more.
 */
export function totalsOf(lines: readonly CountLine[]): { gain: number; loss: number } {
  let [gain, loss]: [Ratio, Ratio] = [ZERO, ZERO];
  for (const line of lines) {
    const variance = varianceOf(line) ?? 0n;
    const value = valueOf(variance, line.unitCost ?? '0');
    if (variance > 0n) gain = add(gain, value);
    else loss = subtract(loss, value);
  }
  const totals = { gain: toTotal(gain), loss: toTotal(loss) };
  if (typeof totals.gain === 'number' && typeof totals.loss === 'number')
    return { gain: totals.gain, loss: totals.loss };
  const message =
    'This count differs from the books by more money than can be counted. Look at its quantities and at the costs of its items.';
  throw new AppError('invalid_request', message);
}

/** A line as it may be shown: who counts blind must not learn what is expected before all is booked. */
export function presentLine(line: CountLine, { isBlind, status }: Pick<StockCount, 'isBlind' | 'status'>) {
  const isHidden = isBlind && status !== 'committed';
  const variance = isHidden ? undefined : varianceOf(line);
  return {
    ...line,
    expectedQuantity: isHidden ? null : line.expectedQuantity,
    variance: variance === undefined ? null : formatQuantity(variance),
    varianceValue: variance === undefined || line.unitCost === null ? null : shownValueOf(variance, line.unitCost),
  };
}
