import type { Request } from 'express';
import type { IdempotencyClaim } from '../domain/shared/call.js';
import { AppError } from '../domain/shared/errors.js';
import type { Secrets } from '../utils/secrets.js';
import { rawBody } from './jsonBody.js';

const KEY = /^[\x21-\x7e]{1,255}$/;
const PURPOSE = 'idempotency-request';
const bodyDigests = new WeakMap<Request, Buffer>();

/** Sets a digest that represents the body if the body is too large to keep. */
export function setBodyDigest(request: Request, digest: Buffer): void {
  bodyDigests.set(request, digest);
}

/**
 * Reads the Idempotency-Key of a write. The digest is keyed, because a body may contain a password.
 * @param answer the route (method and pattern, e.g. `POST /v1/orders`), its status on success, and
 *   whether the answer contains a secret.
 * @throws AppError malformed_request unless the key is 1 to 255 visible ASCII characters.
 */
export function readIdempotencyClaim(
  request: Request,
  answer: Pick<IdempotencyClaim, 'route' | 'status' | 'showsSecret'>,
  secrets: Secrets,
): IdempotencyClaim | undefined {
  const key = request.get('idempotency-key');
  if (key === undefined) return undefined;
  if (!KEY.test(key))
    throw new AppError(
      'malformed_request',
      'Idempotency-Key must have 1 to 255 visible ASCII characters, for example a UUID.',
    );
  const requestHash = secrets.digest(PURPOSE, request.originalUrl, bodyDigests.get(request) ?? rawBody(request));
  return { ...answer, key, requestHash, replayed: false };
}
