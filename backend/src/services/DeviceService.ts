import { randomInt } from 'node:crypto';
import type { Tx } from '../config/database.js';
import { Track } from '../decorators/Performance.js';
import {
  DEVICE_KINDS,
  DEVICE_SCOPES,
  type DeviceKind,
  readUserCode,
  shownUserCode,
  USER_CODE_LENGTH,
  USER_CODE_LETTERS,
} from '../domain/people/devices.js';
import { type Call, NO_RESTAURANT } from '../domain/shared/call.js';
import { AppError, invalid } from '../domain/shared/errors.js';
import type { Confirmation, DeviceRepository } from '../repositories/DeviceRepository.js';
import type { Clock } from '../utils/clock.js';
import type { Page, PageOf } from '../utils/cursor.js';
import type { Secrets } from '../utils/secrets.js';
import type { ApiKey, ApiKeyService, CreatedApiKey } from './ApiKeyService.js';
import type { ProvenTokens } from './auth/provenTokens.js';
import { readToken } from './auth/tenantTokens.js';
import type { MemberService } from './MemberService.js';
import type { RestaurantService } from './RestaurantService.js';
import type { UnitOfWork } from './UnitOfWork.js';

const CODE_PURPOSE = 'device-user-code';
const PAIRING_MS = 10 * 60_000;
const INTERVAL_SECONDS = 5;
/** About 200 bytes each. */
const MOST_PAIRINGS = 10_000;
/** A code is taken once in a million times at most. */
const ATTEMPTS = 5;

interface Dependencies {
  unitOfWork: UnitOfWork;
  repository: DeviceRepository;
  apiKeys: ApiKeyService;
  members: Pick<MemberService, 'rightsOf'>;
  restaurants: Pick<RestaurantService, 'settings'>;
  tokens: ProvenTokens;
  secrets: Secrets;
  clock: Clock;
}

/** `secret` is for the device alone, `userCode` for its screen. */
export interface StartedPairing {
  secret: string;
  userCode: string;
  expiresAt: string;
  /** Seconds between two questions of the device. */
  interval: number;
}

export interface ConfirmedPairing {
  name: string;
  kind: DeviceKind;
  /** The device must fetch its key before. */
  expiresAt: string;
}

export interface PairedDevice extends CreatedApiKey {
  restaurant: { id: string; name: string };
}

/**
 * Screens and tills with keys of their own. A device without login shows a code, a member enters
 * it, and the device fetches its key: the device flow of OAuth (RFC 8628).
 */
export class DeviceService {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** @throws AppError overloaded while too many devices show a code. */
  @Track('devices.start')
  start(call: Call): Promise<StartedPairing> {
    const { unitOfWork, repository, tokens, clock } = this.#deps;
    return unitOfWork.run(call, async (tx) => {
      const now = clock();
      const expiresAt = new Date(now.getTime() + PAIRING_MS);
      const { token: secret, hash: deviceHash } = tokens.mint('dev', NO_RESTAURANT);
      await repository.deleteExpired(tx, now);
      for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
        const letters = randomLetters();
        const codeHash = this.#codeHash(letters);
        if (await repository.insert(tx, { deviceHash, codeHash, expiresAt }, MOST_PAIRINGS))
          return {
            secret,
            userCode: shownUserCode(letters),
            expiresAt: expiresAt.toISOString(),
            interval: INTERVAL_SECONDS,
          };
      }
      throw new AppError('overloaded', 'Too many devices are being paired. Try again in a minute.', {
        retryAfterSeconds: 60,
      });
    });
  }

  /**
   * Lets the device that shows a code become one of the restaurant.
   * @throws AppError invalid_request at `/userCode` when no device shows this code, or when it was
   *   entered before; forbidden for an API key and for a kind with scopes that the caller lacks;
   *   invalid_state when the restaurant has the maximum number of valid keys.
   */
  @Track('devices.confirm')
  confirm(call: Call, sent: { userCode: string; name: string; kind: DeviceKind }): Promise<ConfirmedPairing> {
    const { unitOfWork, repository, apiKeys, clock } = this.#deps;
    const { name, kind } = sent;
    const { restaurantId, actor } = call;
    if (actor.kind !== 'user')
      throw new AppError('forbidden', 'Only a person can pair a device. Log in as a member of the restaurant.');
    return unitOfWork.run(call, async (tx) => {
      const missing = await this.#missingRight(tx, { restaurantId, name, kind, confirmedBy: actor.id });
      if (missing !== undefined)
        throw new AppError('forbidden', `A device of this kind has the scope "${missing}", which you do not have.`);
      await apiKeys.assertRoom(tx, restaurantId);
      const letters = readUserCode(sent.userCode);
      await tx.enterTenant(NO_RESTAURANT);
      const confirmation = { restaurantId, name, kind, confirmedBy: actor.id };
      const expiresAt = letters && (await repository.confirm(tx, this.#codeHash(letters), confirmation, clock()));
      if (expiresAt === undefined) throw unknownCode();
      await tx.enterTenant(restaurantId);
      return { name, kind, expiresAt };
    });
  }

  /**
   * Gives the device its key, once. The pairing ends with it.
   * @throws AppError pairing_pending until a member has entered the code; invalid_token when the
   *   secret is unknown or used, when the code has expired, and when the member may no longer pair.
   */
  @Track('devices.collect')
  async collect(call: Call, secret: string): Promise<PairedDevice> {
    const { unitOfWork, repository, apiKeys, restaurants, clock } = this.#deps;
    const presented = readToken('dev', secret);
    if (!presented) throw unusablePairing();
    return unitOfWork.run(call, async (tx) => {
      const confirmation = await repository.lock(tx, presented.hash, clock());
      if (confirmation === undefined) throw unusablePairing();
      if (confirmation === null) throw pending();
      await repository.delete(tx, presented.hash);
      const { restaurantId, name, kind, confirmedBy } = confirmation;
      await tx.enterTenant(restaurantId);
      if ((await this.#missingRight(tx, confirmation)) !== undefined) throw unusablePairing();
      const byMember: Call = { ...call, restaurantId, actor: { kind: 'user', id: confirmedBy } };
      const key = await apiKeys.makeForDevice(tx, byMember, name, kind);
      const { name: restaurantName } = await restaurants.settings(tx, restaurantId);
      return { ...key, restaurant: { id: restaurantId, name: restaurantName } };
    });
  }

  @Track('devices.list')
  list(call: Call, page: Page): Promise<PageOf<ApiKey>> {
    return this.#deps.apiKeys.list(call, page, DEVICE_KINDS);
  }

  /** @throws AppError not_found, version_mismatch. */
  @Track('devices.rename')
  rename(call: Call, id: string, name: string): Promise<ApiKey> {
    return this.#deps.apiKeys.rename(call, id, name, DEVICE_KINDS);
  }

  /** The device is refused from its next request on. @throws AppError not_found. */
  @Track('devices.revoke')
  revoke(call: Call, id: string): Promise<void> {
    return this.#deps.apiKeys.revoke(call, id, DEVICE_KINDS);
  }

  /** @returns an id of the device; undefined for a secret that this server did not make. */
  deviceOf(secret: string): string | undefined {
    return this.#deps.tokens.familyOf('dev', secret);
  }

  /** A right that the member needs to pair such a device, and does not have now. */
  async #missingRight(tx: Tx, { restaurantId, kind, confirmedBy }: Confirmation): Promise<string | undefined> {
    const rights = await this.#deps.members.rightsOf(tx, restaurantId, confirmedBy);
    return ['api_keys:write' as const, ...DEVICE_SCOPES[kind]].find((scope) => !rights?.has(scope));
  }

  #codeHash(letters: string): string {
    return this.#deps.secrets.digest(CODE_PURPOSE, letters);
  }
}

function randomLetters(): string {
  const letter = () => USER_CODE_LETTERS[randomInt(USER_CODE_LETTERS.length)];
  return Array.from({ length: USER_CODE_LENGTH }, letter).join('');
}

function unknownCode(): AppError {
  return invalid(
    '/userCode',
    'No device shows this code now. Compare it with the screen; after ten minutes the device shows another one.',
  );
}

function pending(): AppError {
  return new AppError('pairing_pending', `Nobody has entered the code yet. Ask again in ${INTERVAL_SECONDS} seconds.`, {
    retryAfterSeconds: INTERVAL_SECONDS,
  });
}

function unusablePairing(): AppError {
  return new AppError(
    'invalid_token',
    'This pairing is unknown, used or expired, or its member may no longer pair. Begin again with POST /v1/devices/pairings.',
  );
}
