/** Reads a JSON body: UTF-8, decompressed, in time and within the limit of the route. */
import { isUtf8 } from 'node:buffer';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, type ZlibOptions } from 'node:zlib';
import type { Request, Response } from 'express';
import { AppError } from '../domain/shared/errors.js';
import { hasBody, readBytes, tooLarge } from './body.js';
import { checkShape } from './jsonShape.js';

const CHARSET = /;\s*charset\s*=\s*"?([^\s;"]+)/i;
const BYTE_ORDER_MARK = '\ufeff';

/** Encodings that every supported version of Node can decompress. */
const UNPACK = new Map<string, (bytes: Buffer, options: ZlibOptions) => Promise<Buffer>>([
  ['gzip', promisify(gunzip)],
  ['deflate', promisify(inflate)],
  ['br', promisify(brotliDecompress)],
]);

const rawBodies = new WeakMap<object, Buffer>();

/** The decompressed bytes of the body, for digests. */
export function rawBody(request: Request): Buffer {
  return rawBodies.get(request) ?? Buffer.alloc(0);
}

/**
 * @param maxBytes limit of the body, both compressed and decompressed.
 * @returns undefined for a request without a body.
 * @throws AppError malformed_request; request_timeout; payload_too_large; unsupported_media_type;
 *   overloaded; invalid_request for a body that nests too deep.
 */
export async function readJsonBody(request: Request, response: Response, maxBytes: number): Promise<unknown> {
  if (!hasBody(request)) return undefined;
  const charset = CHARSET.exec(request.get('content-type') ?? '')?.[1] ?? 'utf-8';
  if (!request.is('application/json') || charset.toLowerCase() !== 'utf-8') {
    throw new AppError('unsupported_media_type', 'Send the body as application/json in UTF-8.');
  }
  const encoding = request.get('content-encoding')?.toLowerCase() ?? 'identity';
  const unpack = UNPACK.get(encoding);
  if (!unpack && encoding !== 'identity') {
    throw new AppError('unsupported_media_type', 'Send the body as UTF-8, uncompressed or with gzip, deflate or br.');
  }
  const sent = await readBytes(request, response, maxBytes);
  const bytes = unpack ? await unpacked(unpack(sent, { maxOutputLength: maxBytes }), maxBytes) : sent;
  rawBodies.set(request, bytes);
  return parseJson(bytes);
}

async function unpacked(bytes: Promise<Buffer>, maxBytes: number): Promise<Buffer> {
  try {
    return await bytes;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(maxBytes);
    const detail = 'The body cannot be decompressed. Check that Content-Encoding is correct.';
    throw new AppError('malformed_request', detail, { cause });
  }
}

function parseJson(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) throw new AppError('malformed_request', 'The body is not valid UTF-8.');
  checkShape(bytes);
  const text = bytes.toString('utf8');
  const json = text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
  // A chunked body has no length header, so only now is it known to be empty.
  if (json === '') return {};
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new AppError('malformed_request', 'The body is not valid JSON.', { cause });
  }
}
