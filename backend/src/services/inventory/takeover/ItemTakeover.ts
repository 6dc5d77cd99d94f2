/** Imports inventory items from a file. */
import type { Tx } from '../../../config/database.js';
import type { Call } from '../../../domain/shared/call.js';
import { AppError } from '../../../domain/shared/errors.js';
import type { InventoryItem } from '../../../domain/inventory/inventory.js';
import { nameKey } from '../../../domain/shared/names.js';
import { levelProblem } from '../../../domain/stock/stock.js';
import { unitProblem } from '../../../domain/inventory/units.js';
import type { ItemInput } from '../itemRules.js';
import { Locations } from './Locations.js';
import type { ItemRow } from '../../../domain/import/takeover.js';
import { ALL, type StockDoor, Takeover } from './takeoverRows.js';

/**
 * Stores the items of a file in the caller's transaction. Existing items are found by name.
 * @param isUpdating whether existing items take the values of the file. Empty cells change nothing,
 * and costs never change.
 */
export async function takeOverItems(
  deps: StockDoor,
  call: Call,
  tx: Tx,
  rows: readonly ItemRow[],
  isUpdating: boolean,
): Promise<Takeover> {
  const { repository, inventory } = deps;
  const takeover = new Takeover();
  const locations = await Locations.load(deps, call, tx, takeover);
  const { rows: stored } = await repository.items.list(call.restaurantId, tx, { limit: ALL, after: undefined });
  const known = new Map(stored.map((item): [string, InventoryItem | undefined] => [nameKey(item.name), item]));
  for (const row of rows) {
    const key = nameKey(row.name);
    const before = known.get(key);
    const problem = problemOf(row, before);
    if (known.has(key) && (!before || !isUpdating)) takeover.counts.skipped += 1;
    else if (problem) takeover.fault(row, problem);
    else if (!before) {
      await inventory.items.createWithin(call, tx, await inputOf(row, locations));
      takeover.counts.created += 1;
    } else await update(row, before);
    // The second row of the same name finds the item and is skipped.
    if (!known.has(key) && !problem) known.set(key, undefined);
  }
  return takeover;

  async function update(row: ItemRow, before: InventoryItem): Promise<void> {
    const { unitCost: _ofNewItems, ...input } = await inputOf(row, locations);
    try {
      const changed = await inventory.items.changeWithin(call, tx, before.id, input);
      takeover.counts[changed ? 'changed' : 'skipped'] += 1;
    } catch (error) {
      // A rule refused it before anything was written.
      if (!(error instanceof AppError) || error.code === 'database_unavailable') throw error;
      takeover.fault(row, `"${row.name}": ${error.message}`);
    }
  }
}

/**
 * Rules that need only the row. Stock levels of an update are checked later, with its unchanged
 * fields.
 */
function problemOf(row: ItemRow, before: InventoryItem | undefined): string | undefined {
  const units = unitProblem(row);
  if (units) return `the units of "${row.name}": ${units.message}`;
  const levels = before ? undefined : levelProblem(row.reorderPoint ?? '0', row.parLevel ?? null);
  return levels && `"${row.name}": ${levels.message}`;
}

/** Empty cells change nothing: the item keeps its value. */
async function inputOf(row: ItemRow, locations: Locations): Promise<ItemInput> {
  const { name, unit, units, reorderPoint, parLevel, unitCost, policy, location } = row;
  return {
    name,
    unit,
    units: units.length > 0 ? units : undefined,
    reorderPoint,
    parLevel,
    unitCost,
    policy,
    locationId: location === undefined ? undefined : await locations.idOf(location),
  };
}
