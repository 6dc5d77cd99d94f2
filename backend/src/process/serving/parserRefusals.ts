/** What is said to requests that never reach the application. */
import { type Refusal, refusalOf } from './problems.js';

export const TOO_MANY_CONNECTIONS = refusalOf(
  429,
  'rate_limited',
  'Too many requests',
  'There are too many connections from your address. Close some, or use them again.',
  ['retry-after', '1'],
);
export const BAD_HOST = malformed('A request of HTTP/1.1 has a Host header.');
export const UNKNOWN_EXPECTATION = refusalOf(
  417,
  'expectation_failed',
  'This expectation cannot be met',
  'Of Expect only 100-continue is understood.',
);
export const NO_TUNNEL = refusalOf(
  405,
  'method_not_allowed',
  'This path does not take this method',
  'CONNECT is not served here.',
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
  'The address and the headers together have at most 16 kB.',
);
const BODY_TOO_LARGE = refusalOf(
  413,
  'payload_too_large',
  'The request is too large',
  'The chunks of the body carry extensions that are too long.',
);
const UNREADABLE = malformed('This is no request of HTTP/1.1.');

/** @param code of the error that Node's parser has thrown. */
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
