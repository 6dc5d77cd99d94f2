import { query, type Tx } from '../config/database.js';
import type { Payment, Refund } from '../domain/order/payment.js';
import { MoneyLists } from './payment/MoneyLists.js';
import type { SaleCorrection } from '../domain/order/saleCorrection.js';

const PAYMENT_COLUMNS = `id, order_id as "orderId", method, amount, tip, rounding, tendered, change, refunded, reference, shift_id as "shiftId", prepaid,
  business_date as "businessDate", created_by as "createdBy", created_at as "createdAt"`;
// Taxes are stored inside `parts`. Refunds older than their own method have that of the payment.
const REFUND_COLUMNS = `r.id, r.payment_id as "paymentId", r.order_id as "orderId", coalesce(r.method, p.method) as method,
  r.amount, r.rounding, coalesce(r.tip, (r.parts ->> 'tip')::bigint, 0) as tip, r.shift_id as "shiftId", r.lines, r.goodwill,
  r.parts - 'taxes' as parts, coalesce(r.parts -> 'taxes', '[]') as taxes, r.prepaid, r.reason,
  r.business_date as "businessDate", r.created_by as "createdBy", r.created_at as "createdAt"`;

const insertPayment = query(
  'payment.insert',
  `insert into payments (restaurant_id, id, order_id, method, amount, tip, tendered, change, refunded, reference, business_date, created_by, created_at, rounding, shift_id, prepaid)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
);
const findPayment = query<Payment>(
  'payment.find',
  `select ${PAYMENT_COLUMNS} from payments where restaurant_id = $1 and id = $2`,
);
const listPayments = query<Payment>(
  'payment.listOfOrder',
  `select ${PAYMENT_COLUMNS} from payments where restaurant_id = $1 and order_id = $2 order by id`,
);
const addRefunded = query(
  'payment.addRefunded',
  `update payments set refunded = refunded + $3 where restaurant_id = $1 and id = $2`,
);
const insertRefund = query(
  'refund.insert',
  `insert into refunds (restaurant_id, id, payment_id, order_id, method, amount, lines, goodwill, parts, reason, business_date, created_by, created_at, rounding, tip, shift_id, prepaid)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
);
const listRefunds = query<Refund>(
  'refund.listOfOrder',
  `select ${REFUND_COLUMNS}
   from refunds r
   join payments p on p.restaurant_id = r.restaurant_id and p.id = r.payment_id
   where r.restaurant_id = $1 and r.order_id = $2
   order by r.id`,
);

const insertCorrection = query(
  'saleCorrection.insert',
  `insert into sale_corrections (restaurant_id, id, order_id, kind, document_id, amount, parts, prepaid, reason, business_date, created_by, created_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
);
const listCorrections = query<SaleCorrection>(
  'saleCorrection.listOfOrder',
  `select id, order_id as "orderId", kind, document_id as "documentId", amount, parts - 'taxes' as parts, parts -> 'taxes' as taxes,
     prepaid, reason, business_date as "businessDate", created_by as "createdBy", created_at as "createdAt"
   from sale_corrections
   where restaurant_id = $1 and order_id = $2
   order by id`,
);

/**
 * Payments, refunds and corrections. The caller has locked the order, so these rows need no locks.
 */
export class PaymentRepository {
  /** Lists of all orders. */
  readonly lists = new MoneyLists();

  async insert(restaurantId: string, tx: Tx, payment: Payment): Promise<void> {
    await tx.run(insertPayment, [
      restaurantId,
      payment.id,
      payment.orderId,
      payment.method,
      payment.amount,
      payment.tip,
      payment.tendered,
      payment.change,
      payment.refunded,
      payment.reference,
      payment.businessDate,
      payment.createdBy,
      payment.createdAt,
      payment.rounding,
      payment.shiftId,
      json(payment.prepaid),
    ]);
  }

  find(restaurantId: string, tx: Tx, id: string): Promise<Payment | undefined> {
    return tx.maybeOne(findPayment, [restaurantId, id]);
  }

  listOfOrder(restaurantId: string, tx: Tx, orderId: string): Promise<Payment[]> {
    return tx.many(listPayments, [restaurantId, orderId]);
  }

  async refund(restaurantId: string, tx: Tx, refund: Refund): Promise<void> {
    const { id, paymentId, orderId, method, amount, lines, goodwill, parts, taxes } = refund;
    const { prepaid, reason, rounding, tip, shiftId, businessDate, createdBy, createdAt } = refund;
    await tx.run(addRefunded, [restaurantId, paymentId, amount]);
    await tx.run(insertRefund, [
      restaurantId,
      id,
      paymentId,
      orderId,
      method,
      amount,
      JSON.stringify(lines),
      goodwill,
      JSON.stringify({ ...parts, taxes }),
      reason,
      businessDate,
      createdBy,
      createdAt,
      rounding,
      tip,
      shiftId,
      json(prepaid),
    ]);
  }

  async correct(restaurantId: string, tx: Tx, correction: SaleCorrection): Promise<void> {
    const { id, orderId, kind, documentId, amount, parts, taxes, prepaid, reason, businessDate, createdBy, createdAt } =
      correction;
    const content = [kind, documentId, amount, JSON.stringify({ ...parts, taxes }), json(prepaid), reason];
    await tx.run(insertCorrection, [restaurantId, id, orderId, ...content, businessDate, createdBy, createdAt]);
  }

  correctionsOfOrder(restaurantId: string, tx: Tx, orderId: string): Promise<SaleCorrection[]> {
    return tx.many(listCorrections, [restaurantId, orderId]);
  }

  refundsOfOrder(restaurantId: string, tx: Tx, orderId: string): Promise<Refund[]> {
    return tx.many(listRefunds, [restaurantId, orderId]);
  }
}

function json(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value);
}
