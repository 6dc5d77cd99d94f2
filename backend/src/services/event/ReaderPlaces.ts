/**
 * Places of live readers in this process: each has an open connection. Their number is bounded for
 * a caller, for a restaurant and for all.
 */
import type { Call } from '../../domain/shared/call.js';
import { AppError } from '../../domain/shared/errors.js';

/** A wall of screens may share one key, but one caller must leave places to the others. */
const EACH_CALLER = 50;
const EACH_RESTAURANT = 100;
const ALL = 2_000;
const RETRY_AFTER_SECONDS = 5;

export class ReaderPlaces {
  readonly #taken = new Map<string, number>();
  #all = 0;

  /** Number of places taken. */
  get taken(): number {
    return this.#all;
  }

  /**
   * @returns a function that gives the place back, and may be called more than once.
   * @throws AppError overloaded when there is no place.
   */
  take({ restaurantId, actor }: Pick<Call, 'restaurantId' | 'actor'>): () => void {
    const caller = `${restaurantId}:${actor.kind}:${actor.id}`;
    if (this.#all >= ALL) throw full(`this server has ${ALL}`);
    if (this.#count(restaurantId) >= EACH_RESTAURANT) throw full(`your restaurant has ${EACH_RESTAURANT}`);
    if (this.#count(caller) >= EACH_CALLER) throw full(`you have ${EACH_CALLER}`);
    this.#add(restaurantId, caller, 1);
    let isTaken = true;
    return () => {
      if (isTaken) this.#add(restaurantId, caller, -1);
      isTaken = false;
    };
  }

  #count(key: string): number {
    return this.#taken.get(key) ?? 0;
  }

  #add(restaurantId: string, caller: string, change: 1 | -1): void {
    this.#all += change;
    for (const key of [restaurantId, caller]) {
      const count = this.#count(key) + change;
      if (count > 0) this.#taken.set(key, count);
      else this.#taken.delete(key);
    }
  }
}

function full(who: string): AppError {
  return new AppError('overloaded', `Too many live readers are connected: ${who}. Close some, or try again shortly.`, {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}
