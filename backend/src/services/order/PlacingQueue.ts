/**
 * Queue of the orders that wait for their transaction. Orders of one restaurant that arrive while
 * the transaction before is under way go together in the next one (group commit): they share its
 * flush, its round trips and the lock of the counter. A single order never waits.
 */
import type { Order } from '../../domain/order/order.js';
import { unknownOutcome } from '../../config/database.js';
import { AppError } from '../../domain/shared/errors.js';
import { Batcher, type Outcome } from '../../utils/batcher.js';
import { systemTime, type Time } from '../../utils/resilience/time.js';
import type { Placed, Placing } from './Placing.js';

/** Covers waiting, all attempts and the commit, as for any other write. */
const DEADLINE_MS = 5_000;
/** An order that begins must still have time to connect. */
const MAX_WAIT_MS = 3_000;
const MAX_WAITING = 500;
/**
 * Orders and lines of one transaction. More save no more: the flush is shared by then, and all wait
 * for the slowest.
 */
const AT_ONCE = 50;
const LINES_AT_ONCE = 500;
const TOO_MANY = 'Too many orders of this restaurant are waiting. Nothing was stored; try again shortly.';

interface Waiting extends Placed {
  /** Time on the clock of `Time.now()`. */
  until: number;
}

export class PlacingQueue {
  readonly #placing: Pick<Placing, 'attempt'>;
  readonly #time: Time;
  readonly #batcher: Batcher<Waiting, Order>;

  constructor(placing: Pick<Placing, 'attempt'>, time: Time = systemTime) {
    this.#placing = placing;
    this.#time = time;
    this.#batcher = new Batcher({
      maxSize: AT_ONCE,
      maxWeight: LINES_AT_ONCE,
      weigh: ({ request }) => request.lines.length,
      maxWaiting: MAX_WAITING,
      maxWaitMs: MAX_WAIT_MS,
      time,
      refusal: TOO_MANY,
      run: (restaurantId, waiting) => this.#run(restaurantId, waiting),
      identities: ({ call: { actor, idempotency } }) =>
        idempotency ? [`${actor.kind} ${actor.id} ${idempotency.route} ${idempotency.key}`] : [],
    });
  }

  /**
   * @returns the committed order with its number.
   * @throws AppError overloaded, database_unavailable; also the reason why it cannot be taken.
   */
  place(placed: Placed): Promise<Order> {
    const waiting = { ...placed, until: this.#time.now() + DEADLINE_MS };
    const order = this.#batcher.add(placed.call.restaurantId, waiting);
    // Others of its transaction may have more time: it is answered before the transaction ends.
    return new Promise((resolve, reject) => {
      const cancel = this.#time.after(DEADLINE_MS, () => reject(unknownOutcome()));
      order.then(resolve, reject).finally(cancel);
    });
  }

  async #run(restaurantId: string, all: readonly Waiting[]): Promise<Map<Waiting, Outcome<Order>>> {
    const leftMs = Math.max(...all.map(({ until }) => until)) - this.#time.now();
    if (leftMs <= 0) return refused(all, new AppError('overloaded', TOO_MANY, { retryAfterSeconds: 1 }));
    try {
      // `attempt` returns the orders that it was given, so its keys are `Waiting`.
      return (await this.#placing.attempt(restaurantId, all, leftMs)) as Map<Waiting, Outcome<Order>>;
    } catch (error) {
      if (all.length === 1 || isOfAll(error)) return refused(all, error);
      return this.#alone(restaurantId, all);
    }
  }

  /**
   * One order makes the database fail. Each runs alone, in order of arrival, so that it costs no
   * other order its place.
   */
  async #alone(restaurantId: string, all: readonly Waiting[]): Promise<Map<Waiting, Outcome<Order>>> {
    const outcomes = new Map<Waiting, Outcome<Order>>();
    for (const one of all)
      for (const [waiting, outcome] of await this.#run(restaurantId, [one])) outcomes.set(waiting, outcome);
    return outcomes;
  }
}

/** The database or the queue failed, and no order is the reason. */
function isOfAll(error: unknown): boolean {
  return error instanceof AppError && (error.code === 'database_unavailable' || error.code === 'overloaded');
}

function refused(all: readonly Waiting[], error: unknown): Map<Waiting, Outcome<Order>> {
  return new Map(all.map((one) => [one, { error }]));
}
