/**
 * Returned deposits: lines below zero, which lower the bill (decision 0046). Refunds and credit
 * notes by amount take from the other lines only: an empty bottle is not sold again.
 */
import { AppError } from '../shared/errors.js';
import { formatMinor } from '../number/money.js';
import { type Order, type OrderLine, repriced } from './order.js';

/** Whether a line takes a deposit back. */
export function isReturn({ quantity }: Pick<OrderLine, 'quantity'>): boolean {
  return quantity < 0;
}

/**
 * The order as if no deposit had been returned. Its totals are those of the order plus the returned
 * amounts, tax by tax.
 */
export function withoutReturns(order: Order): Order {
  if (!order.lines.some((line) => isReturn(line) && line.voidedAt === null)) return order;
  return repriced({ ...order, lines: order.lines.filter((line) => !isReturn(line)) });
}

/**
 * A bill never falls below zero: nobody would have paid the money that it owes. Deposits without a
 * bill are given back as a refund of the line that charged them.
 * @throws AppError invalid_request.
 */
export function assertNotBelowZero(order: Omit<Order, 'number'>): void {
  if (order.status === 'cancelled' || !order.lines.some((line) => isReturn(line) && line.voidedAt === null)) return;
  const goods = order.subtotal - order.discountTotal;
  const left = Math.min(goods, order.total - Math.max(order.tipTotal, order.refundedSaleTotal));
  if (left >= 0) return;
  throw new AppError(
    'invalid_request',
    `The returned deposits exceed the rest of the bill by ${formatMinor(-left, order.currency)} ${order.currency}. ` +
      'Return fewer with this order, and the others with another one, or refund the line that charged them.',
  );
}
