/** Figures of a business day by person and drawer, and the shifts of its drawers. */
import { query, type Tx } from '../../config/database.js';
import type { CashMovements, DayShift, DrawerTakings, StaffTakings } from '../../domain/drawer/shift.js';
import type { DayDrawers } from '../../domain/report/businessDay.js';
import { movedMoney, movementsBy, staffTakings, TAKINGS } from '../takings.js';

/** Rows of one list. */
const MAX_ROWS = 1000;
/** Shifts that are listed. */
const MAX_SHIFTS = 100;

const staffOfDay = query<StaffTakings>('report.dayStaff', staffTakings('business_date', MAX_ROWS));
const drawersOfDay = query<DrawerTakings>(
  'report.dayDrawers',
  `select s.drawer_id as "drawerId", min(d.name) as name, ${TAKINGS}
   from ${movedMoney('business_date')}
   left join drawer_shifts s on s.restaurant_id = $1 and s.id = m.shift_id
   left join drawers d on d.restaurant_id = $1 and d.id = s.drawer_id
   group by s.drawer_id, m.method
   order by s.drawer_id, m.method
   limit ${MAX_ROWS}`,
);
const movementsOfDay = query<CashMovements>('report.dayMovements', movementsBy('business_date'));
// The cash of an open shift is computed as by shiftFigures in domain/drawer.
const shiftsOfDay = query<DayShift & { count: number; open: number }>(
  'report.dayShifts',
  `select s.id, s.drawer_id as "drawerId", d.name as "drawerName", s.status, s.opened_by as "openedBy", s.opened_at as "openedAt",
     s.closed_by as "closedBy", s.closed_at as "closedAt", s.opening_float as "openingFloat",
     coalesce((s.figures #>> '{cash,expected}')::bigint, s.opening_float
       + coalesce((select sum(p.amount + p.tip + p.rounding) from payments p where p.restaurant_id = $1 and p.shift_id = s.id and p.method = 'cash'), 0)
       - coalesce((
           select sum(r.amount + r.rounding)
           from refunds r
           join payments p on p.restaurant_id = r.restaurant_id and p.id = r.payment_id
           where r.restaurant_id = $1 and r.shift_id = s.id and coalesce(r.method, p.method) = 'cash'), 0)
       + coalesce((
           select sum(case m.kind when 'pay_in' then m.amount else -m.amount end)
           from drawer_movements m
           where m.restaurant_id = $1 and m.shift_id = s.id), 0)) as expected,
     (s.figures #>> '{cash,counted}')::bigint as counted, (s.figures #>> '{cash,difference}')::bigint as difference,
     count(*) over ()::int as count, count(*) filter (where s.status = 'open') over ()::int as open
   from drawer_shifts s
   join drawers d on d.restaurant_id = $1 and d.id = s.drawer_id
   where s.restaurant_id = $1 and s.business_date = $2
   order by s.status = 'closed', s.id
   limit ${MAX_SHIFTS}`,
);

export class DrawerReports {
  async ofDay(restaurantId: string, tx: Tx, date: string): Promise<DayDrawers> {
    const day = [restaurantId, date];
    const [staff, drawers, movements, rows] = await Promise.all([
      tx.many(staffOfDay, day),
      tx.many(drawersOfDay, day),
      tx.many(movementsOfDay, day),
      tx.many(shiftsOfDay, day),
    ]);
    const { count, open } = rows[0] ?? { count: 0, open: 0 };
    const list = rows.map(({ count: _count, open: _open, ...shift }) => shift);
    return { staff, drawers, cashMovements: movements, shifts: { count, open, list } };
  }
}
