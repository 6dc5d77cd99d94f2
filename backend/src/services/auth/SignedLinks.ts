/**
 * Short links to files, for places that can send no credential: a link in a page, a printer, a
 * viewer of PDFs. A link names its file and its maker; a MAC keeps both from being changed. No row
 * is stored, and every instance can check it.
 */
import { timingSafeEqual } from 'node:crypto';
import { Track } from '../../decorators/Performance.js';
import type { Call } from '../../domain/shared/call.js';
import type { Clock } from '../../utils/clock.js';
import type { Secrets } from '../../utils/secrets.js';
import type { UnitOfWork } from '../UnitOfWork.js';

const PURPOSE = 'signed-link';
export const MAX_LINK_SECONDS = 900;
/** The clock of the instance that made the link may be ahead by so much. */
const SKEW_SECONDS = 60;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The person or key whose rights a link has. */
export interface LinkMaker {
  restaurantId: string;
  kind: 'user' | 'api_key';
  id: string;
  /** For a person: the link ends with the session. */
  sessionId: string | null;
  isBrowser: boolean;
}

/** The file of a link. */
export interface LinkTarget {
  /** Path and query, as a caller with a credential would request them. */
  path: string;
  /** Media type to send. */
  accept: string;
}

export interface OpenedLink extends LinkTarget {
  maker: LinkMaker;
}

export interface SignedLink {
  token: string;
  expiresAt: string;
}

interface Dependencies {
  unitOfWork: Pick<UnitOfWork, 'run'>;
  secrets: Secrets;
  clock: Clock;
}

export class SignedLinks {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** @param seconds until the link expires; at most `MAX_LINK_SECONDS`. */
  @Track('links.sign')
  async sign(call: Call, target: LinkTarget, seconds: number): Promise<SignedLink> {
    const sign = () => this.#sign(call, target, seconds);
    return call.idempotency ? this.#deps.unitOfWork.run(call, async () => sign()) : sign();
  }

  /** @returns undefined for a link that this server did not make, or that has expired. */
  open(token: string): OpenedLink | undefined {
    const [payload = '', mac = '', ...rest] = token.split('.');
    if (rest.length > 0 || !this.#isGenuine(payload, mac)) return undefined;
    const fields: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    if (!Array.isArray(fields)) return undefined;
    const [expiresAt, restaurantId, kind, id, sessionId, isBrowser, accept, path] = fields.map(String);
    const leftSeconds = Number(expiresAt) - this.#deps.clock().getTime() / 1_000;
    if (!(leftSeconds > 0 && leftSeconds <= MAX_LINK_SECONDS + SKEW_SECONDS)) return undefined;
    if (kind !== 'user' && kind !== 'api_key') return undefined;
    if (!UUID.test(restaurantId ?? '') || id === undefined || accept === undefined || path === undefined)
      return undefined;
    const maker: LinkMaker = {
      restaurantId: restaurantId ?? '',
      kind,
      id,
      sessionId: sessionId || null,
      isBrowser: isBrowser === 'true',
    };
    return { path, accept, maker };
  }

  #sign({ restaurantId, actor, isBrowser }: Call, { path, accept }: LinkTarget, seconds: number): SignedLink {
    const expiresAt = Math.floor(this.#deps.clock().getTime() / 1_000) + Math.min(seconds, MAX_LINK_SECONDS);
    const fields = [
      expiresAt,
      restaurantId,
      actor.kind,
      actor.id,
      actor.sessionId ?? '',
      isBrowser === true,
      accept,
      path,
    ];
    const payload = Buffer.from(JSON.stringify(fields)).toString('base64url');
    return { token: `${payload}.${this.#mac(payload)}`, expiresAt: new Date(expiresAt * 1_000).toISOString() };
  }

  #isGenuine(payload: string, mac: string): boolean {
    const [given, right] = [Buffer.from(mac), Buffer.from(this.#mac(payload))];
    return given.length === right.length && timingSafeEqual(given, right);
  }

  #mac(payload: string): string {
    return this.#deps.secrets.digest(PURPOSE, payload);
  }
}
