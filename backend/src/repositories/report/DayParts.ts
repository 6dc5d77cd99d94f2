/**
 * Sums of parts of an open day (0136_day_parts.sql): most orders of a long day change no more, so
 * its report reads the sums of these, and the rows of the others. Triggers note each change.
 */
import { query, type Tx } from '../../config/database.js';
import { FIRST_ID, type PartSizes, SUMS_VERSION } from '../../domain/report/daySums.js';
import { lockDays } from '../lockDays.js';
import { PIECES_AS_JSON } from './dayPieces.js';
import {
  OF_ALL_KINDS,
  OF_PARTED_DAYS,
  REDEEMED_IN_RANGES,
  SALES_COLUMNS,
  SOLD_IN_RANGES,
  SUMMED_PARTS,
  soldByAll,
} from './soldLines.js';

/** One attempt to make the sums of a part: the orders above an id, up to another one. */
export interface Part {
  date: string;
  above: string;
  until: string;
  attempt: number;
}

const PART = `business_date as date, above_id as above, until_id as until, attempt`;
const findToday = query<{ date: string }>(
  'dayParts.findToday',
  'select business_date_at(r, $2) as date from restaurants r where r.id = $1',
);
// Only a day without sums has parts. Rests of parts that count no more are removed before the
// first.
const findNext = query<{ above: string | null; until: string | null }>(
  'dayParts.findNext',
  `select d.parts_until as above, next_part(d.restaurant_id, d.business_date, coalesce(d.parts_until, '${FIRST_ID}'), $3, $4, $5) as until
   from day_sums d
   where d.restaurant_id = $1 and d.business_date = $2 and d.version = 0`,
);
const insertPart = query<Part>(
  'dayParts.insert',
  `with day as (
     update day_sums set parts_until = $4 where restaurant_id = $1 and business_date = $2
   )
   insert into day_parts (restaurant_id, business_date, above_id, until_id)
   values ($1, $2, $3, $4)
   returning ${PART}`,
);
// A part that is being made is left alone: to wait for it would keep all writes waiting.
const claimAgain = query<Part>(
  'dayParts.claimAgain',
  `update day_parts
   set version = -1, attempt = attempt + 1, figures = null
   where restaurant_id = $1 and business_date = $2 and above_id = any (array(
     select q.above_id
     from day_sums d
     join day_parts q on q.restaurant_id = d.restaurant_id and q.business_date = d.business_date and (q.version <> ${SUMS_VERSION} or $3)
     where d.restaurant_id = $1 and d.business_date = $2 and d.version = 0 and d.parts_until is not null
     for update of q skip locked))
   returning ${PART}`,
);
const lockAttempt = query<{ attempt: number }>(
  'dayParts.lockAttempt',
  `select attempt
   from day_parts
   where restaurant_id = $1 and business_date = $2 and above_id = $3 and version = -1 and attempt = $4
   for update`,
);
const storeFigures = query(
  'dayParts.storeFigures',
  `update day_parts
   set version = ${SUMS_VERSION}, figures = ${PIECES_AS_JSON}
   where restaurant_id = $1 and business_date = $6 and above_id = $7`,
);
const removeSales = query(
  'dayParts.removeSales',
  `delete from part_sales
   where restaurant_id = $1 and ${OF_ALL_KINDS} and business_date = $2 and above_id = any ($3::uuid[])`,
);
const insertSales = query(
  'dayParts.insertSales',
  `${soldByAll(SOLD_IN_RANGES, REDEEMED_IN_RANGES)}
   insert into part_sales (restaurant_id, business_date, above_id, ${SALES_COLUMNS})
   select $1, $6, $7, ${SALES_COLUMNS} from made`,
);
const removeAll = query<{ above: string }>(
  'dayParts.remove',
  'delete from day_parts where restaurant_id = $1 and business_date = $2 returning above_id as above',
);
const listParts = query<Part>(
  'dayParts.list',
  `select q.business_date as date, q.above_id as above, q.until_id as until, q.attempt
   from ${SUMMED_PARTS}
   where ${OF_PARTED_DAYS.replaceAll('$6', '$2').replaceAll('$7', '$3')}
   order by q.business_date, q.above_id`,
);
// Lists are compared without their order.
const listWrongFigures = query<{ kind: string; key: string }>(
  'dayParts.listWrongFigures',
  `select 'figures' as kind, coalesce(made.key, stored.key) as key
   from jsonb_each(${PIECES_AS_JSON}) made
   full join (
     select e.key, e.value
     from day_parts q
     cross join lateral jsonb_each(q.figures) e
     where q.restaurant_id = $1 and q.business_date = $6 and q.above_id = $7
   ) stored on stored.key = made.key
   where (select array_agg(x order by x) from jsonb_array_elements(made.value) x)
     is distinct from (select array_agg(x order by x) from jsonb_array_elements(stored.value) x)
   order by key`,
);
const listWrongSales = query<{ kind: string; key: string }>(
  'dayParts.listWrongSales',
  `${soldByAll(SOLD_IN_RANGES, REDEEMED_IN_RANGES)}, stored as (
     select ${SALES_COLUMNS}
     from part_sales
     where restaurant_id = $1 and ${OF_ALL_KINDS} and business_date = $6 and above_id = $7
   )
   select distinct kind, key
   from (
     (select * from made except select * from stored)
     union all
     (select * from stored except select * from made)
   ) wrong
   order by kind, key
   limit $8`,
);

export class DayParts {
  /** The restaurant's business date; undefined when the restaurant, a demo, has been removed. */
  async today(restaurantId: string, tx: Tx, at: Date): Promise<string | undefined> {
    return (await tx.maybeOne(findToday, [restaurantId, at]))?.date;
  }

  /** Begins to make the parts of a day that have changed, or all of them. As `DaySums.claim`. */
  async claimAgain(restaurantId: string, tx: Tx, date: string, all: boolean): Promise<Part[]> {
    await lockDays(restaurantId, tx);
    return tx.many(claimAgain, [restaurantId, date, all]);
  }

  /** Begins to make the next part of a day, if there are orders for one. As `DaySums.claim`. */
  async claimNext(restaurantId: string, tx: Tx, date: string, sizes: PartSizes): Promise<Part | undefined> {
    await lockDays(restaurantId, tx);
    const { fewest, most, rest } = sizes;
    const next = await tx.maybeOne(findNext, [restaurantId, date, fewest, most, rest]);
    if (!next?.until) return undefined;
    if (next.above === null) await this.forget(restaurantId, tx, date);
    return tx.one(insertPart, [restaurantId, date, next.above ?? FIRST_ID, next.until]);
  }

  /** As `DaySums.lock`. */
  async lock(restaurantId: string, tx: Tx, { date, above, attempt }: Part): Promise<boolean> {
    return (await tx.maybeOne(lockAttempt, [restaurantId, date, above, attempt])) !== undefined;
  }

  /** Stores the sums of a part that cannot change before the transaction ends. */
  async store(restaurantId: string, tx: Tx, part: Part): Promise<void> {
    await tx.run(removeSales, [restaurantId, part.date, [part.above]]);
    await tx.run(insertSales, partValues(restaurantId, part));
    await tx.run(storeFigures, partValues(restaurantId, part));
  }

  /** Removes the parts of a day that gets sums as a whole. The caller has locked the days. */
  async forget(restaurantId: string, tx: Tx, date: string): Promise<void> {
    const removed = await tx.many(removeAll, [restaurantId, date]);
    if (removed.length === 0) return;
    await tx.run(removeSales, [restaurantId, date, removed.map(({ above }) => above)]);
  }

  /** Parts with valid sums. */
  list(restaurantId: string, tx: Tx, from: string, to: string): Promise<Part[]> {
    return tx.many(listParts, [restaurantId, from, to]);
  }

  /** Figures and groups of a part whose stored sums differ from their rows. */
  async wrong(restaurantId: string, tx: Tx, part: Part, limit: number): Promise<{ kind: string; key: string }[]> {
    const values = partValues(restaurantId, part);
    return [...(await tx.many(listWrongFigures, values)), ...(await tx.many(listWrongSales, [...values, limit]))];
  }
}

/** `$1` to `$5` as of one range, the date and the id that the part is above. */
function partValues(restaurantId: string, { date, above, until }: Part) {
  return [restaurantId, [date], [date], [above], [until], date, above];
}
