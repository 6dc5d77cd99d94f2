import express, { type Request, type Response } from 'express';
import { compressOnce, type StoredBody } from '../../utils/storedBody.js';
import { isKnown } from './etags.js';

const JSON_TYPE = 'application/json; charset=utf-8';
/** Below this size, compression saves no packet. */
const WORTH_COMPRESSING_BYTES = 1_000;
/** Most texts of Accept-Encoding that are remembered: clients send some ten. */
const MAX_ENCODINGS = 100;
const gzipWanted = new Map<string, boolean>();

/** Headers of a request that decide about the bytes. */
export interface Asked {
  'if-none-match'?: string | undefined;
  'accept-encoding'?: string | string[] | undefined;
}

/** An answer from memory, ready to be written. */
export interface Written {
  status: 200 | 304;
  /** Names and values in turn. */
  headers: string[];
  body: Buffer | undefined;
}

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
  if (isUnpacked(rendered, request.headers)) await rendered.gzipped();
  const { status, headers, body } = writtenOf(rendered, request.headers, type);
  response.statusCode = status;
  // Express's `send` and `type` would double the cost, so Node's own response functions are used.
  for (let at = 0; at < headers.length; at += 2) response.setHeader(headers[at] ?? '', headers[at + 1] ?? '');
  response.end(body);
}

/** True if the caller wants bytes that are not compressed yet. */
export function isUnpacked(rendered: StoredBody, asked: Asked): boolean {
  if (rendered.packed || !wantsGzip(asked['accept-encoding'])) return false;
  return !isKnown(asked['if-none-match'], rendered.etag);
}

/** @param rendered not `isUnpacked`. */
export function writtenOf(rendered: StoredBody, asked: Asked, type = JSON_TYPE): Written {
  const headers = ['etag', rendered.etag, 'cache-control', 'private, no-cache', 'vary', 'Accept-Encoding'];
  if (isKnown(asked['if-none-match'], rendered.etag)) return { status: 304, headers, body: undefined };
  const packed = wantsGzip(asked['accept-encoding']) ? rendered.packed : undefined;
  const body = packed ?? rendered.body;
  if (packed) headers.push('content-encoding', 'gzip');
  headers.push('content-type', type, 'content-length', String(body.length));
  return { status: 200, headers, body };
}

/**
 * Sends JSON that is made for this one answer, gzipped if it is large and the caller accepts that.
 * @param mayCompress false for secrets: from the sizes of compressed answers, a listener who
 *   chooses a part of them could learn the rest (BREACH).
 */
export async function sendJson(
  request: Request,
  response: Response,
  body: Buffer,
  mayCompress: boolean,
): Promise<void> {
  const isWorthIt = mayCompress && body.length > WORTH_COMPRESSING_BYTES;
  if (isWorthIt) response.setHeader('vary', 'Accept-Encoding');
  const zipped = isWorthIt && wantsGzip(request.headers['accept-encoding']) ? await compressOnce(body) : undefined;
  const sent = zipped ?? body;
  if (zipped) response.setHeader('content-encoding', 'gzip');
  response.setHeader('content-type', JSON_TYPE);
  response.setHeader('content-length', sent.length);
  response.end(sent);
}

/** Whether Accept-Encoding prefers gzip to the plain bytes, as Express reads it. */
function wantsGzip(acceptEncoding: string | string[] | undefined): boolean {
  // Node joins the values of this header: it is never a list.
  if (typeof acceptEncoding !== 'string') return false;
  const known = gzipWanted.get(acceptEncoding);
  if (known !== undefined) return known;
  // Express reads only this header.
  const asked = { headers: { 'accept-encoding': acceptEncoding } } as unknown as Request;
  const wanted = express.request.acceptsEncodings.call(asked, 'gzip', 'identity') === 'gzip';
  if (gzipWanted.size >= MAX_ENCODINGS) gzipWanted.clear();
  gzipWanted.set(acceptEncoding, wanted);
  return wanted;
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
