/** The process of the load generator: takes LoadOptions as JSON, prints a LoadResult as JSON. */
import { randomUUID } from 'node:crypto';
import autocannon from 'autocannon';
import type { LoadOptions, LoadResult } from './load.js';

const options = JSON.parse(process.argv[2] ?? '{}') as LoadOptions; // Written by applyLoad.
const acceptedMs: number[] = [];
const settings: autocannon.Options = {
  url: options.url,
  connections: options.connections,
  ...(options.answers === undefined ? { duration: options.seconds ?? 1 } : { amount: options.answers }),
  method: options.method ?? 'GET',
  headers: options.headers ?? {},
  ...(options.body === undefined ? {} : { body: options.body }),
  requests: [{ setupRequest: (request) => ({ ...request, ...varied(request) }) }],
};
let sent = 0;

/** The parts in which the requests of one burst differ. */
function varied({ headers }: autocannon.Request): Pick<autocannon.Request, 'headers' | 'body'> {
  sent += 1;
  const key = options.withKeys ? { 'idempotency-key': randomUUID() } : {};
  const caller = options.callers?.[sent % options.callers.length];
  if (!caller) return { headers: { ...headers, ...key } };
  return { headers: { ...headers, ...key, authorization: `Bearer ${caller.token}` }, body: caller.body };
}

const result = await new Promise<autocannon.Result>((resolve, reject) => {
  const run = autocannon(settings, (error: Error | null, done) => (error ? reject(error) : resolve(done)));
  run.on('response', (_client, status, _bytes, durationMs) => {
    if (status < 400) acceptedMs.push(durationMs);
  });
});
acceptedMs.sort((a, b) => a - b);
const answer: LoadResult = {
  perSecond: (result['2xx'] + result['3xx']) / result.duration,
  done: result['2xx'] + result['3xx'],
  p50Ms: result.latency.p50,
  p99Ms: result.latency.p99,
  acceptedP99Ms: acceptedMs[Math.floor(acceptedMs.length * 0.99)] ?? 0,
  errors: result.errors,
  statuses: Object.fromEntries(
    Object.entries(result.statusCodeStats ?? {}).map(([status, { count }]) => [status, count ?? 0]),
  ),
};
console.log(JSON.stringify(answer));
