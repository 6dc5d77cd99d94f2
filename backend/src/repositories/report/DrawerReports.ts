/** Figures of business days by person and drawer, and the shifts of their drawers. */
import { query, type Tx } from '../../config/database.js';
import type { CashMovements, DayShift, DrawerTakings, StaffTakings } from '../../domain/drawer/shift.js';
import type { DayDrawers } from '../../domain/report/businessDay.js';
import type { DayMoney } from '../../domain/report/daySums.js';
import { PERSON_NAME, refunded, TAKINGS } from '../takings.js';

/** Rows of one list of a day. */
const MAX_ROWS = 1000;
/** Shifts of a day that are listed. */
const MAX_SHIFTS = 100;

/** A row of a list, with its day. */
type OfDay<T> = T & { date: string };

// The days are `$2`. Payments are given as sums, in `$3`, and refunds are few.
const MOVED = `(
     select f."shiftId" as shift_id, f.date as business_date, f.person, f.method, f.payments, f.amount, f.tip, 0 as refunds, 0 as back,
       0 as tip_back, f.rounding
     from jsonb_to_recordset($3::jsonb) as f(date date, "shiftId" uuid, person text, method text, payments bigint, amount numeric, tip numeric,
       rounding numeric)
     union all
     ${refunded('business_date = any ($2::date[])')}
   ) m`;
const OF_DAYS = 'business_date = any ($2::date[])';
const staffOfDays = query<OfDay<StaffTakings>>(
  'report.dayStaff',
  `select t.*, ${PERSON_NAME} as name
   from (
     select m.business_date as date, m.person, ${TAKINGS},
       row_number() over (partition by m.business_date order by m.person, m.method) as place
     from ${MOVED}
     group by m.business_date, m.person, m.method
   ) t
   where t.place <= ${MAX_ROWS}
   order by t.date, t.place`,
);
const drawersOfDays = query<OfDay<DrawerTakings>>(
  'report.dayDrawers',
  `select t.*
   from (
     select m.business_date as date, s.drawer_id as "drawerId", min(d.name) as name, ${TAKINGS},
       row_number() over (partition by m.business_date order by s.drawer_id, m.method) as place
     from ${MOVED}
     left join drawer_shifts s on s.restaurant_id = $1 and s.id = m.shift_id
     left join drawers d on d.restaurant_id = $1 and d.id = s.drawer_id
     group by m.business_date, s.drawer_id, m.method
   ) t
   where t.place <= ${MAX_ROWS}
   order by t.date, t.place`,
);
const movementsOfDays = query<OfDay<CashMovements>>(
  'report.dayMovements',
  `select business_date as date, kind, count(*)::int as count, sum(amount) as amount
   from drawer_movements
   where restaurant_id = $1 and ${OF_DAYS}
   group by business_date, kind
   order by business_date, kind`,
);
// The cash of an open shift is computed as by shiftFigures in domain/drawer.
const shiftsOfDays = query<OfDay<DayShift> & { count: number; open: number }>(
  'report.dayShifts',
  `select s.business_date as date, s.id, s.drawer_id as "drawerId", d.name as "drawerName", s.status, s.opened_by as "openedBy", s.opened_at as "openedAt",
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
     s.count, s.open
   from (
     select o.*, count(*) over (partition by o.business_date)::int as count,
       count(*) filter (where o.status = 'open') over (partition by o.business_date)::int as open,
       row_number() over (partition by o.business_date order by o.status = 'closed', o.id) as place
     from drawer_shifts o
     where o.restaurant_id = $1 and o.${OF_DAYS}
   ) s
   join drawers d on d.restaurant_id = $1 and d.id = s.drawer_id
   where s.place <= ${MAX_SHIFTS}
   order by s.business_date, s.place`,
);

export class DrawerReports {
  /** @param money payments of the days. */
  async ofDays(
    restaurantId: string,
    tx: Tx,
    dates: readonly string[],
    money: readonly OfDay<DayMoney>[],
  ): Promise<Map<string, DayDrawers>> {
    const days = [restaurantId, dates];
    const moved = [...days, JSON.stringify(money)];
    const [staff, drawers, movements, shifts] = await Promise.all([
      tx.many(staffOfDays, moved),
      tx.many(drawersOfDays, moved),
      tx.many(movementsOfDays, days),
      tx.many(shiftsOfDays, days),
    ]);
    return new Map(
      dates.map((date) => {
        const rows = rowsOf(shifts, date);
        const { count, open } = rows[0] ?? { count: 0, open: 0 };
        const list = rows.map(({ count: _count, open: _open, ...shift }) => shift);
        const cashMovements = rowsOf(movements, date);
        const ofDay = { staff: rowsOf(staff, date), drawers: rowsOf(drawers, date), cashMovements };
        return [date, { ...ofDay, shifts: { count, open, list } }];
      }),
    );
  }
}

/** Rows of a day, without the fields that are no part of an answer. */
function rowsOf<T extends { date: string; place?: unknown }>(
  rows: readonly T[],
  date: string,
): Omit<T, 'date' | 'place'>[] {
  return rows.filter((row) => row.date === date).map(({ date: _date, place: _place, ...row }) => row);
}
