/** Sends webhooks, in the background of a process. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Dispatcher } from '../services/webhook/Dispatcher.js';
import type { Nudge } from '../utils/nudge.js';
import { repeat } from './repeat.js';

/** How often it looks without a nudge: for events that other processes relay, and for retries. */
const LOOK_EVERY_MS = 250;
/** What ends or comes due in that time is leased together. */
const GATHER_MS = 10;
const RENEW_EVERY_MS = 1_000;
const MEASURE_EVERY_MS = 15_000;
const FORGET_EVERY_MS = 3_600_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;

export interface WebhookSending {
  webhookDispatcher: Pick<Dispatcher, 'dispatch' | 'renew' | 'measure' | 'forget' | 'close'>;
  /** Given after the relay has made deliveries, and when an attempt has ended. */
  webhooksDue: Nudge;
  log: { warn(fields: object, message: string): void };
}

/** @returns a function that stops it and resolves when the attempts in progress have ended. */
export function keepDeliveringWebhooks({ webhookDispatcher, webhooksDue, log }: WebhookSending): () => Promise<void> {
  let isStopping = false;
  let failures = 0;
  const look = async (): Promise<void> => {
    try {
      await webhookDispatcher.dispatch();
      failures = 0;
    } catch (error) {
      const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS);
      failures += 1;
      log.warn({ err: error, pauseMs }, 'webhooks not leased, will try again');
      await sleep(pauseMs, undefined, { ref: false });
    }
  };
  const ended = (async () => {
    while (!isStopping) {
      await webhooksDue.wait(LOOK_EVERY_MS);
      await sleep(GATHER_MS, undefined, { ref: false });
      if (!isStopping) await look();
    }
  })();
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
    webhooksDue.give();
    await ended;
    await webhookDispatcher.close();
    await Promise.all(upkeep.map((stop) => stop()));
  };
}
