import type { Tx } from '../../config/database.js';
import { AppError } from '../../domain/shared/errors.js';
import type { EmptiedPlace, ItemPlaces } from '../../repositories/inventory/ItemPlaces.js';
import type { Posting } from '../../repositories/inventory/StockLedger.js';

interface Move {
  itemId: string;
  from: string | null;
  to: string | null;
}

/**
 * Changes the location of an item. Stock at other locations stays there. Stock that had no location
 * moves to the new one, so that the ledger knows where all of it is. The caller has locked the
 * item.
 * @param carry posts the movements.
 */
export async function moveHome(
  places: ItemPlaces,
  restaurantId: string,
  tx: Tx,
  { itemId, from, to }: Move,
  carry: (postings: Posting[]) => Promise<unknown>,
): Promise<void> {
  if (from === to) return;
  const unplaced = from === null ? await places.quantityAtHome(restaurantId, tx, itemId) : 0n;
  if (unplaced !== 0n) {
    const posting = { inventoryItemId: itemId, kind: 'transfer', reason: 'Given a location' } as const;
    await carry([
      { ...posting, quantity: -unplaced },
      { ...posting, quantity: unplaced, locationId: to },
    ]);
  }
  await places.moveHome(restaurantId, tx, itemId, from, to);
}

/**
 * @throws AppError insufficient_stock when stock was taken from a location that no longer has it.
 */
export function assertStands(emptied: readonly EmptiedPlace[]): void {
  if (emptied.length === 0) return;
  const items = emptied.map(({ name, missing, elsewhere }) => `${name}: ${missing} missing here, but ${elsewhere}.`);
  const message = `Some of the stock was moved to another location. ${items.join(' ')} Name its location in takeFrom, or move it to one location first.`;
  throw new AppError('insufficient_stock', message, { errors: [{ pointer: '/takeFrom', message }] });
}
