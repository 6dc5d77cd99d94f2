import type { Logger } from '../logger.js';

const SLOW_QUERY_MS = 1_000;
const HINT_CHARS = 500;

/** Receives the duration of each statement. */
export interface DatabaseObserver {
  statement(name: string, durationMs: number, failed: boolean): void;
}

/** A statement as it was sent. */
export interface SentStatement {
  name: string;
  text: string;
  /** The restaurant that the statement ran for. */
  restaurantId: string;
}

interface Options {
  log: Logger;
  observer: DatabaseObserver | undefined;
  onSlow: (statement: SentStatement) => void;
}

/** Times statements, informs the observer and logs the slow ones. */
export class StatementWatch {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  async time<T>(statement: SentStatement, run: () => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    let failed = true;
    try {
      const result = await run();
      failed = false;
      return result;
    } finally {
      const durationMs = performance.now() - startedAt;
      this.#options.observer?.statement(statement.name, durationMs, failed);
      if (durationMs > SLOW_QUERY_MS) this.#tellSlow(statement, durationMs, failed);
    }
  }

  #tellSlow(statement: SentStatement, durationMs: number, failed: boolean): void {
    const { name, text } = statement;
    const hint = `see its plan: explain (analyze, buffers, settings) ${text.replaceAll(/\s+/g, ' ').slice(0, HINT_CHARS)}`;
    this.#options.log.warn({ query: name, durationMs: Math.round(durationMs), failed, hint }, 'slow query');
    this.#options.onSlow(statement);
  }
}
