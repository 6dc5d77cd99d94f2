/**
 * Sends due webhooks. Several processes may do so: each leases deliveries for ten seconds, and
 * renews the leases while it sends. What a killed process had leased is taken over when its leases
 * end.
 */
import { randomInt } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { type Database, LONG_DEADLINE_MS, Sent } from '../../config/database.js';
import { NO_RESTAURANT } from '../../domain/shared/call.js';
import type { WebhookSecrets } from '../../domain/webhook/webhookEndpoint.js';
import type { AttemptResult, DeliveryQueue, DueDelivery, Lease } from '../../repositories/webhook/DeliveryQueue.js';
import type { Clock } from '../../utils/clock.js';
import { FairQueue } from '../../utils/fairQueue.js';
import { newId } from '../../utils/ids.js';
import type { HttpResponse } from '../httpClient/messages.js';
import type { HttpClientService } from '../HttpClientService.js';
import { bodyOf, expired, resultOf, unsigned } from './attempts.js';
import { type EndpointVault, keysOf } from './EndpointVault.js';
import { signedHeaders } from './signing.js';

/** Deliveries that one process has leased; of those of an endpoint it sends two at once. */
export const MOST_LEASED = 512;
/** Of these, deliveries to endpoints whose last attempt failed, or whose answers take long. */
const MOST_FAILING = 256;
const AT_ONCE_EACH = 2;
/** A lease ends a second later. What was not begun by then belongs to others. */
const LEASE_MS = 9_000;
/** For connecting, sending and reading the answer. */
const ATTEMPT_MS = 15_000;
const ANSWER_BYTES = 16_384;
/** Leases last for ten seconds. */
const RENEW_AFTER_MS = 3_000;
/** Longer than anything waits here. */
const FORGET_REST_MS = 600_000;
const FORGET_ROWS = 2_000;
const CLOSE_GRACE_MS = 3_000;

export interface WebhookObserver {
  /** @param sinceEventMs for the first attempt of an event that has just happened. */
  attempted(attempt: { outcome: 'delivered' | 'failed' | 'lost'; durationMs: number; sinceEventMs?: number }): void;
  backlog(backlog: { waiting: number; oldestSeconds: number; disabled: number }): void;
}

interface Dependencies {
  database: Database;
  queue: DeliveryQueue;
  vault: EndpointVault;
  http: Pick<HttpClientService, 'request'>;
  observer: WebhookObserver;
  clock: Clock;
  log: { warn(fields: object, message: string): void };
  /** Called when an attempt has ended: its endpoint has a place. */
  onEnded: () => void;
}

/** All on the clock of `performance.now()`. */
interface Running extends Lease {
  leasedAt: number;
  /** When the lease was taken or renewed. */
  since: number;
  work: Promise<void>;
}

export class Dispatcher {
  readonly #deps: Dependencies;
  readonly #workerId = newId();
  readonly #running = new Map<string, Running>();
  readonly #lanes = new FairQueue({ atOnceEach: AT_ONCE_EACH, maxWaitingEach: MOST_LEASED, refusal: 'Too many wait.' });
  /** When an endpoint began to rest: what was leased before is not sent. */
  readonly #restedAt = new Map<string, number>();
  readonly #leaving = new AbortController();

  constructor(deps: Dependencies) {
    this.#deps = deps;
    setMaxListeners(2 * MOST_LEASED, this.#leaving.signal);
  }

  /** Begins all attempts that are due and have room. @returns how many. */
  async dispatch(): Promise<number> {
    const { database, queue } = this.#deps;
    for (const [endpointId, at] of this.#restedAt)
      if (performance.now() - at > FORGET_REST_MS) this.#restedAt.delete(endpointId);
    const all = MOST_LEASED - this.#running.size;
    const failing = MOST_FAILING - [...this.#running.values()].filter(({ isFailing }) => isFailing).length;
    if (all <= 0 || this.#leaving.signal.aborted) return 0;
    const leases = await database.transaction(NO_RESTAURANT, (tx) =>
      queue.lease(tx, this.#workerId, { all, failing: Math.max(0, failing) }),
    );
    for (const restaurantId of new Set(leases.map((lease) => lease.restaurantId)))
      this.#begin(
        restaurantId,
        leases.filter((lease) => lease.restaurantId === restaurantId),
      );
    return leases.length;
  }

  /** Keeps the leases of attempts that last. To be called about once a second. */
  async renew(): Promise<void> {
    const { database, queue } = this.#deps;
    const now = performance.now();
    const long = [...this.#running.values()].filter(({ since }) => now - since > RENEW_AFTER_MS);
    if (long.length === 0) return;
    for (const one of long) one.since = now;
    await database.transaction(NO_RESTAURANT, (tx) => queue.renew(tx, this.#workerId, long));
  }

  async measure(): Promise<void> {
    const { database, queue, observer } = this.#deps;
    observer.backlog(await database.read(NO_RESTAURANT, (tx) => queue.backlog(tx)));
  }

  /**
   * Deletes deliveries that are over 30 days old, of all restaurants.
   * @param isStopping asked between two transactions.
   */
  async forget(isStopping: () => boolean = () => false): Promise<number> {
    const { database, queue } = this.#deps;
    let [forgotten, behind]: [number, string | undefined] = [0, undefined];
    while (!isStopping()) {
      const swept = await database.transaction(NO_RESTAURANT, (tx) => queue.forget(tx, behind, FORGET_ROWS));
      if (!swept) break;
      forgotten += swept.forgotten;
      // A restaurant that has more than that is swept again.
      if (swept.forgotten < FORGET_ROWS) behind = swept.lastRestaurantId;
    }
    return forgotten;
  }

  /** Waits a little for attempts in progress, then ends them: others will repeat them. */
  async close(): Promise<void> {
    const ended = Promise.all([...this.#running.values()].map(({ work }) => work));
    const cut = setTimeout(() => this.#leaving.abort(new Error('Servio stops.')), CLOSE_GRACE_MS);
    await ended;
    clearTimeout(cut);
    this.#leaving.abort(new Error('Servio stops.'));
  }

  #begin(restaurantId: string, leases: readonly Lease[]): void {
    const ids = leases.map(({ deliveryId }) => deliveryId);
    const loading = this.#deps.database.read(restaurantId, (tx) =>
      this.#deps.queue.load(restaurantId, tx, this.#workerId, ids),
    );
    const now = performance.now();
    for (const lease of leases) {
      const work = loading
        .then((loaded) => {
          const delivery = loaded.find(({ id }) => id === lease.deliveryId);
          return delivery && this.#deliver(restaurantId, delivery);
        })
        .catch((error: unknown) => {
          this.#deps.log.warn({ err: error, ...lease }, 'webhook not sent, will be leased again');
        })
        .finally(() => {
          this.#running.delete(lease.deliveryId);
          this.#deps.onEnded();
        });
      this.#running.set(lease.deliveryId, { ...lease, leasedAt: now, since: now, work });
    }
  }

  async #deliver(restaurantId: string, delivery: DueDelivery): Promise<void> {
    // The receiver has a place again when it has answered, before the outcome is stored.
    const attempt = await this.#lanes.run(delivery.endpointId, () => this.#attempt(delivery));
    if (!attempt) return;
    const { result, durationMs } = attempt;
    const isCounted = await this.#writeDown(restaurantId, delivery, result);
    const outcome = !isCounted ? 'lost' : result.isDelivered ? 'delivered' : 'failed';
    const sinceEventMs = this.#deps.clock().getTime() - Date.parse(delivery.createdAt);
    this.#deps.observer.attempted({
      outcome,
      durationMs,
      ...(delivery.isFresh && result.isDelivered ? { sinceEventMs } : {}),
    });
  }

  /** @returns undefined when nothing was sent: it will be leased again. */
  async #attempt(delivery: DueDelivery): Promise<{ result: AttemptResult; durationMs: number } | undefined> {
    const startedAt = performance.now();
    if (!this.#isInTurn(delivery, startedAt)) return undefined;
    const chance = randomInt(-1_000, 1_001);
    const parts = this.#deps.vault.openIfKnown(delivery.sealed);
    if (!parts) return { result: unsigned(delivery, chance), durationMs: 0 };
    const answer = delivery.subject === null ? undefined : await this.#send(delivery, parts);
    if (this.#leaving.signal.aborted && answer instanceof Error) return undefined;
    const durationMs = performance.now() - startedAt;
    const result = answer ? resultOf(delivery, parts, { answer, durationMs, chance }) : expired();
    if (result.restMs > 0) this.#restedAt.set(delivery.endpointId, performance.now());
    return { result, durationMs };
  }

  /**
   * False when its endpoint was disabled or began to rest meanwhile, or the lease may have ended.
   */
  #isInTurn({ id, endpointId, status }: DueDelivery, now: number): boolean {
    const own = this.#running.get(id);
    if (!own || status !== 'waiting' || now - own.since >= LEASE_MS) return false;
    return (this.#restedAt.get(endpointId) ?? -Infinity) < own.leasedAt;
  }

  async #send(delivery: DueDelivery, parts: WebhookSecrets): Promise<HttpResponse | Error> {
    const now = this.#deps.clock();
    const body = bodyOf(delivery);
    const timestamp = Math.floor(now.getTime() / 1_000);
    const signed = signedHeaders({ id: delivery.eventId, timestamp, body }, keysOf(parts, now));
    const headers = {
      ...parts.headers,
      'content-type': 'application/json',
      'user-agent': 'Servio-Webhooks',
      ...signed,
    };
    const signal = this.#leaving.signal;
    try {
      return await this.#deps.http.request(
        'webhooks.deliver',
        delivery.url,
        { method: 'POST', headers, body, signal },
        { timeoutMs: ATTEMPT_MS, maxResponseBytes: ANSWER_BYTES, cutsResponse: true },
      );
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  /** @returns false when another process has taken the delivery over. */
  async #writeDown(restaurantId: string, delivery: DueDelivery, result: AttemptResult): Promise<boolean> {
    const { database, queue } = this.#deps;
    // All in one go: the endpoint's lock must not wait for this process.
    const { isCounted } = await database.transaction(
      restaurantId,
      async (tx) => new Sent(queue.finish(restaurantId, tx, this.#workerId, delivery.id, result)),
      // An endpoint that is disabled may have many thousands of deliveries to give up.
      { deadlineMs: LONG_DEADLINE_MS },
    );
    return isCounted;
  }
}
