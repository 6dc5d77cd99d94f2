/**
 * Sums of business days (0101_day_sums.sql). Triggers note each change of a day; this makes the
 * sums, and reads those that are valid.
 */
import { query, type Tx } from '../../config/database.js';
import { FIRST_SUMMED_DATE, type ReadDays, SUMS_VERSION, type SummedFigures } from '../../domain/report/daySums.js';
import { lockDays } from '../lockDays.js';
import { AMOUNT_COLUMNS, AMOUNTS, GROUPS, newestOf, REDEEMED, SOLD } from './soldLines.js';

/** One attempt to make the sums of a day. */
interface Attempt {
  attempt: number;
}

interface DueRestaurants {
  lastRestaurantId: string;
  due: string[];
}

const findGaps = query<{ firsts: string[]; lasts: string[] }>(
  'daySums.findGaps',
  `select coalesce(array_agg(lower(gap)::text), '{}') as firsts, coalesce(array_agg((upper(gap) - 1)::text), '{}') as lasts
   from unnest(datemultirange(daterange($2::date, $3::date, '[]')) - coalesce((
     select range_agg(daterange(business_date, business_date, '[]'))
     from day_sums
     where restaurant_id = $1 and business_date between $2 and $3 and version = ${SUMS_VERSION}), '{}')) as gap`,
);
const findFigures = query<{ date: string; figures: SummedFigures }>(
  'daySums.findFigures',
  `select business_date as date, figures
   from day_sums
   where restaurant_id = $1 and business_date = any ($2::date[]) and version = ${SUMS_VERSION}`,
);
// A day is over when another one has begun at the restaurant's cut-off hour, as in
// domain/localTime. The versions are listed, and `+ 0` hides the date from the key,
// so that every plan uses the index of versions.
const OLDER_VERSIONS = Array.from({ length: SUMS_VERSION + 1 }, (_, place) => place - 1);
const listDue = query<{ date: string }>(
  'daySums.listDue',
  `select business_date as date
   from day_sums
   where restaurant_id = $1 and version = any ('{${OLDER_VERSIONS.join()}}') and business_date + 0 >= '${FIRST_SUMMED_DATE}'
     and business_date + 0 < (select business_date_at(r, $2) from restaurants r where r.id = $1)
   order by business_date + 0 desc
   limit $3`,
);
const listSummed = query<{ date: string }>(
  'daySums.listSummed',
  `select business_date as date
   from day_sums
   where restaurant_id = $1 and business_date between $2 and $3 and version = ${SUMS_VERSION}
   order by business_date`,
);
const findDueRestaurants = query<DueRestaurants>(
  'daySums.findDueRestaurants',
  `select last_restaurant_id as "lastRestaurantId", due from restaurants_without_sums($1, ${SUMS_VERSION}, '${FIRST_SUMMED_DATE}', $2, $3)`,
);
const claimDay = query<Attempt>(
  'daySums.claim',
  `insert into day_sums as d (restaurant_id, business_date, version, attempt)
   select id, $2, -1, 1 from restaurants where id = $1
   on conflict (restaurant_id, business_date) do update set version = -1, attempt = d.attempt + 1, figures = null
   returning attempt`,
);
const lockAttempt = query<Attempt>(
  'daySums.lockAttempt',
  `select attempt
   from day_sums
   where restaurant_id = $1 and business_date = $2 and version = -1 and attempt = $3
   for update`,
);
const storeFigures = query(
  'daySums.storeFigures',
  `update day_sums
   set version = ${SUMS_VERSION}, figures = $3
   where restaurant_id = $1 and business_date = $2`,
);
const removeSales = query(
  'daySums.removeSales',
  `delete from day_sales
   where restaurant_id = $1 and kind = any ('{${Object.keys(GROUPS).join()}}') and business_date = $2`,
);

const KINDS = Object.entries(GROUPS).map(([kind, { key, summedKey = key, name }]) => ({ kind, key: summedKey, name }));
const SOLD_COLUMNS = `o.id, l.kind, l.quantity, l.gross_amount, l.discount_amount, l.amount, l.tax_amount,
       ${KINDS.map(({ kind, key, name = `''` }) => `${key} as ${kind}_key, ${name} as ${kind}_name`).join(', ')}`;
/**
 * Sales of the one day that is both `$2` and `$3`, by everything: the sums as its rows make them.
 */
const SOLD_BY_ALL = `with sold as materialized (
     select o.id as counted, ${SOLD_COLUMNS}
     ${SOLD}
     union all
     select null, ${SOLD_COLUMNS}
     ${REDEEMED}
   ), made as (
     ${KINDS.map(
       ({ kind, name }) =>
         `select '${kind}' as kind, ${kind}_key as key, ${newestOf('l.id', name && `${kind}_name`)} as newest, count(distinct l.counted) as orders, ${AMOUNTS}
     from sold l
     group by ${kind}_key`,
     ).join('\n     union all\n     ')}
   )`;
const SALES_COLUMNS = ['kind', 'key', 'newest', 'orders', ...AMOUNT_COLUMNS].join(', ');
const insertSales = query(
  'daySums.insertSales',
  `${SOLD_BY_ALL}
   insert into day_sales (restaurant_id, business_date, ${SALES_COLUMNS})
   select $1, $2, ${SALES_COLUMNS} from made`,
);
const listWrongSales = query<{ kind: string; key: string }>(
  'daySums.listWrongSales',
  `${SOLD_BY_ALL}, stored as (
     select ${SALES_COLUMNS}
     from day_sales
     where restaurant_id = $1 and kind = any ('{${Object.keys(GROUPS).join()}}') and business_date = $2
   )
   select distinct kind, key
   from (
     (select * from made except select * from stored)
     union all
     (select * from stored except select * from made)
   ) wrong
   order by kind, key
   limit $4`,
);

export class DaySums {
  /** Which days of a period must be read from their rows. */
  async readDays(restaurantId: string, tx: Tx, from: string, to: string): Promise<ReadDays> {
    return { ...(await tx.one(findGaps, [restaurantId, from, to])), from, to };
  }

  /** Figures of those of the days that have valid sums. */
  async figures(restaurantId: string, tx: Tx, dates: readonly string[]): Promise<Map<string, SummedFigures>> {
    const rows = await tx.many(findFigures, [restaurantId, dates]);
    return new Map(rows.map(({ date, figures }) => [date, figures]));
  }

  /** Days that are over and have no valid sums, newest first. */
  async due(restaurantId: string, tx: Tx, at: Date, limit: number): Promise<string[]> {
    return (await tx.many(listDue, [restaurantId, at, limit])).map(({ date }) => date);
  }

  /** Days with valid sums. */
  async summed(restaurantId: string, tx: Tx, from: string, to: string): Promise<string[]> {
    return (await tx.many(listSummed, [restaurantId, from, to])).map(({ date }) => date);
  }

  /** Restaurants with due days among the next ones; undefined after the last restaurant. */
  dueRestaurants(tx: Tx, at: Date, behind: string | undefined, most: number): Promise<DueRestaurants | undefined> {
    return tx.maybeOne(findDueRestaurants, [at, behind ?? null, most]);
  }

  /**
   * Begins an attempt to make the sums of a day. Waits for the writes that are committing; every
   * write that commits after this transaction sees the claim, and ends the attempt.
   * @returns undefined when the restaurant, a demo, has been removed.
   */
  async claim(restaurantId: string, tx: Tx, date: string): Promise<number | undefined> {
    await lockDays(restaurantId, tx);
    return (await tx.maybeOne(claimDay, [restaurantId, date]))?.attempt;
  }

  /**
   * Keeps changes of the day waiting until the transaction ends.
   * @returns false when the day has changed since the claim, or another attempt has begun.
   */
  async lock(restaurantId: string, tx: Tx, date: string, attempt: number): Promise<boolean> {
    return (await tx.maybeOne(lockAttempt, [restaurantId, date, attempt])) !== undefined;
  }

  /** Stores the sums of a day that cannot change before the transaction ends. */
  async store(restaurantId: string, tx: Tx, date: string, figures: SummedFigures): Promise<void> {
    await tx.run(removeSales, [restaurantId, date]);
    await tx.run(insertSales, [restaurantId, date, date]);
    await tx.run(storeFigures, [restaurantId, date, JSON.stringify(figures)]);
  }

  /** Groups whose stored sums differ from their rows. */
  wrongSales(restaurantId: string, tx: Tx, date: string, limit: number): Promise<{ kind: string; key: string }[]> {
    return tx.many(listWrongSales, [restaurantId, date, date, limit]);
  }
}
