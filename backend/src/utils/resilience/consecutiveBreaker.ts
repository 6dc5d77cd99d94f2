import type { BreakerState } from './policies.js';
import { systemTime, type Time } from './time.js';

interface Options {
  /** Number of consecutive failures that opens it. */
  failures: number;
  openMs: number;
  onState?: (state: BreakerState) => void;
  time?: Time;
}

/**
 * Opens after a number of consecutive failures. After its open time every caller may try: one more
 * failure opens it again, one success closes it. For our own database, where three failures are
 * enough; outside parties use the breaker of `utils/resilience`.
 */
export class ConsecutiveBreaker {
  readonly #options: Options;
  readonly #time: Time;
  #failures = 0;
  #openUntil = -Infinity;

  constructor(options: Options) {
    this.#options = options;
    this.#time = options.time ?? systemTime;
    // Reports the first state: a breaker that never changes would otherwise never be seen.
    options.onState?.('closed');
  }

  state(): BreakerState {
    if (this.#failures < this.#options.failures) return 'closed';
    return this.#time.now() < this.#openUntil ? 'open' : 'half_open';
  }

  /** Seconds until it lets a call through; 0 unless it is open. */
  retryAfterSeconds(): number {
    return this.state() === 'open' ? Math.ceil((this.#openUntil - this.#time.now()) / 1000) : 0;
  }

  succeeded(): void {
    if (this.#failures === 0) return;
    this.#failures = 0;
    this.#options.onState?.('closed');
  }

  failed(): void {
    this.#failures += 1;
    if (this.#failures < this.#options.failures) return;
    this.#openUntil = this.#time.now() + this.#options.openMs;
    this.#options.onState?.('open');
  }
}
