/**
 * Sums of business days (0101_day_sums.sql). Triggers note each change of a day; this makes the
 * sums, and reads those that are valid.
 */
import { query, type Tx } from '../../config/database.js';
import {
  FIRST_ID,
  FIRST_SUMMED_DATE,
  LAST_ID,
  type ReadDays,
  SUMS_VERSION,
  type SummedFigures,
} from '../../domain/report/daySums.js';
import { lockDays } from '../lockDays.js';
import { DayParts } from './DayParts.js';
import { OF_ALL_KINDS, REDEEMED, SALES_COLUMNS, SOLD, SUMMED_PARTS, soldByAll } from './soldLines.js';

/** One attempt to make the sums of a day. */
interface Attempt {
  attempt: number;
}

interface Gaps {
  firsts: string[];
  lasts: string[];
  rangeFirsts: string[];
  rangeLasts: string[];
  aboves: string[];
  untils: string[];
}

interface DueRestaurants {
  lastRestaurantId: string;
  due: string[];
}

// Days without sums; and of them the ranges of orders in no part with sums. A range begins behind
// the part before it.
const findGaps = query<Gaps>(
  'daySums.findGaps',
  `with gaps as materialized (
     select lower(gap) as first, upper(gap) - 1 as last
     from unnest(datemultirange(daterange($2::date, $3::date, '[]')) - coalesce((
       select range_agg(daterange(business_date, business_date, '[]'))
       from day_sums
       where restaurant_id = $1 and business_date between $2 and $3 and version = ${SUMS_VERSION}), '{}')) as gap
   ), parted as materialized (
     select d.business_date, q.above_id, q.until_id
     from ${SUMMED_PARTS}
     where d.restaurant_id = $1 and d.version = 0 and d.parts_until is not null and d.business_date between $2 and $3
   ), ranges as (
     select lower(whole) as first, upper(whole) - 1 as last, '${FIRST_ID}'::uuid as above, '${LAST_ID}'::uuid as until
     from unnest((select coalesce(range_agg(daterange(first, last, '[]')), '{}') from gaps)
       - (select coalesce(range_agg(daterange(business_date, business_date, '[]')), '{}') from parted)) as whole
     union all
     select business_date, business_date, above, until
     from (
       select business_date, lag(until_id, 1, '${FIRST_ID}') over (partition by business_date order by above_id) as above, above_id as until
       from parted
       union all
       select business_date, (array_agg(until_id order by above_id desc))[1], '${LAST_ID}'
       from parted
       group by business_date
     ) p
     where above <> until
   )
   select (select coalesce(array_agg(first::text), '{}') from gaps) as firsts, (select coalesce(array_agg(last::text), '{}') from gaps) as lasts,
     coalesce(array_agg(first::text), '{}') as "rangeFirsts", coalesce(array_agg(last::text), '{}') as "rangeLasts",
     coalesce(array_agg(above::text), '{}') as aboves, coalesce(array_agg(until::text), '{}') as untils
   from ranges`,
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
  `select last_restaurant_id as "lastRestaurantId", due from restaurants_to_sum($1, ${SUMS_VERSION}, '${FIRST_SUMMED_DATE}', $2, $3, $4)`,
);
const claimDay = query<Attempt>(
  'daySums.claim',
  `insert into day_sums as d (restaurant_id, business_date, version, attempt)
   select id, $2, -1, 1 from restaurants where id = $1
   on conflict (restaurant_id, business_date) do update set version = -1, attempt = d.attempt + 1, figures = null, parts_until = null
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
   where restaurant_id = $1 and ${OF_ALL_KINDS} and business_date = $2`,
);

/** Sales of the one day that is both `$2` and `$3`. */
const SOLD_OF_DAY = soldByAll(SOLD, REDEEMED);
const insertSales = query(
  'daySums.insertSales',
  `${SOLD_OF_DAY}
   insert into day_sales (restaurant_id, business_date, ${SALES_COLUMNS})
   select $1, $2, ${SALES_COLUMNS} from made`,
);
const listWrongSales = query<{ kind: string; key: string }>(
  'daySums.listWrongSales',
  `${SOLD_OF_DAY}, stored as (
     select ${SALES_COLUMNS}
     from day_sales
     where restaurant_id = $1 and ${OF_ALL_KINDS} and business_date = $2
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
  readonly parts = new DayParts();

  /** Which days of a period must be read from their rows. */
  async readDays(restaurantId: string, tx: Tx, from: string, to: string): Promise<ReadDays> {
    const gaps = await tx.one(findGaps, [restaurantId, from, to]);
    const { firsts, lasts, rangeFirsts, rangeLasts, aboves, untils } = gaps;
    return { firsts, lasts, ranges: { firsts: rangeFirsts, lasts: rangeLasts, aboves, untils }, from, to };
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

  /**
   * Restaurants with due days, or with due parts of their open day, among the next ones; undefined
   * after the last restaurant.
   */
  dueRestaurants(
    tx: Tx,
    at: Date,
    ordersOfPart: number,
    behind: string | undefined,
    most: number,
  ): Promise<DueRestaurants | undefined> {
    return tx.maybeOne(findDueRestaurants, [at, ordersOfPart, behind ?? null, most]);
  }

  /**
   * Begins an attempt to make the sums of a day. Waits for the writes that are committing; every
   * write that commits after this transaction sees the claim, and ends the attempt.
   * @returns undefined when the restaurant, a demo, has been removed.
   */
  async claim(restaurantId: string, tx: Tx, date: string): Promise<number | undefined> {
    await lockDays(restaurantId, tx);
    await this.parts.forget(restaurantId, tx, date);
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
