/**
 * In the background of every serving process: the heartbeat of its leases of codes, refills of
 * pools that are low, and the booking of expired codes.
 */
import type { CodePoolService } from '../services/CodePoolService.js';
import { repeat, type Timing } from './repeat.js';

/** An instance counts as dead after 30 s: it may miss four heartbeats. */
const BEAT_MS = 4_000;
/**
 * A claim that finds few codes starts a refill at once; this is for pools that nobody claims from.
 */
const TEND_MS = 30_000;

interface Services {
  codePools: Pick<CodePoolService, 'beat' | 'tend'>;
  log: { warn(fields: object, message: string): void };
}

/** @returns a function that stops both and resolves when the work in progress has ended. */
export function keepRefillingCodePools(
  { codePools, log }: Services,
  timing: { beat: Timing; tend: Timing } = { beat: { everyMs: BEAT_MS }, tend: { everyMs: TEND_MS } },
): () => Promise<void> {
  const stopBeating = repeat(() => codePools.beat(), timing.beat);
  const stopTending = repeat(async (isStopping) => {
    try {
      await codePools.tend(isStopping);
    } catch (error) {
      log.warn({ err: error }, 'code pools not tended, will try again');
    }
  }, timing.tend);
  return async () => {
    await Promise.all([stopBeating(), stopTending()]);
  };
}
