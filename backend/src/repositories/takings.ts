/** SQL of money taken and given back, grouped by shift, day, drawer, person and method. */

import { nameOfPerson } from './personNames.js';

const PAID = (
  condition: string,
) => `select p.shift_id, p.business_date, p.created_by as person, p.method, 1 as payments, p.amount, p.tip,
       0 as refunds, 0 as back, 0 as tip_back, p.rounding
     from payments p
     where p.restaurant_id = $1 and p.${condition}`;

/** Refunds, and the tips in them, which count for those who took the payments. */
export const refunded = (
  condition: string,
) => `select r.shift_id, r.business_date, r.created_by, coalesce(r.method, p.method), 0, 0, 0, 1, r.amount, 0, -r.rounding
     from refunds r
     join payments p on p.restaurant_id = r.restaurant_id and p.id = r.payment_id
     where r.restaurant_id = $1 and r.${condition}
     union all
     select r.shift_id, r.business_date, p.created_by, coalesce(r.method, p.method), 0, 0, 0, 0, 0, coalesce(r.tip, (r.parts ->> 'tip')::bigint, 0), 0
     from refunds r
     join payments p on p.restaurant_id = r.restaurant_id and p.id = r.payment_id
     where r.restaurant_id = $1 and r.${condition} and coalesce(r.tip, (r.parts ->> 'tip')::bigint, 0) > 0`;

/** Payments and refunds of the shift `$2`. */
const OF_SHIFT = `(
     ${PAID('shift_id = $2')}
     union all
     ${refunded('shift_id = $2')}
   ) m`;

export const TAKINGS = `m.method, sum(m.payments)::int as payments, sum(m.amount) as amount, sum(m.tip) as tip, sum(m.refunds)::int as refunds,
     sum(m.back) as "refundAmount", sum(m.tip_back) as "refundTip", sum(m.rounding) as rounding`;

/** Name of the person of takings `t`: that of today. */
export const PERSON_NAME = nameOfPerson('t.person');

/** Takings of the shift `$2` by person and method, with names. */
export function staffOfShift(most: number): string {
  return `select t.*, ${PERSON_NAME} as name
   from (
     select m.person, ${TAKINGS}
     from ${OF_SHIFT}
     group by m.person, m.method
     order by m.person, m.method
     limit ${most}
   ) t`;
}

/** Cash movements of the shift `$2` by kind. */
export const MOVEMENTS_OF_SHIFT = `select kind, count(*)::int as count, sum(amount) as amount
   from drawer_movements
   where restaurant_id = $1 and shift_id = $2
   group by kind
   order by kind`;
