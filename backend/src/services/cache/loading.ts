/**
 * Runs a loader with a time limit, and decides in which failures an old value may replace the
 * result.
 */
import { AppError } from '../../domain/shared/errors.js';
import { runInScope } from '../../utils/resilience/signalScope.js';
import type { Loader } from './cacheTypes.js';

const LOAD_TIMEOUT_MS = 10_000;
/**
 * Failures in which an old value helps. Any other AppError is an answer: "no such restaurant" is
 * not replaced.
 */
const OUTAGES = new Set(['database_unavailable', 'overloaded', 'internal_error']);

export function isOutage(error: unknown): boolean {
  return !(error instanceof AppError) || OUTAGES.has(error.code);
}

/** @throws AppError overloaded when the loader is too slow; its signal then tells it to stop. */
export async function withDeadline(loader: Loader<unknown>): Promise<unknown> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const error = new AppError('overloaded', 'Loading took too long. Try again shortly.', { retryAfterSeconds: 1 });
      reject(error);
      controller.abort(error);
    }, LOAD_TIMEOUT_MS);
  });
  try {
    // Other callers may share this load, so the first caller's time limit must not end it.
    return await Promise.race([runInScope(undefined, () => loader(controller.signal)), deadline]);
  } finally {
    clearTimeout(timer);
  }
}
