import { query, type Tx } from '../../config/database.js';

export interface StoredCall {
  sealed: Buffer;
  step: number;
  answer: string;
}

const lockCall = query<StoredCall>(
  'voiceCall.lock',
  'select sealed, step, answer from voice_calls where restaurant_id = $1 and call_id = $2 for update',
);

const saveCall = query(
  'voiceCall.save',
  `insert into voice_calls (restaurant_id, call_id, sealed, step, answer, created_at)
   values ($1, $2, $3, $4, $5, $6)
   on conflict (restaurant_id, call_id) do update set sealed = $3, step = $4, answer = $5`,
);

export class CallTable {
  lock(restaurantId: string, tx: Tx, callId: string): Promise<StoredCall | undefined> {
    return tx.maybeOne(lockCall, [restaurantId, callId]);
  }

  async save(
    restaurantId: string,
    tx: Tx,
    callId: string,
    { sealed, step, answer }: StoredCall,
    at: Date,
  ): Promise<void> {
    await tx.run(saveCall, [restaurantId, callId, sealed, step, answer, at]);
  }
}
