/** Data of events about pools of codes and their codes. No code is in it, only ids. */
import { z } from 'zod';
import { MOVEMENT_KINDS, TAX_KINDS } from '../../../domain/codePool/codePool.js';
import { codePool } from '../codePool.js';
import { currency, id, sum } from '../common.js';

const pool = codePool.omit({ currency: true });

const movement = z.object({
  poolId: id,
  kind: z.enum(MOVEMENT_KINDS),
  amount: sum,
  balance: sum,
  taxKind: z.enum(TAX_KINDS).nullable(),
  orderId: id.nullable(),
  paymentId: id.nullable(),
  reason: z.string().nullable(),
  currency,
});

export const CODE_EVENTS = {
  'code_pool.created': pool,
  'code_pool.changed': pool,
  'code_pool.deleted': pool,
  'code_pool.imported': z.object({ imported: z.int(), duplicates: z.int() }),
  'code_pool.exported': z.object({ poolId: id, exportId: id, count: z.int(), value: sum }),
  'code.redeemed': movement,
  'code.refunded': movement,
  // The second is a table's token that was revoked.
  'code.voided': z.union([movement, z.object({ poolId: id, table: z.string() })]),
  'code.released': movement,
  'code.transferred': movement,
};
