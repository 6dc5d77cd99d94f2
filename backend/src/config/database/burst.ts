/**
 * Statements that are sent in one write and answered in one: a transaction whose statements do not
 * wait for each other is one round trip, with `begin` and `commit`.
 *
 * pg sends each statement with a Sync of its own. PostgreSQL answers each Sync with a system call
 * and wakes this process for it, six times for an order. Here one Sync follows the last statement.
 * When a statement fails, PostgreSQL skips those behind it up to the Sync.
 */
import pg from 'pg';
import { outgoing } from './wire.js';

export interface Statement {
  name: string;
  text: string;
  values: readonly unknown[];
}

/** The answer to a statement. */
export interface Answer {
  /** The first word of the command tag: INSERT, COMMIT. */
  command: string;
  rowCount: number;
  rows: Record<string, unknown>[];
}

/** Parts of pg's connection that its types leave out. */
interface Wire {
  stream: { write(bytes: Buffer): void };
  /** Texts of prepared statements, by name. */
  parsedStatements: Record<string, string>;
  /** The same of those whose answer has not arrived. */
  submittedNamedStatements: Record<string, string>;
}

interface Column {
  name: string;
  read: (text: string) => unknown;
}

interface Part extends Statement {
  isDescribed: boolean;
  columns: readonly Column[];
  answer: Answer;
  /** A value that could not be read. */
  failure?: unknown;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
}

const COMMAND_TAG = /^(\w+)(?: \d+)*?(?: (\d+))?$/;
/** The code of PostgreSQL for a statement behind a failed one. */
const IN_FAILED_TRANSACTION = '25P02';
/** The code for a statement that is not prepared, because PostgreSQL skipped its preparation. */
const NOT_PREPARED = '26000';

/**
 * Columns of a connection's prepared statements: the answer is described the first time only.
 * PostgreSQL refuses to run a prepared statement whose columns have changed.
 */
const columnsOf = new WeakMap<Wire, Map<string, readonly Column[]>>();

/** Called by pg's client as a query of its own: it is one in all but its constructor. */
export class Burst {
  /** Read by pg: milliseconds until the connection is closed. */
  query_timeout = 0;
  /** Set by pg to end that limit. */
  callback: (error: unknown) => void = () => undefined;
  readonly #parts: Part[] = [];
  /** Index of the part whose answer arrives. */
  #at = 0;

  add(statement: Statement): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const answer = { command: '', rowCount: 0, rows: [] };
      this.#parts.push({ ...statement, isDescribed: false, columns: [], answer, resolve, reject });
    });
  }

  /** Read by pg when it learns that a statement is prepared. */
  get name(): string | undefined {
    return this.#parts[this.#at]?.name;
  }

  get text(): string | undefined {
    return this.#parts[this.#at]?.text;
  }

  /** @returns an error when a parameter cannot be written; then nothing is sent. */
  submit(connection: Wire): Error | null {
    try {
      const known = columnsOf.get(connection) ?? new Map<string, readonly Column[]>();
      columnsOf.set(connection, known);
      for (const part of this.#parts) this.#write(connection, part, known);
      outgoing.sync();
    } catch (error) {
      outgoing.clear();
      this.#forget(connection, this.#parts);
      return error instanceof Error ? error : new Error(String(error));
    }
    connection.stream.write(outgoing.take());
    return null;
  }

  handleRowDescription({ fields }: { fields: readonly { name: string; dataTypeID: number }[] }): void {
    const part = this.#parts[this.#at];
    if (!part) return;
    // The reader of a type is chosen by its number; pg's types want a name from a list.
    part.columns = fields.map(({ name, dataTypeID }) => ({ name, read: pg.types.getTypeParser(dataTypeID as never) }));
  }

  handleDataRow({ fields }: { fields: readonly (string | null)[] }): void {
    const part = this.#parts[this.#at];
    if (!part) return;
    try {
      part.answer.rows.push(rowOf(part.columns, fields));
    } catch (error) {
      part.failure ??= error;
    }
  }

  handleCommandComplete({ text }: { text: string }, connection: Wire): void {
    const part = this.#parts[this.#at];
    if (!part) return;
    const [, command = '', count = '0'] = COMMAND_TAG.exec(text) ?? [];
    part.answer.command = command;
    part.answer.rowCount = Number(count);
    if (part.isDescribed) columnsOf.get(connection)?.set(part.name, part.columns);
    this.#at += 1;
  }

  handleReadyForQuery(): void {
    this.callback(null);
    this.#settle();
  }

  /** @param error of the statement whose answer was expected, or of the connection. */
  handleError(error: unknown, connection: Wire): void {
    this.callback(error);
    const [failed, ...skipped] = this.#parts.slice(this.#at);
    this.#forget(connection, skipped);
    this.#settle();
    failed?.reject(error);
    const isAnswer = error instanceof pg.DatabaseError;
    for (const part of skipped) part.reject(isAnswer ? behindFailure(error) : error);
  }

  #write(connection: Wire, part: Part, known: ReadonlyMap<string, readonly Column[]>): void {
    const { name, text, values } = part;
    const prepared = connection.parsedStatements[name] ?? connection.submittedNamedStatements[name];
    if (prepared !== undefined && prepared !== text) throw new Error(`two statements are named ${name}`);
    if (prepared === undefined) {
      outgoing.parse(name, text);
      connection.submittedNamedStatements[name] = text;
    }
    outgoing.bind(name, values);
    const columns = known.get(name);
    if (columns) part.columns = columns;
    else {
      part.isDescribed = true;
      outgoing.describe();
    }
    outgoing.execute();
  }

  /** Answers those that PostgreSQL has answered. */
  #settle(): void {
    for (const { answer, failure, resolve, reject } of this.#parts.slice(0, this.#at))
      if (failure === undefined) resolve(answer);
      else reject(failure);
  }

  /** Statements that PostgreSQL has skipped are not prepared. */
  #forget(connection: Wire, skipped: readonly Part[]): void {
    for (const { name } of skipped) delete connection.submittedNamedStatements[name];
  }
}

// pg refuses other classes on a connection whose statements do not wait for each other, because
// most of them read rows in portions. This one does not. Its constructor would cost 5 us.
Object.setPrototypeOf(Burst.prototype, pg.Query.prototype);

function rowOf(columns: readonly Column[], fields: readonly (string | null)[]): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  columns.forEach(({ name, read }, index) => {
    const field = fields[index] ?? null;
    row[name] = field === null ? null : read(field);
  });
  return row;
}

/** @returns the failure that made PostgreSQL skip a statement; the error itself if none did. */
export function reasonOf(error: unknown): unknown {
  const isSkipped = error instanceof pg.DatabaseError && error.code === IN_FAILED_TRANSACTION;
  return isSkipped && error.cause ? error.cause : error;
}

/** Whether PostgreSQL refused a statement only because one before it had failed. */
export function isBehindFailure(error: unknown): boolean {
  return error instanceof pg.DatabaseError && [IN_FAILED_TRANSACTION, NOT_PREPARED].includes(error.code ?? '');
}

function behindFailure(cause: Error): Error {
  const error = new pg.DatabaseError('a statement before this one failed', 0, 'error');
  error.code = IN_FAILED_TRANSACTION;
  error.cause = cause;
  return error;
}
