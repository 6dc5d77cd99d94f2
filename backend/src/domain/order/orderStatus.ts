/** The life of an order. The table below has every allowed move; all others are refused. */
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
  // A guest orders another coffee after the bill: the kitchen sees the order as accepted again.
  reopen: { from: ['completed'], to: 'accepted' },
};

/**
 * The status after `action`.
 * @throws AppError invalid_state, naming the possible actions.
 */
export function nextStatus(current: OrderStatus, action: OrderAction): OrderStatus {
  const move = MOVES[action];
  if (move.from.includes(current)) return move.to;
  const possible = ORDER_ACTIONS.filter((other) => MOVES[other].from.includes(current));
  const hint = possible.length === 0 ? 'no action is possible any more' : `possible now: ${possible.join(', ')}`;
  throw new AppError('invalid_state', `An order that is ${current} cannot take "${action}"; ${hint}.`);
}

/** Lines may change until the order is completed or cancelled. */
export function isOpen(status: OrderStatus): boolean {
  return status !== 'completed' && status !== 'cancelled';
}

/** From acceptance on, the kitchen has seen the lines: voiding one needs a reason. */
export function isSent(status: OrderStatus): boolean {
  return status !== 'placed';
}
