/**
 * Turns every failure into `application/problem+json` (RFC 9457). It has the only table
 * from error code to HTTP status.
 */
import type { ErrorRequestHandler, Response } from 'express';
import { AppError, CallerGone, type ErrorCode } from '../domain/shared/errors.js';
import { stateOf } from './requestContext.js';

const STATUS_BY_CODE: Record<ErrorCode, number> = {
  malformed_request: 400,
  unauthenticated: 401,
  invalid_credentials: 401,
  invalid_token: 401,
  token_reused: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  request_timeout: 408,
  email_taken: 409,
  already_exists: 409,
  in_use: 409,
  invalid_state: 409,
  item_unavailable: 409,
  insufficient_stock: 409,
  restaurant_closed: 409,
  business_day_closed: 409,
  amount_exceeds_due: 409,
  refund_exceeds_payment: 409,
  already_refunded: 409,
  code_refused: 409,
  pairing_pending: 409,
  order_has_payments: 409,
  order_has_documents: 409,
  exceeds_ordered: 409,
  idempotency_key_in_use: 409,
  last_owner: 409,
  version_mismatch: 412,
  payload_too_large: 413,
  unsupported_media_type: 415,
  invalid_request: 422,
  events_expired: 422,
  idempotency_key_reused: 422,
  version_required: 428,
  rate_limited: 429,
  internal_error: 500,
  overloaded: 503,
  database_unavailable: 503,
  dependency_unavailable: 503,
  assistant_not_configured: 503,
  messages_not_configured: 503,
  pool_empty: 503,
};

const TITLES: Record<number, string> = {
  400: 'The request cannot be read',
  401: 'A valid credential is needed',
  403: 'Not allowed',
  404: 'Not found',
  405: 'This path does not take this method',
  406: 'No such representation',
  408: 'The request did not arrive in time',
  409: 'The current state does not allow this',
  412: 'The resource has changed',
  413: 'The request is too large',
  415: 'This content type is not supported here',
  422: 'The request is not valid',
  428: 'If-Match is needed',
  429: 'Too many requests',
  500: 'Something failed on our side',
  503: 'Not available right now',
};

/** @param onError is called with the code of each failure. */
export function errorHandler(onError: (code: ErrorCode) => void): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (error instanceof CallerGone) return;
    const { log, requestId } = stateOf(request);
    const problem = toAppError(error);
    const status = STATUS_BY_CODE[problem.code];
    onError(problem.code);
    if (status >= 500 && !problem.code.endsWith('_not_configured'))
      log.error({ err: error, code: problem.code }, 'request failed');
    if (response.headersSent) {
      next(error);
      return;
    }
    setHeaders(response, status, problem);
    response
      .status(status)
      .type('application/problem+json')
      .send(
        JSON.stringify({
          type: `urn:servio:error:${problem.code}`,
          title: TITLES[status],
          status,
          detail: problem.message,
          code: problem.code,
          requestId,
          errors: problem.errors,
        }),
      );
  };
}

function setHeaders(response: Response, status: number, problem: AppError): void {
  response.removeHeader('etag');
  response.set('cache-control', 'no-store');
  if (status === 401) response.set('www-authenticate', 'Bearer realm="servio"');
  if (problem.allow) response.set('allow', problem.allow.join(', '));
  const retryAfter = problem.retryAfterSeconds ?? (status === 503 ? 1 : undefined);
  // An internal fault does not go away by waiting, so a 500 never has Retry-After.
  if (status !== 500 && retryAfter !== undefined) response.set('retry-after', String(retryAfter));
}

/** An unknown error is an internal fault. */
function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof URIError)
    return new AppError('malformed_request', 'The path is not correctly percent-encoded.', { cause: error });
  return new AppError(
    'internal_error',
    'Something failed on our side. The same request would fail again. Tell the operator the requestId. Check whether a write was stored before you repeat it.',
    { cause: error },
  );
}
