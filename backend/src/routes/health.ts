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

/** The answer of a probe: no credential, no limit, the same for everybody. */
export interface Probe {
  status: 200 | 503;
  body: { status: string };
}

/** Probes by path. `live` checks nothing; `ready` asks the database. */
export function probesOf(health: HealthService): ReadonlyMap<string, () => Probe | Promise<Probe>> {
  return new Map<string, () => Probe | Promise<Probe>>([
    ['/health', () => ({ status: 200, body: { status: health.phase === 'serving' ? 'ok' : health.phase } })],
    ['/health/live', () => ({ status: 200, body: { status: 'ok' } })],
    [
      '/health/ready',
      async () => {
        const { ready, status } = await health.ready();
        return { status: ready ? 200 : 503, body: { status } };
      },
    ],
  ]);
}

/** Probes, and `detailed` and `metrics` for operators. */
export function healthRouter(options: HealthRouterOptions): Router {
  const { health } = options;
  const router = Router();
  for (const [path, ask] of probesOf(health))
    router.get(path, async (_request, response) => {
      const { status, body } = await ask();
      if (status === 503) response.set('retry-after', '1');
      response.status(status).json(body);
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
 *   operators', and where they have none.
 */
function assertOperator(request: Request, options: HealthRouterOptions): void {
  if (!options.production) return;
  if (options.operationsToken === undefined)
    throw new AppError(
      'forbidden',
      'This server has no OPERATIONS_TOKEN, so nobody may read this. Set one of at least 16 characters and restart.',
    );
  const token = /^Bearer +(\S+)$/i.exec(request.get('authorization') ?? '')?.[1];
  if (token === undefined) throw new AppError('unauthenticated', 'Send OPERATIONS_TOKEN as the bearer token.');
  if (isEqual(token, options.operationsToken)) return;
  throw new AppError(
    'forbidden',
    'Only operators of the server may read this. Send the OPERATIONS_TOKEN of the server as the bearer token.',
  );
}

function isEqual(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}
