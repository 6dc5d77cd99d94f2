/**
 * One load per key at a time, called a flight. All callers that ask meanwhile share it, and its
 * failure. A load from before an invalidation keeps its callers but takes no new ones: a caller
 * that asks after a write gets a value that was read after it.
 */
import type { CacheKey } from './keys.js';
import { type Guard, isCurrent } from './marks.js';
import type { Entry } from './memoryTier.js';

export interface Flight extends Guard {
  /** Set before another caller can find the flight. */
  promise: Promise<unknown>;
  /** The old value to return while this flight reloads it. */
  readonly stale: Entry | undefined;
  /** True when another caller joined, so the result is shared. */
  isShared: boolean;
}

const PENDING = Promise.resolve();
/**
 * Above this number, a load runs only for its own caller: no caller is refused, and the map does
 * not grow.
 */
const FLIGHTS_MAX = 10_000;

export class SingleFlight {
  readonly #flights = new Map<CacheKey, Flight>();

  get size(): number {
    return this.#flights.size;
  }

  /** The running flight that a new caller may join. */
  find(key: CacheKey): Flight | undefined {
    const flight = this.#flights.get(key);
    return flight && isCurrent(flight) ? flight : undefined;
  }

  /**
   * Starts a flight and replaces the one that may exist.
   * @param work must await before it calls outside code, and call `end` when it is done or has
   *   failed.
   */
  start(key: CacheKey, guard: Guard, work: (flight: Flight) => Promise<unknown>, stale?: Entry): Promise<unknown> {
    const { marks, fence } = guard;
    const flight: Flight = { marks, fence, promise: PENDING, stale, isShared: false };
    if (this.#flights.size < FLIGHTS_MAX || this.#flights.has(key)) this.#flights.set(key, flight);
    flight.promise = work(flight);
    return flight.promise;
  }

  /** From here on no caller can join. */
  end(key: CacheKey, flight: Flight): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
  }
}
