/** When a delivery that failed is tried again: the schedule of the Standard Webhooks. */

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
/** Times between attempts: ten attempts within 75 h 35 min. */
const DELAYS_MS = [
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
];
/** Each delay is longer or shorter by up to a tenth, so that deliveries do not come in waves. */
const JITTER_PER_MILLE = 100;
/** The longest Retry-After that is obeyed. */
const LONGEST_WAIT_MS = 24 * HOUR_MS;
/** Failures in a row from which the endpoint rests between attempts, and its longest rest. */
const FAILURES_BEFORE_REST = 5;
const LONGEST_REST_MS = MINUTE_MS;

export interface FailedAttempt {
  /** Attempts of this delivery that are over, this one included. */
  attempts: number;
  /** Failures of the endpoint in a row, this one included. */
  failuresInRow: number;
  /** From Retry-After of a 429 or 503. */
  retryAfterMs: number | undefined;
  /** -1,000 to 1,000, for the jitter. */
  chance: number;
}

/** What follows from a failed attempt. */
export interface Retry {
  /** Milliseconds until the next attempt; null when this one was the last. */
  againMs: number | null;
  /** Milliseconds for which the whole endpoint gets nothing. */
  restMs: number;
}

export function retryAfterFailure({ attempts, failuresInRow, retryAfterMs, chance }: FailedAttempt): Retry {
  const waitMs = Math.min(retryAfterMs ?? 0, LONGEST_WAIT_MS);
  const delayMs = DELAYS_MS[attempts - 1];
  const jitterMs = Math.trunc(((delayMs ?? 0) * JITTER_PER_MILLE * chance) / 1_000_000);
  const doublings = Math.min(failuresInRow - FAILURES_BEFORE_REST, 6);
  const restMs = doublings < 0 ? 0 : Math.min(SECOND_MS * 2 ** doublings, LONGEST_REST_MS);
  return {
    againMs: delayMs === undefined ? null : Math.max(delayMs + jitterMs, waitMs),
    restMs: Math.max(restMs, waitMs),
  };
}
