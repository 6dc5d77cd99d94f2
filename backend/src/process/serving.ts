/**
 * The listening socket: opens first, and refuses requests politely while the application starts or
 * stops.
 */
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Overload, type Priority, priorityOf } from '../utils/overload.js';
import { Turn } from '../utils/turn.js';
import { createHttpServer } from './serving/httpServer.js';
import { refusalOf, refuse } from './serving/problems.js';
import { WaitingLine } from './serving/WaitingLine.js';

const TIDY_INTERVAL_MS = 50;
/** More than the probes of a quarter of an hour. */
const REQUESTS_OF_A_BUSY_SERVER = 1_000;
/**
 * Limit of one address: ten tills and the phones of a full house. Behind a proxy all connections
 * have its address.
 */
const CONNECTIONS_PER_ADDRESS = 256;

const TITLE = 'Not available right now';
const SOON = ['retry-after', '1'];
const STARTING = refusalOf(503, 'starting', TITLE, 'Servio is starting. Try again in a moment.', SOON);
const OVERLOADED = refusalOf(
  503,
  'overloaded',
  TITLE,
  'Servio has too many requests right now. Nothing was stored; try again shortly.',
  SOON,
);

export interface ServingOptions {
  /**
   * Reverse proxies in front. Behind one, all callers share its address, and the proxy limits
   * connections.
   */
  trustProxyHops: number;
  /** Raises the limit of connections of one address, as it raises the rate limits. */
  rateLimitMultiplier: number;
  /** Called once, when the application has got a thousand requests. */
  onBusy?: () => void;
}

export class Serving {
  readonly overload = new Overload();
  readonly #line = new WaitingLine();
  readonly #server: Server;
  readonly #onBusy: (() => void) | undefined;
  #untilBusy = REQUESTS_OF_A_BUSY_SERVER;
  #application: RequestListener | undefined;
  #closing = false;
  #closed: Promise<void> | undefined;

  constructor({ trustProxyHops, rateLimitMultiplier, onBusy }: ServingOptions) {
    this.#onBusy = onBusy;
    this.#server = createHttpServer((request, response) => this.#take(request, response), {
      connectionsPerAddress: trustProxyHops > 0 ? Infinity : CONNECTIONS_PER_ADDRESS * rateLimitMultiplier,
      onAnswered: (request) => Turn.of(request)?.end(),
    });
  }

  /** @throws Error that names PORT when the port is taken. */
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

  /** Sends requests to the application from now on. */
  serve(application: RequestListener): void {
    this.#application = application;
  }

  /**
   * Asks every client to close its connection after the next answer. All requests are still served.
   */
  announceClose(): void {
    this.#closing = true;
  }

  /**
   * Takes no new connection, lets requests in progress finish, and cuts the rest after `boundMs`.
   * Only the first call's limit applies.
   */
  close(boundMs: number): Promise<void> {
    return (this.#closed ??= this.#close(boundMs));
  }

  async #close(boundMs: number): Promise<void> {
    this.#closing = true;
    const force = setTimeout(() => this.#server.closeAllConnections(), boundMs);
    // The connection of a request that arrived before the close is kept alive; nothing more arrives
    // on it.
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
    const application = this.#application;
    if (!application) {
      refuse(request, response, STARTING);
      return;
    }
    const priority = priorityOf(request.method ?? 'GET', path);
    const serve = (waitedMs: number) => this.#serve(application, request, response, priority, waitedMs);
    if (priority === 'always') serve(0);
    else this.#line.enter(request.socket, priority === 'high', serve);
  }

  #serve(
    application: RequestListener,
    request: IncomingMessage,
    response: ServerResponse,
    priority: Priority,
    waitedMs: number,
  ): void {
    const turn = Turn.take(this.overload, priority, request, waitedMs);
    if (!turn) {
      refuse(request, response, OVERLOADED);
      return;
    }
    if (this.#untilBusy > 0 && --this.#untilBusy === 0) this.#onBusy?.();
    response.once('close', () => turn.end());
    application(request, response);
  }
}

function pathOf(url: string): string {
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}
