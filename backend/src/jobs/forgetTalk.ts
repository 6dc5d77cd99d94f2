/**
 * In the background of every serving process: removes conversations, messages and calls that are
 * older than promised.
 */
import type { MessagingService } from '../services/MessagingService.js';
import { repeat, type Timing } from './repeat.js';

const EVERY_MS = 6 * 3_600_000;

interface Services {
  messaging: Pick<MessagingService, 'forget'>;
  log: { warn(fields: object, message: string): void };
}

/** @returns a function that stops the job and resolves when the work in progress has ended. */
export function keepForgettingTalk(
  { messaging, log }: Services,
  timing: Timing = { everyMs: EVERY_MS },
): () => Promise<void> {
  return repeat(async (isStopping) => {
    try {
      await messaging.forget(isStopping);
    } catch (error) {
      log.warn({ err: error }, 'old conversations and messages not removed, will try again');
    }
  }, timing);
}
