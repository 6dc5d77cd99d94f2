/** What each part of the process tells the metrics. The parts know interfaces of their own and no metric's name. */
import type { DatabaseObserver, PoolStats } from '../../config/database.js';
import { configurePerformance } from '../../decorators/Performance.js';
import type { Fact } from '../../domain/shared/events.js';
import type { OverloadStats } from '../../utils/overload.js';
import { observePolicies } from '../../utils/resilience.js';
import type { CacheMetrics } from '../cache/cacheTypes.js';
import type { IssueMetrics } from '../document/IssueQueue.js';
import type { HttpClientOptions } from '../HttpClientService.js';
import type { MetricsService } from '../MetricsService.js';

/** What a gauge shows of a breaker. */
const BREAKER_LEVEL = { closed: 0, half_open: 0.5, open: 1 } as const;

export function cacheObserver(metrics: MetricsService): CacheMetrics {
  return {
    hit: (tier) => metrics.count('cache_requests_total', { tier, result: 'hit' }),
    miss: (_kind, tier) => metrics.count('cache_requests_total', { tier, result: 'miss' }),
  };
}

export function databaseObserver(metrics: MetricsService): DatabaseObserver {
  return { statement: (query, durationMs) => metrics.timing('db_query_duration_seconds', { query }, durationMs) };
}

export function issueObserver(metrics: MetricsService): IssueMetrics {
  // A counter that nothing ever raises is shown, so that whoever watches it sees a zero and not an absence.
  metrics.count('document_number_fallbacks_total', {}, 0);
  return {
    issued: (durationMs) => metrics.timing('document_number_duration_seconds', {}, durationMs),
    retried: () => metrics.count('document_number_retries_total', {}),
    breaker: (state) => metrics.gauge('breaker_open', { policy: 'document_number' }, BREAKER_LEVEL[state]),
  };
}

/** Business figures. They name no restaurant: that is in the logs. */
export function countBusiness(metrics: MetricsService, { type, data }: Fact): void {
  if (type === 'order.placed') metrics.count('orders_total', { type: String(data['type']) });
  if (type !== 'payment.recorded') return;
  metrics.count('payments_total', { method: String(data['method']) });
  metrics.count('revenue_minor_total', { currency: String(data['currency']) }, Number(data['amount']));
}

export function outsideCallObserver(metrics: MetricsService): HttpClientOptions['onCall'] {
  return ({ endpoint, outcome, durationMs }) =>
    metrics.timing('outside_call_duration_seconds', { endpoint, outcome }, durationMs);
}

/** Tells of every decorated method and every policy of the process. @returns what ends it for the methods. */
export function observeCalls(metrics: MetricsService): () => void {
  observePolicies({
    onAttempt: ({ policy, outcome }) => metrics.count('policy_attempts_total', { policy, outcome }),
    onBreaker: (policy, state) => metrics.gauge('breaker_open', { policy }, BREAKER_LEVEL[state]),
  });
  return configurePerformance({
    metrics: {
      methodFinished: (method, durationMs, outcome) =>
        metrics.timing('method_duration_seconds', { method, outcome }, durationMs),
    },
  });
}

/** Reads, whenever metrics are collected, what the pool and the requests are at. */
export function observeLoad(
  metrics: MetricsService,
  { pool, requests }: { pool: () => PoolStats; requests: () => OverloadStats | undefined },
): void {
  let refusedBefore = 0;
  // There from the start: of a counter that appears with its first fault, Prometheus sees no increase.
  metrics.count('errors_total', { code: 'internal_error' }, 0);
  metrics.onCollect(() => {
    const { total, idle, waiting } = pool();
    for (const [state, count] of Object.entries({ total, idle, waiting }))
      metrics.gauge('db_pool_connections', { state }, count);
    const { inFlight, refused } = requests() ?? { inFlight: 0, refused: 0 };
    metrics.gauge('http_requests_running', {}, inFlight);
    // Refused before anything else saw them; told here so that no refusal costs a metric.
    metrics.count('errors_total', { code: 'overloaded' }, refused - refusedBefore);
    refusedBefore = refused;
  });
}
