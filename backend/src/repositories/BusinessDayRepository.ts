import { query, type Tx } from '../config/database.js';
import type { BusinessDay, FrozenBalance } from '../domain/report/businessDay.js';
import { lockDays } from './lockDays.js';

/** After every date: where a list begins. */
const NEWEST = 'infinity';

const insertDay = query(
  'businessDay.insert',
  'insert into business_days (restaurant_id, business_date, document_id) values ($1, $2, $3)',
);

// The report as it was frozen at the close, and fields of its document.
const CLOSED = `select d.details -> 'dayClose' || jsonb_build_object('status', 'closed', 'documentId', d.id, 'number', d.number,
     'closedAt', to_char(d.issued_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'closedBy', d.issued_by, 'notes', d.notes) as day
   from business_days b
   join documents d on d.restaurant_id = b.restaurant_id and d.id = b.document_id
   where b.restaurant_id = $1`;
const findDay = query<{ day: BusinessDay }>('businessDay.find', `${CLOSED} and b.business_date = $2`);
const listDays = query<{ day: BusinessDay }>(
  'businessDay.list',
  `${CLOSED} and b.business_date < $2::date
   order by b.business_date desc
   limit $3`,
);
const lastTraded = (before: string) => `greatest(
     (select max(business_date) from orders where restaurant_id = $1 and deleted_at is null and business_date < ${before}),
     (select max(business_date) from payments where restaurant_id = $1 and business_date < ${before}),
     (select max(business_date) from refunds where restaurant_id = $1 and business_date < ${before}))`;
// Steps from day to day at the ends of three indexes, so that a restaurant with years of trade does
// not read them all.
const waitingDays = query<{ date: string }>(
  'businessDay.listWaiting',
  `with recursive days as (
     select ${lastTraded('$2::date')} as date
     union all
     select ${lastTraded('days.date')} from days where days.date is not null
   )
   select d.date
   from days d
   where d.date is not null
     and not exists (select from business_days b where b.restaurant_id = $1 and b.business_date = d.date)
   order by d.date desc
   limit $3`,
);
const closedAmong = query<{ date: string }>(
  'businessDay.findClosed',
  `select business_date as date from business_days where restaurant_id = $1 and business_date = any ($2::date[])`,
);

// Money of the very instant of a close was before it, if it is of the closed day: afterwards, that
// day takes none.
const cameBefore = (money: string) =>
  `(${money}.created_at < d.issued_at or (${money}.created_at = d.issued_at and ${money}.business_date <= b.business_date))`;
// Closes that are older than `balance` get the money of other days as it was at their close.
const OTHER_DAYS_THEN = `coalesce((
       select sum(p.amount + p.tip)
       from orders o
       join payments p on p.restaurant_id = $1 and p.order_id = o.id and ${cameBefore('p')}
       where o.restaurant_id = $1 and o.business_date = b.business_date and o.deleted_at is null), 0)
     - coalesce((
       select sum((r.parts ->> 'unsettled')::bigint)
       from orders o
       join refunds r on r.restaurant_id = $1 and r.order_id = o.id and ${cameBefore('r')}
       where o.restaurant_id = $1 and o.business_date = b.business_date and o.deleted_at is null), 0)
     + coalesce((
       select sum(c.amount)
       from orders o
       join sale_corrections c on c.restaurant_id = $1 and c.order_id = o.id and ${cameBefore('c')}
       where o.restaurant_id = $1 and o.business_date = b.business_date and o.deleted_at is null), 0)
     - coalesce((select sum(amount + tip) from payments where restaurant_id = $1 and business_date = b.business_date), 0)
     + coalesce((select sum((parts ->> 'unsettled')::bigint) from refunds where restaurant_id = $1 and business_date = b.business_date), 0)
     - coalesce((select sum(amount) from sale_corrections where restaurant_id = $1 and business_date = b.business_date), 0)`;
const listBalances = query<FrozenBalance>(
  'businessDay.listBalances',
  `select s.*, s."salesKept" - s."moneyKept" - s."dueTotal" - s."otherDays" as difference
   from (
     select b.business_date as date, d.number, (z.day ->> 'total')::numeric - (z.day ->> 'refundTotal')::numeric as "salesKept",
       coalesce((
         select sum((p ->> 'amount')::numeric + (p ->> 'tip')::numeric) from jsonb_array_elements(z.day -> 'payments') p), 0)
         - coalesce((select sum((r ->> 'amount')::numeric) from jsonb_array_elements(z.day -> 'refunds') r), 0) as "moneyKept",
       (z.day -> 'unfinishedOrders' ->> 'dueTotal')::numeric as "dueTotal",
       coalesce((z.day -> 'balance' ->> 'otherDays')::numeric, ${OTHER_DAYS_THEN}) as "otherDays"
     from business_days b
     join documents d on d.restaurant_id = b.restaurant_id and d.id = b.document_id
     cross join lateral (select d.details -> 'dayClose' as day) z
     where b.restaurant_id = $1 and b.business_date between $2 and $3) s
   order by s.date`,
);

export class BusinessDayRepository {
  readonly lock = lockDays;

  async insert(restaurantId: string, tx: Tx, date: string, documentId: string): Promise<void> {
    await tx.run(insertDay, [restaurantId, date, documentId]);
  }

  /** Undefined while the day is open. */
  async find(restaurantId: string, tx: Tx, date: string): Promise<BusinessDay | undefined> {
    return (await tx.maybeOne(findDay, [restaurantId, date]))?.day;
  }

  /** Newest first, up to `limit + 1`. @param before date of the last day of the previous page. */
  async list(restaurantId: string, tx: Tx, limit: number, before: string | undefined): Promise<BusinessDay[]> {
    const rows = await tx.many(listDays, [restaurantId, before ?? NEWEST, limit + 1]);
    return rows.map(({ day }) => day);
  }

  /**
   * Days with trade that are not closed, newest first, up to `limit + 1`.
   * @param before exclusive.
   */
  async waiting(restaurantId: string, tx: Tx, limit: number, before: string): Promise<string[]> {
    const rows = await tx.many(waitingDays, [restaurantId, before, limit + 1]);
    return rows.map(({ date }) => date);
  }

  /** Both sides of each closed day of a period, in the order of their dates. */
  balances(restaurantId: string, tx: Tx, from: string, to: string): Promise<FrozenBalance[]> {
    return tx.many(listBalances, [restaurantId, from, to]);
  }

  /** Those of the dates that are closed. */
  async closedAmong(restaurantId: string, tx: Tx, dates: readonly string[]): Promise<Set<string>> {
    const rows = await tx.many(closedAmong, [restaurantId, dates]);
    return new Set(rows.map(({ date }) => date));
  }
}
