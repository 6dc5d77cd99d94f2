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
 * Makes another location an item's own; what stands where stays there. What stood at none before is carried to the new one, so
 * that the ledger says where all of it is. The caller has locked the item.
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

/** @throws AppError insufficient_stock when something was taken from where it stands no more. */
export function assertStands(emptied: readonly EmptiedPlace[]): void {
  if (emptied.length === 0) return;
  const items = emptied.map(({ name, missing, elsewhere }) => `${name}: ${missing} are not there, but ${elsewhere}.`);
  const message = `Some of it has been carried elsewhere. ${items.join(' ')} Name where it stands in takeFrom, or carry it to one place.`;
  throw new AppError('insufficient_stock', message, { errors: [{ pointer: '/takeFrom', message }] });
}
