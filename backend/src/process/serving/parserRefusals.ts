/** Answers to requests that never reach the application. */
import { type Refusal, refusalOf } from './problems.js';

export const TOO_MANY_CONNECTIONS = refusalOf(
  429,
  'rate_limited',
  'Too many requests',
  'There are too many connections from your address. Close some, or reuse them.',
  ['retry-after', '1'],
);
export const BAD_HOST = malformed('An HTTP/1.1 request needs a Host header. Add one and send it again.');
export const UNKNOWN_EXPECTATION = refusalOf(
  417,
  'expectation_failed',
  'This expectation cannot be met',
  'The Expect header may only be 100-continue. Send the request without another value.',
);
export const NO_TUNNEL = refusalOf(
  405,
  'method_not_allowed',
  'This path does not take this method',
  'The method CONNECT is not supported here.',
  ['allow', 'GET, HEAD, POST, PATCH, DELETE'],
);
const TOO_SLOW = refusalOf(
  408,
  'request_timeout',
  'The request did not arrive in time',
  'The request did not arrive in time. Nothing was stored; send it again.',
);
const HEADERS_TOO_LARGE = refusalOf(
  431,
  'headers_too_large',
  'The headers are too large',
  'The address and the headers together may have at most 16 kB. Send fewer or shorter ones.',
);
const BODY_TOO_LARGE = refusalOf(
  413,
  'payload_too_large',
  'The request is too large',
  'The chunk extensions of the body are too long. Send the body without them.',
);
const UNREADABLE = malformed('This is not a valid HTTP/1.1 request.');

/** @param code the code of the error from Node's parser. */
export function parserRefusal(code: string | undefined): Refusal {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return TOO_SLOW;
    case 'HPE_HEADER_OVERFLOW':
      return HEADERS_TOO_LARGE;
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return BODY_TOO_LARGE;
    default:
      return UNREADABLE;
  }
}

function malformed(detail: string): Refusal {
  return refusalOf(400, 'malformed_request', 'The request cannot be read', detail);
}
