/**
 * The one place where all background work of a machine starts. One process of the machine calls it:
 * the server, the first of its web workers, or `worker.ts`.
 */
import type { JobKind } from '../domain/job/jobKinds.js';
import type { JobService, QueueState } from '../services/JobService.js';
import { Dispatcher, type DispatcherObserver } from './dispatcher.js';
import type { Handler } from './dispatcher/running.js';
import { keepDeliveringWebhooks, type WebhookSending } from './deliverWebhooks.js';
import { type HandlerServices, handlersOf } from './handlers.js';
import { keepRelayingEvents, type RelayServices, showBacklog } from './relayEvents.js';
import { type InvoiceReading, keepReadingSupplierInvoices } from './processSupplierInvoices.js';
import { repeat } from './repeat.js';
import { keepSendingMessages, type MessageSending } from './sendMessages.js';

const QUEUES_EVERY_MS = 5_000;
/** In each of the servers that only watch. */
const WATCH_EVERY_MS = 15_000;

export interface BackgroundServices
  extends Omit<HandlerServices, 'events' | 'messaging' | 'supplierInvoices'>,
    Omit<RelayServices, 'events'>,
    WebhookSending,
    Omit<InvoiceReading, 'supplierInvoices'>,
    Omit<MessageSending, 'messaging'> {
  supplierInvoices: HandlerServices['supplierInvoices'] & InvoiceReading['supplierInvoices'];
  messaging: HandlerServices['messaging'] & MessageSending['messaging'];
  events: HandlerServices['events'] & RelayServices['events'];
  jobs: JobService;
  jobMetrics: DispatcherObserver & { queues(states: readonly QueueState[]): void };
  log: { warn(fields: object, message: string): void; error(fields: object, message: string): void };
}

export interface WatchServices extends Pick<BackgroundServices, 'jobs' | 'jobMetrics' | 'metrics' | 'log'> {
  events: Pick<RelayServices['events'], 'backlog'>;
  webhookDispatcher: Pick<WebhookSending['webhookDispatcher'], 'measure'>;
}

/**
 * Starts the work and returns once it has begun.
 * @param more handlers of other kinds, for tests and benchmarks.
 * @returns a function that stops it: running jobs end or are given back, within about 10 s.
 */
export async function startBackground(
  services: BackgroundServices,
  more: Readonly<Record<string, Handler>> = {},
): Promise<() => Promise<void>> {
  const { jobs, jobMetrics, log } = services;
  const kinds: Readonly<Record<string, JobKind>> = jobs.kinds;
  const handlers = { ...handlersOf(services), ...more };
  const dispatcher = new Dispatcher({ claims: jobs.openClaims(), kinds, handlers, observer: jobMetrics, log });
  await dispatcher.start();
  const stopListening = jobs.onSent((kind) => dispatcher.nudge(kind));
  const stopWatching = watchQueues(services, QUEUES_EVERY_MS);
  const stops = [
    keepRelayingEvents(services),
    keepDeliveringWebhooks(services),
    keepSendingMessages(services),
    keepReadingSupplierInvoices(services),
  ];
  return async () => {
    stopListening();
    await Promise.all([...stops.map((stop) => stop()), stopWatching(), dispatcher.stop()]);
  };
}

/**
 * Shows as metrics how much waits, in a server that does no background work: else nobody would tell
 * when no other process does it.
 * @returns a function that stops it.
 */
export function watchBackground(services: WatchServices, everyMs = WATCH_EVERY_MS): () => Promise<void> {
  const { events, metrics, webhookDispatcher, log } = services;
  const look = async (): Promise<void> => {
    try {
      showBacklog(metrics, await events.backlog());
      await webhookDispatcher.measure();
    } catch (err) {
      log.warn({ err }, 'the waiting events and webhooks cannot be counted, will try again');
    }
  };
  const stops = [watchQueues(services, everyMs), repeat(look, { everyMs })];
  return async () => {
    await Promise.all(stops.map((stop) => stop()));
  };
}

/** Shows the figures of the queues as metrics. */
function watchQueues(
  { jobs, jobMetrics, log }: Pick<BackgroundServices, 'jobs' | 'jobMetrics' | 'log'>,
  everyMs: number,
) {
  const look = async (): Promise<void> => {
    try {
      jobMetrics.queues(await jobs.queues());
    } catch (err) {
      log.warn({ err }, 'jobs: the figures of the queues cannot be read, will try again');
    }
  };
  return repeat(look, { everyMs });
}
