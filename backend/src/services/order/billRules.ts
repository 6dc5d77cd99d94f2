/** Rules about orders that have an invoice or a receipt. */
import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../../domain/shared/errors.js';
import { activeLines, type Order } from '../../domain/order/order.js';
import type { TakenBack } from './orderRequests.js';

/** Whether an invoice of the order would change. Tips that are given with payments are on none. */
export function isBillChanged(before: Order, after: Order): boolean {
  return !isDeepStrictEqual(billed(before), billed(after));
}

/** In the form in which the database returns it. */
function billed(order: Order): unknown {
  const bill = [
    order.status === 'cancelled',
    order.orderTip,
    order.serviceChargeTotal,
    order.taxes,
    activeLines(order.lines).map(({ id, quantity, grossAmount, amount, taxes, modifiers }) => [
      id,
      quantity,
      grossAmount,
      amount,
      taxes,
      modifiers,
    ]),
  ];
  return JSON.parse(JSON.stringify(bill));
}

export function orderHasDocument({ id, type, number }: { id: string; type: string; number: string }): AppError {
  return new AppError(
    'order_has_documents',
    `${number} is the ${type} of this order. Credit it first: POST /v1/documents/${id}/credit?issue=true. ` +
      'The order is lowered by the credit note; refund to the guest the amount that is then due. ' +
      'With "applyToOrder": true, the credited goods leave the order in the same call.',
  );
}

export function depositHasDocument({ id, number }: { id: string; number: string }): AppError {
  return new AppError(
    'order_has_documents',
    `${number} is the document of this deposit and states its taxes. Credit it first: POST /v1/documents/${id}/credit?issue=true.`,
  );
}

/** The order without the taken units; a line of which none is left is voided. */
export function withoutTaken(
  order: Order,
  taken: readonly TakenBack[],
  { at, reason }: { at: string; reason: string },
): Order {
  const lines = order.lines.map((line) => {
    const units = taken.find(({ lineId }) => lineId === line.id)?.quantity ?? 0;
    if (units === 0 || line.voidedAt !== null) return line;
    if (units >= line.quantity) return { ...line, voidedAt: at, voidReason: reason };
    return { ...line, quantity: line.quantity - units };
  });
  return { ...order, lines };
}
