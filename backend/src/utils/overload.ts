/**
 * Above its capacity a server that takes everything serves nobody in time. This one refuses early and cheaply what can
 * wait, so that what it takes is answered: probes and logins always pass, orders and payments are refused last.
 */

/** How often the event loop's delay is measured. */
const SAMPLE_MS = 20;
/** Weight of the newest sample: a peak counts at once, a calm stretch of about 100 ms forgets it. */
const RISE = 0.7;
const FALL = 0.5;

/**
 * With no more than this under way, and no more than that asked since the last sample, a late event loop is not the requests'
 * doing: a start, a collection of garbage, or another program on the machine. Refusing would help nobody. Both count, because
 * what is answered from memory is never under way when the next one comes.
 */
const FEW = 8;
const FEW_ASKED = 32;

interface Bounds {
  /** Delay of the event loop at which refusing begins, and at which everything of this kind is refused. */
  fromMs: number;
  toMs: number;
  inFlight: number;
}

export type Priority = 'always' | 'high' | 'normal';

const BOUNDS: Record<Exclude<Priority, 'always'>, Bounds> = {
  normal: { fromMs: 150, toMs: 500, inFlight: 400 },
  high: { fromMs: 400, toMs: 1_500, inFlight: 800 },
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

  /** @param random a number from 0 to below 1; given by tests. */
  constructor(random: () => number = Math.random) {
    this.#random = random;
    this.#timer = setInterval(() => this.#sample(), SAMPLE_MS);
    this.#timer.unref();
  }

  /** Whether to take a request now. Who takes one calls `done` when it is answered. */
  admit(priority: Priority): boolean {
    this.#asked += 1;
    if (priority !== 'always' && this.#isTooMuch(BOUNDS[priority])) {
      this.#refused += 1;
      return false;
    }
    this.#inFlight += 1;
    return true;
  }

  done(): void {
    this.#inFlight -= 1;
  }

  /** Whether a request that called `done` may go on. It was let in once: only the number under way speaks against it. */
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

  /** Between the two delays a growing share is refused: a hard threshold swings between all and nothing. */
  #isTooMuch({ fromMs, toMs, inFlight }: Bounds): boolean {
    if (this.#inFlight >= inFlight) return true;
    if (this.#inFlight < FEW && this.#asked < FEW_ASKED) return false;
    // One turn of the event loop takes in all that has arrived, a thousand requests if need be: the sample that is due by now
    // comes only after them.
    const delayMs = Math.max(this.#delayMs, performance.now() - this.#expectedAt);
    return delayMs > fromMs && this.#random() < (delayMs - fromMs) / (toMs - fromMs);
  }

  #sample(): void {
    this.#asked = 0;
    const now = performance.now();
    const delayMs = Math.max(0, now - this.#expectedAt);
    this.#delayMs += (delayMs - this.#delayMs) * (delayMs > this.#delayMs ? RISE : FALL);
    this.#expectedAt = now + SAMPLE_MS;
  }
}

/** What may be refused last. Read from method and path alone, so that refusing costs next to nothing. */
export function priorityOf(method: string, path: string): Priority {
  if (path.startsWith('/health') || path === '/v1/auth/login' || path === '/v1/auth/refresh') return 'always';
  if (method !== 'GET' && (path.startsWith('/v1/orders') || path.startsWith('/v1/payments'))) return 'high';
  return 'normal';
}
