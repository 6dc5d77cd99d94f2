/** Waste, counts, transfers and preparations: stock changes other than sales and deliveries. */
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

/** Stock of an item at an instant. Quantities are decimal text in the stock unit. */
export interface StockOnHand {
  inventoryItemId: string;
  name: string;
  unit: string;
  quantity: string;
  /** Minor units per stock unit, decimal text. */
  unitCost: string;
  /** Quantity by location, without locations that had none; null is stock without a location. */
  locations: { locationId: string | null; quantity: string }[];
}

/** An item with inconsistent books. */
export interface StockFault {
  inventoryItemId: string;
  name: string;
  /**
   * `quantity`: the quantity is not the sum of the ledger. `location`: the quantity at a location
   * is not the ledger's sum for that location. `negative`: below zero although its policy forbids
   * that.
   */
  fault: 'quantity' | 'location' | 'negative';
  locationId: string | null;
  expected: string;
  found: string;
}

/** Effect of one posting on an item. */
export interface PostedLine {
  inventoryItemId: string;
  name: string;
  unit: string;
  /** Positive when it adds to stock. */
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
  /** Quantity in the books at the instant of counting. */
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

/** Counted minus expected; undefined until somebody has counted. */
export function varianceOf({ countedQuantity, expectedQuantity }: CountLine): Micros | undefined {
  if (countedQuantity === null || expectedQuantity === null) return undefined;
  return (parseQuantity(countedQuantity) ?? 0n) - (parseQuantity(expectedQuantity) ?? 0n);
}

/** Value of a count's variances: exact until the end, each total rounded once. */
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

/**
 * A line as it may be shown: a blind count hides the expected quantity until the count is
 * committed.
 */
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
