/**
 * Pages that end early: by the size of their rows, before one of them becomes too much for one
 * answer.
 */
import { type Query, query, type Tx } from '../config/database.js';

/**
 * Of the rows of a page, as PostgreSQL writes them. JSON of that size is written within some 15 ms.
 */
const PAGE_BYTES = 1_000_000;
/** Of a thing or one of its lines, for the names of the fields. */
const ROW_BYTES = 200;

/** A page as a repository reads it. */
export interface Slice<T> {
  rows: T[];
  /** Whether others come after these. */
  hasMore: boolean;
}

/**
 * How many of the things whose ids are `$2` have room on one page, the first ones: one at least.
 */
export type Fitting = Query<{ count: number }>;

/** Of a table whose rows are deleted softly: the column that holds the thing's id. */
interface LiveRows {
  live: string;
}

/**
 * Declares the statement that knows it. It looks at no more than has room, and at one thing more.
 * @param tables those that hold rows of a thing, each with its column that holds the thing's id.
 */
export function fitting(name: string, tables: Record<string, string | LiveRows>): Fitting {
  const sizes = Object.entries(tables).map(([table, rows]) => {
    const [id, live] = typeof rows === 'string' ? [rows, ''] : [rows.live, ' and t.deleted_at is null'];
    return `coalesce((
         select sum(octet_length(t::text) + ${ROW_BYTES})
         from ${table} t
         where t.restaurant_id = $1 and t.${id} = ($2::uuid[])[page.count + 1]${live}), 0)`;
  });
  return query(
    name,
    `with recursive page (count, size) as (
       select 0, 0::numeric
       union all
       select page.count + 1, page.size + ${sizes.join(' + ')}
       from page
       where page.count < cardinality($2::uuid[]) and page.size <= ${PAGE_BYTES}
     )
     select greatest(1, max(page.count) filter (where page.size <= ${PAGE_BYTES})) as count
     from page`,
  );
}

/** Cuts one row too many, fetched to learn whether there is more, off the page. */
export function sliceOf<T>(rows: readonly T[], limit: number): Slice<T> {
  return { rows: rows.slice(0, limit), hasMore: rows.length > limit };
}

/**
 * As `sliceOf`, and the page ends before the rows that have no room on it. @param rows up to `limit
 * + 1`, in the order of the list.
 */
export async function fittingSlice<T extends { id: string }>(
  restaurantId: string,
  tx: Tx,
  { rows, limit, statement }: { rows: readonly T[]; limit: number; statement: Fitting },
): Promise<Slice<T>> {
  const wanted = sliceOf(rows, limit);
  // One thing alone is answered whatever its size.
  if (wanted.rows.length < 2) return wanted;
  const { count } = await tx.one(statement, [restaurantId, wanted.rows.map(({ id }) => id)]);
  return sliceOf(rows, Math.min(count, limit));
}

/**
 * The things of a page by their ids, in the order of the ids. @param statement takes the ids as
 * `$2`.
 */
export async function inOrderOf<T extends { id: string }>(
  restaurantId: string,
  tx: Tx,
  ids: readonly string[],
  statement: Query<T>,
): Promise<T[]> {
  if (ids.length === 0) return [];
  const found = new Map((await tx.many(statement, [restaurantId, ids])).map((row) => [row.id, row]));
  return ids.flatMap((id) => found.get(id) ?? []);
}
