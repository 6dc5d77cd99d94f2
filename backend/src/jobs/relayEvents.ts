/** Gives written events their positions, in the background of a process. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { EventService } from '../services/EventService.js';
import type { Nudge } from '../utils/nudge.js';

/** How often it looks without a nudge: for events of other processes. */
const LOOK_EVERY_MS = 200;
/** Events of that time go together: at 300 orders a second, one transaction for each costs more. */
const GATHER_MS = 25;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;

interface Services {
  events: Pick<EventService, 'relay'>;
  /** Given after each commit that wrote events. */
  eventsWritten: Nudge;
  /** To be given after events got their positions: they may have made deliveries. */
  webhooksDue: Nudge;
  log: { warn(fields: object, message: string): void };
}

/** @returns a function that stops the relay and resolves when the pass in progress has ended. */
export function keepRelayingEvents({ events, eventsWritten, webhooksDue, log }: Services): () => Promise<void> {
  let isStopping = false;
  let failures = 0;
  const pass = async (): Promise<void> => {
    try {
      const moved = await events.relay(() => isStopping);
      if (moved > 0) webhooksDue.give();
      failures = 0;
    } catch (error) {
      const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS);
      failures += 1;
      log.warn({ err: error, pauseMs }, 'events not relayed, will try again');
      await sleep(pauseMs, undefined, { ref: false });
    }
  };
  const ended = (async () => {
    while (!isStopping) {
      await eventsWritten.wait(LOOK_EVERY_MS);
      await sleep(GATHER_MS, undefined, { ref: false });
      if (!isStopping) await pass();
    }
  })();
  return () => {
    isStopping = true;
    eventsWritten.give();
    return ended;
  };
}
