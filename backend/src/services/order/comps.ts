/** Lines that are given for nothing. */
import type { Call } from '../../domain/shared/call.js';
import { AppError, invalid } from '../../domain/shared/errors.js';
import type { Comp, Order, OrderLine } from '../../domain/order/order.js';
import type { LineRequest } from '../../domain/order/orderTaking.js';
import type { CompRequest } from './orderRequests.js';

export function compOf({ actor }: Call, { reason, allowedBy }: CompRequest, now: Date): Comp {
  const by = `${actor.kind}:${actor.id}`;
  return { reason, allowedBy: allowedBy ?? by, by, at: now.toISOString() };
}

/**
 * The price zero of a line is given like a comp, with the same right.
 * @throws AppError forbidden.
 */
export function freeOf(call: Call, { free }: Pick<LineRequest, 'free'>, pointer: string, now: Date): Comp | null {
  if (!free) return null;
  if (call.scopes.has('refunds:write')) return compOf(call, free, now);
  const message = 'A line at the price zero needs the right refunds:write. Order it at its price, or ask a manager.';
  throw new AppError('forbidden', message, { errors: [{ pointer: `${pointer}/free`, message }] });
}

/**
 * @param given.quantity units to comp.
 * @throws AppError invalid_request beyond the line; invalid_state when it is comped already.
 */
export function withComp(
  order: Order,
  line: OrderLine,
  { comp, quantity, newId }: { comp: Comp; quantity: number; newId: () => string },
): Order {
  if (line.kind === 'deposit')
    throw new AppError('invalid_state', `"${line.name}" is a deposit: it is given back, and not comped.`);
  if (line.comp !== null) throw new AppError('invalid_state', `"${line.name}" is comped already.`);
  if (quantity > line.quantity) throw invalid('/quantity', `The line has only ${line.quantity} of "${line.name}".`);
  const comped = { ...line, quantity, comp, discounts: [...line.discounts, { name: 'Comp', percent: '100' }] };
  const isWhole = quantity === line.quantity;
  const rest = isWhole ? comped : { ...line, quantity: line.quantity - quantity };
  const position = Math.max(...order.lines.map((one) => one.position)) + 1;
  const lines = order.lines.map((one) => (one.id === line.id ? rest : one));
  return { ...order, lines: isWhole ? lines : [...lines, { ...comped, id: newId(), position }] };
}
