/**
 * Baseline: Express 5 with the middleware of Servio (request id and log line, headers, credential,
 * limits, body, validation) and a handler that sends the same bytes from a constant.
 */
import type { AddressInfo } from 'node:net';
import express from 'express';
import { createLogger } from '../../src/config/logger.js';
import { createContext } from '../../src/context.js';
import { CallerLimits } from '../../src/middleware/callerLimits.js';
import { RateLimits } from '../../src/middleware/rateLimit.js';
import { requestContext } from '../../src/middleware/requestContext.js';
import { setSecurityHeaders } from '../../src/middleware/securityHeaders.js';
import { claimInput, claimResult } from '../../src/routes/schemas/codePool.js';
import { idParams } from '../../src/routes/schemas/common.js';
import { endpoint } from '../../src/routes/support/endpoint.js';
import { routerOf, serversOf } from '../../src/routes/support/router.js';

const environment = (name: string): string => process.env[name] ?? '';
const context = createContext({
  appUrl: environment('BENCH_URL'),
  secret: environment('BENCH_SECRET'),
  log: createLogger('info'),
});
// Written by bench/codes.ts: an answer of Servio.
const answer = JSON.parse(environment('BENCH_ANSWER')) as { data: { code: string; id: string | null }[] };
const app = express();
app.disable('x-powered-by');
app.set('etag', false);
app.set('query parser', 'simple');
app.use(
  requestContext(context.log, ({ route, method, status, durationMs }) => {
    context.metrics.count('http_requests_total', { route, method, status });
    if (durationMs !== undefined)
      context.metrics.timing('http_request_duration_seconds', { route, method }, durationMs);
  }).enter,
);
app.use((_request, response, next) => {
  setSecurityHeaders(response);
  next();
});
const rateLimits = new RateLimits({ multiplier: 1_000_000 });
const claims = endpoint({
  method: 'post',
  path: '/v1/code-pools/{id}/claims',
  tag: 'Baseline',
  summary: 'Answer the same bytes',
  access: 'codes:claim',
  params: idParams,
  body: claimInput,
  status: 201,
  response: claimResult,
  handle: async () => answer,
});
app.use(routerOf(serversOf([claims], { ...context, limits: new CallerLimits({ ...context, rateLimits }) })));
const server = app.listen(0, '127.0.0.1', () => {
  console.log(`ready http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.once('SIGTERM', () => process.exit(0));
