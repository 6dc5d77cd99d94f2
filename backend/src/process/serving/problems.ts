/**
 * Problem answers (RFC 9457) without the application: while it starts, when Node's parser refuses a
 * request, and when each microsecond counts.
 */
import { randomUUID } from 'node:crypto';
import { type IncomingMessage, STATUS_CODES, type ServerResponse } from 'node:http';

const REQUEST_ID_HEADER = 'x-request-id';
const REQUEST_ID = /^[\w.:-]{1,128}$/;

/** The answer to a refused request. */
export interface Refusal {
  status: number;
  /** Further headers, in lower case. */
  headers: readonly string[];
  /** The body up to the request's id. */
  beginning: string;
}

/** @param detail in ASCII, so that the body has as many bytes as characters. */
export function refusalOf(
  status: number,
  code: string,
  title: string,
  detail: string,
  headers: readonly string[] = [],
): Refusal {
  const problem = { type: `urn:servio:error:${code}`, title, status, detail, code };
  return { status, headers, beginning: `${JSON.stringify(problem).slice(0, -1)},"requestId":"` };
}

/** Reads the raw headers: building the headers object costs more than the rest of this function. */
export function refuse({ rawHeaders }: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  const id = requestIdOf(rawHeaders) ?? randomUUID();
  const body = `${refusal.beginning}${id}"}`;
  response.writeHead(refusal.status, headersOf(refusal, id, body.length));
  response.end(body, 'latin1');
}

/**
 * The bytes of an answer that ends its connection. The request could not be read, so Servio makes
 * its id.
 */
export function lastWords(refusal: Refusal): string {
  const id = randomUUID();
  const body = `${refusal.beginning}${id}"}`;
  const headers = [...headersOf(refusal, id, body.length), 'connection', 'close'];
  const lines = headers.flatMap((text, index) => (index % 2 === 0 ? `${text}: ${headers[index + 1]}` : []));
  return [`HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}`, ...lines, '', body].join('\r\n');
}

function headersOf({ headers }: Refusal, id: string, length: number): string[] {
  return [
    'content-type',
    'application/problem+json',
    ...headers,
    'x-request-id',
    id,
    'cache-control',
    'no-store',
    'content-length',
    String(length),
  ];
}

function requestIdOf(rawHeaders: readonly string[]): string | undefined {
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length !== REQUEST_ID_HEADER.length || name.toLowerCase() !== REQUEST_ID_HEADER) continue;
    const id = rawHeaders[index + 1] ?? '';
    return REQUEST_ID.test(id) ? id : undefined;
  }
  return undefined;
}
