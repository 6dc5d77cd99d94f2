import type { Request, Response } from 'express';
import { compressOnce, type StoredBody } from '../../utils/storedBody.js';
import { isKnown } from './etags.js';

const JSON_TYPE = 'application/json; charset=utf-8';
/** Below this size, compression saves no packet. */
const WORTH_COMPRESSING_BYTES = 1_000;

/**
 * Sends an answer from memory: 304 if the caller has it already, gzipped if the caller accepts
 * that.
 */
export async function sendRendered(
  request: Request,
  response: Response,
  rendered: StoredBody,
  type = JSON_TYPE,
): Promise<void> {
  // Express's `send` and `type` would double the cost, so Node's own response functions are used.
  response.setHeader('etag', rendered.etag);
  response.setHeader('cache-control', 'private, no-cache');
  response.setHeader('vary', 'Accept-Encoding');
  if (isKnown(request, rendered.etag)) {
    response.statusCode = 304;
    response.end();
    return;
  }
  const zipped = acceptsGzip(request) ? await rendered.gzipped() : undefined;
  sendBytes(response, zipped ?? rendered.body, type, zipped !== undefined);
}

/**
 * Sends JSON that is made for this one answer, gzipped if it is large and the caller accepts that.
 * @param mayCompress false for secrets: from the sizes of compressed answers, a listener who chooses
 *   a part of them could learn the rest (BREACH).
 */
export async function sendJson(
  request: Request,
  response: Response,
  body: Buffer,
  mayCompress: boolean,
): Promise<void> {
  const isWorthIt = mayCompress && body.length > WORTH_COMPRESSING_BYTES;
  if (isWorthIt) response.setHeader('vary', 'Accept-Encoding');
  const zipped = isWorthIt && acceptsGzip(request) ? await compressOnce(body) : undefined;
  sendBytes(response, zipped ?? body, JSON_TYPE, zipped !== undefined);
}

function acceptsGzip(request: Request): boolean {
  return request.acceptsEncodings('gzip', 'identity') === 'gzip';
}

function sendBytes(response: Response, body: Buffer, type: string, isZipped: boolean): void {
  if (isZipped) response.setHeader('content-encoding', 'gzip');
  response.setHeader('content-type', type);
  response.setHeader('content-length', body.length);
  response.end(body);
}

/** Sends a file to show or to save. @param name ASCII letters, digits, hyphens and dots. */
export function sendFile(response: Response, type: string, bytes: Uint8Array, name: string): void {
  response.set('cache-control', 'no-store').set('content-disposition', `inline; filename="${name}"`);
  response.type(type).send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

/**
 * Sends a file of a stranger: only to save, and never shown or guessed at by a browser.
 * @param name ASCII letters, digits, hyphens and dots.
 */
export function sendAttachment(response: Response, type: string, bytes: Uint8Array, name: string): void {
  response.set('cache-control', 'no-store').set('content-disposition', `attachment; filename="${name}"`);
  response.set('x-content-type-options', 'nosniff');
  response.type(type).send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}
