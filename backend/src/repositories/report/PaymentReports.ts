/**
 * Payments and refunds of a period: sums of the days that have them, and the rows of the others.
 */
import { type Query, query, type Tx } from '../../config/database.js';
import { type ReadDays, SUMS_VERSION } from '../../domain/report/daySums.js';
import type { PaymentFigures, PaymentGroup } from '../../domain/report/report.js';

/** Days that are read from rows. */
const READ_DAYS = 'unnest($2::date[], $3::date[]) as p(first, last)';

export interface PaymentRow extends PaymentFigures {
  key: string;
}

const KEYS: Record<PaymentGroup, string> = {
  method: 'method',
  day: 'date::text',
  month: `to_char(date, 'YYYY-MM')`,
};

const FIGURES = `coalesce(sum(payments), 0)::bigint as payments, coalesce(sum(amount), 0) as amount, coalesce(sum(tip), 0) as tip,
     coalesce(sum(refunds), 0)::bigint as refunds, coalesce(sum(refund_amount), 0) as "refundAmount"`;
/**
 * `$2` and `$3`: the days that are read from rows. `$4` and `$5`: the period whose sums are read.
 */
const PARTS = `with parts as (
     select m.method, m.business_date as date, 1 as payments, m.amount, m.tip, 0 as refunds, 0 as refund_amount
     from ${READ_DAYS}
     join payments m on m.restaurant_id = $1 and m.business_date between p.first and p.last
     union all
     select coalesce(r.method, m.method), r.business_date, 0, 0, 0, 1, r.amount
     from ${READ_DAYS}
     join refunds r on r.restaurant_id = $1 and r.business_date between p.first and p.last
     join payments m on m.restaurant_id = $1 and m.id = r.payment_id
     union all
     select f.method, d.business_date, f.count, f.amount, f.tip, 0, 0
     from day_sums d
     cross join lateral jsonb_to_recordset(d.figures -> 'payments') as f(method text, count bigint, amount numeric, tip numeric)
     where d.restaurant_id = $1 and d.version = ${SUMS_VERSION} and d.business_date between $4 and $5
     union all
     select f.method, d.business_date, 0, 0, 0, f.count, f.amount
     from day_sums d
     cross join lateral jsonb_to_recordset(d.figures -> 'refunds') as f(method text, count bigint, amount numeric)
     where d.restaurant_id = $1 and d.version = ${SUMS_VERSION} and d.business_date between $4 and $5
   )`;

const paymentsBy = Object.fromEntries(
  Object.entries(KEYS).map(([group, key]) => [
    group,
    query<PaymentRow>(
      `report.sumPaymentsBy.${group}`,
      `${PARTS}\n   select ${key} as key, ${FIGURES} from parts group by 1 order by 1`,
    ),
  ]),
) as Record<PaymentGroup, Query<PaymentRow>>; // Object.fromEntries loses the keys, which are those of KEYS.

const payments = query<PaymentFigures>('report.sumPayments', `${PARTS}\n   select ${FIGURES} from parts`);

export class PaymentReports {
  by(restaurantId: string, tx: Tx, group: PaymentGroup, days: ReadDays): Promise<PaymentRow[]> {
    return tx.many(paymentsBy[group], valuesOf(restaurantId, days));
  }

  total(restaurantId: string, tx: Tx, days: ReadDays): Promise<PaymentFigures> {
    return tx.one(payments, valuesOf(restaurantId, days));
  }
}

function valuesOf(restaurantId: string, { firsts, lasts, from, to }: ReadDays) {
  return [restaurantId, firsts, lasts, from, to];
}
