/** The life of an order. Every move a caller can ask for is in the one table below; all else is refused. */
import { AppError } from '../shared/errors.js';

export const ORDER_STATUSES = ['placed', 'accepted', 'preparing', 'ready', 'completed', 'cancelled'] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

export const ORDER_ACTIONS = ['accept', 'start', 'ready', 'complete', 'cancel', 'reopen'] as const;
export type OrderAction = (typeof ORDER_ACTIONS)[number];

interface Move {
  from: readonly OrderStatus[];
  to: OrderStatus;
}

const MOVES: Record<OrderAction, Move> = {
  accept: { from: ['placed'], to: 'accepted' },
  start: { from: ['accepted'], to: 'preparing' },
  ready: { from: ['preparing'], to: 'ready' },
  complete: { from: ['ready'], to: 'completed' },
  cancel: { from: ['placed', 'accepted', 'preparing', 'ready'], to: 'cancelled' },
  // A guest orders another coffee after the bill: the kitchen sees the order again as accepted.
  reopen: { from: ['completed'], to: 'accepted' },
};

/** The status that `action` leads to. @throws AppError invalid_state, naming what is possible now. */
export function nextStatus(current: OrderStatus, action: OrderAction): OrderStatus {
  const move = MOVES[action];
  if (move.from.includes(current)) return move.to;
  const possible = ORDER_ACTIONS.filter((other) => MOVES[other].from.includes(current));
  const hint = possible.length === 0 ? 'nothing can follow' : `possible now: ${possible.join(', ')}`;
  throw new AppError('invalid_state', `An order that is ${current} cannot take "${action}"; ${hint}.`);
}

/** Lines may change until the order is closed. */
export function isOpen(status: OrderStatus): boolean {
  return status !== 'completed' && status !== 'cancelled';
}

/** From acceptance on the kitchen knows of the lines: taking one back needs a reason. */
export function isSent(status: OrderStatus): boolean {
  return status !== 'placed';
}
