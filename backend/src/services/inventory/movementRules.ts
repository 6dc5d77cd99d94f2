/** Rules for stock movements that a person enters. */
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

/** @throws AppError invalid_request with the pointer of the field. */
export function postingOf(item: StockUnits, input: MovementInput): Posting {
  const { inventoryItemId, kind, locationId, reason, unitCost } = input;
  const quantity = inStockUnits(item, input.quantity, input.unit, '');
  if (kind !== 'correction' && quantity < 0n)
    throw invalid('/quantity', `A receipt or waste cannot be negative. Send the quantity without a sign.`);
  if (kind !== 'receipt' && reason === undefined)
    throw invalid('/reason', 'Give a reason. The ledger keeps it permanently.');
  if (unitCost !== undefined && (kind === 'waste' || quantity < 0n))
    throw invalid('/unitCost', 'Stock that leaves is booked at its average cost. Leave this out.');
  return { inventoryItemId, kind, quantity: kind === 'waste' ? -quantity : quantity, unitCost, locationId, reason };
}

/**
 * Converts a quantity to the stock unit of the item, rounded to a millionth.
 * @param pointer to the object that has `quantity` and `unit`.
 * @throws AppError invalid_request for a unit that the item does not have, or a quantity outside
 * the limits.
 */
export function inStockUnits(item: StockUnits, quantity: string, unit: string | undefined, pointer: string): Micros {
  const factor = unitFactor(item, unit ?? item.unit);
  if (!factor)
    throw invalid(
      `${pointer}/unit`,
      `This item is stocked in ${item.unit} and has no unit "${unit}". Add it to the units of the item.`,
    );
  const counted = toMicros(multiply(fromMicros(parseQuantity(quantity) ?? 0n), factor));
  if (counted === 0n && quantity !== '0')
    throw invalid(`${pointer}/quantity`, `This is less than a millionth of one ${item.unit}. Send a larger quantity.`);
  if (parseQuantity(formatQuantity(counted)) === undefined)
    throw invalid(`${pointer}/quantity`, `This is more ${item.unit} than can be counted. Send a smaller quantity.`);
  return counted;
}
