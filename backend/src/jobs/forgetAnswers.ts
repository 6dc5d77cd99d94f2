/** In the background of every serving process: stored answers of Idempotency-Keys go in time, also where nobody writes any more. */
import type { UnitOfWork } from '../services/UnitOfWork.js';
import { repeat, type Timing } from './repeat.js';

/** Far below the time that lies between what is promised and what is the longest. */
const EVERY_MS = 3_600_000;

interface Services {
  unitOfWork: Pick<UnitOfWork, 'forgetOldAnswers'>;
  log: { warn(fields: object, message: string): void };
}

/** @returns a function that stops it, and resolves when what is under way has ended. */
export function keepForgettingAnswers(
  { unitOfWork, log }: Services,
  timing: Timing = { everyMs: EVERY_MS },
): () => Promise<void> {
  return repeat(async (isStopping) => {
    try {
      await unitOfWork.forgetOldAnswers(isStopping);
    } catch (error) {
      log.warn({ err: error }, 'old answers not forgotten, to be tried again');
    }
  }, timing);
}
