import { query, type Tx, violatedConstraint } from '../config/database.js';
import { keyInUse, OutOfDate } from '../domain/shared/errors.js';

export interface StoredAnswer {
  requestHash: string;
  status: number;
  body: Buffer;
}

/** An answer from an earlier request. */
export interface FoundAnswer extends StoredAnswer {
  /** RFC 3339. */
  createdAt: string;
}

/** Result of one sweep over some restaurants. */
export interface Sweep {
  /** The next sweep starts after this restaurant. */
  lastRestaurantId: string;
  forgotten: number;
}

export interface IdempotencyKey {
  caller: string;
  route: string;
  key: string;
}

/** An answer and the key under which it is stored. */
export interface KeyedAnswer {
  key: IdempotencyKey;
  answer: StoredAnswer;
}

// With this lock, a second caller learns at once that the first one is still working. The unique
// key would make it wait.
const lockKey = query<{ locked: boolean }>(
  'idempotency.lock',
  `select pg_try_advisory_xact_lock(hashtextextended(concat_ws(' ', $1::text, $2::text, $3::text, $4::text), 0)) as locked`,
);

const findAnswer = query<FoundAnswer>(
  'idempotency.find',
  `select request_hash as "requestHash", status, body, created_at as "createdAt"
   from idempotency_keys
   where restaurant_id = $1 and caller = $2 and route = $3 and key = $4`,
);

// The same two statements for all calls of a shared transaction.
const lockKeys = query<{ locked: boolean }>(
  'idempotency.lockAll',
  `select pg_try_advisory_xact_lock(hashtextextended(concat_ws(' ', $1::text, k.caller, k.route, k.key), 0)) as locked
   from unnest($2::text[], $3::text[], $4::text[]) with ordinality as k(caller, route, key, place)
   order by k.place`,
);
const findAnswers = query<FoundAnswer & { place: number }>(
  'idempotency.findAll',
  `select k.place, i.request_hash as "requestHash", i.status, i.body, i.created_at as "createdAt"
   from unnest($2::text[], $3::text[], $4::text[]) with ordinality as k(caller, route, key, place)
   join idempotency_keys i on i.restaurant_id = $1 and i.caller = k.caller and i.route = k.route and i.key = k.key`,
);

// Locks as `idempotency.lockAll` does. An answer that is committed between the snapshot of this
// statement and its lock is not seen; then the primary key refuses to store another one.
// `exists` behind an `or` was answered from a hash of all keys of the restaurant, for each order: a
// plan that PostgreSQL chose while they were few, and kept.
const assertNew = query(
  'idempotency.assertNew',
  `with k as (
     select k.caller, k.route, k.key,
       pg_try_advisory_xact_lock(hashtextextended(concat_ws(' ', $1::uuid, k.caller, k.route, k.key), 0)) as locked
     from unnest($2::text[], $3::text[], $4::text[]) as k(caller, route, key)
   )
   select refuse_old_state()
   where exists (
     select from k
     left join lateral (
       select i.key from idempotency_keys i
       where i.restaurant_id = $1 and i.caller = k.caller and i.route = k.route and i.key = k.key
       limit 1) known on true
     where not k.locked or known.key is not null)`,
);

const storeAnswers = query(
  'idempotency.store',
  `insert into idempotency_keys (restaurant_id, caller, route, key, request_hash, status, body, created_at)
   select $1, a.caller, a.route, a.key, a.request_hash, a.status, a.body, $8
   from unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::smallint[], $7::bytea[]) as a(caller, route, key, request_hash, status, body)`,
);

const removeAnswers = query(
  'idempotency.remove',
  `delete from idempotency_keys
   where restaurant_id = $1 and (caller, route, key) in (
     select k.caller, k.route, k.key from unnest($2::text[], $3::text[], $4::text[]) as k(caller, route, key))`,
);

const forgetAnswers = query<Sweep>(
  'idempotency.forget',
  `select last_restaurant_id as "lastRestaurantId", forgotten from forget_answers($1, $2, $3)`,
);

const purgeOld = query(
  'idempotency.purge',
  `delete from idempotency_keys
   where restaurant_id = $1 and (caller, route, key) in (
     select caller, route, key from idempotency_keys
     where restaurant_id = $1 and created_at < $2
     order by created_at
     limit 500
     for update skip locked)`,
);

export class IdempotencyRepository {
  /**
   * @param oldest older answers do not count: they are deleted, and the key is free again.
   * @returns the stored answer; undefined when this transaction has the key and does the work.
   * @throws AppError idempotency_key_in_use while another transaction works with the key.
   */
  async claim(restaurantId: string, tx: Tx, key: IdempotencyKey, oldest: Date): Promise<FoundAnswer | undefined> {
    const values = [restaurantId, key.caller, key.route, key.key];
    // A second statement reads the answer, so that it sees everything committed before the lock
    // became free. The locking statement may have begun earlier: it could miss the answer, and the
    // request would run twice, for example on a deleted item or a finished payment.
    const [{ locked }, row] = await Promise.all([tx.one(lockKey, values), tx.maybeOne(findAnswer, values)]);
    if (row && !isBefore(row, oldest)) return row;
    if (!locked) throw keyInUse();
    if (row) tx.defer(tx.run(removeAnswers, [restaurantId, ...columnsOf([key])]));
    return undefined;
  }

  /**
   * For each key in the given order: its answer, and whether this transaction has the key's lock.
   */
  async claimAll(
    restaurantId: string,
    tx: Tx,
    keys: readonly IdempotencyKey[],
    oldest: Date,
  ): Promise<{ stored: FoundAnswer | undefined; locked: boolean }[]> {
    const values = [restaurantId, ...columnsOf(keys)];
    // Two statements, for the same reason as in `claim`.
    const [locks, rows] = await Promise.all([tx.many(lockKeys, values), tx.many(findAnswers, values)]);
    const gone = keys.filter((_, index) => {
      const row = rows.find(({ place }) => place === index + 1);
      return row && locks[index]?.locked && isBefore(row, oldest);
    });
    if (gone.length > 0) tx.defer(tx.run(removeAnswers, [restaurantId, ...columnsOf(gone)]));
    const answers = new Map(
      rows.flatMap(({ place, ...answer }) => (isBefore(answer, oldest) ? [] : [[place, answer] as const])),
    );
    return keys.map((_, index) => ({ stored: answers.get(index + 1), locked: locks[index]?.locked === true }));
  }

  /**
   * Claims keys that nobody has used yet, for statements that are sent behind this one.
   * @throws OutOfDate when one of them is in use or has an answer: `claimAll` tells which.
   */
  async assertNew(restaurantId: string, tx: Tx, keys: readonly IdempotencyKey[]): Promise<void> {
    await tx.run(assertNew, [restaurantId, ...columnsOf(keys)]).catch(sayOutOfDate);
  }

  /** @throws OutOfDate when a key has an answer that `assertNew` could not see. */
  async store(restaurantId: string, tx: Tx, answers: readonly KeyedAnswer[], at: Date): Promise<void> {
    const values = [
      restaurantId,
      ...columnsOf(answers.map(({ key }) => key)),
      answers.map(({ answer }) => answer.requestHash),
      answers.map(({ answer }) => answer.status),
      answers.map(({ answer }) => answer.body),
      at,
    ];
    await tx.run(storeAnswers, values).catch(sayOutOfDate);
  }

  /**
   * Deletes old answers of up to `most` restaurants, across tenants.
   * @param behind last restaurant of the previous sweep; undefined starts at the beginning.
   * @returns undefined when no restaurants are left.
   */
  forget(tx: Tx, olderThan: Date, behind: string | undefined, most: number): Promise<Sweep | undefined> {
    return tx.maybeOne(forgetAnswers, [olderThan, behind ?? null, most]);
  }

  async purge(restaurantId: string, tx: Tx, olderThan: Date): Promise<void> {
    await tx.run(purgeOld, [restaurantId, olderThan]);
  }
}

function sayOutOfDate(error: unknown): never {
  const constraint = violatedConstraint(error);
  throw constraint === 'state_is_current' || constraint === 'idempotency_keys_pkey' ? new OutOfDate(error) : error;
}

function columnsOf(keys: readonly IdempotencyKey[]): string[][] {
  return [keys.map(({ caller }) => caller), keys.map(({ route }) => route), keys.map(({ key }) => key)];
}

function isBefore({ createdAt }: FoundAnswer, oldest: Date): boolean {
  return Date.parse(createdAt) < oldest.getTime();
}
