import { AppError } from '../../domain/shared/errors.js';
import type { Clock } from '../../utils/clock.js';
import { Recent } from '../../utils/recent.js';

const WINDOW_MS = 15 * 60_000;
/** A till makes a few typing errors an hour. */
const MOST_WRONG = 30;
/** Callers and pools that are remembered: 0.2 kB each. */
const MOST_COUNTERS = 10_000;

interface Count {
  wrong: number;
  until: number;
}

/** Counts wrong codes by caller and pool, in this process. */
export class WrongCodes {
  readonly #clock: Clock;
  readonly #counts = new Recent<string, Count>(MOST_COUNTERS);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Runs an attempt. It is counted before it begins, so that many at once are limited too, and
   * given back unless the code was refused.
   * @throws AppError rate_limited; errors of the attempt.
   */
  async guard<T>(key: string, attempt: () => Promise<T>): Promise<T> {
    const count = this.#pay(key);
    try {
      const result = await attempt();
      count.wrong -= 1;
      return result;
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'code_refused') count.wrong -= 1;
      throw error;
    }
  }

  #pay(key: string): Count {
    const now = this.#clock().getTime();
    const known = this.#counts.get(key);
    const count = known && known.until > now ? known : { wrong: 0, until: now + WINDOW_MS };
    if (count.wrong >= MOST_WRONG) {
      const seconds = Math.ceil((count.until - now) / 1_000);
      const message = `Too many wrong codes. Try again in ${seconds} seconds.`;
      throw new AppError('rate_limited', message, { retryAfterSeconds: seconds });
    }
    count.wrong += 1;
    this.#counts.set(key, count);
    return count;
  }
}
