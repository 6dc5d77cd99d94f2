/** Imports opening stock from a file: the first movement of items that have none. */
import type { Tx } from '../../../config/database.js';
import type { Call } from '../../../domain/shared/call.js';
import { AppError } from '../../../domain/shared/errors.js';
import type { InventoryItem } from '../../../domain/inventory/inventory.js';
import { nameKey } from '../../../domain/shared/names.js';
import { formatQuantity, fromMicros, type Micros, parseQuantity, toMicros } from '../../../domain/number/quantity.js';
import { divide } from '../../../domain/number/ratio.js';
import { unitFactor } from '../../../domain/inventory/units.js';
import type { Posting } from '../../../repositories/inventory/StockLedger.js';
import { newId } from '../../../utils/ids.js';
import { OPENING_REASON } from '../editables.js';
import { inStockUnits } from '../movementRules.js';
import { Locations } from './Locations.js';
import type { OpeningRow } from '../../../domain/import/takeover.js';
import { ALL, type StockDoor, Takeover } from './takeoverRows.js';

/**
 * Posts the opening stock of a file in the caller's transaction. Several rows of one item are its
 * stock at several locations.
 */
export async function takeOverOpenings(
  deps: StockDoor,
  call: Call,
  tx: Tx,
  rows: readonly OpeningRow[],
): Promise<Takeover> {
  const { repository, inventory } = deps;
  const { restaurantId } = call;
  const takeover = new Takeover();
  const locations = await Locations.load(deps, call, tx, takeover);
  const { rows: stored } = await repository.items.list(restaurantId, tx, { limit: ALL, after: undefined });
  const items = new Map(stored.map((item) => [nameKey(item.name), item]));
  const wanted = rows.flatMap((row) => {
    const item = items.get(nameKey(row.item));
    if (!item) takeover.fault(row, `no inventory item is called "${row.item}"`);
    return item ? [{ row, item }] : [];
  });
  const openings = await repository.openings.lock(restaurantId, tx, [...new Set(wanted.map(({ item }) => item.id))]);
  for (const { row, item } of wanted) {
    const posting = await postingOf(row, item);
    if (!posting) continue;
    const opened = openings.get(item.id);
    if (posting.quantity === 0n || opened?.includes(formatQuantity(posting.quantity))) takeover.counts.skipped += 1;
    else if (opened) takeover.fault(row, `"${item.name}" already has movements; count it instead`);
    else {
      await inventory.post(call, tx, { kind: 'opening', id: newId() }, [posting]);
      takeover.counts.created += 1;
    }
  }
  return takeover;

  async function postingOf(row: OpeningRow, item: InventoryItem): Promise<Posting | undefined> {
    try {
      const quantity = inStockUnits(item, row.quantity, row.unit, '');
      const locationId = row.location === undefined ? undefined : await locations.idOf(row.location);
      const unitCost = costPerStockUnit(row, item) ?? item.averageCost;
      return { inventoryItemId: item.id, kind: 'correction', quantity, unitCost, locationId, reason: OPENING_REASON };
    } catch (error) {
      // A rule refused it before anything was written.
      if (!(error instanceof AppError) || error.code !== 'invalid_request') throw error;
      takeover.fault(row, `"${item.name}": ${error.message}`);
      return undefined;
    }
  }
}

function costPerStockUnit({ unitCost, unit }: OpeningRow, item: InventoryItem): string | undefined {
  if (unitCost === undefined) return undefined;
  const factor = unitFactor(item, unit ?? item.unit);
  const cost: Micros = parseQuantity(unitCost) ?? 0n;
  return factor && formatQuantity(toMicros(divide(fromMicros(cost), factor)));
}
