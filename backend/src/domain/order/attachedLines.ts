/** Lines that belong to another line of their order: they change, and leave the order, with it. */
import { AppError, invalid } from '../shared/errors.js';
import type { Order, OrderLine } from './order.js';

/** The lines that belong to a line and still count. */
export function attachedTo(lines: readonly OrderLine[], { id }: OrderLine): OrderLine[] {
  return lines.filter((line) => line.parentLineId === id && line.voidedAt === null);
}

/** The order with a changed line; lines that belong to it follow its quantity. */
export function withLine(order: Order, after: OrderLine): Order {
  const lines = order.lines.map((line) => {
    if (line.id === after.id) return after;
    if (line.parentLineId !== after.id || line.voidedAt !== null) return line;
    return { ...line, quantity: after.quantity * (line.parentUnits ?? 1) };
  });
  return { ...order, lines };
}

/** The order without a line and the lines that belong to it: they stay in it as history. */
export function withoutLine(order: Order, { id }: OrderLine, voided: { at: string; reason: string | null }): Order {
  const isGone = (line: OrderLine) => (line.id === id || line.parentLineId === id) && line.voidedAt === null;
  const lines = order.lines.map((line) =>
    isGone(line) ? { ...line, voidedAt: voided.at, voidReason: voided.reason } : line,
  );
  return { ...order, lines };
}

/** @throws AppError invalid_state for a line whose quantity is that of another one. */
export function assertOwnQuantity(order: Order, line: OrderLine): void {
  const parent = order.lines.find(({ id }) => id === line.parentLineId);
  if (!parent || parent.voidedAt !== null) return;
  throw new AppError(
    'invalid_state',
    `"${line.name}" belongs to "${parent.name}" and has its quantity. Change that line instead.`,
  );
}

/** @throws AppError invalid_state for a modifier, which leaves with the choice of its line. */
export function assertRemovable(order: Order, line: OrderLine): void {
  const parent = order.lines.find(({ id }) => id === line.parentLineId);
  if (line.kind !== 'modifier' || !parent || parent.voidedAt !== null) return;
  throw new AppError(
    'invalid_state',
    `"${line.name}" is a modifier of "${parent.name}". Change the modifiers of that line instead.`,
  );
}

/** A returned deposit does not become a sold one, nor the other way round. @throws AppError. */
export function assertSameSign({ name, quantity }: OrderLine, wanted: number): void {
  if (quantity < 0 === wanted < 0) return;
  const hint = quantity < 0 ? 'Give a whole number from -1 downwards' : 'Give a whole number from 1';
  throw invalid('/quantity', `${hint} for "${name}", or void the line and add another one.`);
}
