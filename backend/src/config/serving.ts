/** The listening socket: open from the first moment, refusing politely until the application stands and while it goes. */
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newId } from '../utils/ids.js';
import { Overload, priorityOf } from '../utils/overload.js';

/** Longer than a load balancer's idle timeout (60 s by default in the common ones), so that it closes first. */
const KEEP_ALIVE_MS = 65_000;
const HEADERS_TIMEOUT_MS = 20_000;
const TIDY_INTERVAL_MS = 50;

export class Serving {
  readonly overload = new Overload();
  readonly #server: Server;
  #application: RequestListener | undefined;
  #closing = false;

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

  /** Takes no new connection, lets requests under way finish, and cuts what is left after `boundMs`. */
  async close(boundMs: number): Promise<void> {
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
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    if (path === '/health/live' && !this.#application) {
      response.setHeader('content-type', 'application/json');
      response.end('{"status":"ok"}');
      return;
    }
    if (!this.#application) {
      refuse(response, 'starting', 'Servio is starting. Try again in a moment.', request.headers['x-request-id']);
      return;
    }
    if (!this.overload.admit(priorityOf(request.method ?? 'GET', path))) {
      refuse(
        response,
        'overloaded',
        'More is asked than can be answered now. Nothing was stored; try again shortly.',
        request.headers['x-request-id'],
      );
      return;
    }
    response.once('close', () => this.overload.done());
    this.#application(request, response);
  }
}

/** A problem answer written by hand: it must cost next to nothing. */
function refuse(
  response: ServerResponse,
  code: string,
  detail: string,
  requestId: string | string[] | undefined,
): void {
  const id = typeof requestId === 'string' && /^[\w.:-]{1,128}$/.test(requestId) ? requestId : newId();
  const body = JSON.stringify({
    type: `urn:servio:error:${code}`,
    title: 'Not available right now',
    status: 503,
    detail,
    code,
    requestId: id,
  });
  response.writeHead(503, {
    'content-type': 'application/problem+json',
    'retry-after': '1',
    'x-request-id': id,
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
}
