/** The load generator's own process: takes LoadOptions as JSON, prints a LoadResult as JSON. */
import autocannon from 'autocannon';
import type { LoadOptions, LoadResult } from './load.js';

const options = JSON.parse(process.argv[2] ?? '{}') as LoadOptions; // Written by applyLoad.
const result = await autocannon({
  url: options.url,
  connections: options.connections,
  duration: options.seconds,
  method: options.method ?? 'GET',
  headers: options.headers ?? {},
  ...(options.body === undefined ? {} : { body: options.body }),
});
const answer: LoadResult = {
  perSecond: (result['2xx'] + result['3xx']) / result.duration,
  p50Ms: result.latency.p50,
  p99Ms: result.latency.p99,
  statuses: Object.fromEntries(
    Object.entries(result.statusCodeStats ?? {}).map(([status, { count }]) => [status, count ?? 0]),
  ),
};
console.log(JSON.stringify(answer));
