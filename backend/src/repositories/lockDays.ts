/** The lock of a restaurant's business days. */
import { query, type Tx } from '../config/database.js';

// Every write of the restaurant holds this lock. It is taken before the lock of the days, so that a
// transaction that wants the row exclusively does not queue between this transaction and the writes
// that wait for it.
const lockRestaurant = query('businessDay.lockRestaurant', 'select id from restaurants where id = $1 for key share');
// The same key as in the database function refuse_closed_business_day().
const lockAll = query(
  'businessDay.lock',
  `select pg_advisory_xact_lock(hashtextextended('servio business day ' || $1::text, 0))`,
);

/**
 * From here to the end of the transaction, no other transaction commits a change of the figures of
 * a day of the restaurant, or closes a day.
 */
export async function lockDays(restaurantId: string, tx: Tx): Promise<void> {
  await tx.run(lockRestaurant, [restaurantId]);
  await tx.run(lockAll, [restaurantId]);
}
