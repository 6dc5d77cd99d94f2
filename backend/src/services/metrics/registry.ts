/**
 * Every metric of Servio: its name, its meaning and its tags. Code that uses another name or tag
 * does not compile. A tag must never contain text from callers: a route is its pattern, never a
 * path, and a restaurant is only in the logs.
 */

interface Spec<Kind extends string, Tag extends string> {
  readonly kind: Kind;
  readonly help: string;
  readonly tags: readonly Tag[];
  /** Maximum number of distinct sets of tag values; further ones are counted as `other`. */
  readonly maxSeries: number;
  /** Upper bounds of a timer's buckets in seconds. */
  readonly buckets: readonly number[];
  /** How a scrape combines the values of several web workers. */
  readonly together: Together;
}

type Together = 'sum' | 'max' | 'min' | 'average';

/**
 * 5,000 sets of one histogram block the event loop for 0.4 s at each scrape; 200 sets for a
 * twenty-fifth of that.
 */
const MAX_SERIES = 200;
const MAX_STATEMENTS = 2_000;
/** About 150 methods, each finished or failed. */
const MAX_METHODS = 300;
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** An attempt at a webhook takes at most 15 s. */
const LATE_BUCKETS = [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30];
/** Language models take seconds to answer. */
const MODEL_BUCKETS = [0.25, 0.5, 1, 2, 4, 8, 15, 30, 60];

export const METRICS = {
  // Routes multiplied by statuses exceed 200 in ordinary use. A counter's set is one line, a
  // histogram's fourteen.
  http_requests_total: counter('Requests answered, by route pattern.', ['route', 'method', 'status'], 1_000),
  http_request_duration_seconds: timer('Time from the first byte of the request to the last byte of the answer.', [
    'route',
    'method',
  ]),
  http_requests_running: gauge('Requests being answered.'),
  errors_total: counter('Requests that failed, by error code.', ['code']),
  rate_limited_total: counter('Requests refused by a rate limit.', ['limit']),

  cache_requests_total: counter(
    'Cache lookups, each once: a hit at the tier that had it (l1 memory, l2 Redis), a miss at the last tier asked.',
    ['tier', 'result'],
  ),
  // Statement names are declared in code, and there may be more than 200.
  db_query_duration_seconds: timer('Statements, by their name.', ['query'], BUCKETS, MAX_STATEMENTS),
  db_pool_connections: gauge('Connections of the pool: total, idle, waiting.', ['state']),
  method_duration_seconds: timer('Methods with @Track.', ['method', 'outcome'], BUCKETS, MAX_METHODS),

  outside_call_duration_seconds: timer('Calls to outside parties, each attempt.', ['endpoint', 'outcome']),
  policy_attempts_total: counter('Attempts with a policy: ok, answered, failed.', ['policy', 'outcome']),
  breaker_open: gauge('1 open, 0.5 half open, 0 closed.', ['policy'], 'max'),
  model_call_duration_seconds: timer('Calls to a language model.', ['model', 'outcome'], MODEL_BUCKETS),
  assistant_answers_total: counter('Answers of the assistant, from the model or from the cache.', ['source']),
  assistant_tools_total: counter('Tools that the model asked for.', ['tool', 'outcome']),
  messages_total: counter('Messages by what became of them: queued, sent, delivered, failed and so on.', [
    'kind',
    'channel',
    'status',
  ]),
  messages_paused_total: counter('Restaurants whose texts were paused because a carrier filters them.', ['code']),
  voice_steps_total: counter('Steps of telephone dialogues, by the state that they led to.', ['state']),
  model_tokens_total: counter('Tokens of language models: input, output.', ['model', 'direction']),

  events_relayed_total: counter('Events that got their position in the feed.'),
  queue_depth: gauge('Jobs or events waiting.', ['queue'], 'max'),
  queue_oldest_job_age_seconds: gauge('Age of the oldest job or event waiting.', ['queue'], 'max'),
  queue_running_jobs: gauge('Jobs running, in the whole fleet.', ['queue'], 'max'),
  queue_failed_jobs: gauge('Jobs that failed for good and wait for a retry or a cancellation.', ['queue'], 'max'),
  queue_blocked_keys: gauge('Keys of an ordered queue that a failed job blocks.', ['queue'], 'max'),
  queue_paused: gauge('1: an operator has paused the queue.', ['queue'], 'max'),
  queue_figures_age_seconds: gauge('Age of the figures of the queues: grows when no worker runs.', [], 'max'),
  job_duration_seconds: timer('Attempts of background jobs: done, retried, failed, lost.', ['job', 'outcome']),
  job_wait_seconds: timer('Time that jobs waited although they could have begun.', ['job']),
  job_failures_total: counter('Attempts of background jobs that failed: retried, failed for good.', ['job', 'outcome']),
  job_warnings_total: counter('Warnings of the supervision of the queues; their text is in the log.'),
  job_takeovers_total: counter('Jobs taken over from a worker that went silent.', ['job']),

  event_streams_open: gauge('Streams of events that are open.'),
  event_stream_events_total: counter('Events written to streams.'),
  event_streams_ended_total: counter('Streams ended by Servio: slow, revoked, stopping.', ['reason']),
  event_stream_resets_total: counter('Streams whose client must load its data anew.'),

  webhook_attempts_total: counter('Attempts at webhooks: delivered, failed, lost to another process.', ['outcome']),
  webhook_attempt_duration_seconds: timer(
    'Attempts at webhooks, until the answer was read.',
    ['outcome'],
    LATE_BUCKETS,
  ),
  webhook_delivery_delay_seconds: timer(
    'From the event to the answer of its receiver, of deliveries that succeeded at once.',
    [],
    LATE_BUCKETS,
  ),
  webhook_endpoints_disabled: gauge('Endpoints that were disabled by their failures or by 410.', [], 'max'),

  document_step_duration_seconds: timer('Steps of reading a document of a supplier: scan, fetch, extract, match.', [
    'step',
    'outcome',
  ]),
  storage_duration_seconds: timer('Calls to the storage of files: store, read, remove.', ['operation', 'outcome']),
  stored_files_removed_total: counter('Files that no document needed, removed from the storage.'),
  documents_read_total: counter('Documents of suppliers that were read, or could not be.', ['outcome']),
  document_reading: gauge('Documents in work, and threads that open files.', ['state']),

  orders_total: counter('Orders placed, by type.', ['type']),
  payments_total: counter('Payments taken, by method.', ['method']),
  demo_sessions_total: counter('Demo restaurants made for visitors.'),
  demo_restaurants_removed_total: counter('Expired demo restaurants that were removed.'),
  revenue_minor_total: counter('Payments taken, in minor units.', ['currency']),

  code_claims_total: counter('Codes handed out: from memory, or committed first.', ['kind', 'how']),
  codes_generated_total: counter('Codes generated.', ['kind']),
  codes_held: gauge('Codes in the memory of the process, ready to be handed out.'),
  codes_to_generate: gauge('Codes that running refills still have to generate.'),
  code_pool_empty_total: counter('Claims that found no code.', ['kind']),
  code_redemptions_total: counter('Codes redeemed.', ['kind']),
  code_refusals_total: counter('Codes refused: unknown, spent, expired or void.'),
  code_leases_rescued_total: counter('Leases of dead instances: taken over, or given up if without value.', ['kind']),

  document_number_duration_seconds: timer('From the request of a number to the commit of its document.'),
  document_number_retries_total: counter('Attempts to draw a number that were repeated.'),
  document_number_fallbacks_total: counter(
    'Numbers that did not come from their counter: always 0, there is no other source.',
  ),

  event_loop_lag_mean_seconds: gauge('How late the event loop was, mean of the last half minute.', [], 'average'),
  event_loop_lag_p99_seconds: gauge('How late the event loop was, 99th percentile of the last half minute.', [], 'max'),
  event_loop_lag_max_seconds: gauge('How late the event loop was at worst in the last half minute.', [], 'max'),
  event_loop_utilization_ratio: gauge('Share of the last half minute that the event loop was busy.', [], 'average'),
  process_cpu_seconds_total: counter('CPU time, user and system.'),
  process_resident_memory_bytes: gauge('Resident memory.'),
  process_heap_used_bytes: gauge('JavaScript heap in use.'),
  process_heap_total_bytes: gauge('JavaScript heap reserved.'),
  process_external_memory_bytes: gauge('Buffers and other memory outside the heap.'),
  process_uptime_seconds: gauge('Time since the process started.', [], 'min'),
} as const;

type Metrics = typeof METRICS;
export type MetricName = keyof Metrics;
type NameOf<Kind extends string> = { [N in MetricName]: Metrics[N]['kind'] extends Kind ? N : never }[MetricName];
export type CounterName = NameOf<'counter'>;
export type TimerName = NameOf<'timer'>;
export type GaugeName = NameOf<'gauge'>;
/** A gauge without tags. */
export type PlainGaugeName = {
  [N in GaugeName]: Metrics[N]['tags'][number] extends never ? N : never;
}[GaugeName];
/** All tags of one metric. */
export type TagsOf<N extends MetricName> = Readonly<Record<Metrics[N]['tags'][number], string | number>>;

/** The name for StatsD, where the type replaces the ending that Prometheus needs. */
export function statsdName(name: MetricName): string {
  return METRICS[name].kind === 'gauge' ? name : name.replace(/_(?:total|seconds)$/, '');
}

function counter<const Tag extends string = never>(
  help: string,
  tags: readonly Tag[] = [],
  maxSeries = MAX_SERIES,
): Spec<'counter', Tag> {
  return { kind: 'counter', help, tags, maxSeries, buckets: [], together: 'sum' };
}

function timer<const Tag extends string = never>(
  help: string,
  tags: readonly Tag[] = [],
  buckets: readonly number[] = BUCKETS,
  maxSeries = MAX_SERIES,
): Spec<'timer', Tag> {
  return { kind: 'timer', help, tags, maxSeries, buckets, together: 'sum' };
}

function gauge<const Tag extends string = never>(
  help: string,
  tags: readonly Tag[] = [],
  together: Together = 'sum',
): Spec<'gauge', Tag> {
  return { kind: 'gauge', help, tags, maxSeries: MAX_SERIES, buckets: [], together };
}
