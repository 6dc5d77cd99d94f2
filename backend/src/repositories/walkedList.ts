/**
 * Lists that walk along an index, newest first, and check their filters on the way (decision 0054).
 * A page costs the same however old the restaurant is.
 */
import { type Query, query, type Tx } from '../config/database.js';
import { type Fitting, fittingSlice } from './pageSize.js';

/** Rows that a page looks at. A filter that matches few of them ends its page there. */
const LOOKED_AT = 10_000;
const HIGHEST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** The column by which a walk goes before the id, and the field of a row that has its value. */
interface WalkColumn<Row> {
  column: string;
  type: 'date' | 'timestamptz';
  field: keyof Row & string;
  /** Index of the value of `matches` at which the walk begins: the upper bound of the column. */
  from: number;
}

interface Walk<Row> {
  /**
   * Condition that an index finds; the rows are `t`. Without the bound of `by.from`: an index with
   * two conditions on its start may begin at the wider one, and each page would read all before it.
   */
  where?: string;
  by?: WalkColumn<Row>;
}

interface WalkedTable<Row, Name extends string> {
  /** Begins the names of the statements. */
  name: string;
  table: string;
  /** Columns of the table that `matches` and `selection` name. */
  columns: readonly string[];
  /** The fields of a row, from `t`. */
  selection: string;
  /** Condition on `t`; its parameters begin with `$3`. */
  matches: string;
  /** How many parameters `matches` and the walks have. */
  parameters: number;
  walks: Record<Name, Walk<Row>>;
  fit: Fitting;
}

export interface WalkedPage {
  limit: number;
  /** `end` of the page before. */
  after: string | undefined;
}

export interface WalkedSlice<Row> {
  rows: Row[];
  /** The position after which the next page begins; undefined: there is none. */
  end: string | undefined;
}

type Found<Row> = Row & { ordinal: number; isMatch: boolean };

export class WalkedList<Row extends { id: string }, Name extends string> {
  readonly #table: WalkedTable<Row, Name>;
  readonly #statements: Map<Name, Query<Found<Row>>>;

  constructor(table: WalkedTable<Row, Name>) {
    this.#table = table;
    const names = Object.keys(table.walks) as Name[]; // Keys of the record.
    this.#statements = new Map(names.map((name) => [name, statementOf(table, name)]));
  }

  /**
   * @param values of `matches`, from `$3`.
   * @returns up to `page.limit` rows; fewer, even none, where a page ends by its size or work.
   */
  async read(
    restaurantId: string,
    tx: Tx,
    walk: Name,
    values: readonly unknown[],
    page: WalkedPage,
  ): Promise<WalkedSlice<Row>> {
    const { walks, fit, name } = this.#table;
    const statement = this.#statements.get(walk);
    if (!statement) throw new Error(`${name} has no walk ${walk}.`);
    const { by } = walks[walk];
    const start = page.after?.split(' ') ?? [HIGHEST_ID, by && values[by.from]];
    const position = by ? start.slice(0, 2) : start.slice(0, 1);
    const found = await tx.many(statement, [restaurantId, page.limit + 1, ...values, ...position]);
    const last = found.at(-1);
    const isCut = last?.ordinal === LOOKED_AT && found.length <= page.limit;
    const rows = (found.length > page.limit ? found : found.filter(({ isMatch }) => isMatch)).map(rowOf);
    const slice = await fittingSlice(restaurantId, tx, { rows, limit: page.limit, statement: fit });
    const lastFitting = slice.rows.at(-1);
    if (slice.hasMore && lastFitting) return { rows: slice.rows, end: placeOf(by, lastFitting) };
    return { rows: slice.rows, end: isCut ? placeOf(by, rowOf(last)) : undefined };
  }
}

/**
 * The planner guesses the rows of a restaurant, and takes them to be fewer than `LOOKED_AT`; it
 * does not look into a `(select ...)`. The last row that is looked at is always found: there the
 * next page begins.
 */
function statementOf<Row, Name extends string>(table: WalkedTable<Row, Name>, walk: Name): Query<Found<Row>> {
  const { name, columns, selection, matches, parameters } = table;
  const { where, by }: Walk<Row> = table.walks[walk];
  const order = by ? `t.${by.column} desc, t.id desc` : 't.id desc';
  const id = `$${parameters + 3}::uuid`;
  const place = by ? `(t.${by.column}, t.id) < ($${parameters + 4}::${by.type}, ${id})` : `t.id < ${id}`;
  const names = ['restaurant_id', 'id', ...columns].map((column) => `t.${column}`).join(', ');
  const condition = where === undefined ? '' : ` and ${where}`;
  return query(
    `${name}.${walk}`,
    `select ${selection}, t.ordinal, t.is_match as "isMatch"
   from (
     select *
     from (
       select ${names}, t.ordinal, (${matches}) as is_match
       from (
         select ${names}, row_number() over (order by ${order}) as ordinal
         from (
           select ${names}
           from ${table.table} t
           where t.restaurant_id = $1${condition} and ${place}
           order by ${order}
           limit (select ${LOOKED_AT})) t) t) t
     where t.is_match or t.ordinal = ${LOOKED_AT}
     order by ${order}
     limit $2) t
   order by ${order}`,
  );
}

function rowOf<Row>(found: Found<Row>): Row {
  const { ordinal: _, isMatch: __, ...row } = found;
  return row as unknown as Row; // Without the two fields that `Found` adds.
}

/** The position of a row: its id, and its value of the column. */
function placeOf<Row extends { id: string }>(by: WalkColumn<Row> | undefined, row: Row): string {
  return by ? `${row.id} ${String(row[by.field])}` : row.id;
}
