/**
 * CPU of a menu from memory within one process, without sockets and without its log line: nothing
 * but the code of Servio, Express and Node. Other programs on the machine disturb it least: the
 * fastest of many short slices counts.
 */
import { IncomingMessage, type RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Writable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import express from 'express';
import { createApp } from '../src/app.js';
import { createLogger } from '../src/config/logger.js';
import { createContext } from '../src/context.js';
import type { BenchResult } from './result.js';
import { SECRET } from './support/database.js';
import { callApi, furnish, setStage } from './support/stage.js';

const SLICES = 10 * Number(process.env['BENCH_ROUNDS'] ?? 5);
const ITEMS = 32;
const CALLS = 2_000;
/** As many as a turn of the event loop takes with as many clients. */
const CALLS_A_TURN = 20;

export async function run(): Promise<BenchResult[]> {
  const stage = await setStage();
  const log = createLogger('silent');
  const context = createContext({ appUrl: stage.appUrl, secret: SECRET, log });
  try {
    const options = { version: '0', description: '{}', trustProxyHops: 0, rateLimitMultiplier: 1e6, production: false };
    const servio = createApp(context, options);
    const { token } = await furnish(stage.servio.url, { categories: 24, items: ITEMS });
    const body = Buffer.from(await (await callApi(stage.servio.url, token, 'GET', '/v1/menu')).arrayBuffer());
    await stage.servio.stop();
    // Once through Express: then the caller and the menu are in memory.
    await call(servio, token);
    const costs = await fastest(token, { servio, express: bareExpress(body), node: bareNode(body) });
    const beside = (baseline: string, baselineMedian: number, target: number): BenchResult => ({
      name: `CPU of GET /v1/menu from memory, ${ITEMS} items, in one process without sockets`,
      ratio: baselineMedian / costs.servio,
      target,
      baseline,
      unit: 'µs',
      median: costs.servio,
      baselineMedian,
    });
    return [
      beside('bare Express 5 sending the same bytes', costs.express, 2),
      beside('bare node:http sending the same bytes', costs.node, 0.15),
    ];
  } finally {
    await context.close();
    await stage.close();
  }
}

function bareExpress(body: Buffer): RequestListener {
  const app = express();
  app.get('/v1/menu', (_request, response) => {
    response.type('application/json').send(body);
  });
  return app;
}

function bareNode(body: Buffer): RequestListener {
  return (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length });
    response.end(body);
  };
}

/** Microseconds of CPU for a call, the fastest slice of each; candidates take turns. */
async function fastest<K extends string>(
  token: string,
  candidates: Record<K, RequestListener>,
): Promise<Record<K, number>> {
  const best: Record<string, number> = {};
  for (let slice = 0; slice < SLICES; slice += 1) {
    for (const [name, listener] of Object.entries<RequestListener>(candidates)) {
      const before = process.cpuUsage();
      for (let count = 0; count < CALLS; count += 1) {
        void call(listener, token);
        if (count % CALLS_A_TURN === 0) await turn();
      }
      const { user, system } = process.cpuUsage(before);
      best[name] = Math.min(best[name] ?? Infinity, (user + system) / CALLS);
    }
  }
  return best;
}

/** @throws Error for any other answer than 200. */
async function call(listener: RequestListener, token: string): Promise<void> {
  const socket = discarding();
  const request = new IncomingMessage(socket);
  const raw = ['host', 'localhost', 'authorization', `Bearer ${token}`, 'user-agent', 'bench'];
  Object.assign(request, { method: 'GET', url: '/v1/menu', httpVersionMajor: 1, httpVersionMinor: 1, complete: true });
  request.rawHeaders = raw;
  for (let at = 0; at < raw.length; at += 2) request.headers[raw[at] ?? ''] = raw[at + 1];
  const response = new ServerResponse(request);
  response.assignSocket(socket);
  listener(request, response);
  // At once, except when the caller's session is looked up again, every ten seconds.
  while (!response.writableEnded) await turn();
  if (response.statusCode !== 200) throw new Error(`the menu was answered ${response.statusCode}`);
  response.detachSocket(socket);
  response.emit('close');
}

/** The part of a socket that an answer needs. */
function discarding(): Socket {
  const socket = new Writable({ write: (_piece, _encoding, done) => done(), writev: (_pieces, done) => done() });
  return Object.assign(socket, { remoteAddress: '127.0.0.1', setTimeout: () => socket }) as unknown as Socket;
}
