import { query, type Tx, violatedConstraint } from '../config/database.js';
import { AppError } from '../domain/errors.js';

interface StoredAnswerRow {
  locked: boolean;
  request_hash: string | null;
  status: number | null;
  body: Buffer | null;
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
const claimKey = query<StoredAnswerRow>(
  'idempotency.claim',
  `select l.locked, k.request_hash, k.status, k.body
   from (select pg_try_advisory_xact_lock(hashtextextended(concat_ws(' ', $1::text, $2::text, $3::text, $4::text), 0)) as locked) l
   left join idempotency_keys k
     on k.restaurant_id = $1::uuid and k.caller = $2 and k.route = $3 and k.key = $4`,
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
  /** @throws AppError idempotency_key_in_use while another transaction works under the key. */
  async claim(restaurantId: string, tx: Tx, key: IdempotencyKey): Promise<StoredAnswer | undefined> {
    const row = await tx.one(claimKey, [restaurantId, key.caller, key.route, key.key]);
    if (row.request_hash !== null && row.status !== null && row.body !== null) {
      return { requestHash: row.request_hash, status: row.status, body: row.body };
    }
    if (!row.locked) throw inUse();
    return undefined;
  }

  async store(restaurantId: string, tx: Tx, key: IdempotencyKey, answer: StoredAnswer, at: Date): Promise<void> {
    try {
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
    } catch (error) {
      // The first caller committed between our snapshot and our lock; this transaction rolls back, the next try replays.
      if (violatedConstraint(error) === 'idempotency_keys_pkey') throw inUse();
      throw error;
    }
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
