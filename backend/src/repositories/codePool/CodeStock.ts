import { query, type Tx } from '../../config/database.js';

/** Exact figures of a pool. */
export interface PoolCounters {
  generated: number;
  goal: number;
  nextN: number;
  returned: number;
  claimed: number;
  redeemed: number;
  abandoned: number;
  /** Leased codes per 1,000 seconds. */
  pace: number;
  windowN: number;
  windowAt: string;
}

export interface Batch {
  firstN: number;
  lastN: number;
  sealed: Buffer;
}

const insertCounters = query(
  'codeStock.insertCounters',
  `insert into code_pool_counters (restaurant_id, pool_id, goal, window_at) values ($1, $2, $3, $4)`,
);
const findCounters = query<PoolCounters>(
  'codeStock.findCounters',
  `select generated, goal, next_n as "nextN", returned, claimed, redeemed, abandoned, pace, window_n as "windowN", window_at as "windowAt"
   from code_pool_counters
   where restaurant_id = $1 and pool_id = $2`,
);
const raiseGoal = query(
  'codeStock.raiseGoal',
  `update code_pool_counters
   set goal = greatest(goal, generated) + $3
   where restaurant_id = $1 and pool_id = $2`,
);
// Compares before it sets: of two refills that made the same ordinals, one stores them.
const append = query(
  'codeStock.append',
  `update code_pool_counters
   set generated = generated + $4
   where restaurant_id = $1 and pool_id = $2 and generated = $3`,
);
const lockGenerated = query<{ generated: number }>(
  'codeStock.lockGenerated',
  'select generated from code_pool_counters where restaurant_id = $1 and pool_id = $2 for no key update',
);
const insertBatches = query(
  'codeStock.insertBatches',
  `insert into code_batches (restaurant_id, pool_id, first_n, last_n, sealed, created_at)
   select $1, $2, b.first_n, b.last_n, b.sealed, $6
   from unnest($3::bigint[], $4::bigint[], $5::bytea[]) as b(first_n, last_n, sealed)`,
);
const readBatches = query<Batch>(
  'codeStock.readBatches',
  `select first_n as "firstN", last_n as "lastN", sealed
   from code_batches
   where restaurant_id = $1 and pool_id = $2 and last_n >= $3
     and first_n >= coalesce((
       select max(first_n) from code_batches where restaurant_id = $1 and pool_id = $2 and first_n <= $3), 0)
     and first_n <= $4
   order by first_n`,
);
// Batches below every lease are used up.
const removeUsedUp = query(
  'codeStock.removeUsedUp',
  `delete from code_batches
   where restaurant_id = $1 and pool_id = $2
     and last_n < coalesce(
       (select min(first_n) from code_leases where restaurant_id = $1 and pool_id = $2),
       (select next_n + 1 from code_pool_counters where restaurant_id = $1 and pool_id = $2))`,
);
const addCounts = query(
  'codeStock.addCounts',
  `update code_pool_counters
   set claimed = claimed + $3, redeemed = redeemed + $4, returned = returned + $5, abandoned = abandoned + $6
   where restaurant_id = $1 and pool_id = $2`,
);
const countTables = query(
  'codeStock.countTables',
  `update code_pool_counters
   set generated = generated + $3, next_n = next_n + $3, claimed = claimed + $3
   where restaurant_id = $1 and pool_id = $2`,
);
const listInUse = query<{ poolId: string }>(
  'codeStock.listInUse',
  `select c.pool_id as "poolId"
   from code_pool_counters c join code_pools p on p.restaurant_id = c.restaurant_id and p.id = c.pool_id
   where c.restaurant_id = $1 and c.window_at > $2 and c.next_n > 0 and p.kind <> 'table' and p.deleted_at is null`,
);
const insertImported = query<{ hash: string }>(
  'codeStock.insertImported',
  `insert into code_imports (restaurant_id, hash, pool_id, created_at)
   select $1, hash, $2, $4 from unnest($3::text[]) as h(hash)
   on conflict (restaurant_id, hash) do nothing
   returning hash`,
);

/** Stored codes of the pools, and their counters. */
export class CodeStock {
  /** @param goal codes to generate first. */
  async create(restaurantId: string, tx: Tx, poolId: string, goal: number, at: Date): Promise<void> {
    await tx.run(insertCounters, [restaurantId, poolId, goal, at]);
  }

  find(restaurantId: string, tx: Tx, poolId: string): Promise<PoolCounters | undefined> {
    return tx.maybeOne(findCounters, [restaurantId, poolId]);
  }

  async raiseGoal(restaurantId: string, tx: Tx, poolId: string, by: number): Promise<void> {
    await tx.run(raiseGoal, [restaurantId, poolId, by]);
  }

  /** The last ordinal that exists; locked until the transaction ends. */
  async lockGenerated(restaurantId: string, tx: Tx, poolId: string): Promise<number> {
    return (await tx.one(lockGenerated, [restaurantId, poolId])).generated;
  }

  /**
   * Appends batches behind the ordinal `after`.
   * @returns false when others were appended there meanwhile; then nothing was stored.
   */
  async append(restaurantId: string, tx: Tx, poolId: string, after: number, batches: readonly Batch[], at: Date) {
    const last = batches.at(-1);
    if (!last) return true;
    const isAppended = (await tx.run(append, [restaurantId, poolId, after, last.lastN - after])) === 1;
    if (isAppended)
      await tx.run(insertBatches, [
        restaurantId,
        poolId,
        batches.map(({ firstN }) => firstN),
        batches.map(({ lastN }) => lastN),
        batches.map(({ sealed }) => sealed),
        at,
      ]);
    return isAppended;
  }

  /** The batches that hold the ordinals from `first` to `last`. */
  read(restaurantId: string, tx: Tx, poolId: string, first: number, last: number): Promise<Batch[]> {
    return tx.many(readBatches, [restaurantId, poolId, first, last]);
  }

  removeUsedUp(restaurantId: string, tx: Tx, poolId: string): Promise<number> {
    return tx.run(removeUsedUp, [restaurantId, poolId]);
  }

  /** Takes the lock of the pool's counters: the last lock of a transaction. */
  async count(
    restaurantId: string,
    tx: Tx,
    poolId: string,
    by: { claimed?: number; redeemed?: number; returned?: number; abandoned?: number },
  ): Promise<void> {
    const { claimed = 0, redeemed = 0, returned = 0, abandoned = 0 } = by;
    await tx.run(addCounts, [restaurantId, poolId, claimed, redeemed, returned, abandoned]);
  }

  /** Pools that were claimed from since then. */
  async inUse(restaurantId: string, tx: Tx, since: Date): Promise<string[]> {
    return (await tx.many(listInUse, [restaurantId, since])).map(({ poolId }) => poolId);
  }

  /** Tokens of tables are made when they are claimed. */
  async countTables(restaurantId: string, tx: Tx, poolId: string, made: number): Promise<void> {
    await tx.run(countTables, [restaurantId, poolId, made]);
  }

  /** Digests of those codes that no pool of the restaurant had imported before. */
  async importNew(restaurantId: string, tx: Tx, poolId: string, hashes: readonly string[], at: Date) {
    const rows = await tx.many(insertImported, [restaurantId, poolId, hashes, at]);
    return new Set(rows.map(({ hash }) => hash));
  }
}
