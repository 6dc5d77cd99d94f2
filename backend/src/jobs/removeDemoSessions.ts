/** In the background of every serving process, and by hand with `servio demo remove-expired`: expired demos go. */
import type { DemoService } from '../services/DemoService.js';
import { type CommandStreams, DONE } from './command.js';

export const REMOVE_DEMOS_USAGE = 'servio demo remove-expired';

const EVERY_MS = 60_000;

interface Services {
  demo: Pick<DemoService, 'removeExpired'>;
  log: { warn(fields: object, message: string): void };
}

interface Timing {
  everyMs?: number;
  /** 0 to 1, for the jitter. */
  random?: () => number;
}

/** @returns the exit code. */
export async function removeDemoSessions({ demo }: Pick<Services, 'demo'>, { out }: CommandStreams): Promise<number> {
  const { restaurants, rows } = await demo.removeExpired();
  out.write(`${restaurants} expired demo restaurants removed, ${rows} rows\n`);
  return DONE;
}

/**
 * Removes expired demos about once a minute; at which second is chance, so that processes that start together do not come together.
 * Keeps no process alive.
 * @returns a function that stops it, and resolves when what is under way has ended: after some 50 ms.
 */
export function keepRemovingDemoSessions(services: Services, timing: Timing = {}): () => Promise<void> {
  const { everyMs = EVERY_MS, random = Math.random } = timing;
  let isStopping = false;
  let underWay = Promise.resolve();
  let timer: NodeJS.Timeout;
  const wait = (): void => {
    if (isStopping) return;
    timer = setTimeout(
      () => {
        underWay = removeOnce(services, () => isStopping).then(wait);
      },
      everyMs * (0.5 + random()),
    );
    timer.unref();
  };
  wait();
  return () => {
    isStopping = true;
    clearTimeout(timer);
    return underWay;
  };
}

async function removeOnce({ demo, log }: Services, isStopping: () => boolean): Promise<void> {
  try {
    await demo.removeExpired(isStopping);
  } catch (error) {
    log.warn({ err: error }, 'expired demos not removed, to be tried again');
  }
}
