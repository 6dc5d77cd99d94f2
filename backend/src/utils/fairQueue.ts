import { AppError } from '../domain/shared/errors.js';

export interface FairQueueOptions {
  /** Pieces of work that run at the same time under one key, and under all keys together. */
  atOnceEach: number;
  atOnce?: number;
  /** Pieces that may wait under one key, and under all keys together; more are refused. */
  maxWaitingEach: number;
  maxWaiting?: number;
  /** How long a piece may wait for its start. */
  maxWaitMs?: number;
  /** The message of a refusal: the reason, and what to do. */
  refusal: string;
  retryAfterSeconds?: number;
}

interface Waiter {
  start: () => void;
  giveUp: NodeJS.Timeout | undefined;
}

/**
 * Lets a few pieces of work run at once and queues the rest. Under one key they start in order of
 * arrival. The keys take turns, so that many pieces under one key delay each of the others by one.
 * Fifty connections that wait for one counter row cost PostgreSQL several times the work of ten;
 * waiting here costs nothing.
 */
export class FairQueue {
  readonly #options: FairQueueOptions;
  readonly #running = new Map<string, number>();
  /** Keys in the order of their turns. */
  readonly #waiting = new Map<string, Set<Waiter>>();
  #runningInAll = 0;
  #waitingInAll = 0;

  constructor(options: FairQueueOptions) {
    this.#options = options;
  }

  /**
   * @param maxWaitMs for this piece instead of the option.
   * @throws AppError overloaded when too many wait, or this piece has waited too long; then it has
   *   not begun.
   */
  async run<T>(key: string, work: () => Promise<T>, maxWaitMs = this.#options.maxWaitMs): Promise<T> {
    if (this.#mayRun(key)) this.#count(key, 1);
    else await this.#wait(key, maxWaitMs);
    try {
      return await work();
    } finally {
      this.#leave(key);
    }
  }

  /** Resolves once the piece is counted among the running ones. */
  #wait(key: string, maxWaitMs: number | undefined): Promise<void> {
    const { maxWaitingEach, maxWaiting = Infinity } = this.#options;
    const own = this.#waiting.get(key) ?? new Set();
    if (own.size >= maxWaitingEach || this.#waitingInAll >= maxWaiting) return Promise.reject(this.#refusal());
    return new Promise((resolve, reject) => {
      const giveUp = (): void => {
        this.#forget(key, waiter);
        reject(this.#refusal());
      };
      const waiter = { start: resolve, giveUp: maxWaitMs === undefined ? undefined : setTimeout(giveUp, maxWaitMs) };
      own.add(waiter);
      this.#waiting.set(key, own);
      this.#waitingInAll += 1;
    });
  }

  #leave(key: string): void {
    this.#count(key, -1);
    for (const next of this.#waiting.keys()) {
      if (!this.#mayRun(next)) continue;
      this.#startNext(next);
      return;
    }
  }

  #startNext(key: string): void {
    const own = this.#waiting.get(key);
    const [waiter] = own ?? [];
    if (!own || !waiter) return;
    clearTimeout(waiter.giveUp);
    this.#forget(key, waiter);
    // The key goes to the end of the line with the rest of its work.
    if (this.#waiting.delete(key)) this.#waiting.set(key, own);
    this.#count(key, 1);
    waiter.start();
  }

  #mayRun(key: string): boolean {
    const { atOnceEach, atOnce = Infinity } = this.#options;
    return (this.#running.get(key) ?? 0) < atOnceEach && this.#runningInAll < atOnce;
  }

  #count(key: string, change: 1 | -1): void {
    const count = (this.#running.get(key) ?? 0) + change;
    if (count === 0) this.#running.delete(key);
    else this.#running.set(key, count);
    this.#runningInAll += change;
  }

  #forget(key: string, waiter: Waiter): void {
    const own = this.#waiting.get(key);
    if (own?.delete(waiter)) this.#waitingInAll -= 1;
    if (own?.size === 0) this.#waiting.delete(key);
  }

  #refusal(): AppError {
    const { refusal, retryAfterSeconds = 1 } = this.#options;
    return new AppError('overloaded', refusal, { retryAfterSeconds });
  }
}
