import { query, type Tx } from '../../config/database.js';
import type { CodeMovement } from '../../domain/codePool/codePool.js';

const insert = query(
  'codeMovement.insert',
  `insert into code_movements (restaurant_id, id, code_id, kind, amount, balance_after, tax_kind, order_id, payment_id, refund_id, reason,
     business_date, created_by, created_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
);
const COLUMNS = `id, code_id as "codeId", kind, amount, balance_after as "balanceAfter", tax_kind as "taxKind", order_id as "orderId",
  payment_id as "paymentId", refund_id as "refundId", reason, business_date as "businessDate", created_by as "createdBy",
  created_at as "createdAt"`;
const ofCode = query<CodeMovement>(
  'codeMovement.listOfCode',
  `select ${COLUMNS} from code_movements where restaurant_id = $1 and code_id = $2 order by id desc limit $3`,
);
const ofPayment = query<CodeMovement>(
  'codeMovement.listOfPayment',
  `select ${COLUMNS} from code_movements where restaurant_id = $1 and payment_id = $2 order by id`,
);

/** Movements of balances, append-only. The caller has locked the code. */
export class MovementTable {
  async insert(restaurantId: string, tx: Tx, movement: CodeMovement): Promise<void> {
    const { id, codeId, kind, amount, balanceAfter, taxKind, orderId, paymentId, refundId, reason } = movement;
    await tx.run(insert, [
      restaurantId,
      id,
      codeId,
      kind,
      amount,
      balanceAfter,
      taxKind,
      orderId,
      paymentId,
      refundId,
      reason,
      movement.businessDate,
      movement.createdBy,
      movement.createdAt,
    ]);
  }

  /** Newest first. */
  ofCode(restaurantId: string, tx: Tx, codeId: string, limit: number): Promise<CodeMovement[]> {
    return tx.many(ofCode, [restaurantId, codeId, limit]);
  }

  /** The redemption of a payment and the refunds onto its voucher. */
  ofPayment(restaurantId: string, tx: Tx, paymentId: string): Promise<CodeMovement[]> {
    return tx.many(ofPayment, [restaurantId, paymentId]);
  }
}
