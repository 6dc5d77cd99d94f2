import { AppError } from '../domain/errors.js';

interface Gate {
  running: number;
  waiting: (() => void)[];
}

/**
 * Lets only a few pieces of work per key run at once and queues the rest in order of arrival. Fifty connections that wait
 * for one counter row cost PostgreSQL several times the work of ten; waiting here costs nothing.
 */
export class Admission {
  readonly #atOnce: number;
  readonly #maxWaiting: number;
  readonly #gates = new Map<string, Gate>();

  /**
   * @param atOnce pieces of work that run at the same time under one key.
   * @param maxWaiting pieces that may wait under one key; further ones are refused.
   */
  constructor(atOnce: number, maxWaiting: number) {
    this.#atOnce = atOnce;
    this.#maxWaiting = maxWaiting;
  }

  /** @throws AppError overloaded when too many wait already. */
  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    await this.#enter(key);
    try {
      return await work();
    } finally {
      this.#leave(key);
    }
  }

  async #enter(key: string): Promise<void> {
    const gate = this.#gates.get(key);
    if (!gate) {
      this.#gates.set(key, { running: 1, waiting: [] });
    } else if (gate.running < this.#atOnce) {
      gate.running += 1;
    } else if (gate.waiting.length >= this.#maxWaiting) {
      throw new AppError(
        'overloaded',
        'Too many changes of this restaurant are waiting. Nothing was stored; try again shortly.',
        {
          retryAfterSeconds: 1,
        },
      );
    } else {
      // Whoever leaves hands over its place, so `running` stays as it is.
      await new Promise<void>((resolve) => gate.waiting.push(resolve));
    }
  }

  #leave(key: string): void {
    const gate = this.#gates.get(key);
    if (!gate) return;
    const next = gate.waiting.shift();
    if (next) next();
    else if (gate.running > 1) gate.running -= 1;
    else this.#gates.delete(key);
  }
}
