/** SQL of money taken and given back, grouped by shift, day, drawer, person and method. */

import { nameOfPerson } from './personNames.js';

/** Rows of the payments and refunds whose `column` is `$2`. */
export function movedMoney(column: 'shift_id' | 'business_date'): string {
  return `(
     select p.shift_id, p.created_by as person, p.method, 1 as payments, p.amount, p.tip, 0 as refunds, 0 as back, 0 as tip_back, p.rounding
     from payments p
     where p.restaurant_id = $1 and p.${column} = $2
     union all
     select r.shift_id, r.created_by, coalesce(r.method, p.method), 0, 0, 0, 1, r.amount, 0, -r.rounding
     from refunds r
     join payments p on p.restaurant_id = r.restaurant_id and p.id = r.payment_id
     where r.restaurant_id = $1 and r.${column} = $2
     union all
     select r.shift_id, p.created_by, coalesce(r.method, p.method), 0, 0, 0, 0, 0, coalesce(r.tip, (r.parts ->> 'tip')::bigint, 0), 0
     from refunds r
     join payments p on p.restaurant_id = r.restaurant_id and p.id = r.payment_id
     where r.restaurant_id = $1 and r.${column} = $2 and coalesce(r.tip, (r.parts ->> 'tip')::bigint, 0) > 0
   ) m`;
}

export const TAKINGS = `m.method, sum(m.payments)::int as payments, sum(m.amount) as amount, sum(m.tip) as tip, sum(m.refunds)::int as refunds,
     sum(m.back) as "refundAmount", sum(m.tip_back) as "refundTip", sum(m.rounding) as rounding`;

/** Takings by person and method, with names. A name is that of today. */
export function staffTakings(column: 'shift_id' | 'business_date', most: number): string {
  return `select t.*, ${nameOfPerson('t.person')} as name
   from (
     select m.person, ${TAKINGS}
     from ${movedMoney(column)}
     group by m.person, m.method
     order by m.person, m.method
     limit ${most}
   ) t`;
}

/** Cash movements by kind. */
export function movementsBy(column: 'shift_id' | 'business_date'): string {
  return `select kind, count(*)::int as count, sum(amount) as amount
   from drawer_movements
   where restaurant_id = $1 and ${column} = $2
   group by kind
   order by kind`;
}
