/**
 * Identifies and counts callers: by their credential once it was checked, otherwise by their
 * address.
 */
import type { Request, Response } from 'express';
import type { Call } from '../domain/shared/call.js';
import { AppError } from '../domain/shared/errors.js';
import type { CountedTier } from '../domain/people/rateLimits.js';
import type { AuthService } from '../services/AuthService.js';
import type { DeviceService } from '../services/DeviceService.js';
import type { Identity } from '../services/auth/callers.js';
import type { StreamTickets } from '../services/event/StreamTickets.js';
import type { Secrets } from '../utils/secrets.js';
import { Attempts, type Charge } from './attempts.js';
import { anonymousCall, bearerToken } from './authenticate.js';
import { rawBody } from './jsonBody.js';
import { addressKey, joined, type RateLimits, type Tally, write } from './rateLimit.js';
import { stateOf } from './requestContext.js';

const PURPOSE = 'rate-limit-attempt';

interface Dependencies {
  auth: AuthService;
  devices: Pick<DeviceService, 'deviceOf'>;
  streamTickets: StreamTickets;
  rateLimits: RateLimits;
  secrets: Secrets;
}

export class CallerLimits {
  readonly #deps: Dependencies;
  readonly #attempts: Attempts;

  constructor(deps: Dependencies) {
    this.#deps = deps;
    this.#attempts = new Attempts(deps.rateLimits);
  }

  /**
   * Identifies the caller and counts the call.
   * @param tier that counts a caller with a credential.
   * @throws AppError unauthenticated, invalid_token, rate_limited.
   */
  async identify(request: Request, response: Response, tier: CountedTier = 'api'): Promise<Call> {
    const token = await this.#tokenOf(request, response);
    return this.#identify(request, response, token, tier);
  }

  /**
   * Identifies the caller of a stream, by its credential or by a ticket, and counts the opening.
   * @throws AppError unauthenticated, invalid_token, rate_limited.
   */
  async identifyStream(request: Request, response: Response): Promise<Call> {
    const { auth } = this.#deps;
    const ticket: unknown = request.query['ticket'];
    const byTicket = typeof ticket === 'string' && request.get('authorization') === undefined;
    const token = byTicket ? await this.#redeem(request, response, ticket) : await this.#tokenOf(request, response);
    stateOf(request).identifyAgain = () => auth.identify(token);
    return this.#identify(request, response, token, 'streams');
  }

  /**
   * Identifies the maker of an opened link, with the rights of now, and counts the call as theirs.
   * A maker without rights is looked up in the database, so their links count by address.
   * @throws AppError invalid_token, rate_limited.
   */
  async identifyMaker(request: Request, response: Response, tier: CountedTier = 'api'): Promise<Call> {
    const { linkMaker } = stateOf(request);
    if (!linkMaker) throw new Error('the request has no link');
    const identity = await this.#attempts.run({
      response,
      fingerprint: this.#fingerprint(JSON.stringify(linkMaker)),
      again: 'token',
      charges: [{ tier: 'global', key: addressKey(request) }],
      isPaidFirst: () => false,
      work: () => this.#deps.auth.identifyMaker(linkMaker),
    });
    return this.#admit(request, response, identity, tier);
  }

  async #identify(request: Request, response: Response, token: string, tier: CountedTier): Promise<Call> {
    const identity = this.#deps.auth.recall(token) ?? (await this.#check(request, response, token));
    return this.#admit(request, response, identity, tier);
  }

  async #admit(request: Request, response: Response, identity: Identity, tier: CountedTier): Promise<Call> {
    const state = stateOf(request);
    const call: Call = { ...identity, requestId: state.requestId };
    state.call = call;
    write(response, await this.tally(identity, tier));
    return call;
  }

  /** Same as the first half of `identify`, for a caller in memory. */
  recall(token: string): Identity | undefined {
    return this.#deps.auth.recall(token);
  }

  /**
   * Counts a call of an identified caller; at once where no Redis is asked. Never throws.
   * @param tier that counts the caller.
   */
  tally(caller: Identity, tier: CountedTier = 'api'): Tally | Promise<Tally> {
    const { kind, id } = caller.actor;
    const isShared = tier === 'pairings';
    const key = isShared ? caller.restaurantId : `${caller.restaurantId}:${kind}:${id}`;
    const counted = tier === 'api' && caller.isBrowser ? 'console' : tier;
    const own = this.#deps.rateLimits.tally(counted, key, isShared ? 1 : caller.limitFactor);
    return own instanceof Promise
      ? own.then((one) => this.#withRestaurant(caller, tier, one))
      : this.#withRestaurant(caller, tier, own);
  }

  /**
   * Counts the restaurant after the caller's own limit, so that a device in a request loop does not
   * use up the restaurant's limit.
   */
  #withRestaurant(caller: Identity, tier: CountedTier, own: Tally): Tally | Promise<Tally> {
    if (own.refusal) return own;
    const { rateLimits } = this.#deps;
    const { restaurantId, planFactor } = caller;
    const all =
      tier === 'streams'
        ? rateLimits.tally('restaurant_streams', restaurantId, planFactor)
        : rateLimits.tallyRestaurant(restaurantId, planFactor);
    return all instanceof Promise ? all.then((one) => joined(own, one)) : joined(own, all);
  }

  /**
   * A caller without a credential, counted by address.
   * @param tier that counts it.
   * @throws AppError rate_limited.
   */
  async stranger(request: Request, response: Response, tier: CountedTier = 'global'): Promise<Call> {
    await this.#deps.rateLimits.count(tier, response, addressKey(request));
    return anonymousCall(request);
  }

  /**
   * Counts a call to an unknown path, by credential if there is one.
   * @throws AppError rate_limited.
   */
  async lost(request: Request, response: Response): Promise<void> {
    if (request.get('authorization') === undefined) return this.#countAddress(request, response);
    try {
      await this.identify(request, response);
    } catch (error) {
      if (error instanceof AppError && /^(?:unauthenticated|invalid_token)$/.test(error.code)) return;
      throw error;
    }
  }

  /**
   * Counts a request that names an account but is no login: a registration, a new demo, a password
   * change or reset. It counts by address and account, also if the request succeeds.
   * @throws AppError rate_limited.
   */
  async countNew(request: Request, response: Response, account: string): Promise<void> {
    const { key } = this.#accountCharge('auth', request, account);
    await this.#deps.rateLimits.count('auth', response, key);
  }

  /**
   * Runs a login. `logins` counts each one; the stricter tiers count only failures.
   * @throws AppError rate_limited; errors of the work.
   */
  async login<T>(request: Request, response: Response, account: string, work: () => Promise<T>): Promise<T> {
    const all = this.#accountCharge('logins', request, account);
    await this.#deps.rateLimits.count(all.tier, response, all.key);
    return this.#attempts.run({
      response,
      fingerprint: this.#deps.secrets.digest(PURPOSE, addressKey(request), request.path, account, rawBody(request)),
      again: 'attempt',
      charges: [this.#accountCharge('auth', request, account), { tier: 'entry', key: addressKey(request) }],
      isPaidFirst: () => true,
      work,
    });
  }

  /**
   * Runs a refresh. It is counted by its session.
   * @throws AppError rate_limited; errors of the work.
   */
  refresh<T>(request: Request, response: Response, refreshToken: string, work: () => Promise<T>): Promise<T> {
    const holder = this.#deps.auth.refreshFamily(refreshToken);
    return this.#byHolder(request, response, { tier: 'refresh', secret: refreshToken, holder }, work);
  }

  /**
   * Runs the question of a device for its key. It is counted by the device.
   * @throws AppError rate_limited; errors of the work.
   */
  pairing<T>(request: Request, response: Response, secret: string, work: () => Promise<T>): Promise<T> {
    const holder = this.#deps.devices.deviceOf(secret);
    return this.#byHolder(request, response, { tier: 'pairing_polls', secret, holder }, work);
  }

  /** A secret that this server did not make is counted by address if it fails. */
  async #byHolder<T>(
    request: Request,
    response: Response,
    { tier, secret, holder }: { tier: CountedTier; secret: string; holder: string | undefined },
    work: () => Promise<T>,
  ): Promise<T> {
    if (holder !== undefined) {
      await this.#deps.rateLimits.count(tier, response, holder);
      return work();
    }
    return this.#attempts.run({
      response,
      fingerprint: this.#fingerprint(secret),
      again: 'token',
      charges: [{ tier: 'entry', key: addressKey(request) }],
      isPaidFirst: () => true,
      work,
    });
  }

  async #tokenOf(request: Request, response: Response): Promise<string> {
    try {
      return bearerToken(request);
    } catch (error) {
      await this.#countAddress(request, response);
      throw error;
    }
  }

  #check(request: Request, response: Response, token: string) {
    const { auth } = this.#deps;
    return this.#attempts.run({
      response,
      fingerprint: this.#fingerprint(token),
      again: 'token',
      charges: [{ tier: 'global', key: addressKey(request) }],
      isPaidFirst: () => auth.mayBeInvented(token),
      // An invented key never becomes valid later.
      isFinal: true,
      work: () => auth.identify(token),
    });
  }

  #redeem(request: Request, response: Response, ticket: string): Promise<string> {
    const { streamTickets } = this.#deps;
    return this.#attempts.run({
      response,
      fingerprint: this.#fingerprint(ticket),
      again: 'token',
      charges: [{ tier: 'global', key: addressKey(request) }],
      isPaidFirst: () => streamTickets.isInvented(ticket),
      // A ticket that was not valid once never is.
      isFinal: true,
      work: () => streamTickets.redeem(ticket),
    });
  }

  async #countAddress(request: Request, response: Response): Promise<void> {
    await this.#deps.rateLimits.count('global', response, addressKey(request));
  }

  #accountCharge(tier: CountedTier, request: Request, account: string): Charge {
    return { tier, key: this.#deps.secrets.digest('rate-limit-account', addressKey(request), account) };
  }

  #fingerprint(token: string): string {
    return this.#deps.secrets.digest(PURPOSE, token);
  }
}
