import { query, type Tx } from '../../config/database.js';

/** A range of ordinals that one instance hands out. */
export interface Lease {
  id: string;
  epoch: number;
  firstN: number;
  lastN: number;
  claimed: number;
  /** Codes of the pool that nobody leases; undefined if the lease is an older one. */
  available?: number;
}

const LEASE = 'l.id, l.epoch, l.first_n as "firstN", l.last_n as "lastN", l.claimed';

// The range and the counter change in one statement. One instance leaves three quarters of what is
// left to the others. The pace is measured over a minute or more.
const take = query<{ lastN: number; size: number; available: number }>(
  'codeLease.take',
  `update code_pool_counters
   set last_leased = least($3, generated - next_n, greatest((generated - next_n + 3) / 4, 25)),
     next_n = next_n + least($3, generated - next_n, greatest((generated - next_n + 3) / 4, 25)),
     pace = case when window_at <= $4::timestamptz - interval '60 seconds'
       then ((next_n - window_n) * 1000000 / (extract(epoch from $4::timestamptz - window_at) * 1000)::bigint) else pace end,
     window_n = case when window_at <= $4::timestamptz - interval '60 seconds' then next_n else window_n end,
     window_at = case when window_at <= $4::timestamptz - interval '60 seconds' then $4 else window_at end
   where restaurant_id = $1 and pool_id = $2 and generated > next_n
   returning next_n as "lastN", last_leased as size, generated - next_n + returned as available`,
);
const insert = query(
  'codeLease.insert',
  `insert into code_leases (restaurant_id, id, pool_id, first_n, last_n, owner, beats_at)
   values ($1, $2, $3, $4, $5, $6, clock_timestamp())`,
);
const lockFree = query<{ id: string; isReturned: boolean }>(
  'codeLease.lockFree',
  `select id, owner is null as "isReturned"
   from code_leases
   where restaurant_id = $1 and pool_id = $2
     and (owner is null
       or owner <> $4 and beats_at < clock_timestamp() - make_interval(secs => $3::int / 1000.0))
   order by first_n
   limit 1
   for update skip locked`,
);
const takeOver = query<Lease>(
  'codeLease.takeOver',
  `update code_leases l
   set owner = $3, epoch = epoch + 1, beats_at = clock_timestamp()
   where l.restaurant_id = $1 and l.id = $2
   returning ${LEASE}`,
);
const remove = query<Lease>(
  'codeLease.remove',
  `delete from code_leases l
   where l.restaurant_id = $1 and l.id = $2 and ($3::uuid is null or l.owner = $3)
   returning ${LEASE}`,
);
const giveBack = query<Lease>(
  'codeLease.giveBack',
  `update code_leases l
   set owner = null
   where l.restaurant_id = $1 and l.id = $2 and l.owner = $3 and l.epoch = $4
   returning ${LEASE}`,
);
const narrow = query(
  'codeLease.narrow',
  `update code_leases set first_n = $3, claimed = 0 where restaurant_id = $1 and id = $2`,
);
const beat = query<{ id: string }>(
  'codeLease.beat',
  `update code_leases l
   set beats_at = clock_timestamp(), claimed = l.claimed + b.claimed
   from unnest($2::uuid[], $3::int[], $4::int[]) as b(id, epoch, claimed)
   where l.restaurant_id = $1 and l.id = b.id and l.owner = $5 and l.epoch = b.epoch
   returning l.id`,
);

/** Leases. Their times are the database's, so that clocks of instances may differ. */
export class LeaseTable {
  /** Takes up to `size` new codes; undefined when none are left. */
  async take(
    restaurantId: string,
    tx: Tx,
    poolId: string,
    lease: { id: string; owner: string; size: number; at: Date },
  ): Promise<Lease | undefined> {
    const taken = await tx.maybeOne(take, [restaurantId, poolId, lease.size, lease.at]);
    if (!taken) return undefined;
    const firstN = taken.lastN - taken.size + 1;
    await tx.run(insert, [restaurantId, lease.id, poolId, firstN, taken.lastN, lease.owner]);
    return { id: lease.id, epoch: 1, firstN, lastN: taken.lastN, claimed: 0, available: taken.available };
  }

  /**
   * Locks a lease that was given back, or whose owner is dead. The asking owner knows that it
   * lives, however late its heartbeat is.
   */
  lockFree(restaurantId: string, tx: Tx, poolId: string, by: { deadAfterMs: number; owner: string }) {
    return tx.maybeOne(lockFree, [restaurantId, poolId, by.deadAfterMs, by.owner]);
  }

  /** A new owner for a locked lease. Claims of the owner before are refused from now on. */
  takeOver(restaurantId: string, tx: Tx, id: string, owner: string): Promise<Lease> {
    return tx.one(takeOver, [restaurantId, id, owner]);
  }

  /** @param owner null removes it whoever owns it. @returns the last state, if it was there. */
  remove(restaurantId: string, tx: Tx, id: string, owner: string | null): Promise<Lease | undefined> {
    return tx.maybeOne(remove, [restaurantId, id, owner]);
  }

  /** Leaves the lease without an owner. @returns its state, if it was the owner's. */
  giveBack(restaurantId: string, tx: Tx, id: string, owner: string, epoch: number): Promise<Lease | undefined> {
    return tx.maybeOne(giveBack, [restaurantId, id, owner, epoch]);
  }

  /**
   * For codes without value, whose claims leave no rows: the range begins behind the last claim.
   */
  async narrow(restaurantId: string, tx: Tx, id: string, firstN: number): Promise<void> {
    await tx.run(narrow, [restaurantId, id, firstN]);
  }

  /** Says that the owner lives. @returns ids of the leases that are still its own. */
  async beat(
    restaurantId: string,
    tx: Tx,
    owner: string,
    leases: readonly { id: string; epoch: number; claimed: number }[],
  ): Promise<Set<string>> {
    const rows = await tx.many(beat, [
      restaurantId,
      leases.map(({ id }) => id),
      leases.map(({ epoch }) => epoch),
      leases.map(({ claimed }) => claimed),
      owner,
    ]);
    return new Set(rows.map(({ id }) => id));
  }
}
