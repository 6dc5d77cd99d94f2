import type pg from 'pg';
import type { Logger } from '../logger.js';
import { CONNECT_TIMEOUT_MS, createPool } from './pool.js';

/**
 * Asks whether PostgreSQL answers, on its own connection. In the pool the question would wait
 * behind the requests, and a process with a saturated pool would report itself unready. Its load
 * would move to the other processes and saturate them as well.
 */
export class Probe {
  readonly #pool: pg.Pool;
  #asking: Promise<number> | undefined;

  constructor(url: string, log: Logger) {
    this.#pool = createPool(url, { min: 0, max: 1, log });
  }

  /**
   * Milliseconds until the answer; calls in the meantime share it. @throws any error of pg, within
   * about four seconds.
   */
  ask(): Promise<number> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  close(): Promise<void> {
    return this.#pool.end();
  }

  async #ask(): Promise<number> {
    const startedAt = performance.now();
    // The time limit of one query is pg's own and missing in its types.
    await this.#pool.query({ text: 'select 1', query_timeout: CONNECT_TIMEOUT_MS } as pg.QueryConfig);
    return performance.now() - startedAt;
  }
}
