import type { BreakerState } from './policies.js';
import { systemTime, type Time } from './time.js';

interface Options {
  /** Failures in a row that open it. */
  failures: number;
  openMs: number;
  onState?: (state: BreakerState) => void;
  time?: Time;
}

/**
 * Opens after so many failures in a row. When its time is over whoever comes may try: one more failure opens it again, one success
 * closes it. For our own database, where three in a row are enough; outside parties have the breaker of `utils/resilience`.
 */
export class ConsecutiveBreaker {
  readonly #options: Options;
  readonly #time: Time;
  #failures = 0;
  #openUntil = -Infinity;

  constructor(options: Options) {
    this.#options = options;
    this.#time = options.time ?? systemTime;
    // One that never changes would otherwise never be seen.
    options.onState?.('closed');
  }

  state(): BreakerState {
    if (this.#failures < this.#options.failures) return 'closed';
    return this.#time.now() < this.#openUntil ? 'open' : 'half_open';
  }

  /** Until it lets somebody through; 0 unless it is open. */
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
