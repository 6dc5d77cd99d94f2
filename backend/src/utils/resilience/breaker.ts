import type { BreakerState } from './policies.js';

/** What a policy needs of a breaker. */
export interface Breaker {
  /**
   * Makes one attempt and counts how it ends.
   * @throws BreakerOpen without an attempt; what the attempt throws.
   */
  fire<T>(attempt: () => Promise<T>): Promise<T>;
  state(): BreakerState;
  /** Until it lets an attempt through; 0 unless it is open. */
  retryAfterSeconds(): number;
  recent(): { succeeded: number; failed: number };
  close(): void;
}

/** The other side keeps failing and was not asked. */
export class BreakerOpen extends Error {}

/** The caller went away during the attempt, which tells nothing about the other side. */
export class Cancelled extends Error {
  readonly reason: unknown;

  constructor(reason: unknown) {
    super('cancelled');
    this.reason = reason;
  }
}
