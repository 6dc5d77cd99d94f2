import { query, type Tx } from '../config/database.js';
import { AppError } from '../domain/errors.js';

interface StoredAnswerRow {
  request_hash: string;
  status: number;
  body: Buffer;
}

export interface StoredAnswer {
  requestHash: string;
  status: number;
  body: Buffer;
}

export interface IdempotencyKey {
  caller: string;
  route: string;
  key: string;
}

// The lock tells a second caller at once that the first is still at work, where the unique key would make it wait.
const lockKey = query<{ locked: boolean }>(
  'idempotency.lock',
  `select pg_try_advisory_xact_lock(hashtextextended(concat_ws(' ', $1::text, $2::text, $3::text, $4::text), 0)) as locked`,
);

const findAnswer = query<StoredAnswerRow>(
  'idempotency.find',
  `select request_hash, status, body
   from idempotency_keys
   where restaurant_id = $1 and caller = $2 and route = $3 and key = $4`,
);

const storeAnswer = query(
  'idempotency.store',
  `insert into idempotency_keys (restaurant_id, caller, route, key, request_hash, status, body, created_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8)`,
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
   * @returns the stored answer, or nothing when this transaction is the one to work.
   * @throws AppError idempotency_key_in_use while another transaction works under the key.
   */
  async claim(restaurantId: string, tx: Tx, key: IdempotencyKey): Promise<StoredAnswer | undefined> {
    const values = [restaurantId, key.caller, key.route, key.key];
    const { locked } = await tx.one(lockKey, values);
    // A statement of its own, which sees what was committed before the lock came free. The statement that takes the lock
    // may have begun before that: its caller would work a second time, and meet a thing deleted or a payment made.
    const row = await tx.maybeOne(findAnswer, values);
    if (row) return { requestHash: row.request_hash, status: row.status, body: row.body };
    if (!locked) throw inUse();
    return undefined;
  }

  async store(restaurantId: string, tx: Tx, key: IdempotencyKey, answer: StoredAnswer, at: Date): Promise<void> {
    await tx.run(storeAnswer, [
      restaurantId,
      key.caller,
      key.route,
      key.key,
      answer.requestHash,
      answer.status,
      answer.body,
      at,
    ]);
  }

  async purge(restaurantId: string, tx: Tx, olderThan: Date): Promise<void> {
    await tx.run(purgeOld, [restaurantId, olderThan]);
  }
}

function inUse(): AppError {
  return new AppError(
    'idempotency_key_in_use',
    'A request with this Idempotency-Key is still being worked on. Wait a moment and send it again.',
    { retryAfterSeconds: 1 },
  );
}
