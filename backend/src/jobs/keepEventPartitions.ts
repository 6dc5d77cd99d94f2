/** Makes the months of the event feed ahead, and drops the old ones. */
import type { EventService } from '../services/EventService.js';
import { repeat, type Timing } from './repeat.js';

const EVERY_MS = 6 * 3_600_000;

interface Services {
  events: Pick<EventService, 'keepPartitions'>;
  log: { warn(fields: object, message: string): void };
}

/** @returns a function that stops the job and resolves when the work in progress has ended. */
export function keepEventPartitions({ events, log }: Services, timing: Timing = { everyMs: EVERY_MS }) {
  return repeat(async () => {
    try {
      await events.keepPartitions();
    } catch (error) {
      log.warn({ err: error }, 'months of the event feed not kept, will try again');
    }
  }, timing);
}
