/**
 * Node's HTTP server with limits: connections of one address, bodies that arrive after their
 * answer, answers that the client does not fetch. A request that the parser refuses gets a problem
 * as its answer, and the client can read a refusal before the connection closes.
 */
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { networkOf } from '../../utils/network.js';
import { BAD_HOST, NO_TUNNEL, parserRefusal, TOO_MANY_CONNECTIONS, UNKNOWN_EXPECTATION } from './parserRefusals.js';
import { lastWords, type Refusal, refuse } from './problems.js';

/**
 * Longer than a load balancer's idle timeout (60 s by default in common ones), so that the balancer
 * closes first.
 */
const KEEP_ALIVE_MS = 65_000;
const HEADERS_TIMEOUT_MS = 15_000;
/** Limit of the longest upload. JSON bodies have their own deadline. */
const REQUEST_TIMEOUT_MS = 300_000;
const CHECK_MS = 1_000;
/**
 * How long the rest of an answered request is read: a sender that is cut off at once never sees its
 * answer.
 */
const DISCARD_MS = 15_000;
/** How long a connection that Servio has closed is read until the client closes it. */
const LINGER_MS = 2_000;
/** Time for the client to fetch an answer: ten megabytes at 0.7 Mbit/s. */
const FETCH_MS = 120_000;

/** One request and its answer, until both are complete. */
interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  socket: Socket;
  endedAtMs?: number;
}

interface Connection {
  /** Whether the connection exceeds the limit of its address. */
  isExcess: boolean;
  isOver: boolean;
  exchange?: Exchange;
}

export interface HttpServerOptions {
  /** Limit of one IPv4 address or IPv6 site. */
  connectionsPerAddress: number;
  /** Called when an answer is complete on our side, at most one second later. */
  onAnswered?: (request: IncomingMessage) => void;
}

/** @param take receives every readable request. */
export function createHttpServer(take: RequestListener, options: HttpServerOptions): Server {
  const connections = new Connections(take, options);
  const server = createServer(
    {
      keepAliveTimeout: KEEP_ALIVE_MS,
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: CHECK_MS,
      // Node's own refusal has no body.
      requireHostHeader: false,
    },
    (request, response) => connections.take(request, response),
  );
  server.on('connection', (socket: Socket) => connections.open(socket));
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) =>
    connections.answerUnreadable(error, socket),
  );
  server.on('checkExpectation', (request, response) => refuseAndClose(request, response, UNKNOWN_EXPECTATION));
  server.on('connect', (_request, socket: Socket) => connections.sayLast(socket, NO_TUNNEL));
  const check = setInterval(() => connections.check(performance.now()), CHECK_MS);
  check.unref();
  server.once('close', () => clearInterval(check));
  return server;
}

class Connections {
  readonly #take: RequestListener;
  readonly #options: HttpServerOptions;
  readonly #bySocket = new WeakMap<Socket, Connection>();
  readonly #countByNetwork = new Map<string, number>();
  readonly #exchanges = new Set<Exchange>();

  constructor(take: RequestListener, options: HttpServerOptions) {
    this.#take = take;
    this.#options = options;
  }

  open(socket: Socket): void {
    const { connectionsPerAddress } = this.#options;
    const network = networkOf(socket.remoteAddress ?? '');
    const count = (this.#countByNetwork.get(network) ?? 0) + 1;
    this.#countByNetwork.set(network, count);
    socket.once('close', () => this.#forget(network));
    socket.on('error', () => undefined);
    const connection: Connection = { isExcess: count > connectionsPerAddress, isOver: false };
    this.#bySocket.set(socket, connection);
    // Refusing excess connections must not itself use up the last connections.
    if (count > 2 * connectionsPerAddress) socket.destroy();
    else if (connection.isExcess) destroyIn(socket, LINGER_MS);
    const destroySoon = socket.destroySoon.bind(socket);
    // Node closes like this after the last answer. With unread bytes, the kernel would discard the
    // answer.
    socket.destroySoon = () => {
      if (connection.exchange?.request.complete === false) linger(socket);
      else destroySoon();
    };
  }

  take(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    const connection = this.#bySocket.get(socket);
    const exchange: Exchange = { request, response, socket };
    if (connection) connection.exchange = exchange;
    this.#exchanges.add(exchange);
    response.once('close', () => {
      if (request.complete || socket.destroyed) this.#exchanges.delete(exchange);
    });
    if (connection?.isExcess) refuseAndClose(request, response, TOO_MANY_CONNECTIONS);
    else if (request.httpVersion === '1.1' && !hasHost(request.rawHeaders)) refuseAndClose(request, response, BAD_HOST);
    else this.#take(request, response);
  }

  /** Ends exchanges that were answered but do not finish. */
  check(nowMs: number): void {
    for (const exchange of this.#exchanges) {
      const { request, response, socket } = exchange;
      const isDone = response.writableFinished && request.complete;
      if (isDone || socket.destroyed) this.#exchanges.delete(exchange);
      else if (response.writableEnded) this.#checkAnswered(exchange, nowMs);
    }
  }

  #checkAnswered(exchange: Exchange, nowMs: number): void {
    const { request, response, socket } = exchange;
    if (exchange.endedAtMs === undefined) {
      exchange.endedAtMs = nowMs;
      this.#options.onAnswered?.(request);
    }
    const sinceMs = nowMs - exchange.endedAtMs;
    const isUnsent = !request.complete && sinceMs > DISCARD_MS;
    const isUnfetched = !response.writableFinished && sinceMs > FETCH_MS;
    if (!isUnsent && !isUnfetched) return;
    socket.destroy();
    this.#exchanges.delete(exchange);
  }

  /** Answers requests that the parser refuses or that did not arrive in time. */
  answerUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
    const connection = this.#bySocket.get(socket);
    // While the connection lingers, the parser refuses each further piece again.
    if (connection?.isOver) return;
    const exchange = connection?.exchange;
    // A client that waits for the answer to an earlier request would take this answer for it.
    const isAnotherDue = exchange && !exchange.response.writableFinished && exchange.request.complete;
    const hasBegun = exchange && !exchange.request.complete && exchange.response.headersSent;
    if (error.code === 'ECONNRESET' || !socket.writable || isAnotherDue || hasBegun) socket.destroy();
    else this.sayLast(socket, parserRefusal(error.code));
  }

  sayLast(socket: Socket, refusal: Refusal): void {
    const connection = this.#bySocket.get(socket);
    if (connection) connection.isOver = true;
    socket.write(lastWords(refusal), 'latin1');
    linger(socket);
  }

  #forget(network: string): void {
    const count = (this.#countByNetwork.get(network) ?? 1) - 1;
    if (count > 0) this.#countByNetwork.set(network, count);
    else this.#countByNetwork.delete(network);
  }
}

/** Without Node's object of all headers, which takes 0.9 µs for the 16 of a browser. */
function hasHost(raw: readonly string[]): boolean {
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at] ?? '';
    if (name.length === 4 && name.toLowerCase() === 'host') return true;
  }
  return false;
}

function refuseAndClose(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  response.setHeader('connection', 'close');
  response.shouldKeepAlive = false;
  refuse(request, response, refusal);
}

/**
 * Closes our side and reads on for a while, so that the answer reaches a client that is still
 * sending.
 */
function linger(socket: Socket): void {
  socket.end();
  socket.once('end', () => socket.destroy());
  socket.resume();
  destroyIn(socket, LINGER_MS);
}

function destroyIn(socket: Socket, ms: number): void {
  const timer = setTimeout(() => socket.destroy(), ms);
  timer.unref();
  socket.once('close', () => clearTimeout(timer));
}
