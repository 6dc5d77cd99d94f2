/** Schemas of drawers, their shifts and their figures. */
import { z } from 'zod';
import { CASH_MOVEMENT_KINDS, SHIFT_STATUSES } from '../../domain/drawer/shift.js';
import { PAYMENT_METHODS } from '../../domain/order/payment.js';
import {
  amount,
  balance,
  businessDate,
  currency,
  edited,
  id,
  optionalText,
  pageQuery,
  patchOf,
  sum,
  text,
  timestamp,
  total,
} from './common.js';
import { plainText } from './order.js';

const MAX_NOTES_CHARS = 2000;

export const drawerInput = z.strictObject({ name: text(100) }).meta({ id: 'DrawerInput' });
export const drawerPatch = patchOf(drawerInput).meta({ id: 'DrawerPatch' });
export const drawer = z.object({ ...edited, name: z.string() }).meta({ id: 'Drawer' });

export const shiftOpenInput = z
  .strictObject({
    openingFloat: amount.meta({ description: 'The change that is in the drawer.' }),
    notes: optionalText(MAX_NOTES_CHARS),
  })
  .meta({ id: 'ShiftOpenInput' });

export const cashMovementInput = z
  .strictObject({
    kind: z.enum(CASH_MOVEMENT_KINDS).meta({ description: 'drop: to the safe or the bank.' }),
    amount: amount.min(1, 'Move at least one minor unit.'),
    reason: plainText(500),
  })
  .meta({ id: 'CashMovementInput' });

export const shiftCloseInput = z
  .strictObject({
    countedCash: amount.meta({ description: 'All cash in the drawer, with the opening float.' }),
    notes: optionalText(MAX_NOTES_CHARS),
  })
  .meta({ id: 'ShiftCloseInput' });

const kind = z.enum(CASH_MOVEMENT_KINDS);
const status = z.enum(SHIFT_STATUSES);
const count = z.int();

export const shiftsQuery = pageQuery.extend({
  status: z.enum(['open']).optional().meta({ description: 'Only shifts that are not closed.' }),
  drawerId: id.optional(),
});

const takings = {
  method: z.enum(PAYMENT_METHODS),
  payments: count,
  amount: total,
  tip: total,
  refunds: count,
  refundAmount: total,
  refundTip: total,
  rounding: balance,
};

export const staffTakings = z.object({ person: z.string(), name: z.string().nullable(), ...takings }).meta({
  id: 'StaffTakings',
  description:
    'Money taken and given back by one person and method: `amount` without tips and rounding. `refundTip` is the tip in refunds; it counts ' +
    'for the person who took the payment. tip - refundTip is the tip kept.',
});

export const drawerTakings = z
  .object({ drawerId: id.nullable(), name: z.string().nullable(), ...takings })
  .meta({ id: 'DrawerTakings', description: 'As StaffTakings, by drawer. Null: money outside of every shift.' });

export const cashMovements = z.array(z.object({ kind, count, amount: total }));

const shiftHead = {
  id,
  drawerId: id,
  drawerName: z.string(),
  status,
  openedBy: z.string(),
  openedAt: timestamp,
  closedBy: z.string().nullable(),
  closedAt: timestamp.nullable(),
};

const cash = {
  openingFloat: sum,
  expected: balance.meta({
    description:
      'Opening float, cash payments with tips and rounding and pay-ins, less cash refunds, pay-outs and drops.',
  }),
  counted: sum.nullable(),
  difference: balance.nullable(),
};

export const shiftCash = z.object(cash).meta({ id: 'ShiftCash' });

export const dayShift = z.object({ ...shiftHead, ...cash }).meta({ id: 'DayShift' });

export const shift = z
  .object({
    ...shiftHead,
    businessDate: businessDate.meta({ description: 'The business day on which it was opened.' }),
    currency,
    openingFloat: sum,
    notes: z.string().nullable(),
    figures: z
      .object({ staff: z.array(staffTakings), movements: cashMovements, cash: shiftCash })
      .nullable()
      .meta({ description: 'Fixed once closed. Live before that; null in lists.' }),
  })
  .meta({ id: 'Shift' });

export const cashMovement = z
  .object({
    id,
    shiftId: id,
    kind,
    amount: sum,
    currency,
    reason: z.string(),
    businessDate,
    createdBy: z.string(),
    createdAt: timestamp,
  })
  .meta({ id: 'CashMovement' });
