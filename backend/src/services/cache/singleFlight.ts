/**
 * One load per key at a time, shared by all who ask meanwhile, its failure as well. A load that began before an invalidation
 * keeps its callers but takes no new ones: who asks after a write gets what was read after it.
 */
import type { CacheKey } from './keys.js';
import { type Guard, isCurrent } from './marks.js';
import type { Entry } from './memoryTier.js';

export interface Flight extends Guard {
  /** Set before anybody can find the flight. */
  promise: Promise<unknown>;
  /** The old value that may be answered while this flight renews it. */
  readonly stale: Entry | undefined;
  /** Somebody joined: what comes out is shared. */
  isShared: boolean;
}

const PENDING = Promise.resolve();
/** Above, a load runs for its caller alone: nobody is refused, and the map does not grow. */
const FLIGHTS_MAX = 10_000;

export class SingleFlight {
  readonly #flights = new Map<CacheKey, Flight>();

  get size(): number {
    return this.#flights.size;
  }

  /** The flight under way that a new caller may join. */
  find(key: CacheKey): Flight | undefined {
    const flight = this.#flights.get(key);
    return flight && isCurrent(flight) ? flight : undefined;
  }

  /**
   * Starts a flight in place of the one there may be.
   * @param work must pause before it calls anybody outside, and call `end` when it is done or has failed.
   */
  start(key: CacheKey, guard: Guard, work: (flight: Flight) => Promise<unknown>, stale?: Entry): Promise<unknown> {
    const { marks, fence } = guard;
    const flight: Flight = { marks, fence, promise: PENDING, stale, isShared: false };
    if (this.#flights.size < FLIGHTS_MAX || this.#flights.has(key)) this.#flights.set(key, flight);
    flight.promise = work(flight);
    return flight.promise;
  }

  /** From here on nobody can join. */
  end(key: CacheKey, flight: Flight): void {
    if (this.#flights.get(key) === flight) this.#flights.delete(key);
  }
}
