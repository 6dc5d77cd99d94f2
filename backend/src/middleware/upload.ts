/** Reads multipart/form-data: files onto the disk, texts into memory, everything within limits and gone afterwards. */
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
/** Headings and borders of the parts. */
const FRAME_BYTES = 100_000;
const MAX_NAME_CHARS = 200;
const MAX_PART_HEADERS = 20;

export interface UploadOptions {
  /** Name of the part that is the file. */
  file: string;
  /** Parts that may come as a text or as a file: `curl -F mapping=@mapping.json` sends the latter. */
  texts: readonly string[];
  maxFileBytes: number;
}

export interface Upload {
  file: UploadedFile | undefined;
  /** Every other part. One that was sent twice is an array. */
  texts: Record<string, unknown>;
}

/** A file on the disk that is deleted when nobody needs it any more. */
export class UploadedFile {
  /** As the sender calls it, without folders. */
  readonly name: string;
  readonly #path: string;
  #users = 0;
  #isReleased = false;

  constructor(name: string, filePath: string) {
    this.name = name;
    this.#path = filePath;
  }

  /** Keeps the file until `work` has ended, even if the sender goes away meanwhile. */
  async use<T>(work: (filePath: string) => Promise<T>): Promise<T> {
    this.#users += 1;
    try {
      return await work(this.#path);
    } finally {
      this.#users -= 1;
      if (this.#isReleased) await this.release();
    }
  }

  /** Deletes the file, or lets its last user do so. */
  async release(): Promise<void> {
    this.#isReleased = true;
    if (this.#users === 0) await rm(this.#path, { force: true });
  }
}

/**
 * Reads a form. Its file is deleted when the response is over.
 * @throws AppError unsupported_media_type, payload_too_large, malformed_request, invalid_request.
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
  // multer has put the texts there.
  const texts: Record<string, unknown> = { ...(request.body as Record<string, unknown>) };
  for (const name of options.texts) {
    const text = await uploads.get(name)?.use((filePath) => readSmallFile(filePath, name));
    if (text !== undefined) texts[name] = text;
  }
  const file = uploads.get(options.file);
  if (request.get('idempotency-key') !== undefined) setBodyDigest(request, await digestOf(texts, file));
  return { file, texts };
}

/** Keeps files until the answer is through. One that came too slowly has been answered before its file is here. */
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
      // Parts without a name are counted by nothing else.
      parts: 1 + options.texts.length + MAX_TEXTS,
      headerPairs: MAX_PART_HEADERS,
    },
    defParamCharset: 'utf8',
  }).fields([options.file, ...options.texts].map((name) => ({ name, maxCount: 1 })));
  return new Promise((resolve, reject) => {
    parse(request, response, (error: unknown) => {
      if (error) reject(toAppError(error, options));
      // With `fields`, multer answers a list per part.
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
        `A text part holds at most ${MAX_TEXT_BYTES} bytes, and there are at most ${MAX_TEXTS}.`,
        { cause: error },
      );
    case 'LIMIT_FILE_COUNT':
    case 'LIMIT_UNEXPECTED_FILE':
      return invalid(`/${field}`, `Send one file, in the part "${options.file}".`);
  }
  return new AppError('malformed_request', 'The form is not complete multipart/form-data.', { cause: error });
}

function tooLarge(maxBytes: number): AppError {
  return new AppError(
    'payload_too_large',
    `A file holds at most ${Math.floor(maxBytes / 1_000_000)} MB here. Divide it, or use the command line.`,
  );
}

async function readSmallFile(filePath: string, name: string): Promise<string> {
  const bytes = await readFile(filePath);
  if (bytes.length > MAX_TEXT_BYTES)
    throw new AppError('payload_too_large', `The part "${name}" holds at most ${MAX_TEXT_BYTES} bytes.`);
  return bytes.toString('utf8').replace(/^\uFEFF/, '');
}

/** Neither folders nor characters that could not be stored or would tear a log line. */
function plainName(name: string): string {
  const last = path.basename(name.replaceAll('\\', '/'));
  const plain = Array.from(last.replaceAll(/[\p{Cc}\p{Surrogate}]/gu, ''))
    .slice(0, MAX_NAME_CHARS)
    .join('');
  return plain === '' ? 'file' : plain;
}

async function digestOf(texts: Record<string, unknown>, file: UploadedFile | undefined): Promise<Buffer> {
  const hash = createHash('sha256').update(JSON.stringify([texts, file?.name ?? null]));
  await file?.use(async (filePath) => {
    for await (const chunk of createReadStream(filePath)) hash.update(chunk as Buffer); // Without an encoding chunks are Buffers.
  });
  return hash.digest();
}
