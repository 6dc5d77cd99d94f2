import { retryAfterSecondsOf } from './classify.js';
import { sleep, systemTime, type Time } from './time.js';

export interface RetryOptions {
  /** Attempts, including the first one. */
  maxAttempts: number;
  /** Longest wait before the second attempt. */
  baseMs: number;
  /** Longest wait of all; a longer Retry-After ends the retries. */
  capMs: number;
  /** Doubles the longest wait with every attempt. */
  exponential: boolean;
  shouldRetry: (error: unknown) => boolean;
  signal?: AbortSignal | undefined;
  /** Time left for everything. An attempt that could not start within it is not made. */
  remainingMs?: () => number;
  time?: Time | undefined;
  /** Returns a number from 0 to below 1. */
  random?: (() => number) | undefined;
}

/**
 * Repeats `attempt` while its failures may be temporary. Waits with full jitter, between zero and
 * the longest wait (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/), so
 * that callers that failed together do not return together. A Retry-After is the shortest wait,
 * with up to `baseMs` added.
 * @throws the last failure; the signal's reason when it aborts.
 */
export async function retrying<T>(attempt: (number: number) => Promise<T>, options: RetryOptions): Promise<T> {
  for (let number = 1; ; number += 1) {
    try {
      return await attempt(number);
    } catch (error) {
      if (number >= options.maxAttempts || options.signal?.aborted || !options.shouldRetry(error)) throw error;
      const waitMs = waitBefore(number + 1, error, options);
      if (waitMs === undefined) throw error;
      await sleep(waitMs, options.signal, options.time ?? systemTime);
    }
  }
}

/** Milliseconds to wait; undefined when the wait would be too long. */
function waitBefore(number: number, error: unknown, options: RetryOptions): number | undefined {
  const dice = (options.random ?? Math.random)();
  const toldSeconds = retryAfterSecondsOf(error);
  const longestMs = Math.min(options.capMs, options.baseMs * (options.exponential ? 2 ** (number - 2) : 1));
  const waitMs = toldSeconds === undefined ? dice * longestMs : toldSeconds * 1000 + dice * options.baseMs;
  if (toldSeconds !== undefined && toldSeconds * 1000 > options.capMs) return undefined;
  return waitMs < (options.remainingMs?.() ?? Infinity) ? waitMs : undefined;
}
