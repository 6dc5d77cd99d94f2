/** Rules about orders that have an invoice or a receipt. */
import { isDeepStrictEqual } from 'node:util';
import { AppError } from '../../domain/shared/errors.js';
import { ONE_IN_MICROS, parseQuantity } from '../../domain/number/quantity.js';
import { attachedTo } from '../../domain/order/attachedLines.js';
import { unitsIn, withUnits } from '../../domain/order/measure.js';
import { isReturn } from '../../domain/order/returnedDeposits.js';
import { activeLines, type Order, type OrderLine } from '../../domain/order/order.js';
import type { TakenBack } from './orderRequests.js';

/** Whether an invoice of the order would change. Tips that are given with payments are on none. */
export function isBillChanged(before: Order, after: Order): boolean {
  if (isDifferent(headOf(before), headOf(after))) return true;
  // A step of an order keeps its lines as they are: 5,000 modifiers would be compared for nothing.
  return before.lines !== after.lines && isDifferent(linesOf(before), linesOf(after));
}

function headOf({ status, orderTip, serviceChargeTotal, taxes }: Order): unknown {
  return [status === 'cancelled', orderTip, serviceChargeTotal, taxes];
}

function linesOf(order: Order): unknown {
  return activeLines(order.lines).map(({ id, quantity, grossAmount, amount, taxes, modifiers }) => [
    id,
    quantity,
    grossAmount,
    amount,
    taxes,
    modifiers,
  ]);
}

/** Compares in the form in which the database returns values. */
function isDifferent(before: unknown, after: unknown): boolean {
  const stored = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
  return !isDeepStrictEqual(stored(before), stored(after));
}

export function orderHasDocument({ id, type, number }: { id: string; type: string; number: string }): AppError {
  return new AppError(
    'order_has_documents',
    `${number} is the ${type} of this order. Credit it first: POST /v1/documents/${id}/credit?issue=true. ` +
      'The order is lowered by the credit note; refund to the guest the amount that is then due. ' +
      'With "applyToOrder": true, the credited goods leave the order in the same call.',
  );
}

function unitsBack(line: OrderLine, { quantity, unit }: TakenBack): number {
  const micros = parseQuantity(quantity) ?? 0n;
  if (line.measured && unit !== null) return Number(micros);
  // A document has a weighed line with dear modifiers as one piece.
  return line.measured ? unitsIn(line) : Number(micros / ONE_IN_MICROS);
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
    const back = taken.find(({ lineId }) => lineId === line.id);
    if (!back || line.voidedAt !== null) return line;
    // A tax-exempt customer's returned deposits are one piece on papers.
    const isOne = isReturn(line) && line.discountAmount !== 0;
    const units = isOne ? unitsIn(line) : unitsBack(line, back);
    if (Math.abs(units) >= Math.abs(unitsIn(line))) return { ...line, voidedAt: at, voidReason: reason };
    return withUnits(line, unitsIn(line) - units);
  });
  return { ...order, lines: lines.map((line) => setAfter(line, lines, { at, reason })) };
}

/** A set menu has as many units as its parts have left. */
function setAfter(line: OrderLine, lines: readonly OrderLine[], { at, reason }: { at: string; reason: string }) {
  if (line.kind !== 'set' || line.voidedAt !== null) return line;
  const parts = attachedTo(lines, line).filter(({ kind }) => kind === 'part');
  const left = Math.max(0, ...parts.map(({ quantity, parentUnits }) => Math.ceil(quantity / (parentUnits ?? 1))));
  if (left > 0 || line.grossAmount > 0) return left > 0 && left < line.quantity ? { ...line, quantity: left } : line;
  return { ...line, voidedAt: at, voidReason: reason };
}
