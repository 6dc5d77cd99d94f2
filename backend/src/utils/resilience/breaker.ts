import type { BreakerState } from './policies.js';

/** The interface of a breaker for a policy. */
export interface Breaker {
  /**
   * Makes one attempt and counts its outcome.
   * @throws BreakerOpen without an attempt; the error of the attempt.
   */
  fire<T>(attempt: () => Promise<T>): Promise<T>;
  state(): BreakerState;
  /** Seconds until it lets an attempt through; 0 unless it is open. */
  retryAfterSeconds(): number;
  recent(): { succeeded: number; failed: number };
  close(): void;
}

/** The outside party keeps failing and was not called. */
export class BreakerOpen extends Error {}

/** The caller left during the attempt, which says nothing about the outside party. */
export class Cancelled extends Error {
  readonly reason: unknown;

  constructor(reason: unknown) {
    super('cancelled');
    this.reason = reason;
  }
}
