/**
 * Expected failures. Services throw them and know no HTTP; `middleware/errorHandler` maps each code
 * to its status.
 */

export const ERROR_CODES = [
  'malformed_request',
  'unauthenticated',
  'invalid_credentials',
  'invalid_token',
  'token_reused',
  'forbidden',
  'not_found',
  'method_not_allowed',
  'request_timeout',
  'email_taken',
  'already_exists',
  'in_use',
  'invalid_state',
  'item_unavailable',
  'insufficient_stock',
  'restaurant_closed',
  'business_day_closed',
  'amount_exceeds_due',
  'refund_exceeds_payment',
  'already_refunded',
  'code_refused',
  'pairing_pending',
  'order_has_payments',
  'events_expired',
  'order_has_documents',
  'exceeds_ordered',
  'idempotency_key_in_use',
  'idempotency_key_reused',
  'last_owner',
  'version_mismatch',
  'payload_too_large',
  'unsupported_media_type',
  'invalid_request',
  'version_required',
  'rate_limited',
  'overloaded',
  'database_unavailable',
  'dependency_unavailable',
  'assistant_not_configured',
  'messages_not_configured',
  'pool_empty',
  'internal_error',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/**
 * Rules that a value in a request can break. A page shows them in its own language; a fault without
 * one has only its English message.
 */
export const FAULT_RULES = [
  'missing',
  'unknown',
  'text',
  'number',
  'whole_number',
  'list',
  'one_of',
  'at_least',
  'above',
  'at_most',
  'below',
  'too_large',
  'min_chars',
  'max_chars',
  'min_entries',
  'max_entries',
  'email',
  'format',
  'password',
  'wrong_password',
  'other_password',
  'own_address',
  'max_below_min',
  'positive',
  'not_zero',
  'past',
  'too_far',
  'card_number',
  'quantity',
] as const;
export type FaultRule = (typeof FAULT_RULES)[number];

/** A rule with the values that its sentence needs. */
export interface BrokenRule {
  rule: FaultRule;
  /** `limit` of a bound, `values` of a choice. */
  params?: Record<string, string>;
}

/**
 * One fault in a request: its place (RFC 6901 pointer into the body, or `?name` for a query
 * parameter) and its reason.
 */
export interface FieldError extends Partial<BrokenRule> {
  pointer: string;
  message: string;
}

interface AppErrorOptions {
  cause?: unknown;
  errors?: FieldError[];
  retryAfterSeconds?: number;
  /** Methods that the path supports, for 405. */
  allow?: string[];
}

/** An expected failure. `message` tells the caller what to do next. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly errors: FieldError[] | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly allow: string[] | undefined;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.errors = options.errors;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.allow = options.allow;
  }
}

/** The caller has disconnected. This is not a failure and needs no answer. */
export class CallerGone extends Error {
  constructor() {
    super('the caller has hung up');
    this.name = 'CallerGone';
  }
}

/**
 * Something was decided from data that has changed since, and nothing was stored. It is decided
 * again from the current data; no caller sees this.
 */
export class OutOfDate extends Error {
  constructor(cause: unknown) {
    super('decided from data that has changed since', { cause });
    this.name = 'OutOfDate';
  }
}

/**
 * Error for an id that is unknown, deleted or another tenant's; the answer is the same for all
 * three.
 * @param what e.g. `order`.
 */
export function notFound(what: string, pointer?: string): AppError {
  const message = `No such ${what}.`;
  return new AppError('not_found', message, pointer === undefined ? {} : { errors: [{ pointer, message }] });
}

/**
 * Error for a well-formed request that breaks a rule at one place.
 * @param pointer RFC 6901, e.g. `/lines/0/quantity`.
 * @param rule for pages in other languages.
 */
export function invalid(pointer: string, message: string, rule?: FaultRule): AppError {
  return new AppError('invalid_request', message, { errors: [{ pointer, message, ...(rule && { rule }) }] });
}

/** Error: another request with the same Idempotency-Key is being processed. */
export function keyInUse(): AppError {
  return new AppError(
    'idempotency_key_in_use',
    'A request with this Idempotency-Key is still being processed. Wait a moment and send it again.',
    { retryAfterSeconds: 1 },
  );
}

/** Error: the key already has the answer of another request. */
export function keyReused(): AppError {
  return new AppError(
    'idempotency_key_reused',
    'This Idempotency-Key was used for another request. Use a new key for each new request.',
  );
}

/** Error: the key's answer contained a secret, and the ten minutes for repeating it are over. */
export function secretNotShownAgain(): AppError {
  return new AppError(
    'idempotency_key_reused',
    'This request succeeded, but its answer contains a secret that is only shown for ten minutes. Use a new key.',
  );
}

/**
 * Compares the client's version with the stored one.
 * @throws AppError version_mismatch.
 */
export function assertVersion(seen: number | undefined, stored: number): void {
  if (seen === undefined || seen === stored) return;
  throw new AppError(
    'version_mismatch',
    `This was changed in the meantime: it is at version ${stored}, you sent version ${seen}. Read it again and repeat your change.`,
  );
}
