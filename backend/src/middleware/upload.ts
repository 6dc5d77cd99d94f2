/**
 * Reads multipart/form-data within limits: files to disk, texts to memory. Files are deleted
 * afterwards.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Request, Response } from 'express';
import multer from 'multer';
import { AppError, invalid } from '../domain/shared/errors.js';
import { readWithPace } from './body.js';
import { setBodyDigest } from './idempotency.js';

const MAX_TEXT_BYTES = 100_000;
const MAX_TEXTS = 20;
/** Room for the headers and boundaries of the parts. */
export const FRAME_BYTES = 100_000;
const MAX_NAME_CHARS = 200;
export const MAX_PART_HEADERS = 20;

export interface UploadOptions {
  /** Name of the part that is the file. */
  file: string;
  /** Parts that may be a text or a file: `curl -F mapping=@mapping.json` sends a file. */
  texts: readonly string[];
  maxFileBytes: number;
}

export interface Upload {
  file: UploadedFile | undefined;
  /** All other parts. A part that was sent twice is an array. */
  texts: Record<string, unknown>;
}

/** A file on disk that is deleted after its last use. */
export class UploadedFile {
  /** The sender's name for the file, without folders. */
  readonly name: string;
  readonly #path: string;
  #users = 0;
  #isReleased = false;

  constructor(name: string, filePath: string) {
    this.name = name;
    this.#path = filePath;
  }

  /** Keeps the file until `work` ends, even if the sender disconnects meanwhile. */
  async use<T>(work: (filePath: string) => Promise<T>): Promise<T> {
    this.#users += 1;
    try {
      return await work(this.#path);
    } finally {
      this.#users -= 1;
      if (this.#isReleased) await this.release();
    }
  }

  /** Deletes the file, at once or after its last use. */
  async release(): Promise<void> {
    this.#isReleased = true;
    if (this.#users === 0) await rm(this.#path, { force: true });
  }
}

/**
 * Reads a form. Its files are deleted when the response ends.
 * @throws AppError unsupported_media_type, payload_too_large, malformed_request, invalid_request,
 *   request_timeout, overloaded.
 */
export async function readUpload(request: Request, response: Response, options: UploadOptions): Promise<Upload> {
  if (!request.is('multipart/form-data')) {
    throw new AppError(
      'unsupported_media_type',
      `Send the body as multipart/form-data with the file in the part "${options.file}".`,
    );
  }
  if (Number(request.get('content-length') ?? 0) > options.maxFileBytes + FRAME_BYTES)
    throw tooLarge(options.maxFileBytes);
  const uploads = await readWithPace(request, response, async () =>
    untilAnswered(response, await parseForm(request, response, options)),
  );
  // multer puts the texts into `request.body`.
  const texts: Record<string, unknown> = { ...(request.body as Record<string, unknown>) };
  for (const name of options.texts) {
    const text = await uploads.get(name)?.use((filePath) => readSmallFile(filePath, name));
    if (text !== undefined) texts[name] = text;
  }
  const file = uploads.get(options.file);
  if (request.get('idempotency-key') !== undefined) setBodyDigest(request, await digestOf(texts, file));
  return { file, texts };
}

/**
 * Keeps files until the answer is sent. A slow request may be answered already; its files are
 * deleted at once.
 */
function untilAnswered(response: Response, files: readonly Express.Multer.File[]): Map<string, UploadedFile> {
  const uploads = new Map(
    files.map((file) => [file.fieldname, new UploadedFile(plainName(file.originalname), file.path)]),
  );
  const release = (): void => {
    for (const upload of uploads.values()) void upload.release().catch(() => undefined);
  };
  if (response.writableEnded || response.destroyed) release();
  else response.once('close', release);
  return uploads;
}

function parseForm(request: Request, response: Response, options: UploadOptions): Promise<Express.Multer.File[]> {
  const parse = multer({
    storage: multer.diskStorage({ destination: tmpdir() }),
    limits: {
      fileSize: options.maxFileBytes,
      files: 1 + options.texts.length,
      fieldSize: MAX_TEXT_BYTES,
      fields: MAX_TEXTS,
      fieldNestingDepth: 0,
      // No other limit counts parts without a name.
      parts: 1 + options.texts.length + MAX_TEXTS,
      headerPairs: MAX_PART_HEADERS,
    },
    defParamCharset: 'utf8',
  }).fields([options.file, ...options.texts].map((name) => ({ name, maxCount: 1 })));
  return new Promise((resolve, reject) => {
    parse(request, response, (error: unknown) => {
      if (error) reject(toAppError(error, options));
      // With `fields`, multer returns one list per part.
      else resolve(Object.values(request.files as Record<string, Express.Multer.File[]>).flat());
    });
  });
}

function toAppError(error: unknown, options: UploadOptions): AppError {
  const code: string = error instanceof multer.MulterError ? error.code : '';
  const field = error instanceof multer.MulterError ? (error.field ?? '') : '';
  switch (code) {
    case 'LIMIT_FILE_SIZE':
      return tooLarge(options.maxFileBytes);
    case 'LIMIT_FIELD_VALUE':
    case 'LIMIT_FIELD_COUNT':
    case 'LIMIT_FIELD_KEY':
    case 'LIMIT_PART_COUNT':
      return new AppError(
        'payload_too_large',
        `Send at most ${MAX_TEXTS} text parts, each of at most ${MAX_TEXT_BYTES} bytes.`,
        { cause: error },
      );
    case 'LIMIT_FILE_COUNT':
    case 'LIMIT_UNEXPECTED_FILE':
      return invalid(`/${field}`, `Send one file, in the part "${options.file}".`);
  }
  return new AppError('malformed_request', 'The form is not complete multipart/form-data. Send it again.', {
    cause: error,
  });
}

function tooLarge(maxBytes: number): AppError {
  return new AppError(
    'payload_too_large',
    `The file is too large. Send at most ${Math.floor(maxBytes / 1_000_000)} MB here: split it, or import it on the command line.`,
  );
}

async function readSmallFile(filePath: string, name: string): Promise<string> {
  const bytes = await readFile(filePath);
  if (bytes.length > MAX_TEXT_BYTES)
    throw new AppError('payload_too_large', `The part "${name}" is too large. Send at most ${MAX_TEXT_BYTES} bytes.`);
  return bytes.toString('utf8').replace(/^\uFEFF/, '');
}

/** Removes folders and characters that cannot be stored or would break a log line. */
export function plainName(name: string): string {
  const last = path.basename(name.replaceAll('\\', '/'));
  const plain = Array.from(last.replaceAll(/[\p{Cc}\p{Surrogate}]/gu, ''))
    .slice(0, MAX_NAME_CHARS)
    .join('');
  return plain === '' ? 'file' : plain;
}

async function digestOf(texts: Record<string, unknown>, file: UploadedFile | undefined): Promise<Buffer> {
  const hash = createHash('sha256').update(JSON.stringify([texts, file?.name ?? null]));
  await file?.use(async (filePath) => {
    // Without an encoding, chunks are Buffers.
    for await (const chunk of createReadStream(filePath)) hash.update(chunk as Buffer);
  });
  return hash.digest();
}
