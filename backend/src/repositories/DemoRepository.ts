import { query, type Tx } from '../config/database.js';

/** An arbitrary number that no other lock of Servio uses. */
const PLACES_LOCK = 728_301_956;

/** Rows that one call of the removal deleted. */
export interface Removal {
  restaurantId: string;
  rows: number;
  /** Whether these were the last rows of the demo. */
  isGone: boolean;
}

export interface DemoCount {
  /** All demos, including expired ones that are not removed yet. */
  demos: number;
  /** Null when there is no live demo. */
  nextExpiry: string | null;
}

const lockPlaces = query('demo.lockPlaces', 'select pg_advisory_xact_lock($1)');

const countDemos = query<DemoCount>('demo.count', 'select demos, next_expiry as "nextExpiry" from count_demos($1)');

const removeExpired = query<Removal>(
  'demo.removeExpired',
  `select removed_restaurant_id as "restaurantId", removed_rows as rows, is_gone as "isGone"
   from remove_expired_demo($1, $2)`,
);

/**
 * Works across restaurants, so the methods take no restaurant. Database functions limit the access:
 * they tell only the number of demos and the next expiry, and delete only from expired demos,
 * whatever the arguments.
 */
export class DemoRepository {
  /** Keeps other callers from opening a demo until the transaction ends. */
  async lockPlaces(tx: Tx): Promise<void> {
    await tx.run(lockPlaces, [PLACES_LOCK]);
  }

  count(tx: Tx, at: Date): Promise<DemoCount> {
    return tx.one(countDemos, [at]);
  }

  /** @returns undefined when nothing is left to remove or another process is removing it. */
  removeExpired(tx: Tx, at: Date, mostRows: number): Promise<Removal | undefined> {
    return tx.maybeOne(removeExpired, [at, mostRows]);
  }
}
