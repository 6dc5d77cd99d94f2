import { AppError } from '../../domain/shared/errors.js';
import type { WebhookSecrets } from '../../domain/webhook/webhookEndpoint.js';
import type { Secrets } from '../../utils/secrets.js';
import { newKeyPair, newSecret, type SigningKeys } from './signing.js';

const PURPOSE = 'webhook-endpoint';
/** Also shown in the log of attempts. */
export const UNREADABLE =
  'The server has a new secret of its own and cannot read those of this endpoint. Call rotate-secret, then set the headers again.';
export const NO_SECRETS: WebhookSecrets = { secrets: [], headers: {}, signingKey: null };
/** For how long a secret still signs after another one was made. */
const ROTATION_MS = 24 * 3_600_000;

/** Seals the secrets of endpoints for the database. */
export class EndpointVault {
  readonly #secrets: Secrets;

  constructor(secrets: Secrets) {
    this.#secrets = secrets;
  }

  seal(parts: WebhookSecrets): Buffer {
    return this.#secrets.encrypt(PURPOSE, JSON.stringify(parts));
  }

  /** @throws AppError invalid_state when the server's secret has changed since it was sealed. */
  open(sealed: Buffer): WebhookSecrets {
    const parts = this.openIfKnown(sealed);
    if (!parts) throw new AppError('invalid_state', UNREADABLE);
    return parts;
  }

  /** @returns undefined when the server's secret has changed since it was sealed. */
  openIfKnown(sealed: Buffer): WebhookSecrets | undefined {
    let text: string;
    try {
      text = this.#secrets.decrypt(PURPOSE, sealed);
    } catch {
      return undefined;
    }
    // Only `seal` writes it.
    return JSON.parse(text) as WebhookSecrets;
  }
}

/** A new secret before the newest of the old ones, which signs for another day. */
export function rotated(
  parts: WebhookSecrets,
  now: Date,
): { parts: WebhookSecrets; secret: string; until: string | null } {
  const secret = newSecret();
  const [newest] = parts.secrets;
  const until = newest ? new Date(now.getTime() + ROTATION_MS).toISOString() : null;
  const old = newest ? [{ text: newest.text, until }] : [];
  return { parts: { ...parts, secrets: [{ text: secret, until: null }, ...old] }, secret, until };
}

/** Adds or removes the key pair of the `v1a` signatures. */
export function withKeyPair(
  parts: WebhookSecrets,
  isWanted: boolean,
): { parts: WebhookSecrets; publicKey: string | null } {
  if (!isWanted) return { parts: { ...parts, signingKey: null }, publicKey: null };
  const { publicKey, signingKey } = newKeyPair();
  return { parts: { ...parts, signingKey }, publicKey };
}

/** The keys that sign now. */
export function keysOf({ secrets, signingKey }: WebhookSecrets, now: Date): SigningKeys {
  const valid = secrets.filter(({ until }) => until === null || Date.parse(until) > now.getTime());
  return { secrets: valid.map(({ text }) => text), signingKey };
}
