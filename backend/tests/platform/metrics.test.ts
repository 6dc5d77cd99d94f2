import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import express from 'express';
import { pino } from 'pino';
import { type FinishedRequest, requestContext, stateOf } from '../../src/middleware/requestContext.js';
import { RecentTimes } from '../../src/services/metrics/recentTimes.js';
import { METRICS } from '../../src/services/metrics/registry.js';
import { MetricsService, type MetricsOptions } from '../../src/services/MetricsService.js';
import { repositoryStatements } from '../support/repositoryStatements.js';

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function startMetrics(options: MetricsOptions = {}): MetricsService {
  const metrics = new MetricsService(options);
  closers.push(() => metrics.close());
  return metrics;
}

test('names and tags that are not in the registry do not compile', () => {
  const metrics = startMetrics();
  // @ts-expect-error no such metric
  assert.throws(() => metrics.count('http_request_total', {}));
  // @ts-expect-error a timer is not counted
  metrics.count('db_query_duration_seconds', { query: 'orders.find' });
  // @ts-expect-error a tag is missing
  metrics.count('http_requests_total', { route: '/orders', method: 'GET' });
  // @ts-expect-error a tag is too many
  metrics.count('errors_total', { code: 'not_found', restaurant: 'r1' });
});

test('Prometheus reads counters, timers in seconds and gauges, all with our prefix', async () => {
  const metrics = startMetrics();
  metrics.count('http_requests_total', { route: '/orders/{id}', method: 'GET', status: 200 });
  metrics.count('http_requests_total', { route: '/orders/{id}', method: 'GET', status: 200 }, 2);
  metrics.timing('http_request_duration_seconds', { route: '/orders', method: 'POST' }, 30);
  metrics.timing('model_call_duration_seconds', { model: 'small', outcome: 'ok' }, 45_000);
  metrics.onCollect(() => metrics.gauge('db_pool_connections', { state: 'waiting' }, 3));
  const text = await metrics.prometheus();
  assert.match(text, /^servio_http_requests_total\{route="\/orders\/\{id\}",method="GET",status="200"\} 3$/m);
  assert.match(text, /^servio_http_request_duration_seconds_bucket\{le="0.025",route="\/orders",method="POST"\} 0$/m);
  assert.match(text, /^servio_http_request_duration_seconds_bucket\{le="0.05",route="\/orders",method="POST"\} 1$/m);
  assert.match(text, /^servio_model_call_duration_seconds_bucket\{le="60",model="small",outcome="ok"\} 1$/m);
  assert.match(text, /^servio_db_pool_connections\{state="waiting"\} 3$/m);
  for (const name of ['event_loop_lag_p99_seconds', 'process_heap_used_bytes', 'process_cpu_seconds_total'])
    assert.match(text, new RegExp(`^servio_${name} [\\d.e-]+$`, 'm'));
  assert.deepEqual(
    text.split('\n').filter((line) => line !== '' && !/^(# (HELP|TYPE) )?servio_/.test(line)),
    [],
  );
  assert.match(metrics.prometheusContentType, /text\/plain/);
});

test('two services of one process count on their own', async () => {
  const [one, other] = [startMetrics(), startMetrics()];
  one.count('orders_total', { type: 'dine_in' });
  assert.match(await one.prometheus(), /servio_orders_total\{/);
  assert.doesNotMatch(await other.prometheus(), /servio_orders_total\{/);
});

test('beyond its number of tag sets a metric counts the rest as other, and loses nothing', async () => {
  const metrics = startMetrics();
  const { maxSeries } = METRICS.db_query_duration_seconds;
  for (let query = 0; query < maxSeries + 800; query += 1)
    for (let time = 0; time < 2; time += 1) metrics.timing('db_query_duration_seconds', { query: `q${query}` }, 1);
  const counts = (await metrics.prometheus())
    .split('\n')
    .filter((line) => line.startsWith('servio_db_query_duration_seconds_count'));
  assert.equal(counts.length, maxSeries + 1);
  assert.ok(counts.includes('servio_db_query_duration_seconds_count{query="other"} 1600'));
  assert.equal(
    counts.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0),
    2 * (maxSeries + 800),
  );
});

test('every statement of the program is counted under its name, and there is room for twice as many', async () => {
  const metrics = startMetrics();
  const statements = await repositoryStatements();
  assert.ok(statements.length > 100, 'the statements must have been collected');
  assert.ok(2 * statements.length < METRICS.db_query_duration_seconds.maxSeries);
  for (const { name } of statements) metrics.timing('db_query_duration_seconds', { query: name }, 1);
  const text = await metrics.prometheus();
  for (const { name } of statements)
    assert.ok(text.includes(`servio_db_query_duration_seconds_count{query="${name}"} 1`), name);
});

test('values that are no numbers are left out and harm nobody', async () => {
  const metrics = startMetrics();
  metrics.count('errors_total', { code: 'x' }, Number.NaN);
  metrics.count('errors_total', { code: 'x' }, -1);
  metrics.timing('job_duration_seconds', { job: 'x', outcome: 'ok' }, Number.POSITIVE_INFINITY);
  metrics.gauge('queue_depth', { queue: 'x' }, Number.NaN);
  assert.doesNotMatch(await metrics.prometheus(), /"x"/);
});

test('recent percentiles are within 5 %, and old times are forgotten', () => {
  const times = new RecentTimes();
  for (let ms = 1; ms <= 1_000; ms += 1) times.record(ms);
  const { count, p50Ms, p95Ms, p99Ms } = times.read();
  assert.equal(count, 1_000);
  for (const [read, exact] of [
    [p50Ms, 500],
    [p95Ms, 950],
    [p99Ms, 990],
  ] as const)
    assert.ok(Math.abs(read / exact - 1) < 0.05, `${read} for ${exact}`);
  times.rotate();
  times.record(3_600_000);
  assert.equal(times.read().count, 1_001);
  times.rotate();
  assert.equal(times.read().count, 1);
  times.rotate();
  assert.deepEqual(times.read(), { count: 0, p50Ms: 0, p95Ms: 0, p99Ms: 0 });
  times.record(0);
  assert.equal(times.read().p50Ms, 0.1);
});

test('the snapshot shows percentiles by route and the event loop', async () => {
  const metrics = startMetrics();
  for (let ms = 1; ms <= 100; ms += 1)
    metrics.timing('http_request_duration_seconds', { route: '/menu', method: 'GET' }, ms);
  const { timings, eventLoop } = metrics.snapshot();
  assert.equal(timings.length, 1);
  assert.deepEqual(timings[0]?.tags, { route: '/menu', method: 'GET' });
  assert.ok(Math.abs((timings[0]?.p95Ms ?? 0) - 95) < 5);
  assert.ok(eventLoop.utilization >= 0 && eventLoop.utilization <= 1);
  assert.ok(eventLoop.maxSeconds >= 0);
});

test('StatsD is sent everything at the end at the latest, in few datagrams, counters summed', async () => {
  const socket = createSocket('udp4');
  const datagrams: string[] = [];
  socket.on('message', (message) => datagrams.push(message.toString()));
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  closers.push(() => new Promise<void>((resolve) => socket.close(resolve)));
  const metrics = new MetricsService({ statsd: { host: '127.0.0.1', port: socket.address().port } });
  for (let call = 0; call < 50; call += 1) {
    metrics.count('http_requests_total', { route: 'GET /menu', method: 'GET', status: 200 });
    metrics.timing('http_request_duration_seconds', { route: 'a|b,c', method: 'GET' }, 12.5);
  }
  metrics.gauge('queue_depth', { queue: 'webhooks' }, 7);
  await metrics.close();
  for (let waited = 0; !datagrams.join().includes('heap_used') && waited < 2_000; waited += 20) await sleep(20);
  const lines = datagrams.flatMap((datagram) => datagram.split('\n'));
  assert.ok(datagrams.every((datagram) => Buffer.byteLength(datagram) <= 1_432));
  assert.ok(lines.includes('servio.http_requests:50|c|#route:GET /menu,method:GET,status:200'), lines.join('\n'));
  assert.ok(lines.includes('servio.queue_depth:7|g|#queue:webhooks'));
  const timings = lines.filter((line) => line.startsWith('servio.http_request_duration:12.5|ms|#'));
  assert.equal(timings.length, 50);
  assert.doesNotMatch(timings[0]?.split('#')[1] ?? '', /a\|b/);
  assert.ok(lines.some((line) => line.startsWith('servio.process_heap_used_bytes:')));
});

test('a StatsD that is not there disturbs nobody and is complained of once', async () => {
  const warnings: string[] = [];
  const metrics = startMetrics({
    // The system refuses to send there: a broadcast, which nobody has asked for.
    statsd: { host: '255.255.255.255', port: 8125 },
    log: { warn: (_fields, message) => warnings.push(message) },
  });
  for (let call = 0; call < 500; call += 1)
    metrics.timing('http_request_duration_seconds', { route: '/menu', method: 'GET' }, 1);
  for (let waited = 0; warnings.length === 0 && waited < 3_000; waited += 20) await sleep(20);
  for (let call = 0; call < 500; call += 1)
    metrics.timing('http_request_duration_seconds', { route: '/menu', method: 'GET' }, 1);
  assert.equal(warnings.length, 1);
  assert.match(await metrics.prometheus(), /servio_http_request_duration_seconds_count\{.*\} 1000/);
});

test('a request carries the trace of its caller in every line, and is told to the metrics', async () => {
  const lines: Record<string, unknown>[] = [];
  // pino writes one whole line of JSON at a time.
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const finished: FinishedRequest[] = [];
  const app = express();
  app.use(requestContext(log, (request) => finished.push(request)).enter);
  app.get('/orders/:id', (request, response) => {
    stateOf(request).route = 'GET /orders/{id}';
    stateOf(request).log.info('inside');
    response.status(201).end();
  });
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => new Promise((resolve) => server.close(resolve)));
  // A TCP server's address is never a string.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/orders/1`;
  const [traceId, parentId] = ['0af7651916cd43dd8448eb211c80319c', 'b7ad6b7169203331'];
  const traceparents = [
    `00-${traceId}-${parentId}-01`,
    `00-${'0'.repeat(32)}-${parentId}-01`,
    `00-${traceId}-${'0'.repeat(16)}-01`,
    `00-${traceId.toUpperCase()}-${parentId}-01`,
    `01-${traceId}-${parentId}-01`,
    `00-${traceId}-${parentId}-01-more`,
    'nonsense',
  ];
  for (const traceparent of traceparents) {
    await fetch(url, { headers: { traceparent, connection: 'close' } });
  }
  for (let waited = 0; finished.length < traceparents.length && waited < 2_000; waited += 10) await sleep(10);
  assert.deepEqual(
    lines.map((line) => [line['traceId'], line['parentId']]),
    [[traceId, parentId], [traceId, parentId], ...Array.from({ length: 12 }, () => [undefined, undefined])],
  );
  assert.deepEqual(
    finished.map(({ route, method, status }) => [route, method, status]),
    traceparents.map(() => ['GET /orders/{id}', 'GET', 201]),
  );
  assert.ok(finished.every(({ durationMs }) => (durationMs ?? 0) > 0));
});
