import { timingSafeEqual } from 'node:crypto';
import { type Request, Router } from 'express';
import { AppError } from '../domain/shared/errors.js';
import type { HealthService } from '../services/HealthService.js';

export interface HealthRouterOptions {
  health: HealthService;
  metrics: { prometheus(): Promise<string> };
  /** In production, details and metrics need `operationsToken`: they tell of all restaurants. */
  production: boolean;
  /** Absent: details and metrics are refused in production. */
  operationsToken?: string | undefined;
}

/**
 * Probes. `live` checks nothing; `ready` asks the database; `detailed` and `metrics` are for
 * operators.
 */
export function healthRouter(options: HealthRouterOptions): Router {
  const { health } = options;
  const router = Router();
  router.get('/health', (_request, response) => {
    response.json({ status: health.phase === 'serving' ? 'ok' : health.phase });
  });
  router.get('/health/live', (_request, response) => {
    response.json({ status: 'ok' });
  });
  router.get('/health/ready', async (_request, response) => {
    const { ready, status } = await health.ready();
    if (!ready) response.set('retry-after', '1');
    response.status(ready ? 200 : 503).json({ status });
  });
  router.get('/health/detailed', async (request, response) => {
    assertOperator(request, options);
    response.set('cache-control', 'no-store').json(await health.detailed());
  });
  router.get('/health/metrics', async (request, response) => {
    assertOperator(request, options);
    response.type('text/plain; version=0.0.4; charset=utf-8').send(await options.metrics.prometheus());
  });
  return router;
}

/**
 * @throws AppError unauthenticated without a token; forbidden with a token that is not the
 *   operators'.
 */
function assertOperator(request: Request, options: HealthRouterOptions): void {
  if (!options.production) return;
  const token = /^Bearer +(\S+)$/i.exec(request.get('authorization') ?? '')?.[1];
  if (token === undefined) throw new AppError('unauthenticated', 'Send OPERATIONS_TOKEN as the bearer token.');
  if (options.operationsToken !== undefined && isEqual(token, options.operationsToken)) return;
  throw new AppError(
    'forbidden',
    'Only operators of the server may read this. Send the OPERATIONS_TOKEN of the server as the bearer token.',
  );
}

function isEqual(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
