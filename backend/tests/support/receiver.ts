/**
 * A receiver of webhooks with whatever faults: one real HTTP server, one behaviour for each path.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Json } from './api.js';

export interface Received {
  path: string;
  headers: Record<string, string>;
  body: string;
  event: Json;
  atMs: number;
}

export type Behaviour = (response: ServerResponse, request: IncomingMessage, received: Received) => void;

export class Receiver {
  readonly received: Received[] = [];
  /** By path; others get 204. */
  readonly behaviours = new Map<string, Behaviour>();
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<Receiver> {
    const server = createServer((request, response) => receiver.#take(request, response));
    const receiver = new Receiver(server);
    server.on('connection', (socket) => socket.on('error', () => undefined));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get hostPort(): string {
    // A TCP server's address is never a string.
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  url(path = '/'): string {
    return `http://${this.hostPort}${path}`;
  }

  at(path: string): Received[] {
    return this.received.filter((one) => one.path === path);
  }

  /** Waits until the path has got that many. */
  async until(path: string, count: number, timeoutMs = 10_000): Promise<Received[]> {
    const endsAt = performance.now() + timeoutMs;
    while (this.at(path).length < count) {
      if (performance.now() > endsAt) throw new Error(`${path} got ${this.at(path).length} of ${count}`);
      await sleep(10);
    }
    return this.at(path);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    request.on('error', () => undefined);
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const path = request.url ?? '';
      // Repeated headers do not occur here.
      const headers = request.headers as Record<string, string>;
      const received = { path, headers, body, event: parsed(body), atMs: Date.now() };
      this.received.push(received);
      const behave = this.behaviours.get(path) ?? ((one) => one.writeHead(204).end());
      behave(response, request, received);
    });
  }
}

function parsed(body: string): Json {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
