import type { Tx } from '../../config/database.js';
import { Track } from '../../decorators/Performance.js';
import type { Call } from '../../domain/shared/call.js';
import { AppError, invalid, notFound } from '../../domain/shared/errors.js';
import type { EventType } from '../../domain/shared/events.js';
import type { WebhookEndpoint } from '../../domain/webhook/webhookEndpoint.js';
import {
  type Delivery,
  type DeliveryFilter,
  type DeliveryLog,
  type DeliveryPlace,
  NEWEST_PLACE,
  type Resending,
  type Resent,
} from '../../repositories/webhook/DeliveryLog.js';
import type { WebhookRepository } from '../../repositories/WebhookRepository.js';
import type { Cursors, Page, PageOf } from '../../utils/cursor.js';
import type { Nudge } from '../../utils/nudge.js';
import type { UnitOfWork } from '../UnitOfWork.js';

/** Deliveries that one call makes, and events that it looks through. */
const MOST_DELIVERIES = 5_000;
const MOST_POSITIONS = 100_000;
/** Longer than a relay takes. */
const ABOUT_MS = 60_000;

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: WebhookRepository;
  log: DeliveryLog;
  cursors: Cursors;
  /** Given when something is due. */
  webhooksDue: Nudge;
}

export interface ResendRequest {
  /** RFC 3339: events of that time or later. */
  since: string;
  /** Events after this position: `nextAfter` of the call before. */
  after?: number | undefined;
  types?: readonly EventType[] | undefined;
}

/** What an endpoint that was disabled has not got. */
export interface Recoverable {
  /** To be given to `recover`. */
  since: string;
  /** Counted up to 5,000. */
  deliveries: number;
}

/** The log of deliveries, and sending again. */
export class Resends {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  @Track('webhook.listDeliveries')
  list(call: Call, query: DeliveryFilter & Page): Promise<PageOf<Delivery>> {
    const { unitOfWork, log, cursors } = this.#deps;
    const { limit, cursor, ...filter } = query;
    const binding = [call.restaurantId, 'webhook-deliveries', filter.endpointId, filter.status, filter.eventId];
    const below = placeOf(cursors.read(cursor, binding));
    return unitOfWork.read(call, async (tx) => {
      const slice = await log.list(call.restaurantId, tx, filter, { below, limit });
      return cursors.slice(slice, binding, ({ position, id }) => `${position} ${id}`);
    });
  }

  /** Sends one again, whatever became of it. @throws AppError not_found, invalid_state. */
  @Track('webhook.redeliver')
  redeliver(call: Call, id: string): Promise<Delivery> {
    const { unitOfWork, log, repository } = this.#deps;
    return unitOfWork.run(call, async (tx) => {
      const found = await log.find(call.restaurantId, tx, id);
      if (!found) throw notFound('webhook delivery');
      await this.#lockEnabled(tx, call, found.endpointId);
      if (!(await log.rearm(call.restaurantId, tx, id)))
        throw new AppError('invalid_state', 'This delivery waits already. It is tried by itself at `nextAttemptAt`.');
      await repository.settleOrder(call.restaurantId, tx, found.endpointId);
      tx.afterCommit(() => this.#deps.webhooksDue.give());
      const again = await log.find(call.restaurantId, tx, id);
      return again ?? found;
    });
  }

  /** Sends what the endpoint asks for and has not got: given up, or from when it was disabled. */
  @Track('webhook.recover')
  recover(call: Call, endpointId: string, request: ResendRequest): Promise<Resent> {
    return this.#resend(call, endpointId, request, false);
  }

  /** Sends all events that the endpoint asks for, also those that it has got. */
  @Track('webhook.replay')
  replay(call: Call, endpointId: string, request: ResendRequest): Promise<Resent> {
    return this.#resend(call, endpointId, request, true);
  }

  /** What a disabled endpoint can be given after all. The caller has locked its queue. */
  async recoverable(
    restaurantId: string,
    tx: Tx,
    { id, disabledAt }: WebhookEndpoint,
    missedSince: string | null,
  ): Promise<Recoverable | null> {
    const since = missedSince ?? disabledAt;
    if (since === null) return null;
    const { log } = this.#deps;
    const events = await this.#eventsOf(restaurantId, tx, { since }, false);
    return { since, deliveries: await log.countMissing(restaurantId, tx, id, events) };
  }

  #resend(call: Call, endpointId: string, request: ResendRequest, withDelivered: boolean): Promise<Resent> {
    const { unitOfWork, log, repository } = this.#deps;
    return unitOfWork.run(call, async (tx) => {
      await this.#lockEnabled(tx, call, endpointId);
      const events = await this.#eventsOf(call.restaurantId, tx, request, withDelivered);
      const resent = await log.resend(call.restaurantId, tx, endpointId, events);
      await repository.settleOrder(call.restaurantId, tx, endpointId);
      tx.afterCommit(() => this.#deps.webhooksDue.give());
      const isCut = resent.nextAfter === null && events.upTo < events.newest;
      return isCut ? { ...resent, nextAfter: events.upTo } : resent;
    });
  }

  async #eventsOf(
    restaurantId: string,
    tx: Tx,
    { since, after, types }: ResendRequest,
    withDelivered: boolean,
  ): Promise<Resending & { newest: number }> {
    const from = new Date(since);
    // Two relays give positions in turn, so times are in order only by and large.
    const about = new Date(from.getTime() - ABOUT_MS);
    const { position, newest } = await this.#deps.log.since(restaurantId, tx, about);
    if (after !== undefined && after > newest)
      throw invalid('/after', `The newest event is at position ${newest}. Give that one or less.`);
    const start = Math.max(position - 1, after ?? 0);
    const upTo = Math.min(newest, start + MOST_POSITIONS);
    return { after: start, upTo, since: from, newest, types: types ?? null, withDelivered, most: MOST_DELIVERIES };
  }

  async #lockEnabled(tx: Tx, call: Call, endpointId: string): Promise<void> {
    const { repository } = this.#deps;
    const queue = await repository.lockQueue(call.restaurantId, tx, endpointId);
    const endpoint = queue && (await repository.lock(call.restaurantId, tx, endpointId));
    if (!endpoint) throw notFound('webhook endpoint');
    if (endpoint.state === 'disabled')
      throw new AppError('invalid_state', 'This endpoint is disabled, so nothing is sent to it. Enable it first.');
  }
}

/** @param text `<position> <id>` from a cursor of ours; undefined at the start of the list. */
function placeOf(text: string | undefined): DeliveryPlace {
  if (text === undefined) return NEWEST_PLACE;
  const [position, id] = text.split(' ');
  return { position: Number(position), id: id ?? NEWEST_PLACE.id };
}
