/** Meaning of the failures of PostgreSQL and of the connection to it. */
import pg from 'pg';
import { businessDayClosed } from '../../domain/report/businessDay.js';
import { AppError } from '../../domain/shared/errors.js';

/** The lock timeout passed: the database answers, but another transaction holds the lock. */
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Connections, resources, the server's own shutdown and files, lost races. Not 08P01: our own
 * message broke the protocol.
 */
const PASSING_CLASSES = /^(?:08(?!P01)|53|57P|58|40)/;
const CANCELED = '57014';
/** The server ended the transaction because it was idle or ran too long. */
const TIMED_OUT = /^25P0[34]$/;

/**
 * Codes of Node's sockets, and complete messages of pg that have no code. Parts of them could occur
 * in the message of a bug.
 */
const SOCKET_TROUBLE =
  /^E(?:CONNREFUSED|CONNRESET|CONNABORTED|PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH|NOTFOUND|AI_AGAIN)$/;
const PG_TROUBLE =
  /^(?:Connection terminated(?: unexpectedly| due to connection timeout)?|timeout expired|timeout exceeded when trying to connect|Query read timeout|Client (?:has encountered a connection error|was closed) and is not queryable|Cannot use a pool after calling end on the pool)$/;

/**
 * Name of the violated constraint, for repositories that translate it into an error of their noun.
 */
export function violatedConstraint(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.constraint : undefined;
}

/** PostgreSQL's description of the rows that broke the constraint. */
export function violationDetail(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.detail : undefined;
}

/** Whether a number did not fit its column. */
export function isOutOfRange(error: unknown): boolean {
  return sqlState(error) === '22003';
}

/**
 * Five characters, as listed in PostgreSQL's manual; empty when the error is not from PostgreSQL.
 */
export function sqlState(error: unknown): string {
  return error instanceof pg.DatabaseError ? (error.code ?? '') : '';
}

/**
 * Connection trouble and exhausted resources become a 503 that a client may repeat. A closed
 * business day is refused here, because the database checks it at the commit, after the
 * repositories have finished. Other errors stay unchanged.
 */
export function translate(error: unknown): unknown {
  if (error instanceof AppError || !(error instanceof Error)) return error;
  if (violatedConstraint(error) === 'business_day_closed')
    return businessDayClosed(violationDetail(error) ?? '', error);
  const state = sqlState(error);
  if (state === LOCK_NOT_AVAILABLE)
    return new AppError('overloaded', 'Others are changing the same data. Nothing was stored; try again shortly.', {
      cause: error,
      retryAfterSeconds: 1,
    });
  const gone =
    state === ''
      ? isConnectionTrouble(error)
      : PASSING_CLASSES.test(state) || state === CANCELED || TIMED_OUT.test(state);
  if (!gone) return error;
  return new AppError('database_unavailable', 'The database did not answer. Nothing was stored; try again shortly.', {
    cause: error,
    retryAfterSeconds: 1,
  });
}

/**
 * PostgreSQL may carry out a commit although its answer never arrived. A refusal by PostgreSQL is
 * an answer.
 */
export function isUnknownOutcome(error: unknown): boolean {
  return (
    error instanceof Error && (sqlState(error) === '' ? isConnectionTrouble(error) : /^(08|57P)/.test(sqlState(error)))
  );
}

/**
 * A serialisation failure, a deadlock or a lost connection, translated or not: a repeat may succeed
 * at once.
 */
export function isPassing(error: unknown): boolean {
  const cause = error instanceof AppError ? error.cause : error;
  if (!(cause instanceof Error)) return false;
  const state = sqlState(cause);
  return state === ''
    ? isConnectionTrouble(cause) && !/timeout/i.test(cause.message)
    : /^(40001|40P01|08|57P)/.test(state);
}

export function unknownOutcome(cause?: unknown): AppError {
  return new AppError(
    'database_unavailable',
    'The database did not say whether this was stored. Repeat it with the same Idempotency-Key, or check before you repeat it.',
    { cause, retryAfterSeconds: 1 },
  );
}

function isConnectionTrouble(error: Error): boolean {
  const code = 'code' in error ? String(error.code) : '';
  return SOCKET_TROUBLE.test(code) || (error.constructor === Error && PG_TROUBLE.test(error.message));
}
