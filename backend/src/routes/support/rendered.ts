import express, { type Request, type Response } from 'express';
import type { RenderedMenu } from '../../services/menu/renderMenu.js';
import { isKnown } from './etags.js';

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
export async function sendRendered(request: Request, response: Response, rendered: RenderedMenu): Promise<void> {
  if (isUnpacked(rendered, request.headers)) await rendered.gzipped();
  const { status, headers, body } = writtenOf(rendered, request.headers);
  response.statusCode = status;
  // Express's `send` and `type` would double the cost, so Node's own response functions are used.
  for (let at = 0; at < headers.length; at += 2) response.setHeader(headers[at] ?? '', headers[at + 1] ?? '');
  response.end(body);
}

/** True if the caller wants bytes that are not compressed yet. */
export function isUnpacked(rendered: RenderedMenu, asked: Asked): boolean {
  if (rendered.packed || !wantsGzip(asked['accept-encoding'])) return false;
  return !isKnown(asked['if-none-match'], rendered.etag);
}

/** @param rendered not `isUnpacked`. */
export function writtenOf(rendered: RenderedMenu, asked: Asked): Written {
  const headers = ['etag', rendered.etag, 'cache-control', 'private, no-cache', 'vary', 'Accept-Encoding'];
  if (isKnown(asked['if-none-match'], rendered.etag)) return { status: 304, headers, body: undefined };
  const packed = wantsGzip(asked['accept-encoding']) ? rendered.packed : undefined;
  const body = packed ?? rendered.body;
  if (packed) headers.push('content-encoding', 'gzip');
  headers.push('content-type', 'application/json; charset=utf-8', 'content-length', String(body.length));
  return { status: 200, headers, body };
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
