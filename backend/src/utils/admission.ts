import { AppError } from '../domain/shared/errors.js';

interface Gate {
  running: number;
  /** In order of arrival: a Set keeps it, and lets one who gives up leave from the middle. */
  waiting: Set<() => void>;
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

  /**
   * @param maxWaitMs how long the work may wait for its start.
   * @throws AppError overloaded when too many wait already, or it has waited too long; then it has not begun.
   */
  async run<T>(key: string, work: () => Promise<T>, maxWaitMs?: number): Promise<T> {
    await this.#enter(key, maxWaitMs);
    try {
      return await work();
    } finally {
      this.#leave(key);
    }
  }

  async #enter(key: string, maxWaitMs: number | undefined): Promise<void> {
    const gate = this.#gates.get(key);
    if (!gate) {
      this.#gates.set(key, { running: 1, waiting: new Set() });
    } else if (gate.running < this.#atOnce) {
      gate.running += 1;
    } else if (gate.waiting.size >= this.#maxWaiting) {
      throw tooMany();
    } else {
      await queue(gate, maxWaitMs);
    }
  }

  #leave(key: string): void {
    const gate = this.#gates.get(key);
    if (!gate) return;
    const [next] = gate.waiting;
    if (next) next();
    else if (gate.running > 1) gate.running -= 1;
    else this.#gates.delete(key);
  }
}

/** Whoever leaves hands over its place, so `running` stays as it is. */
function queue(gate: Gate, maxWaitMs: number | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const enter = () => {
      gate.waiting.delete(enter);
      clearTimeout(timer);
      resolve();
    };
    const giveUp = () => {
      gate.waiting.delete(enter);
      reject(tooMany());
    };
    const timer = maxWaitMs === undefined ? undefined : setTimeout(giveUp, maxWaitMs);
    gate.waiting.add(enter);
  });
}

function tooMany(): AppError {
  return new AppError(
    'overloaded',
    'Too many changes of this restaurant are waiting. Nothing was stored; try again shortly.',
    { retryAfterSeconds: 1 },
  );
}
