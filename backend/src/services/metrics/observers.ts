/**
 * Connects the parts of the process to the metrics. The parts only know their own interfaces and no
 * metric's name.
 */
import type { ModelCall } from '../../clients/OpenAiClient.js';
import type { DatabaseObserver, PoolStats } from '../../config/database.js';
import { configurePerformance } from '../../decorators/Performance.js';
import type { Fact } from '../../domain/shared/events.js';
import type { OverloadStats } from '../../utils/overload.js';
import { observePolicies } from '../../utils/resilience.js';
import type { AssistantMetrics } from '../AssistantService.js';
import type { CacheMetrics } from '../cache/cacheTypes.js';
import type { LiveMetrics } from '../event/LiveFeed.js';
import type { IssueMetrics } from '../document/IssueQueue.js';
import type { HttpClientOptions } from '../HttpClientService.js';
import type { QueueState } from '../JobService.js';
import type { MessageMetrics } from '../messaging/Outbox.js';
import type { MetricsService } from '../MetricsService.js';
import type { WebhookObserver } from '../webhook/Dispatcher.js';

/** Gauge values of the states of a breaker. */
const BREAKER_LEVEL = { closed: 0, half_open: 0.5, open: 1 } as const;

export function cacheObserver(metrics: MetricsService): CacheMetrics {
  const hits = {
    l1: metrics.counter('cache_requests_total', { tier: 'l1', result: 'hit' }),
    l2: metrics.counter('cache_requests_total', { tier: 'l2', result: 'hit' }),
  };
  return {
    hit: (tier) => hits[tier](),
    miss: (_kind, tier) => metrics.count('cache_requests_total', { tier, result: 'miss' }),
  };
}

export function databaseObserver(metrics: MetricsService): DatabaseObserver {
  return { statement: (query, durationMs) => metrics.timing('db_query_duration_seconds', { query }, durationMs) };
}

export function issueObserver(metrics: MetricsService): IssueMetrics {
  // The counter is never raised; it is shown so that a monitor sees a zero and not a missing
  // metric.
  metrics.count('document_number_fallbacks_total', {}, 0);
  return {
    issued: (durationMs) => metrics.timing('document_number_duration_seconds', {}, durationMs),
    retried: () => metrics.count('document_number_retries_total', {}),
    breaker: (state) => metrics.gauge('breaker_open', { policy: 'document_number' }, BREAKER_LEVEL[state]),
  };
}

export function streamObserver(metrics: MetricsService): LiveMetrics {
  let open = 0;
  const set = (count: number): void => {
    open = count;
    metrics.gauge('event_streams_open', {}, open);
  };
  set(0);
  return {
    opened: () => set(open + 1),
    closed: () => set(open - 1),
    delivered: (events) => metrics.count('event_stream_events_total', {}, events),
    ended: (reason) => metrics.count('event_streams_ended_total', { reason }),
    reset: () => metrics.count('event_stream_resets_total', {}),
  };
}

/** Business figures, without the restaurant: that is only in the logs. */
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

export function webhookObserver(metrics: MetricsService): WebhookObserver {
  // Shown from the start, so that Prometheus sees the first increase.
  for (const outcome of ['delivered', 'failed', 'lost']) metrics.count('webhook_attempts_total', { outcome }, 0);
  return {
    attempted: ({ outcome, durationMs, sinceEventMs }) => {
      metrics.count('webhook_attempts_total', { outcome });
      metrics.timing('webhook_attempt_duration_seconds', { outcome }, durationMs);
      if (sinceEventMs !== undefined) metrics.timing('webhook_delivery_delay_seconds', {}, sinceEventMs);
    },
    backlog: ({ waiting, oldestSeconds, disabled }) => {
      metrics.gauge('queue_depth', { queue: 'webhooks' }, waiting);
      metrics.gauge('queue_oldest_job_age_seconds', { queue: 'webhooks' }, oldestSeconds);
      metrics.gauge('webhook_endpoints_disabled', {}, disabled);
    },
  };
}

export function assistantObserver(metrics: MetricsService): AssistantMetrics {
  // Shown from the start, so that the share of the cache can be computed.
  for (const source of ['model', 'cache']) metrics.count('assistant_answers_total', { source }, 0);
  return {
    answered: (source) => metrics.count('assistant_answers_total', { source }),
    toolUsed: (tool, outcome) => metrics.count('assistant_tools_total', { tool, outcome }),
  };
}

export function messageObserver(metrics: MetricsService): MessageMetrics {
  // Shown from the start: an alert needs the first increase.
  for (const code of [30007, 30034]) metrics.count('messages_paused_total', { code }, 0);
  return {
    became: (kind, channel, status) => metrics.count('messages_total', { kind, channel, status }),
    paused: (code) => metrics.count('messages_paused_total', { code }),
  };
}

/** Calls of the language model and their tokens. */
export function modelObserver(metrics: MetricsService) {
  return ({ model, outcome, durationMs, usage }: ModelCall): void => {
    metrics.timing('model_call_duration_seconds', { model, outcome }, durationMs);
    if (!usage) return;
    metrics.count('model_tokens_total', { model, direction: 'input' }, usage.input);
    metrics.count('model_tokens_total', { model, direction: 'output' }, usage.output);
  };
}

/**
 * Measures every decorated method and every policy of the process.
 * @returns a function that ends it for the methods.
 */
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

/** Background jobs: attempts of this process, and the queues of the whole fleet. */
export function jobObserver(metrics: MetricsService, kinds: readonly string[]) {
  // Shown from the start: Prometheus sees no increase of a counter that appears with its first
  // fault.
  for (const job of kinds) {
    metrics.count('job_takeovers_total', { job }, 0);
    for (const outcome of ['retried', 'failed']) metrics.count('job_failures_total', { job, outcome }, 0);
  }
  return {
    began: (job: string, waitedMs: number, isTakeover: boolean): void => {
      metrics.timing('job_wait_seconds', { job }, waitedMs);
      if (isTakeover) metrics.count('job_takeovers_total', { job });
    },
    ended: (job: string, outcome: string, durationMs: number): void => {
      metrics.timing('job_duration_seconds', { job, outcome }, durationMs);
      if (outcome === 'retried' || outcome === 'failed') metrics.count('job_failures_total', { job, outcome });
    },
    warned: (): void => metrics.count('job_warnings_total', {}),
    queues: (states: readonly QueueState[]): void => {
      for (const { kind: queue, ...state } of states) {
        metrics.gauge('queue_depth', { queue }, state.queued);
        metrics.gauge('queue_oldest_job_age_seconds', { queue }, state.oldestSeconds);
        metrics.gauge('queue_running_jobs', { queue }, state.running);
        metrics.gauge('queue_failed_jobs', { queue }, state.failed);
        metrics.gauge('queue_blocked_keys', { queue }, state.blockedKeys);
        metrics.gauge('queue_paused', { queue }, state.isPaused ? 1 : 0);
      }
      metrics.gauge('queue_figures_age_seconds', {}, Math.max(0, ...states.map(({ ageSeconds }) => ageSeconds)));
    },
  };
}

/** Reads the state of the pool and of the requests whenever metrics are collected. */
export function observeLoad(
  metrics: MetricsService,
  { pool, requests }: { pool: () => PoolStats; requests: () => OverloadStats | undefined },
): void {
  let refusedBefore = 0;
  // Shown from the start: Prometheus sees no increase of a counter that appears with its first
  // fault.
  metrics.count('errors_total', { code: 'internal_error' }, 0);
  metrics.onCollect(() => {
    const { total, idle, waiting } = pool();
    for (const [state, count] of Object.entries({ total, idle, waiting }))
      metrics.gauge('db_pool_connections', { state }, count);
    const { inFlight, refused } = requests() ?? { inFlight: 0, refused: 0 };
    metrics.gauge('http_requests_running', {}, inFlight);
    // These requests were refused before any other code saw them. They are counted here, so that a
    // refusal costs nothing.
    metrics.count('errors_total', { code: 'overloaded' }, refused - refusedBefore);
    refusedBefore = refused;
  });
}
