/**
 * A year of one restaurant's orders, made by the database itself: a million take a few minutes over
 * HTTP and one minute here.
 */
import type { SetupClient } from '../../src/config/database.js';

interface Size {
  /** Orders of all days that are over. */
  orders: number;
  /** Orders of the open day after them. */
  ofToday: number;
  /** Days that are over; 365 if absent. */
  days?: number;
}

export interface YearOfOrders {
  restaurantId: string;
  /** First and last business date of the days that are over. */
  from: string;
  to: string;
  today: string;
}

const ITEMS = 250;
const CATEGORIES = 12;
const RESTAURANT = '01941f29-7c00-7000-8000-0000000000aa';
/** Ids are computed from what they number and are in time order, like UUIDv7. */
const FUNCTIONS = `
  create function pg_temp.year_id(at timestamptz, seed text) returns uuid language sql stable as $$
    select overlay(overlay(md5(seed) placing lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' from 1)
      placing 'a' from 17)::uuid
  $$`;

const MENU = [
  `insert into restaurants (id, name, currency, timezone, business_day_cutoff_hour, created_at, updated_at)
   values ('${RESTAURANT}', 'A busy house', 'EUR', 'Europe/Berlin', 4, '2024-12-01Z', '2024-12-01Z')`,
  `insert into categories (restaurant_id, id, name, position, created_at, updated_at)
   select '${RESTAURANT}', md5('category ' || n)::uuid, 'Category ' || n, n, '2024-12-01Z', '2024-12-01Z'
   from generate_series(0, ${CATEGORIES - 1}) n`,
  `insert into menu_items (restaurant_id, id, category_id, name, price, position, is_available, created_at, updated_at)
   select '${RESTAURANT}', md5('item ' || n)::uuid, md5('category ' || n % ${CATEGORIES})::uuid, 'Dish ' || n, 500 + n * 10, n, true,
     '2024-12-01Z', '2024-12-01Z'
   from generate_series(0, ${ITEMS - 1}) n`,
];

/** One to five lines with taxes, a payment, now and then a void, a cancellation or a refund. */
const ORDERS = [
  `insert into order_lines (restaurant_id, id, order_id, position, menu_item_id, category_id, category_name, name, quantity, unit_price,
     gross_amount, discount_amount, amount, tax_amount, taxes, voided_at, created_at)
   select '${RESTAURANT}', pg_temp.year_id(t.at, 'line ' || t.n || ' ' || k), t.id, k, md5('item ' || item)::uuid,
     md5('category ' || item % ${CATEGORIES})::uuid, 'Category ' || item % ${CATEGORIES}, 'Dish ' || item, 1 + k % 2, t.price,
     t.price * (1 + k % 2), 0, t.price * (1 + k % 2), t.price * (1 + k % 2) / 10,
     jsonb_build_array(jsonb_build_object('taxId', md5('tax ' || k % 2), 'name', 'VAT', 'rate', '10', 'inclusive', true,
       'base', t.price, 'amount', t.price / 10)),
     case when (t.n + k) % 50 = 0 then t.at end, t.at
   from trade t, generate_series(1, t.lines) k, lateral (select (t.n * 7 + k * 11) % ${ITEMS} as item) i`,
  `insert into orders (restaurant_id, id, number, status, type, business_date, currency, subtotal, discount_total, service_charge_total,
     tax_total, tax_included_total, order_tip, tip_total, total, paid_total, taxes, created_by, created_at, updated_at, completed_at)
   select '${RESTAURANT}', t.id, 'ORD-' || t.n, t.status, (array['dine_in', 'takeaway', 'delivery'])[1 + t.n % 3], t.day, 'EUR',
     l.gross, 0, 0, l.tax, l.tax, 0, 0, l.gross, case t.status when 'completed' then l.gross else 0 end,
     jsonb_build_array(
       jsonb_build_object('taxId', md5('tax 0'), 'name', 'VAT', 'rate', '10', 'inclusive', true, 'base', l.gross / 2, 'amount', l.tax / 2),
       jsonb_build_object('taxId', md5('tax 1'), 'name', 'VAT', 'rate', '20', 'inclusive', true, 'base', l.gross - l.gross / 2, 'amount', l.tax - l.tax / 2)),
     'user:1', t.at, t.at, case t.status when 'completed' then t.at + interval '40 minutes' end
   from trade t
   cross join lateral (
     select sum(t.price * (1 + k % 2)) as gross, sum(t.price * (1 + k % 2) / 10) as tax
     from generate_series(1, t.lines) k
     where (t.n + k) % 50 > 0
   ) s
   cross join lateral (select coalesce(s.gross, 0) as gross, coalesce(s.tax, 0) as tax) l`,
  `insert into payments (restaurant_id, id, order_id, method, amount, tip, tendered, change, business_date, created_by, created_at)
   select '${RESTAURANT}', pg_temp.year_id(t.at, 'payment ' || t.n), t.id, (array['cash', 'card'])[1 + t.n % 2], o.total, 0, o.total, 0,
     t.day, 'user:1', t.at
   from trade t
   join orders o on o.restaurant_id = '${RESTAURANT}' and o.id = t.id
   where t.status = 'completed'`,
  `insert into refunds (restaurant_id, id, payment_id, order_id, amount, parts, reason, business_date, created_by, created_at)
   select '${RESTAURANT}', pg_temp.year_id(t.at, 'refund ' || t.n), pg_temp.year_id(t.at, 'payment ' || t.n), t.id, 100,
     '{"unsettled": 0, "goods": 91, "serviceCharge": 0, "tax": 9, "tip": 0, "taxes": []}', 'cold', t.day + t.n % 3, 'user:1', t.at
   from trade t
   where t.status = 'completed' and t.n % 80 = 0`,
];

/**
 * Fills a migrated database.
 * @param owner a superuser's connection. References and triggers rest during the load.
 */
export async function loadYearOfOrders(owner: SetupClient, size: Size): Promise<YearOfOrders> {
  const { orders, ofToday, days = 365 } = size;
  await owner.query('set session_replication_role = replica');
  await owner.query(FUNCTIONS);
  for (const statement of MENU) await owner.query(statement);
  await owner.query(`create temp table trade as
    select n, at, pg_temp.year_id(at, 'order ' || n) as id, (at at time zone 'UTC')::date as day, 1 + n % 5 as lines, 500 + n % 20 * 50 as price,
      case when n % 33 = 0 then 'cancelled' when n > ${orders} + ${ofToday} - 20 then 'preparing' else 'completed' end as status
    from generate_series(1, ${orders + ofToday}) n
    cross join lateral (
      select case when n <= ${orders} then (n - 1)::bigint * ${days} / ${orders} else ${days} end as day_no,
        (n * 0.6180339887 % 1)::float8 as share
    ) p
    cross join lateral (select timestamptz '2025-01-01 09:00Z' + day_no * interval '1 day' + share * interval '13 hours' as at) o`);
  for (const statement of ORDERS) await owner.query(statement);
  await owner.query('drop table trade');
  // Triggers rested. On an older schema, the upgrade notes the days.
  const { rows } = await owner.query<{ known: boolean }>(`select to_regproc('note_days_of') is not null as known`);
  if (rows[0]?.known) await owner.query('select note_days_of($1)', [RESTAURANT]);
  await owner.query('reset session_replication_role');
  await owner.query('vacuum (analyze)');
  const dateOf = (day: number) => new Date(Date.UTC(2025, 0, 1 + day)).toISOString().slice(0, 10);
  return { restaurantId: RESTAURANT, from: dateOf(0), to: dateOf(days - 1), today: dateOf(days) };
}
