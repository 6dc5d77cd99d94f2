/** Removes expired demos, in the background of every serving process. */
import type { DemoService } from '../services/DemoService.js';
import { repeat, type Timing } from './repeat.js';

const EVERY_MS = 60_000;

interface Services {
  demo: Pick<DemoService, 'removeExpired'>;
  log: { warn(fields: object, message: string): void };
}

/**
 * Removes expired demos about once a minute.
 * @returns a function that stops the job and resolves when the work in progress has ended: after
 *   about 50 ms.
 */
export function keepRemovingDemoSessions(services: Services, timing: Partial<Timing> = {}): () => Promise<void> {
  return repeat((isStopping) => removeOnce(services, isStopping), { everyMs: EVERY_MS, ...timing });
}

async function removeOnce({ demo, log }: Services, isStopping: () => boolean): Promise<void> {
  try {
    await demo.removeExpired(isStopping);
  } catch (error) {
    log.warn({ err: error }, 'expired demos not removed, will try again');
  }
}
