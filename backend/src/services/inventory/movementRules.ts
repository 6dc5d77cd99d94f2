/** What a person may move by hand. */
import { invalid } from '../../domain/shared/errors.js';
import { formatQuantity, fromMicros, type Micros, parseQuantity, toMicros } from '../../domain/number/quantity.js';
import { multiply } from '../../domain/number/ratio.js';
import { type StockUnits, unitFactor } from '../../domain/inventory/units.js';
import type { Posting } from '../../repositories/inventory/StockLedger.js';

export interface MovementInput {
  inventoryItemId: string;
  kind: 'receipt' | 'waste' | 'correction';
  quantity: string;
  unit?: string | undefined;
  unitCost?: string | undefined;
  locationId?: string | undefined;
  reason?: string | undefined;
}

/** @throws AppError invalid_request, with its place. */
export function postingOf(item: StockUnits, input: MovementInput): Posting {
  const { inventoryItemId, kind, locationId, reason, unitCost } = input;
  const quantity = inStockUnits(item, input.quantity, input.unit, '');
  if (kind !== 'correction' && quantity < 0n)
    throw invalid('/quantity', `Write what comes in, or is wasted, without a sign.`);
  if (kind !== 'receipt' && reason === undefined)
    throw invalid('/reason', 'Say why: it stands in the ledger for good.');
  if (unitCost !== undefined && (kind === 'waste' || quantity < 0n))
    throw invalid('/unitCost', 'What leaves is booked at its average cost: leave this out.');
  return { inventoryItemId, kind, quantity: kind === 'waste' ? -quantity : quantity, unitCost, locationId, reason };
}

/**
 * A quantity as the item is counted, rounded to a millionth.
 * @param pointer to the thing that carries `quantity` and `unit`.
 * @throws AppError invalid_request for a unit that the item does not have, or a quantity too small to count.
 */
export function inStockUnits(item: StockUnits, quantity: string, unit: string | undefined, pointer: string): Micros {
  const factor = unitFactor(item, unit ?? item.unit);
  if (!factor)
    throw invalid(
      `${pointer}/unit`,
      `It is stocked in ${item.unit} and has no unit "${unit}": add it to the item's units.`,
    );
  const counted = toMicros(multiply(fromMicros(parseQuantity(quantity) ?? 0n), factor));
  if (counted === 0n && quantity !== '0')
    throw invalid(`${pointer}/quantity`, `This is less than a millionth of one ${item.unit}.`);
  if (parseQuantity(formatQuantity(counted)) === undefined)
    throw invalid(`${pointer}/quantity`, `This is more ${item.unit} than can be counted.`);
  return counted;
}
