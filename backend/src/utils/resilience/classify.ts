/**
 * Classifies failures for the next attempt. Errors of libraries are recognised by their form, never
 * by their class.
 */
import { AppError, type ErrorCode } from '../../domain/shared/errors.js';

/** Failures on our side. Any other AppError means that the caller must change something. */
const OUR_FAULTS: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'overloaded',
  'database_unavailable',
  'dependency_unavailable',
  'internal_error',
]);
/** No connection was made, so nobody has read the request. */
const NOT_CONNECTED = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
  'ENOTFOUND',
  'UND_ERR_CONNECT_TIMEOUT',
]);
/** The connection broke or stayed silent: the outside party may have carried out the request. */
const CONNECTION_LOST = new Set([
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_SOCKET',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);
const CAUSES_DEEP = 5;

/** True when a repeat of the same call can only fail again, until the caller changes it. */
export function isCallersFault(error: unknown): boolean {
  for (const one of causesOf(error)) {
    if (one instanceof AppError) return !OUR_FAULTS.has(one.code);
    const status = statusOf(one);
    if (status !== undefined) return status >= 400 && status < 500 && status !== 408 && status !== 429;
  }
  return false;
}

/**
 * True when the outside party answers with an error below 500. It is up, so the breaker does not
 * count the error.
 */
export function isAnswered(error: unknown): boolean {
  const status = firstStatus(error);
  return isCallersFault(error) || (status !== undefined && status < 500);
}

/** True for overload, failures of the outside party and broken connections. */
export function isTransient(error: unknown): boolean {
  if (isCallersFault(error)) return false;
  const status = firstStatus(error);
  if (status !== undefined) return status === 408 || status === 429 || status >= 500;
  return (
    codesOf(error).some((code) => NOT_CONNECTED.has(code) || CONNECTION_LOST.has(code)) ||
    // The answer was not HTTP.
    causesOf(error).some((one) => field(one, 'name') === 'HTTPParserError')
  );
}

/**
 * True when the outside party surely did nothing: it was not reached, or reported that it is too
 * busy.
 */
export function isSurelyUndone(error: unknown): boolean {
  const status = firstStatus(error);
  if (status !== undefined) return status === 429 || status === 503;
  return codesOf(error).some((code) => NOT_CONNECTED.has(code));
}

/**
 * Seconds until the outside party wants the next call: `retryAfterSeconds`, else a Retry-After
 * header under `headers`, in either form of RFC 9110 10.2.3.
 */
export function retryAfterSecondsOf(error: unknown): number | undefined {
  for (const one of causesOf(error)) {
    const told = field(one, 'retryAfterSeconds');
    if (typeof told === 'number' && told >= 0) return told;
    const header = retryAfterHeader(field(one, 'headers'));
    if (header !== undefined) return header;
  }
  return undefined;
}

/**
 * The `code` of an error and of its causes: ECONNRESET, UND_ERR_SOCKET, or the code of an AppError.
 */
export function codesOf(error: unknown): string[] {
  return causesOf(error).flatMap((one) => {
    const code = field(one, 'code');
    return typeof code === 'string' ? [code] : [];
  });
}

/** An error and its causes, outermost first. */
export function causesOf(error: unknown): unknown[] {
  const chain: unknown[] = [];
  for (let one = error; one !== undefined && one !== null && chain.length < CAUSES_DEEP; one = field(one, 'cause')) {
    chain.push(one);
  }
  return chain;
}

function firstStatus(error: unknown): number | undefined {
  return causesOf(error)
    .map(statusOf)
    .find((status) => status !== undefined);
}

function statusOf(error: unknown): number | undefined {
  const status = field(error, 'status') ?? field(error, 'statusCode');
  return typeof status === 'number' && status >= 100 && status < 600 ? status : undefined;
}

function retryAfterHeader(headers: unknown): number | undefined {
  const text = headers instanceof Headers || hasGet(headers) ? headers.get('retry-after') : plainHeader(headers);
  if (typeof text !== 'string' && typeof text !== 'number') return undefined;
  const seconds = Number(text);
  if (Number.isFinite(seconds)) return seconds >= 0 ? seconds : undefined;
  const date = Date.parse(String(text));
  return Number.isNaN(date) ? undefined : Math.max(0, (date - Date.now()) / 1000);
}

/** The Headers of another fetch implementation are not an instance of ours. */
function hasGet(headers: unknown): headers is { get(name: string): unknown } {
  return typeof field(headers, 'get') === 'function';
}

function plainHeader(headers: unknown): unknown {
  if (typeof headers !== 'object' || headers === null) return undefined;
  return Object.entries(headers).find(([name]) => name.toLowerCase() === 'retry-after')?.[1];
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && name in value ? Reflect.get(value, name) : undefined;
}
