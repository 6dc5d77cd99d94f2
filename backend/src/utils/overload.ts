/**
 * A server above its capacity that accepts everything answers nothing in time. This one refuses
 * early and cheaply what can wait, so that it answers what it accepts. Probes and logins always
 * pass; orders and payments are refused last.
 */

/** How often the event loop's delay is measured. */
const SAMPLE_MS = 20;
/** Weight of the newest sample: a peak counts at once, and about 100 ms of calm reset it. */
const RISE = 0.7;
const FALL = 0.5;

/**
 * With fewer requests in progress and fewer new ones since the last sample than these,
 * requests do not cause a late event loop. The cause is a start, garbage collection or another
 * program, so refusing would not help. Both count, because a request answered from memory is never
 * in progress when the next one arrives.
 */
const FEW = 8;
const FEW_ASKED = 32;

interface Bounds {
  /**
   * Delays of the event loop: refusals begin at the first; from the second, everything of this kind
   * is refused.
   */
  fromMs: number;
  toMs: number;
  /** The same for the time that a request has waited for its turn: nearly all of its time. */
  waitFromMs: number;
  waitToMs: number;
  inFlight: number;
}

export type Priority = 'always' | 'high' | 'normal';

const BOUNDS: Record<Exclude<Priority, 'always'>, Bounds> = {
  normal: { fromMs: 150, toMs: 500, waitFromMs: 600, waitToMs: 900, inFlight: 400 },
  high: { fromMs: 400, toMs: 1_500, waitFromMs: 1_500, waitToMs: 3_000, inFlight: 800 },
};

export interface OverloadStats {
  inFlight: number;
  /** Smoothed delay of the event loop. */
  delayMs: number;
  refused: number;
}

export class Overload {
  readonly #timer: NodeJS.Timeout;
  readonly #random: () => number;
  #expectedAt = performance.now() + SAMPLE_MS;
  #delayMs = 0;
  #inFlight = 0;
  #asked = 0;
  #refused = 0;

  /** @param random returns a number from 0 to below 1; set by tests. */
  constructor(random: () => number = Math.random) {
    this.#random = random;
    this.#timer = setInterval(() => this.#sample(), SAMPLE_MS);
    this.#timer.unref();
  }

  /**
   * Whether to accept a request now. The caller of an accepted request calls `done` when it is
   * answered.
   * @param waitedMs for its turn: in the line before the application.
   */
  admit(priority: Priority, waitedMs = 0): boolean {
    this.#asked += 1;
    if (priority !== 'always' && this.#isTooMuch(BOUNDS[priority], waitedMs)) {
      this.#refused += 1;
      return false;
    }
    this.#inFlight += 1;
    return true;
  }

  done(): void {
    this.#inFlight -= 1;
  }

  /**
   * Whether a request that called `done` may continue. It was admitted before, so only the number
   * in progress can prevent this.
   */
  readmit(priority: Priority): boolean {
    if (priority !== 'always' && this.#inFlight >= BOUNDS[priority].inFlight) {
      this.#refused += 1;
      return false;
    }
    this.#inFlight += 1;
    return true;
  }

  stats(): OverloadStats {
    return { inFlight: this.#inFlight, delayMs: Math.round(this.#delayMs), refused: this.#refused };
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /**
   * Between the two delays a growing share is refused: with a hard threshold, refusals would swing
   * between all and none.
   */
  #isTooMuch({ fromMs, toMs, waitFromMs, waitToMs, inFlight }: Bounds, waitedMs: number): boolean {
    if (this.#inFlight >= inFlight) return true;
    if (this.#inFlight < FEW && this.#asked < FEW_ASKED) return false;
    // A turn that takes long counts before the sample that is due after it.
    const delayMs = Math.max(this.#delayMs, performance.now() - this.#expectedAt);
    const share = Math.max((delayMs - fromMs) / (toMs - fromMs), (waitedMs - waitFromMs) / (waitToMs - waitFromMs));
    return share > 0 && this.#random() < share;
  }

  #sample(): void {
    this.#asked = 0;
    const now = performance.now();
    const delayMs = Math.max(0, now - this.#expectedAt);
    this.#delayMs += (delayMs - this.#delayMs) * (delayMs > this.#delayMs ? RISE : FALL);
    this.#expectedAt = now + SAMPLE_MS;
  }
}

/**
 * The priority of a request. Reads only method and path, so that a refusal costs almost nothing.
 */
export function priorityOf(method: string, path: string): Priority {
  if (path.startsWith('/health') || path === '/v1/auth/login' || path === '/v1/auth/refresh') return 'always';
  if (method !== 'GET' && (path.startsWith('/v1/orders') || path.startsWith('/v1/payments'))) return 'high';
  return 'normal';
}
