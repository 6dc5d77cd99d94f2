/** Gives written events their positions, in the background of a process. */
import type { EventService } from '../services/EventService.js';
import type { MetricsService } from '../services/MetricsService.js';
import type { Nudge } from '../utils/nudge.js';
import { keepAtIt } from './keepAtIt.js';
import { Recent } from '../utils/recent.js';

/** How often it looks without a nudge: for events of other processes. */
const LOOK_EVERY_MS = 200;
/** Events of that time go together: at 300 orders a second, one transaction for each costs more. */
const GATHER_MS = 25;
/** As many as one restaurant gets moved in a pass. */
const MANY = 500;
const MEASURE_EVERY_MS = 5_000;
/** Restaurants whose events cannot be moved: each is told once in that time. */
const TELL_AGAIN_MS = 60_000;
const FAULTS = 1_000;

export interface RelayServices {
  events: Pick<EventService, 'relay' | 'backlog'>;
  metrics: Pick<MetricsService, 'count' | 'gauge'>;
  /** Given after each commit that wrote events. */
  eventsWritten: Nudge;
  /** To be given after events got their positions: they may have made deliveries. */
  webhooksDue: Nudge;
  log: { warn(fields: object, message: string): void };
}

/** @returns a function that stops the relay and resolves when the pass in progress has ended. */
export function keepRelayingEvents(services: RelayServices): () => Promise<void> {
  const { events, metrics, eventsWritten, webhooksDue, log } = services;
  let measuredAt = -Infinity;
  const measure = async (): Promise<void> => {
    if (performance.now() - measuredAt < MEASURE_EVERY_MS) return;
    measuredAt = performance.now();
    showBacklog(metrics, await events.backlog());
  };
  const toldAt = new Recent<string, number>(FAULTS);
  const tellFault = (restaurantId: string, fault: string): void => {
    if (performance.now() - (toldAt.get(restaurantId) ?? -Infinity) < TELL_AGAIN_MS) return;
    toldAt.set(restaurantId, performance.now());
    log.warn({ restaurantId, fault }, 'events not relayed, will try again');
  };
  const pass = async (isStopping: () => boolean): Promise<void> => {
    const moved = await events.relay(isStopping, tellFault);
    if (moved > 0) webhooksDue.give();
    // A restaurant has more than its share of one pass.
    if (moved >= MANY) eventsWritten.give();
    metrics.count('events_relayed_total', {}, moved);
    await measure();
  };
  const steady = { nudge: eventsWritten, lookEveryMs: LOOK_EVERY_MS, gatherMs: GATHER_MS, log };
  return keepAtIt(pass, { ...steady, failure: 'events not relayed, will try again' });
}

/** Shows as metrics how many events wait. */
export function showBacklog(
  metrics: RelayServices['metrics'],
  { waiting, oldestSeconds }: Awaited<ReturnType<RelayServices['events']['backlog']>>,
): void {
  metrics.gauge('queue_depth', { queue: 'events' }, waiting);
  metrics.gauge('queue_oldest_job_age_seconds', { queue: 'events' }, oldestSeconds);
}
