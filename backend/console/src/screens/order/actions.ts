/** Actions that the state of an order allows, and that the person may take. The server decides. */
import type { Order, OrderLine, OrderStatus, Scope } from '../../../../client/src/api.js';

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
  discount: boolean;
  /** All of it for nothing. */
  comp: boolean;
  writeOff: boolean;
  keepDeposit: boolean;
}

export type LineAction = 'discount' | 'comp' | 'quantity' | 'wish' | 'void' | 'vouchers';

/** Statuses in which the kitchen has the lines, so that removing one needs its reason. */
const SENT: readonly OrderStatus[] = ['accepted', 'preparing', 'ready'];
const VOUCHERS = new Set<string>(['voucher', 'taxed_voucher']);
/** They are worth what they cost, so neither a discount nor a comp is for them. */
const AT_FACE_VALUE = new Set<string>(['deposit', ...VOUCHERS]);

export function isOpen(status: OrderStatus): boolean {
  return status !== 'completed' && status !== 'cancelled';
}

/** Whether a payment is a deposit unless the caller says otherwise, as the server decides it. */
export function takesDeposit({ status, businessDate, lines }: Order, today: string): boolean {
  return isOpen(status) && businessDate > today && !lines.some(({ kind }) => VOUCHERS.has(kind));
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
    discount: may('orders:write') && open && order.lines.some(isPriced),
    comp: may('refunds:write') && open && compable(order).length > 0,
    writeOff: may('refunds:write') && order.status === 'completed' && order.dueTotal > 0,
    keepDeposit: may('refunds:write') && open && order.paidTotal > order.refundedTotal,
  };
}

export function isSent({ status }: Order): boolean {
  return SENT.includes(status);
}

/** Whether a discount or a comp may lower it. */
function isPriced({ kind, voidedAt, comp, free }: OrderLine): boolean {
  return voidedAt === null && comp === null && free === null && !AT_FACE_VALUE.has(kind);
}

/** Lines of their own that may be given for nothing; those that belong to them follow. */
export function compable(order: Order): OrderLine[] {
  return order.lines.filter((line) => isPriced(line) && line.parentLineId === null && Number(line.quantity) > 0);
}

/** What can be done with one line, the most harmless first. */
export function lineActions(order: Order, line: OrderLine, scopes: readonly Scope[]): LineAction[] {
  const may = (scope: Scope): boolean => scopes.includes(scope);
  const isOwn = line.parentLineId === null;
  const vouchers = line.kind === 'voucher' || line.kind === 'taxed_voucher';
  const handsOut = vouchers && may('codes:claim') && line.voidedAt === null && order.status !== 'cancelled';
  const found: LineAction[] = handsOut && order.dueTotal <= 0 ? ['vouchers'] : [];
  if (!isOpen(order.status) || line.voidedAt !== null) return found;
  if (may('orders:write') && isOwn && isPriced(line)) found.push('discount');
  if (may('refunds:write') && isPriced(line) && line.kind !== 'modifier' && Number(line.quantity) > 0)
    found.push('comp');
  if (may('orders:write') && isOwn && line.unit === null && Number(line.quantity) > 0) found.push('quantity');
  if (may('orders:write') && isOwn) found.push('wish');
  if (may('orders:write') && line.kind !== 'modifier') found.push('void');
  return found;
}
