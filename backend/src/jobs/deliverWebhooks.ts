/** Sends webhooks, in the background of a process. */
import type { Dispatcher } from '../services/webhook/Dispatcher.js';
import type { Nudge } from '../utils/nudge.js';
import { keepAtIt } from './keepAtIt.js';
import { repeat } from './repeat.js';

/** How often it looks without a nudge: for events that other processes relay, and for retries. */
const LOOK_EVERY_MS = 250;
/** What ends or comes due in that time is leased together. */
const GATHER_MS = 10;
const RENEW_EVERY_MS = 1_000;
const MEASURE_EVERY_MS = 15_000;
const FORGET_EVERY_MS = 3_600_000;

export interface WebhookSending {
  webhookDispatcher: Pick<Dispatcher, 'dispatch' | 'renew' | 'measure' | 'forget' | 'close'>;
  /** Given after the relay has made deliveries, and when an attempt has ended. */
  webhooksDue: Nudge;
  log: { warn(fields: object, message: string): void };
}

/** @returns a function that stops it and resolves when the attempts in progress have ended. */
export function keepDeliveringWebhooks({ webhookDispatcher, webhooksDue, log }: WebhookSending): () => Promise<void> {
  const stopSending = keepAtIt(() => webhookDispatcher.dispatch(), {
    nudge: webhooksDue,
    lookEveryMs: LOOK_EVERY_MS,
    gatherMs: GATHER_MS,
    log,
    failure: 'webhooks not leased, will try again',
  });
  let isStopping = false;
  const tell = (work: () => Promise<unknown>, failure: string) => async (): Promise<void> => {
    await work().catch((error: unknown) => log.warn({ err: error }, failure));
  };
  const upkeep = [
    // Evenly: a lease must be renewed in time.
    repeat(
      tell(() => webhookDispatcher.renew(), 'leases of webhooks not renewed'),
      {
        everyMs: RENEW_EVERY_MS,
        random: () => 0.5,
      },
    ),
    repeat(
      tell(() => webhookDispatcher.measure(), 'webhooks not counted'),
      { everyMs: MEASURE_EVERY_MS },
    ),
    repeat(
      tell(() => webhookDispatcher.forget(() => isStopping), 'old webhooks not removed, will try again'),
      {
        everyMs: FORGET_EVERY_MS,
      },
    ),
  ];
  return async () => {
    isStopping = true;
    await stopSending();
    await webhookDispatcher.close();
    await Promise.all(upkeep.map((stop) => stop()));
  };
}
