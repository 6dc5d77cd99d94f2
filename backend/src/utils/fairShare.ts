import { AppError } from '../domain/shared/errors.js';

/** Reads leave places free, so that a restaurant that shows lists and reports can still sell. */
export type Use = 'read' | 'write';

interface Holder {
  reads: number;
  writes: number;
  /** In order of arrival. A Set keeps the order and allows removal from the middle. */
  waiting: Record<Use, Set<() => void>>;
}

/**
 * Shares few places among an unknown number of holders. A holder may take one more while it has
 * fewer places than are free. One alone gets half of the places, the next one half of the rest, and
 * three that compete a quarter each. Some places stay free for holders that have none (Choudhury
 * and Hahne, Dynamic queue length thresholds, 1998). Each read counts double against other reads.
 */
export class FairShare {
  readonly #places: number;
  readonly #maxWaiting: number;
  readonly #holders = new Map<string, Holder>();
  #taken = 0;
  #waiting = 0;

  /** @param maxWaiting how many may wait for one holder; more are refused. */
  constructor(places: number, maxWaiting: number) {
    this.#places = places;
    this.#maxWaiting = maxWaiting;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /**
   * Runs work in a place. Among waiting holders, the one with the fewest places comes first, and
   * its writes before its reads.
   * @throws AppError overloaded when too many wait for the holder, or it has waited too long; then
   *   the work has not begun.
   */
  async run<T>(key: string, use: Use, maxWaitMs: number, work: () => Promise<T>): Promise<T> {
    const holder = this.#holder(key);
    if (holder.waiting[use].size === 0 && this.#mayTake(holder, use)) this.#take(holder, use);
    else await this.#queue(holder, use, maxWaitMs);
    try {
      return await work();
    } finally {
      holder[use === 'read' ? 'reads' : 'writes'] -= 1;
      this.#taken -= 1;
      this.#admit();
      if (isUnused(holder)) this.#holders.delete(key);
    }
  }

  #mayTake({ reads, writes }: Holder, use: Use): boolean {
    const free = this.#places - this.#taken;
    return reads + writes < free && (use === 'write' || 2 * reads < free);
  }

  #take(holder: Holder, use: Use): void {
    holder[use === 'read' ? 'reads' : 'writes'] += 1;
    this.#taken += 1;
  }

  #admit(): void {
    for (let next = this.#next(); next; next = this.#next()) next();
  }

  /**
   * Finds the next one to enter. A few hundred comparisons at most, and none while nobody waits.
   */
  #next(): (() => void) | undefined {
    if (this.#waiting === 0) return undefined;
    let best: { enter: () => void; places: number } | undefined;
    for (const holder of this.#holders.values()) {
      const places = holder.reads + holder.writes;
      if (best && places >= best.places) continue;
      const enter = this.#firstOf(holder);
      if (enter) best = { enter, places };
    }
    return best?.enter;
  }

  #firstOf(holder: Holder): (() => void) | undefined {
    for (const use of ['write', 'read'] as const) {
      const [first] = holder.waiting[use];
      if (first && this.#mayTake(holder, use)) return first;
    }
    return undefined;
  }

  #queue(holder: Holder, use: Use, maxWaitMs: number): Promise<void> {
    const line = holder.waiting[use];
    if (line.size >= this.#maxWaiting) return Promise.reject(tooMany());
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        line.delete(enter);
        this.#waiting -= 1;
        clearTimeout(timer);
      };
      const enter = (): void => {
        leave();
        this.#take(holder, use);
        resolve();
      };
      const timer = setTimeout(() => {
        leave();
        reject(tooMany());
      }, maxWaitMs);
      line.add(enter);
      this.#waiting += 1;
    });
  }

  #holder(key: string): Holder {
    let holder = this.#holders.get(key);
    if (!holder) {
      holder = { reads: 0, writes: 0, waiting: { read: new Set(), write: new Set() } };
      this.#holders.set(key, holder);
    }
    return holder;
  }
}

function isUnused({ reads, writes, waiting }: Holder): boolean {
  return reads + writes + waiting.read.size + waiting.write.size === 0;
}

function tooMany(): AppError {
  return new AppError(
    'overloaded',
    'Too many requests of this restaurant are waiting for the database. Nothing was stored; try again shortly.',
    { retryAfterSeconds: 1 },
  );
}
