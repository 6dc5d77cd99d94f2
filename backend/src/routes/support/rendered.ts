import type { Request, Response } from 'express';
import type { RenderedMenu } from '../../services/menu/renderMenu.js';
import { isKnown } from './etags.js';

/**
 * Sends an answer from memory: 304 if the caller has it already, gzipped if the caller accepts
 * that.
 */
export async function sendRendered(request: Request, response: Response, rendered: RenderedMenu): Promise<void> {
  // Express's `send` and `type` would double the cost, so Node's own response functions are used.
  response.setHeader('etag', rendered.etag);
  response.setHeader('cache-control', 'private, no-cache');
  response.setHeader('vary', 'Accept-Encoding');
  if (isKnown(request, rendered.etag)) {
    response.statusCode = 304;
    response.end();
    return;
  }
  const wantsGzip = request.acceptsEncodings('gzip', 'identity') === 'gzip';
  const body = wantsGzip ? await rendered.gzipped() : rendered.body;
  if (wantsGzip) response.setHeader('content-encoding', 'gzip');
  response.setHeader('content-type', 'application/json; charset=utf-8');
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
