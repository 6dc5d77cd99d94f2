/** Actions that the state of an order allows, and that the person may take. The server decides. */
import type { Order, OrderStatus, Scope } from '../../../../client/src/api.js';

export type Step = 'acceptOrder' | 'startOrder' | 'markOrderReady' | 'completeOrder';

/** The one step that comes next. */
const STEPS: Partial<Record<OrderStatus, Step>> = {
  placed: 'acceptOrder',
  accepted: 'startOrder',
  preparing: 'markOrderReady',
  ready: 'completeOrder',
};

export interface Possible {
  step: Step | undefined;
  pay: boolean;
  refund: boolean;
  edit: boolean;
  cancel: boolean;
  reopen: boolean;
}

export function isOpen(status: OrderStatus): boolean {
  return status !== 'completed' && status !== 'cancelled';
}

export function possibleActions(order: Order, scopes: readonly Scope[]): Possible {
  const may = (scope: Scope): boolean => scopes.includes(scope);
  const open = isOpen(order.status);
  return {
    step: may('orders:advance') ? STEPS[order.status] : undefined,
    pay: may('payments:write') && order.dueTotal > 0 && order.status !== 'cancelled',
    refund: may('refunds:write') && order.paidTotal > order.refundedTotal,
    edit: may('orders:write') && open,
    cancel: may('orders:write') && open,
    reopen: may('orders:write') && order.status === 'completed',
  };
}
