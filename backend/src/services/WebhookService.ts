import { Track } from '../decorators/Performance.js';
import type { Tx } from '../config/database.js';
import type { Call } from '../domain/shared/call.js';
import { AppError, assertVersion, notFound } from '../domain/shared/errors.js';
import { changesBetween, type Fact } from '../domain/shared/events.js';
import { MAX_WEBHOOK_ENDPOINTS, type WebhookEndpoint } from '../domain/webhook/webhookEndpoint.js';
import type { WebhookRepository } from '../repositories/WebhookRepository.js';
import type { Clock } from '../utils/clock.js';
import type { Cursors, Page, PageOf } from '../utils/cursor.js';
import { newId } from '../utils/ids.js';
import type { UnitOfWork } from './UnitOfWork.js';
import { type EndpointVault, NO_SECRETS, rotated, withKeyPair } from './webhook/EndpointVault.js';
import {
  audienceOf,
  changedSecrets,
  type EndpointChange,
  type EndpointRequest,
  shown,
} from './webhook/endpointRules.js';
import type { Recoverable, Resends } from './webhook/Resends.js';
import type { WebhookAddresses } from './webhook/WebhookAddresses.js';

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: WebhookRepository;
  resends: Resends;
  addresses: WebhookAddresses;
  vault: EndpointVault;
  cursors: Cursors;
  clock: Clock;
}

/** With the secret, which is shown only once. */
export interface CreatedEndpoint extends WebhookEndpoint {
  secret: string;
}

export interface RotatedSecret {
  secret: string;
  /** Until when the former secret signs too. */
  oldSecretUntil: string | null;
}

/** Receivers of webhooks. They belong to their restaurant, not to the person who made them. */
export class WebhookService {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * @throws AppError invalid_request for an address that must not be called; forbidden for a type
   *   that the caller may not see; invalid_state when the restaurant has the maximum number.
   */
  @Track('webhook.create')
  async create(call: Call, request: EndpointRequest): Promise<CreatedEndpoint> {
    const { unitOfWork, repository, addresses, vault, clock } = this.#deps;
    const url = await addresses.accept(request.url);
    const audience = audienceOf(call, request.types ?? null);
    const { parts: first, secret } = rotated({ ...NO_SECRETS, headers: { ...request.headers } }, clock());
    const { parts, publicKey } = withKeyPair(first, request.asymmetric === true);
    return unitOfWork.run(call, async (tx) => {
      await repository.lockAll(call.restaurantId, tx);
      if ((await repository.countLive(call.restaurantId, tx)) >= MAX_WEBHOOK_ENDPOINTS) throw tooMany();
      const now = clock().toISOString();
      const endpoint: WebhookEndpoint = {
        id: newId(),
        version: 1,
        createdAt: now,
        updatedAt: now,
        url,
        ...audience,
        ordered: request.ordered ?? true,
        description: request.description ?? null,
        headerNames: Object.keys(parts.headers),
        publicKey,
        state: 'enabled',
        disabledReason: null,
        disabledAt: null,
      };
      await repository.insert(call.restaurantId, tx, endpoint);
      await repository.saveSealed(call.restaurantId, tx, endpoint.id, vault.seal(parts));
      await repository.insertQueue(call.restaurantId, tx, endpoint.id);
      await this.#record(tx, call, 'created', endpoint, changesBetween({}, shown(endpoint)));
      return { ...endpoint, secret };
    });
  }

  @Track('webhook.list')
  list(call: Call, page: Page): Promise<PageOf<WebhookEndpoint>> {
    const { unitOfWork, repository, cursors } = this.#deps;
    const binding = [call.restaurantId, 'webhook-endpoints'];
    const after = cursors.read(page.cursor, binding);
    return unitOfWork.read(call, async (tx) => {
      const slice = await repository.list(call.restaurantId, tx, { limit: page.limit, after });
      return cursors.slice(slice, binding, ({ id }) => id);
    });
  }

  @Track('webhook.get')
  get(call: Call, id: string): Promise<WebhookEndpoint> {
    return this.#deps.unitOfWork.read(call, async (tx) =>
      must(await this.#deps.repository.find(call.restaurantId, tx, id)),
    );
  }

  /**
   * Changes the fields that are given. A new address or new types make the endpoint the caller's:
   * it then gets only what the caller may see.
   * @throws as `create`; AppError version_mismatch.
   */
  @Track('webhook.change')
  async change(call: Call, id: string, change: EndpointChange): Promise<WebhookEndpoint> {
    const { repository, addresses, vault } = this.#deps;
    const url = change.url === undefined ? undefined : await addresses.accept(change.url);
    return this.#edit(call, id, async (tx, before) => {
      assertVersion(call.ifMatch, before.version);
      const after = { ...before };
      if (url !== undefined) after.url = url;
      if (change.ordered !== undefined) after.ordered = change.ordered;
      if (change.description !== undefined) after.description = change.description;
      if (url !== undefined || change.types !== undefined)
        Object.assign(after, audienceOf(call, change.types === undefined ? before.types : change.types));
      if (change.headers === undefined && change.asymmetric === undefined) return after;
      const sealed = await repository.sealed(call.restaurantId, tx, id);
      const changed = changedSecrets(vault.open(must(sealed)), before, change);
      await repository.saveSealed(call.restaurantId, tx, id, vault.seal(changed.parts));
      return { ...after, publicKey: changed.publicKey, headerNames: Object.keys(changed.parts.headers) };
    });
  }

  @Track('webhook.remove')
  remove(call: Call, id: string): Promise<void> {
    const { unitOfWork, repository, clock } = this.#deps;
    return unitOfWork.run(call, async (tx) => {
      const { endpoint } = await this.#lock(tx, call, id);
      assertVersion(call.ifMatch, endpoint.version);
      await repository.stopSending(call.restaurantId, tx, id);
      await repository.remove(call.restaurantId, tx, id, clock());
      await this.#record(tx, call, 'deleted', endpoint);
    });
  }

  /**
   * When the server cannot read the former secrets, the headers are gone: they are to be set again.
   * @returns a new secret. The former one signs too for another day.
   */
  @Track('webhook.rotateSecret')
  rotateSecret(call: Call, id: string): Promise<RotatedSecret> {
    const { unitOfWork, repository, vault, clock } = this.#deps;
    return unitOfWork.run(call, async (tx) => {
      const { endpoint } = await this.#lock(tx, call, id);
      const sealed = must(await repository.sealed(call.restaurantId, tx, id));
      const known = vault.openIfKnown(sealed);
      const { parts, secret, until } = rotated(known ?? NO_SECRETS, clock());
      const { parts: signing, publicKey } = known
        ? { parts, publicKey: endpoint.publicKey }
        : withKeyPair(parts, endpoint.publicKey !== null);
      await repository.saveSealed(call.restaurantId, tx, id, vault.seal(signing));
      if (known) await this.#record(tx, call, 'secret_rotated', endpoint);
      else await this.#save(tx, call, 'secret_rotated', endpoint, { ...endpoint, publicKey, headerNames: [] });
      return { secret, oldSecretUntil: until };
    });
  }

  /**
   * Starts sending again. @returns the endpoint, and what it missed: nothing of that is sent unless
   * it is recovered.
   */
  @Track('webhook.enable')
  enable(call: Call, id: string): Promise<WebhookEndpoint & { recoverable: Recoverable | null }> {
    const { unitOfWork, repository, resends } = this.#deps;
    return unitOfWork.run(call, async (tx) => {
      const { endpoint, missedSince } = await this.#lock(tx, call, id);
      if (endpoint.state === 'enabled') return { ...endpoint, recoverable: null };
      const recoverable = await resends.recoverable(call.restaurantId, tx, endpoint, missedSince);
      await repository.resetQueue(call.restaurantId, tx, id);
      const after = { ...endpoint, state: 'enabled' as const, disabledReason: null, disabledAt: null };
      return { ...(await this.#save(tx, call, 'enabled', endpoint, after)), recoverable };
    });
  }

  /** Stops sending. What waits is given up, and can be recovered. */
  @Track('webhook.disable')
  disable(call: Call, id: string): Promise<WebhookEndpoint> {
    const { unitOfWork, repository, clock } = this.#deps;
    return unitOfWork.run(call, async (tx) => {
      const { endpoint } = await this.#lock(tx, call, id);
      if (endpoint.state === 'disabled') return endpoint;
      await repository.stopSending(call.restaurantId, tx, id);
      const off = { state: 'disabled' as const, disabledReason: 'switched_off' as const };
      return this.#save(tx, call, 'disabled', endpoint, { ...endpoint, ...off, disabledAt: clock().toISOString() });
    });
  }

  /** Sends an event of its own type to this endpoint only. @throws AppError invalid_state. */
  @Track('webhook.test')
  test(call: Call, id: string): Promise<void> {
    return this.#deps.unitOfWork.run(call, async (tx) => {
      const { endpoint } = await this.#lock(tx, call, id);
      if (endpoint.state === 'disabled')
        throw new AppError('invalid_state', 'This endpoint is disabled, so nothing is sent to it. Enable it first.');
      await this.#record(tx, call, 'tested', endpoint);
    });
  }

  #edit(
    call: Call,
    id: string,
    change: (tx: Tx, before: WebhookEndpoint) => Promise<WebhookEndpoint>,
  ): Promise<WebhookEndpoint> {
    return this.#deps.unitOfWork.run(call, async (tx) => {
      const { endpoint } = await this.#lock(tx, call, id);
      const after = await this.#save(tx, call, 'changed', endpoint, await change(tx, endpoint));
      if (after.ordered !== endpoint.ordered && after.state === 'enabled')
        await this.#deps.repository.settleOrder(call.restaurantId, tx, id);
      return after;
    });
  }

  async #lock(tx: Tx, call: Call, id: string): Promise<{ endpoint: WebhookEndpoint; missedSince: string | null }> {
    const { repository } = this.#deps;
    const queue = must(await repository.lockQueue(call.restaurantId, tx, id));
    return { endpoint: must(await repository.lock(call.restaurantId, tx, id)), missedSince: queue.missedSince };
  }

  async #save(
    tx: Tx,
    call: Call,
    verb: Verb,
    before: WebhookEndpoint,
    changed: WebhookEndpoint,
  ): Promise<WebhookEndpoint> {
    const after = { ...changed, version: before.version + 1, updatedAt: this.#deps.clock().toISOString() };
    await this.#deps.repository.update(call.restaurantId, tx, after);
    await this.#record(tx, call, verb, after, changesBetween(shown(before), shown(after)));
    return after;
  }

  #record(tx: Tx, call: Call, verb: Verb, endpoint: WebhookEndpoint, changes?: Fact['changes']): Promise<void> {
    const fact: Fact = {
      type: `webhook_endpoint.${verb}`,
      subject: 'webhook_endpoint',
      subjectId: endpoint.id,
      data: shown(endpoint),
      ...(changes ? { changes } : {}),
    };
    return this.#deps.unitOfWork.record(tx, call, [fact]);
  }
}

type Verb = 'created' | 'changed' | 'deleted' | 'enabled' | 'disabled' | 'secret_rotated' | 'tested';

function must<T>(found: T | undefined): T {
  if (found === undefined) throw notFound('webhook endpoint');
  return found;
}

function tooMany(): AppError {
  return new AppError(
    'invalid_state',
    `This restaurant has ${MAX_WEBHOOK_ENDPOINTS} webhook endpoints, which is the maximum. Delete one first.`,
  );
}
