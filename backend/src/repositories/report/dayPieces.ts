/**
 * The figures of a day that grow with its orders, as pieces that may be added up: those of ranges
 * of orders, read from their rows, and those of parts of the day, which are stored.
 */
import { IN_RANGE, inRange, IS_SOLD, newestOf, OF_PARTED_DAYS, READ_RANGES, SUMMED_PARTS } from './soldLines.js';

interface Piece {
  /** Columns and their types. */
  columns: Record<string, string>;
  /** The rows of the ranges. */
  rows: string;
}

const ORDERS = `from ${READ_RANGES}
     join orders o on ${IN_RANGE}`;
const SOLD = `filter (where o.status <> 'cancelled')`;
const NUMERIC = 'numeric';
const TAX_COLUMNS = {
  taxId: 'text',
  rate: 'text',
  inclusive: 'boolean',
  newest: 'text',
  base: NUMERIC,
  amount: NUMERIC,
};
/** Calculated as by dueTotal in domain/order. */
const DUE = 'greatest(0, o.total - o.refunded_sale_total) - (o.paid_total - o.refunded_total)';
const UNFINISHED = `o.deleted_at is null and o.status <> 'cancelled' and (o.status <> 'completed' or ${DUE} <> 0)`;

/** Maximum number of unfinished orders that are listed. */
export const MAX_NAMED = 100;
/** Open orders first, then those on which guests get money back. */
export const UNFINISHED_ORDER = `status = 'completed', "dueTotal" >= 0, id`;

// A single-purpose voucher is deducted when it pays. A deposit is deducted on the day of its order,
// less what went back before the meal. A deposit of a cancelled order counts, too: its refunds may
// be of the sale that it was before. The forms of the conditions keep the planner from reading all
// deposits of the restaurant: `coalesce` for those of the day, the list of ids for those of its
// orders.
const IS_DEPOSIT = `m.prepaid ->> 'kind' = 'deposit'`;
const moved = (
  table: string,
  what: string,
  sign: 1 | -1,
  condition: string,
  counted = 1,
) => `select m.id, '${what}' as moved, ${sign} as sign, ${counted} as counted, m.prepaid
       from ${READ_RANGES}
       join ${table} m on ${inRange('m', 'order_id')}
         and ${condition}`;
const deducted = (table: string, sign: 1 | -1, condition: string) => `select m.id, 'deducted', ${sign},
         case when ${sign} < 0 and o.status <> 'cancelled' then 1 else 0 end, m.prepaid
       from ${table} m
       join orders o on o.restaurant_id = $1 and o.id = m.order_id
       where m.restaurant_id = $1 and m.prepaid is not null and ${condition} and m.order_id = any (array(
         select o.id
         ${ORDERS} and o.deleted_at is null))`;
const OF_DAY = `coalesce(m.prepaid ->> 'kind', '') = 'deposit'`;
const OF_VOUCHER = `coalesce(m.prepaid ->> 'kind', '') = 'voucher'`;
const DEPOSITS = `(
       ${[
         moved('payments', 'taken', 1, OF_DAY),
         moved('refunds', 'released', -1, OF_DAY),
         moved('payments', 'vouchers', -1, OF_VOUCHER),
         moved('refunds', 'vouchers', 1, OF_VOUCHER, 0),
         moved('sale_corrections', 'released', -1, 'm.prepaid is not null'),
         deducted('payments', -1, IS_DEPOSIT),
         deducted('refunds', 1, IS_DEPOSIT),
         deducted('sale_corrections', 1, 'true'),
       ].join('\n       union all\n       ')}
     ) f`;

const ORDER_SUMS = [
  'orders',
  'serviceChargeTotal',
  'tipTotal',
  'taxTotal',
  'total',
  'taxIncludedTotal',
  'cancelled',
  'cancelledTotal',
  'paid',
  'unfinished',
  'open',
  'unsettled',
  'due',
];

const PIECES = {
  // One pass over the orders. `filter` instead of a condition: with the status in `where`, the plan
  // would read all cancelled orders of all days. `paid` is the money of the orders on any day.
  orders: {
    columns: Object.fromEntries(ORDER_SUMS.map((name) => [name, NUMERIC])),
    rows: `select count(*) ${SOLD} as orders, coalesce(sum(o.service_charge_total) ${SOLD}, 0) as "serviceChargeTotal",
       coalesce(sum(o.tip_total) ${SOLD}, 0) as "tipTotal", coalesce(sum(o.tax_total) ${SOLD}, 0) as "taxTotal",
       coalesce(sum(o.total) ${SOLD}, 0) as total, coalesce(sum(o.tax_included_total) ${SOLD}, 0) as "taxIncludedTotal",
       count(*) filter (where o.status = 'cancelled') as cancelled,
       coalesce(sum(o.total) filter (where o.status = 'cancelled'), 0) as "cancelledTotal",
       coalesce(sum(o.paid_total - o.refunded_total + o.refunded_sale_total + case when o.settled_refund is null then 0 else (
         select coalesce(sum(s.value::bigint), 0) from jsonb_each_text(o.settled_refund -> 'parts') s) end), 0) as paid,
       count(*) filter (where ${UNFINISHED}) as unfinished,
       count(*) filter (where ${UNFINISHED} and o.status <> 'completed') as open,
       count(*) filter (where ${UNFINISHED} and o.status = 'completed' and ${DUE} < 0) as unsettled,
       coalesce(sum(${DUE}) filter (where ${UNFINISHED}), 0) as due
     ${ORDERS} and o.deleted_at is null`,
  },
  taxes: {
    columns: TAX_COLUMNS,
    rows: `select t."taxId", t.rate, t.inclusive, ${newestOf('o.id', 't.name')} as newest, sum(t.base) as base, sum(t.amount) as amount
     ${ORDERS} and ${IS_SOLD}
     cross join lateral jsonb_to_recordset(o.taxes) as t("taxId" text, name text, rate text, inclusive boolean, base bigint, amount bigint)
     group by t."taxId", t.rate, t.inclusive`,
  },
  // Money of the dates of the ranges, also for orders of other days.
  money: {
    columns: {
      shift_id: 'uuid',
      person: 'text',
      method: 'text',
      payments: NUMERIC,
      amount: NUMERIC,
      tip: NUMERIC,
      change: NUMERIC,
      rounding: NUMERIC,
    },
    rows: `select m.shift_id, m.created_by as person, m.method, count(*) as payments, sum(m.amount) as amount, sum(m.tip) as tip,
       sum(m.change) as change, sum(m.rounding) as rounding
     from ${READ_RANGES}
     join payments m on ${inRange('m', 'order_id')}
     group by m.shift_id, m.created_by, m.method`,
  },
  // The amounts have signs.
  deposits: {
    columns: { moved: 'text', count: NUMERIC, amount: NUMERIC },
    rows: `select f.moved, sum(f.counted) as count, sum(f.sign * (f.prepaid ->> 'amount')::bigint) as amount
     from ${DEPOSITS}
     group by f.moved`,
  },
  depositTaxes: {
    columns: TAX_COLUMNS,
    rows: `select t."taxId", t.rate, t.inclusive, ${newestOf('f.id', 't.name')} as newest, sum(f.sign * t.base) as base,
       sum(f.sign * t.amount) as amount
     from ${DEPOSITS}
     cross join lateral jsonb_array_elements(f.prepaid -> 'charges') charge
     cross join lateral jsonb_to_recordset(charge -> 'taxes') as t("taxId" text, name text, rate text, inclusive boolean, base bigint, amount bigint)
     group by t."taxId", t.rate, t.inclusive`,
  },
  voided: {
    columns: { count: NUMERIC, units: NUMERIC, amount: NUMERIC },
    rows: `select count(*) as count, coalesce(sum(l.quantity), 0)::bigint as units,
       coalesce(sum(l.quantity * (l.unit_price + coalesce((
         select sum((m.quantity - m."freeQuantity") * m.price)
         from jsonb_to_recordset(l.modifiers) as m(price bigint, quantity bigint, "freeQuantity" bigint)), 0))), 0) as amount
     from order_lines l
     where l.restaurant_id = $1 and l.voided_at is not null and l.order_id = any (array(
       select o.id
       ${ORDERS} and o.deleted_at is null))`,
  },
  unfinished: {
    columns: { id: 'uuid', number: 'text', status: 'text', total: NUMERIC, dueTotal: NUMERIC },
    rows: `(select o.id, o.number, o.status, o.total, ${DUE} as "dueTotal"
     ${ORDERS} and ${UNFINISHED}
     order by ${UNFINISHED_ORDER.replace('"dueTotal"', DUE).replace(/\b(status|id)\b/g, 'o.$1')}
     limit ${MAX_NAMED})`,
  },
} satisfies Record<string, Piece>;

export type PieceName = keyof typeof PIECES;

/** A piece of the ranges and of the parts of the period's days, as a table to be added up. */
export function pieceOf(name: PieceName): string {
  const { columns, rows }: Piece = PIECES[name];
  const names = Object.keys(columns).map((column) => `f."${column}"`);
  const types = Object.entries(columns).map(([column, type]) => `"${column}" ${type}`);
  return `(
     ${rows}
     union all
     select ${names.join(', ')}
     from ${SUMMED_PARTS}
     cross join lateral jsonb_to_recordset(q.figures -> '${name}') as f(${types.join(', ')})
     where ${OF_PARTED_DAYS}
   ) piece`;
}

/** All pieces of the ranges, as one JSON object of lists. */
export const PIECES_AS_JSON = `jsonb_build_object(${Object.entries(PIECES)
  .map(([name, { rows }]) => `'${name}', coalesce((select jsonb_agg(x) from (${rows}) x), '[]')`)
  .join(',\n     ')})`;
