import { type Query, query, type Tx, violatedConstraint } from '../config/database.js';
import { AppError, type FieldError } from '../domain/shared/errors.js';
import type { Edited } from '../domain/shared/edited.js';
import { type EditableTable, type ListPage, OLDEST } from './editableTable.js';
import { type Slice, sliceOf } from './pageSize.js';

/** Column of a field. */
interface Column {
  column: string;
  /** SQL that reads the field. Absent: the column itself. */
  read?: string;
  /**
   * Type of the parameter, where PostgreSQL cannot infer it from the column. `json` writes JSON.
   */
  write?: 'text[]' | 'json';
  /** Neither inserted nor updated here: only other statements write it. */
  isReadOnly?: boolean;
}

interface Options<T extends Edited> {
  /** First part of the names of the statements. */
  noun: string;
  table: string;
  /** Own fields of the things, with their columns. */
  columns: Record<Exclude<keyof T & string, keyof Edited>, string | Column>;
  /** Unique index of the names, if names must differ. */
  nameKey?: string;
  /** Further unique indexes, with the fault to report when one is violated. */
  taken?: Record<string, FieldError>;
  /**
   * Lock that an edit takes. `update` also blocks statements that add references to the row, which
   * a deletion that checks for references needs. `no key update` allows them.
   */
  lock?: 'update' | 'no key update';
}

const NAME_TAKEN: FieldError = {
  pointer: '/name',
  message: 'This name is already in use. Choose another name or change the existing entry.',
};

const EDITED: [field: keyof Edited, column: string][] = [
  ['id', 'id'],
  ['version', 'version'],
  ['createdAt', 'created_at'],
  ['updatedAt', 'updated_at'],
];

/** Editable things in one table. The statements are generated from the list of columns. */
export class PlainTable<T extends Edited> implements EditableTable<T> {
  /** `select ... from ...` without conditions, for other lists. */
  readonly selection: string;
  readonly #taken: Map<string, FieldError>;
  readonly #written: [field: string, column: Column][];
  readonly #insert: Query<unknown>;
  readonly #update: Query<unknown>;
  readonly #remove: Query<unknown>;
  readonly #find: Query<T>;
  readonly #lock: Query<T>;
  readonly #list: Query<T>;

  constructor(options: Options<T>) {
    const { noun, table, columns } = options;
    this.#taken = new Map(Object.entries(options.taken ?? {}));
    if (options.nameKey !== undefined) this.#taken.set(options.nameKey, NAME_TAKEN);
    const own = Object.entries<string | Column>(columns).map(([field, column]): [string, Column] => [
      field,
      typeof column === 'string' ? { column } : column,
    ]);
    const fields = own.map(([field, { column, read }]) => `${read ?? column} as "${field}"`);
    const selected = [...EDITED.map(([field, column]) => `${column} as "${field}"`), ...fields].join(', ');
    this.selection = `select ${selected} from ${table}`;
    this.#written = own.filter(([, column]) => column.isReadOnly !== true);
    // `$1` is the restaurant, `$2` the id.
    const value = ({ write }: Column, at: number) =>
      `$${at}${write === undefined ? '' : `::${write === 'json' ? 'jsonb' : write}`}`;
    const insertColumns = [
      'restaurant_id',
      'id',
      'version',
      'created_at',
      'updated_at',
      ...this.#written.map(([, { column }]) => column),
    ];
    this.#insert = query(
      `${noun}.insert`,
      `insert into ${table} (${insertColumns.join(', ')})
       values ($1, $2, $3, $4, $5${this.#written.map(([, column], index) => `, ${value(column, index + 6)}`).join('')})`,
    );
    this.#update = query(
      `${noun}.update`,
      `update ${table}
       set version = $3, updated_at = $4${this.#written.map(([, column], index) => `, ${column.column} = ${value(column, index + 5)}`).join('')}
       where restaurant_id = $1 and id = $2`,
    );
    this.#remove = query(`${noun}.remove`, `update ${table} set deleted_at = $3 where restaurant_id = $1 and id = $2`);
    this.#find = query<T>(
      `${noun}.find`,
      `${this.selection} where restaurant_id = $1 and id = $2 and deleted_at is null`,
    );
    this.#lock = query<T>(`${noun}.lock`, `${this.#find.text} for ${options.lock ?? 'update'}`);
    this.#list = query<T>(
      `${noun}.list`,
      `${this.selection}
       where restaurant_id = $1 and deleted_at is null and id > $2
         and ($4::text is null or strpos(lower(${'name' in columns ? 'name' : "''"}), lower($4)) > 0)
       order by id
       limit $3`,
    );
  }

  async insert(restaurantId: string, tx: Tx, thing: T): Promise<void> {
    const { id, version, createdAt, updatedAt } = thing;
    await this.#write(tx, this.#insert, [restaurantId, id, version, createdAt, updatedAt, ...this.#values(thing)]);
  }

  async update(restaurantId: string, tx: Tx, thing: T): Promise<void> {
    await this.#write(tx, this.#update, [
      restaurantId,
      thing.id,
      thing.version,
      thing.updatedAt,
      ...this.#values(thing),
    ]);
  }

  async remove(restaurantId: string, tx: Tx, id: string, at: Date): Promise<void> {
    await tx.run(this.#remove, [restaurantId, id, at]);
  }

  find(restaurantId: string, tx: Tx, id: string): Promise<T | undefined> {
    return tx.maybeOne(this.#find, [restaurantId, id]);
  }

  lock(restaurantId: string, tx: Tx, id: string): Promise<T | undefined> {
    return tx.maybeOne(this.#lock, [restaurantId, id]);
  }

  async list(restaurantId: string, tx: Tx, page: ListPage): Promise<Slice<T>> {
    const values = [restaurantId, page.after ?? OLDEST, page.limit + 1, page.q ?? null];
    return sliceOf(await tx.many(this.#list, values), page.limit);
  }

  async #write(tx: Tx, statement: Query<unknown>, values: readonly unknown[]): Promise<void> {
    try {
      await tx.run(statement, values);
    } catch (error) {
      const fault = this.#taken.get(violatedConstraint(error) ?? '');
      if (!fault) throw error;
      throw new AppError('already_exists', fault.message, { cause: error, errors: [fault] });
    }
  }

  #values(thing: T): unknown[] {
    const values = new Map<string, unknown>(Object.entries(thing));
    // pg writes arrays in PostgreSQL's own notation; a jsonb column needs JSON.
    return this.#written.map(([field, { write }]) =>
      write === 'json' ? JSON.stringify(values.get(field)) : values.get(field),
    );
  }
}
