/** Drawers and their shifts. Amounts are minor units of the restaurant's currency. */
import { addTotals, type MinorUnits, subtractTotal, type Total } from '../number/money.js';
import type { PaymentMethod } from '../order/payment.js';
import type { Actor } from '../shared/call.js';
import { AppError } from '../shared/errors.js';
import type { Edited } from '../shared/edited.js';
import type { Scope } from '../people/roles.js';

/** A place for cash, with the register beside it. */
export interface Drawer extends Edited {
  name: string;
}

export const SHIFT_STATUSES = ['open', 'closed'] as const;
/** Drop: to the safe or the bank. */
export const CASH_MOVEMENT_KINDS = ['pay_in', 'pay_out', 'drop'] as const;

/** Cash that moves without a sale. */
export interface CashMovement {
  id: string;
  shiftId: string;
  kind: (typeof CASH_MOVEMENT_KINDS)[number];
  amount: MinorUnits;
  reason: string;
  businessDate: string;
  createdBy: string;
  createdAt: string;
}

/** Cash movements of one kind. */
export interface CashMovements {
  kind: CashMovement['kind'];
  count: number;
  amount: Total;
}

/** Money taken and given back by one method. */
export interface Takings {
  method: PaymentMethod;
  payments: number;
  /** Without tips and rounding. */
  amount: Total;
  tip: Total;
  refunds: number;
  refundAmount: Total;
  /**
   * Tip in the refunds. It counts for the person who took the payment, whoever gave it back.
   */
  refundTip: Total;
  /** Cash beyond the payments, less cash beyond the refunds, by rounding. */
  rounding: Total;
}

export interface StaffTakings extends Takings {
  /** Kind and id of the caller. */
  person: string;
  name: string | null;
}

export interface DrawerTakings extends Takings {
  /** Null: money outside of every shift. */
  drawerId: string | null;
  name: string | null;
}

export interface ShiftCash {
  openingFloat: MinorUnits;
  expected: Total;
  /** Null while the shift is open. */
  counted: MinorUnits | null;
  /** `counted - expected`. */
  difference: Total | null;
}

export interface ShiftFigures {
  staff: StaffTakings[];
  movements: CashMovements[];
  cash: ShiftCash;
}

export interface Shift {
  id: string;
  drawerId: string;
  drawerName: string;
  status: (typeof SHIFT_STATUSES)[number];
  /** The business day on which it was opened. */
  businessDate: string;
  openingFloat: MinorUnits;
  openedBy: string;
  openedAt: string;
  notes: string | null;
  closedBy: string | null;
  closedAt: string | null;
  /** Frozen at the close; live figures of an open shift are computed on request. */
  figures: ShiftFigures | null;
}

/** A shift as a day lists it. */
export type DayShift = Pick<
  Shift,
  'id' | 'drawerId' | 'drawerName' | 'status' | 'openedBy' | 'openedAt' | 'closedBy' | 'closedAt'
> &
  ShiftCash;

/** Cash that these takings and movements leave in a drawer, beyond what was in it. */
function cashKept(takings: readonly Takings[], movements: readonly CashMovements[]): Total {
  const inCash = takings.filter(({ method }) => method === 'cash');
  const taken = addTotals(...inCash.flatMap(({ amount, tip, rounding }) => [amount, tip, rounding]));
  const back = addTotals(...inCash.map(({ refundAmount }) => refundAmount));
  return addTotals(subtractTotal(taken, back), cashMoved(movements));
}

/** Pay-ins less pay-outs and drops. */
export function cashMoved(movements: readonly CashMovements[]): Total {
  const signed = movements.map(({ kind, amount }) => (kind === 'pay_in' ? amount : subtractTotal(0, amount)));
  return addTotals(...signed);
}

/** @param counted null while the shift is open. */
export function shiftFigures(
  { openingFloat }: Pick<Shift, 'openingFloat'>,
  { staff, movements }: Omit<ShiftFigures, 'cash'>,
  counted: MinorUnits | null,
): ShiftFigures {
  const expected = addTotals(openingFloat, cashKept(staff, movements));
  const difference = counted === null ? null : subtractTotal(counted, expected);
  return { staff, movements, cash: { openingFloat, expected, counted, difference } };
}

/** @throws AppError invalid_state. */
export function assertOpen({ status, closedAt }: Pick<Shift, 'status' | 'closedAt'>): void {
  if (status === 'open') return;
  throw new AppError('invalid_state', `This shift was closed at ${closedAt}. Its figures are final. Open a new shift.`);
}

/**
 * A shift belongs to its opener. Whoever closes days may count any drawer.
 * @throws AppError forbidden.
 */
export function assertMayUse(
  { openedBy }: Pick<Shift, 'openedBy'>,
  caller: { actor: Pick<Actor, 'kind' | 'id'>; scopes: ReadonlySet<Scope> },
): void {
  if (openedBy === personOf(caller.actor) || caller.scopes.has('business_days:close')) return;
  throw new AppError(
    'forbidden',
    'Somebody else opened this shift. Ask them, or someone with the scope "business_days:close".',
  );
}

/** Kind and id of a caller, as they are stored with what it did. */
export function personOf({ kind, id }: Pick<Actor, 'kind' | 'id'>): string {
  return `${kind}:${id}`;
}
