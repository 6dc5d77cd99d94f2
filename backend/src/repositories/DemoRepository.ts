import { query, type Tx } from '../config/database.js';

/** Any number will do, as long as nothing else of Servio uses it. */
const PLACES_LOCK = 728_301_956;

/** Rows that one call of the removal has deleted. */
export interface Removal {
  restaurantId: string;
  rows: number;
  /** Whether they were the last ones. */
  isGone: boolean;
}

export interface DemoCount {
  /** All there are, expired ones that are still to be removed among them. */
  demos: number;
  /** Null when none is alive. */
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
 * Across restaurants, and so without one: what the database answers here by functions of its own is how many demos there are,
 * and what it deletes is of a demo that has expired, whatever it is asked.
 */
export class DemoRepository {
  /** From here to the end of the transaction nobody else opens a demo. */
  async lockPlaces(tx: Tx): Promise<void> {
    await tx.run(lockPlaces, [PLACES_LOCK]);
  }

  count(tx: Tx, at: Date): Promise<DemoCount> {
    return tx.one(countDemos, [at]);
  }

  /** @returns undefined when there is nothing to remove, or somebody else is at it. */
  removeExpired(tx: Tx, at: Date, mostRows: number): Promise<Removal | undefined> {
    return tx.maybeOne(removeExpired, [at, mostRows]);
  }
}
