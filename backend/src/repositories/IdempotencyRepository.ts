import { query, type Tx } from '../config/database.js';
import { keyInUse } from '../domain/shared/errors.js';

interface StoredAnswerRow {
  request_hash: string;
  status: number;
  body: Buffer;
  created_at: string;
}

export interface StoredAnswer {
  requestHash: string;
  status: number;
  body: Buffer;
}

/** An answer that was stored before, and when: RFC 3339. */
export interface FoundAnswer extends StoredAnswer {
  createdAt: string;
}

/** What one sweep over some restaurants came to. */
export interface Sweep {
  /** The next one goes on behind it. */
  lastRestaurantId: string;
  forgotten: number;
}

export interface IdempotencyKey {
  caller: string;
  route: string;
  key: string;
}

/** An answer and the key it lies under. */
export interface KeyedAnswer {
  key: IdempotencyKey;
  answer: StoredAnswer;
}

// The lock tells a second caller at once that the first is still at work, where the unique key would make it wait.
const lockKey = query<{ locked: boolean }>(
  'idempotency.lock',
  `select pg_try_advisory_xact_lock(hashtextextended(concat_ws(' ', $1::text, $2::text, $3::text, $4::text), 0)) as locked`,
);

const findAnswer = query<StoredAnswerRow>(
  'idempotency.find',
  `select request_hash, status, body, created_at
   from idempotency_keys
   where restaurant_id = $1 and caller = $2 and route = $3 and key = $4`,
);

// Both as above, for the calls of a common transaction.
const lockKeys = query<{ locked: boolean }>(
  'idempotency.lockAll',
  `select pg_try_advisory_xact_lock(hashtextextended(concat_ws(' ', $1::text, k.caller, k.route, k.key), 0)) as locked
   from unnest($2::text[], $3::text[], $4::text[]) with ordinality as k(caller, route, key, place)
   order by k.place`,
);
const findAnswers = query<StoredAnswerRow & { place: number }>(
  'idempotency.findAll',
  `select k.place, i.request_hash, i.status, i.body, i.created_at
   from unnest($2::text[], $3::text[], $4::text[]) with ordinality as k(caller, route, key, place)
   join idempotency_keys i on i.restaurant_id = $1 and i.caller = k.caller and i.route = k.route and i.key = k.key`,
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
   * @param oldest an answer from before then is none: it goes, and the key is as good as new.
   * @returns the stored answer, or nothing when this transaction is the one to work.
   * @throws AppError idempotency_key_in_use while another transaction works under the key.
   */
  async claim(restaurantId: string, tx: Tx, key: IdempotencyKey, oldest: Date): Promise<FoundAnswer | undefined> {
    const values = [restaurantId, key.caller, key.route, key.key];
    // The answer by a statement of its own, which sees what was committed before the lock came free. The statement that takes
    // the lock may have begun before that: its caller would work a second time, and meet a thing deleted or a payment made.
    const [{ locked }, row] = await Promise.all([tx.one(lockKey, values), tx.maybeOne(findAnswer, values)]);
    if (row && !isBefore(row, oldest)) return answerOf(row);
    if (!locked) throw keyInUse();
    if (row) tx.defer(tx.run(removeAnswers, [restaurantId, ...columnsOf([key])]));
    return undefined;
  }

  /** What is known of each key, in the order given: its answer, and whether this transaction is the one to work. */
  async claimAll(
    restaurantId: string,
    tx: Tx,
    keys: readonly IdempotencyKey[],
    oldest: Date,
  ): Promise<{ stored: FoundAnswer | undefined; locked: boolean }[]> {
    const values = [restaurantId, ...columnsOf(keys)];
    // Two statements, for the reason above.
    const [locks, rows] = await Promise.all([tx.many(lockKeys, values), tx.many(findAnswers, values)]);
    const gone = keys.filter((_, index) => {
      const row = rows.find(({ place }) => place === index + 1);
      return row && locks[index]?.locked && isBefore(row, oldest);
    });
    if (gone.length > 0) tx.defer(tx.run(removeAnswers, [restaurantId, ...columnsOf(gone)]));
    const answers = new Map(
      rows.flatMap((row) => (isBefore(row, oldest) ? [] : [[row.place, answerOf(row)] as const])),
    );
    return keys.map((_, index) => ({ stored: answers.get(index + 1), locked: locks[index]?.locked === true }));
  }

  async store(restaurantId: string, tx: Tx, answers: readonly KeyedAnswer[], at: Date): Promise<void> {
    await tx.run(storeAnswers, [
      restaurantId,
      ...columnsOf(answers.map(({ key }) => key)),
      answers.map(({ answer }) => answer.requestHash),
      answers.map(({ answer }) => answer.status),
      answers.map(({ answer }) => answer.body),
      at,
    ]);
  }

  /**
   * Forgets old answers of some restaurants, whoever's they are.
   * @param behind the last one of the sweep before; undefined: begin. @returns undefined when there are no more.
   */
  forget(tx: Tx, olderThan: Date, behind: string | undefined, most: number): Promise<Sweep | undefined> {
    return tx.maybeOne(forgetAnswers, [olderThan, behind ?? null, most]);
  }

  async purge(restaurantId: string, tx: Tx, olderThan: Date): Promise<void> {
    await tx.run(purgeOld, [restaurantId, olderThan]);
  }
}

function columnsOf(keys: readonly IdempotencyKey[]): string[][] {
  return [keys.map(({ caller }) => caller), keys.map(({ route }) => route), keys.map(({ key }) => key)];
}

function answerOf({ request_hash: requestHash, status, body, created_at: createdAt }: StoredAnswerRow): FoundAnswer {
  return { requestHash, status, body, createdAt };
}

function isBefore(row: StoredAnswerRow, oldest: Date): boolean {
  return Date.parse(row.created_at) < oldest.getTime();
}
