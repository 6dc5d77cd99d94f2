/**
 * Counts calls in a sliding window: never more than `maxCalls` within any `windowMs`. A window that
 * restarts at fixed times would allow twice as many calls around its boundary. Takes 8 bytes per
 * allowed call.
 */
export class CallWindow {
  readonly #windowMs: number;
  /** A ring buffer: `next` is the oldest entry when it is full. */
  readonly #startedAt: Float64Array;
  #next = 0;
  #count = 0;

  constructor(maxCalls: number, windowMs: number) {
    if (!Number.isInteger(maxCalls) || maxCalls < 1 || maxCalls > 100_000)
      throw new RangeError('maxCalls must be a whole number from 1 to 100000');
    this.#startedAt = new Float64Array(maxCalls);
    this.#windowMs = windowMs;
  }

  /** Milliseconds until another call is allowed; 0 if it is allowed now. */
  waitMs(now: number): number {
    if (this.#count < this.#startedAt.length) return 0;
    return Math.max(0, (this.#startedAt[this.#next] ?? 0) + this.#windowMs - now);
  }

  take(now: number): void {
    this.#startedAt[this.#next] = now;
    this.#next = (this.#next + 1) % this.#startedAt.length;
    this.#count = Math.min(this.#count + 1, this.#startedAt.length);
  }

  /** Calls that started within the last window. */
  used(now: number): number {
    let used = 0;
    for (let index = 0; index < this.#count; index += 1) {
      if ((this.#startedAt[index] ?? 0) > now - this.#windowMs) used += 1;
    }
    return used;
  }
}
