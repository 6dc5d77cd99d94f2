/** Work that waits for nudges, in the background of a process. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Nudge } from '../utils/nudge.js';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;

interface Steady {
  /** Given when there is work. */
  nudge: Nudge;
  /** How often to look without a nudge: for work of other processes. */
  lookEveryMs: number;
  /** Work of that time is done together; 0 if absent. */
  gatherMs?: number;
  log: { warn(fields: object, message: string): void };
  /** Message for a pass that failed. The next one begins after a growing pause. */
  failure: string;
}

/**
 * Repeats a pass. @param pass asks between two steps whether to stop.
 * @returns a function that stops it and resolves when the pass in progress has ended.
 */
export function keepAtIt(pass: (isStopping: () => boolean) => Promise<unknown>, steady: Steady): () => Promise<void> {
  const { nudge, lookEveryMs, gatherMs = 0, log, failure } = steady;
  let isStopping = false;
  let failures = 0;
  const attempt = async (): Promise<void> => {
    try {
      await pass(() => isStopping);
      failures = 0;
    } catch (error) {
      const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS);
      failures += 1;
      log.warn({ err: error, pauseMs }, failure);
      await sleep(pauseMs, undefined, { ref: false });
    }
  };
  const ended = (async () => {
    while (!isStopping) {
      await nudge.wait(lookEveryMs);
      if (gatherMs > 0) await sleep(gatherMs, undefined, { ref: false });
      if (!isStopping) await attempt();
    }
  })();
  return () => {
    isStopping = true;
    nudge.give();
    return ended;
  };
}
