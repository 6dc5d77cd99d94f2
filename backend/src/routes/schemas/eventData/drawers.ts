/** Data of events about drawers and their shifts. */
import { z } from 'zod';
import { CASH_MOVEMENT_KINDS } from '../../../domain/drawer/shift.js';
import { businessDate, id, sum } from '../common.js';
import { drawer, shiftCash } from '../drawer.js';

const shift = z.object({ shiftId: id, drawerId: id, drawerName: z.string(), businessDate });

export const DRAWER_EVENTS = {
  'drawer.created': drawer,
  'drawer.changed': drawer,
  'drawer.deleted': drawer,
  'shift.opened': shift.extend({ openingFloat: sum }),
  'shift.cash_moved': z.object({
    shiftId: id,
    drawerId: id,
    movementId: id,
    kind: z.enum(CASH_MOVEMENT_KINDS),
    amount: sum,
    reason: z.string(),
  }),
  'shift.closed': shift.extend(shiftCash.shape),
};
