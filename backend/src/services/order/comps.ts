/** Lines that are given for nothing. */
import type { Call } from '../../domain/shared/call.js';
import { AppError, invalid } from '../../domain/shared/errors.js';
import type { Comp, Order, OrderLine } from '../../domain/order/order.js';
import { attachedTo, withLine } from '../../domain/order/attachedLines.js';
import { isAtFaceValue } from '../../domain/order/lineKind.js';
import { unitsIn, withUnits } from '../../domain/order/measure.js';
import type { LineRequest } from '../../domain/order/takenLine.js';
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
 * @param given.units to comp, at most those of the line.
 * @throws AppError invalid_state when it is comped already, a deposit or a voucher.
 */
export function withComp(
  order: Order,
  line: OrderLine,
  { comp, units, newId }: { comp: Comp; units: number; newId: () => string },
): Order {
  if (isAtFaceValue(line.kind))
    throw new AppError('invalid_state', `"${line.name}" is a ${line.kind}, which is not comped.`);
  if (line.comp !== null) throw new AppError('invalid_state', `"${line.name}" is comped already.`);
  const isWhole = units === unitsIn(line);
  const comped = { ...withUnits(line, units), comp, discounts: [...line.discounts, { name: 'Comp', percent: '100' }] };
  if (isWhole) return withLine(order, comped);
  if (line.parentLineId !== null)
    throw invalid('/quantity', `"${line.name}" belongs to another line. Comp all of it, or units of that line.`);
  const rest = withLine(order, withUnits(line, unitsIn(line) - units));
  const position = Math.max(...order.lines.map((one) => one.position)) + 1;
  const apart = { ...comped, id: newId(), position };
  // A weighed line stays one piece with what belongs to it.
  const attached = line.measured ? [] : attachedTo(order.lines, line);
  const others = attached.map((one, index) => ({
    ...one,
    id: newId(),
    parentLineId: apart.id,
    quantity: apart.quantity * (one.parentUnits ?? 1),
    position: position + index + 1,
  }));
  return { ...rest, lines: [...rest.lines, apart, ...others] };
}
