/** The listening socket: open from the first moment, refusing politely until the application stands and while it goes. */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Overload, priorityOf } from '../utils/overload.js';

/** Longer than a load balancer's idle timeout (60 s by default in the common ones), so that it closes first. */
const KEEP_ALIVE_MS = 65_000;
const HEADERS_TIMEOUT_MS = 20_000;
const TIDY_INTERVAL_MS = 50;

const REQUEST_ID_HEADER = 'x-request-id';
const REQUEST_ID = /^[\w.:-]{1,128}$/;
const STARTING = problemOf('starting', 'Servio is starting. Try again in a moment.');
const OVERLOADED = problemOf(
  'overloaded',
  'More is asked than can be answered now. Nothing was stored; try again shortly.',
);

export class Serving {
  readonly overload = new Overload();
  readonly #server: Server;
  #application: RequestListener | undefined;
  #closing = false;
  #closed: Promise<void> | undefined;

  constructor() {
    this.#server = createServer((request, response) => this.#take(request, response));
    this.#server.keepAliveTimeout = KEEP_ALIVE_MS;
    this.#server.headersTimeout = HEADERS_TIMEOUT_MS;
  }

  /** @throws Error naming PORT when it is taken. */
  async listen(port: number, host: string): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (error: NodeJS.ErrnoException) => {
        const taken = error.code === 'EADDRINUSE';
        reject(
          taken
            ? new Error(`Port ${port} is taken. Set PORT to another one, for example PORT=${port + 1} npm start.`)
            : error,
        );
      });
      this.#server.listen(port, host, resolve);
    });
    // A TCP server's address is never a string.
    return (this.#server.address() as AddressInfo).port;
  }

  /** From now on requests go to the application. */
  serve(application: RequestListener): void {
    this.#application = application;
  }

  /** Asks every client to close its connection after the next answer, while all is still served. */
  announceClose(): void {
    this.#closing = true;
  }

  /** Takes no new connection, lets requests under way finish, and cuts what is left after `boundMs`. The first call counts. */
  close(boundMs: number): Promise<void> {
    return (this.#closed ??= this.#close(boundMs));
  }

  async #close(boundMs: number): Promise<void> {
    this.#closing = true;
    const force = setTimeout(() => this.#server.closeAllConnections(), boundMs);
    // A request that was taken before anybody thought of leaving has its connection kept alive; nothing comes on it any more.
    const tidy = setInterval(() => this.#server.closeIdleConnections(), TIDY_INTERVAL_MS);
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    clearTimeout(force);
    clearInterval(tidy);
    this.overload.close();
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    if (this.#closing) response.setHeader('connection', 'close');
    const path = pathOf(request.url ?? '');
    if (path === '/health/live' && !this.#application) {
      response.setHeader('content-type', 'application/json');
      response.end('{"status":"ok"}');
      return;
    }
    if (!this.#application) {
      refuse(request, response, STARTING);
      return;
    }
    if (!this.overload.admit(priorityOf(request.method ?? 'GET', path))) {
      refuse(request, response, OVERLOADED);
      return;
    }
    response.once('close', () => this.overload.done());
    this.#application(request, response);
  }
}

function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}

/** The beginning of a problem answer, up to the request's id. */
function problemOf(code: string, detail: string): string {
  const problem = { type: `urn:servio:error:${code}`, title: 'Not available right now', status: 503, detail, code };
  return `${JSON.stringify(problem).slice(0, -1)},"requestId":"`;
}

/**
 * A problem answer written by hand, because each microsecond of it is taken from those who are served: at three times the
 * capacity there are two refusals for each answer. Headers are read as they came, where the object of them costs more than
 * all else here.
 * @param problem of `problemOf`
 */
function refuse({ rawHeaders }: IncomingMessage, response: ServerResponse, problem: string): void {
  const id = requestIdOf(rawHeaders) ?? randomUUID();
  // ASCII throughout: as many bytes as characters.
  const body = `${problem}${id}"}`;
  response.writeHead(503, [
    'content-type',
    'application/problem+json',
    'retry-after',
    '1',
    'x-request-id',
    id,
    'content-length',
    String(body.length),
  ]);
  response.end(body, 'latin1');
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
