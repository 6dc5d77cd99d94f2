import { AppError } from '../domain/shared/errors.js';

export interface FairQueueOptions {
  /** Pieces of work that run at the same time, in all and under one key. */
  atOnce: number;
  atOnceEach: number;
  /** Pieces that may wait, in all and under one key; further ones are refused. */
  maxWaiting: number;
  maxWaitingEach: number;
  /** Who has waited longer is refused, and its work has not begun. */
  maxWaitMs: number;
}

interface Waiter {
  start: () => void;
  giveUp: NodeJS.Timeout;
}

const RETRY_AFTER_SECONDS = 5;

/** Lets a few pieces of work run at once. The keys take turns, so that many pieces under one of them delay the others by one. */
export class FairQueue {
  readonly #options: FairQueueOptions;
  readonly #running = new Map<string, number>();
  /** In the order of whose turn it is. */
  readonly #waiting = new Map<string, Set<Waiter>>();

  constructor(options: FairQueueOptions) {
    this.#options = options;
  }

  /** @throws AppError overloaded when too many wait, or this one has waited too long; then it has not begun. */
  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    await this.#enter(key);
    try {
      return await work();
    } finally {
      this.#leave(key);
    }
  }

  /** Who has a place to run counts already; who waits is counted by `#startNext`. */
  #enter(key: string): Promise<void> | undefined {
    if (this.#mayRun(key)) {
      this.#count(key, 1);
      return undefined;
    }
    const { maxWaiting, maxWaitingEach } = this.#options;
    const own = this.#waiting.get(key)?.size ?? 0;
    if (own >= maxWaitingEach || total([...this.#waiting.values()].map(({ size }) => size)) >= maxWaiting)
      throw tooMany();
    return this.#wait(key);
  }

  #wait(key: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const giveUp = setTimeout(() => {
        this.#forget(key, waiter);
        reject(tooMany());
      }, this.#options.maxWaitMs);
      const waiter: Waiter = { start: resolve, giveUp };
      const own = this.#waiting.get(key);
      if (own) own.add(waiter);
      else this.#waiting.set(key, new Set([waiter]));
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
    // To the end of the line, with what it has left.
    if (this.#waiting.delete(key)) this.#waiting.set(key, own);
    this.#count(key, 1);
    waiter.start();
  }

  #mayRun(key: string): boolean {
    const { atOnce, atOnceEach } = this.#options;
    return (this.#running.get(key) ?? 0) < atOnceEach && total([...this.#running.values()]) < atOnce;
  }

  #count(key: string, change: 1 | -1): void {
    const count = (this.#running.get(key) ?? 0) + change;
    if (count === 0) this.#running.delete(key);
    else this.#running.set(key, count);
  }

  #forget(key: string, waiter: Waiter): void {
    const own = this.#waiting.get(key);
    own?.delete(waiter);
    if (own?.size === 0) this.#waiting.delete(key);
  }
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

function tooMany(): AppError {
  return new AppError('overloaded', 'Too many documents are being printed. Try again shortly.', {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}
