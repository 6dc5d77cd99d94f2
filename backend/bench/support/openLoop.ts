/**
 * Load that does not wait: requests leave on a schedule, whatever happens to earlier ones, as with
 * many independent people. Runs in its own process: takes OfferOptions as JSON, prints an
 * OfferResult as JSON. The bytes of a request are made once, and only status and length of an
 * answer are read, because the generator must be cheaper than the server.
 */
import { once } from 'node:events';
import type { OfferOptions, OfferResult } from './load.js';
import { Connection } from './openLoopConnection.js';

/** Most unanswered requests on one connection, one behind the other. */
const MAX_UNANSWERED = 4;
const TICK_MS = 1;
const CONNECTING_AT_ONCE = 100;

const options = JSON.parse(process.argv[2] ?? '{}') as OfferOptions; // Written by offerLoad.
const { hostname, port, pathname } = new URL(options.url);
const statuses: Record<string, number> = {};
const acceptedMs: number[] = [];
let good = 0;
let lost = 0;
let offered = 0;
let startedAt = 0;

const connections = await connectAll();
const idle = [...connections];
const cpuBefore = process.cpuUsage();
startedAt = performance.now();
await (options.offeredPerSecond === undefined ? askInTurn() : askOnSchedule(options.offeredPerSecond));
const cpu = process.cpuUsage(cpuBefore);
const elapsedMs = performance.now() - startedAt;
await untilAnswered();
for (const connection of connections) connection.close();
acceptedMs.sort((a, b) => a - b);
const result: OfferResult = {
  goodPerSecond: good / options.seconds,
  offeredPerSecond: offered / options.seconds,
  acceptedP99Ms: acceptedMs[Math.floor(acceptedMs.length * 0.99)] ?? 0,
  unanswered: connections.reduce((sum, { unanswered }) => sum + unanswered, lost),
  generatorBusy: (cpu.user + cpu.system) / 1_000 / elapsedMs,
  statuses,
};
process.stdout.write(JSON.stringify(result), () => process.exit(0));

/** Connects in groups: the queue for new connections has 511 places. */
async function connectAll(): Promise<Connection[]> {
  const head = [
    `${options.method ?? 'GET'} ${pathname} HTTP/1.1`,
    `host: ${hostname}:${port}`,
    ...Object.entries(options.headers ?? {}).map(([name, value]) => `${name}: ${value}`),
    ...(options.body === undefined ? [] : [`content-length: ${Buffer.byteLength(options.body)}`]),
  ].join('\r\n');
  const request = Buffer.from(`${head}\r\n\r\n${options.body ?? ''}`);
  const opened: Connection[] = [];
  while (opened.length < options.connections) {
    const count = Math.min(CONNECTING_AT_ONCE, options.connections - opened.length);
    const some = Array.from({ length: count }, () => new Connection(hostname, Number(port), request, onAnswer, onLost));
    await Promise.all(some.map(({ socket }) => once(socket, 'connect')));
    opened.push(...some);
  }
  return opened;
}

/** A closed loop: each connection sends its next request as soon as it has an answer. */
async function askInTurn(): Promise<void> {
  for (const connection of idle.splice(0)) send(connection, performance.now());
  await new Promise((resolve) => setTimeout(resolve, options.seconds * 1_000));
}

async function askOnSchedule(perSecond: number): Promise<void> {
  const total = Math.round(perSecond * options.seconds);
  let due = 0;
  let turn = 0;
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const until = Math.min(total, Math.floor(((performance.now() - startedAt) * perSecond) / 1_000));
      for (; due < until; due += 1) {
        // If none is idle, takes the next connection. A request that finds no place is not sent and
        // not counted.
        const connection = takeIdle() ?? connections[(turn += 1) % connections.length];
        if (connection && connection.unanswered < MAX_UNANSWERED)
          send(connection, startedAt + (due * 1_000) / perSecond);
      }
      if (due < total) return;
      clearInterval(timer);
      resolve();
    }, TICK_MS);
  });
}

/** @param dueAt when it should have left: the delay of a late generator counts as waiting time. */
function send(connection: Connection, dueAt: number): void {
  offered += 1;
  connection.send(dueAt);
}

function takeIdle(): Connection | undefined {
  for (;;) {
    const connection = idle.shift();
    if (!connection?.isLost) return connection;
  }
}

function onAnswer(connection: Connection, status: number, dueAt: number): void {
  statuses[status] = (statuses[status] ?? 0) + 1;
  const durationMs = performance.now() - dueAt;
  if (status < 400) {
    acceptedMs.push(durationMs);
    if (durationMs <= options.goodWithinMs) good += 1;
  }
  if (connection.unanswered > 0) return;
  const isOver = performance.now() - startedAt >= options.seconds * 1_000;
  if (options.offeredPerSecond === undefined && !isOver) send(connection, performance.now());
  else idle.push(connection);
}

function onLost(unanswered: number): void {
  lost += unanswered;
}

/** Requests that were sent in time may still be answered in time. */
async function untilAnswered(): Promise<void> {
  const endsAt = performance.now() + options.goodWithinMs;
  while (performance.now() < endsAt && connections.some(({ unanswered }) => unanswered > 0))
    await new Promise((resolve) => setTimeout(resolve, 20));
}
