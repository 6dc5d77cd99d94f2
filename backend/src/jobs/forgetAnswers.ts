/**
 * In the background of every serving process: removes old answers of Idempotency-Keys, also where
 * nobody writes any more.
 */
import type { UnitOfWork } from '../services/UnitOfWork.js';
import { repeat, type Timing } from './repeat.js';

/** Far below the difference between the guaranteed and the longest storage time. */
const EVERY_MS = 3_600_000;

interface Services {
  unitOfWork: Pick<UnitOfWork, 'forgetOldAnswers'>;
  log: { warn(fields: object, message: string): void };
}

/** @returns a function that stops the job and resolves when the work in progress has ended. */
export function keepForgettingAnswers(
  { unitOfWork, log }: Services,
  timing: Timing = { everyMs: EVERY_MS },
): () => Promise<void> {
  return repeat(async (isStopping) => {
    try {
      await unitOfWork.forgetOldAnswers(isStopping);
    } catch (error) {
      log.warn({ err: error }, 'old answers not removed, will try again');
    }
  }, timing);
}
