/**
 * Reads multipart/form-data of several files, each taken in by the caller while it arrives:
 * counted, hashed and stored, never whole in memory.
 */
import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { callbackify } from 'node:util';
import type { Request, Response } from 'express';
import multer from 'multer';
import { AppError, invalid } from '../domain/shared/errors.js';
import { readWithPace } from './body.js';
import { setBodyDigest } from './idempotency.js';
import { FRAME_BYTES, MAX_PART_HEADERS, plainName } from './upload.js';

/** A mail has headers and bodies as texts. */
const MAX_IGNORED_TEXTS = 100;
const MAX_IGNORED_BYTES = 2_000_000;

/** A file that was taken in elsewhere, under the sender's name for it. */
export interface TakenFile<T> {
  name: string;
  file: T;
}

export interface FilesOptions<T> {
  /** Name of the parts that are files; absent: any, and texts beside them are ignored. */
  part?: string | undefined;
  maxFiles: number;
  maxFileBytes: number;
  /** Takes a file in while it arrives, so that none is ever whole in memory. */
  takeIn: (stream: Readable) => Promise<T>;
  /** Makes the digest for the Idempotency-Key. */
  digestOf: (file: T) => string;
}

/**
 * Reads a form of several files. What nobody has kept by then is discarded when the answer is sent.
 * @throws as `readUpload`.
 */
export async function readFiles<T extends { discard(): Promise<void> }>(
  request: Request,
  response: Response,
  options: FilesOptions<T>,
): Promise<TakenFile<T>[]> {
  const { part, maxFiles, maxFileBytes } = options;
  if (!request.is('multipart/form-data'))
    throw new AppError(
      'unsupported_media_type',
      `Send multipart/form-data with files in parts named "${part ?? 'any'}".`,
    );
  if (Number(request.get('content-length') ?? 0) > maxFiles * maxFileBytes + FRAME_BYTES)
    throw tooLargeFiles(maxFiles, maxFileBytes);
  const taken = await readWithPace(request, response, () => takeFiles(request, response, options));
  const parts = taken.map(({ name, file }) => [name, options.digestOf(file)]);
  if (request.get('idempotency-key') !== undefined)
    setBodyDigest(request, createHash('sha256').update(JSON.stringify(parts)).digest());
  return taken;
}

function takeFiles<T extends { discard(): Promise<void> }>(
  request: Request,
  response: Response,
  options: FilesOptions<T>,
): Promise<TakenFile<T>[]> {
  const { part, maxFiles, maxFileBytes } = options;
  // In the order of the parts: a small file behind a large one is complete before it.
  const taken: (TakenFile<T> | undefined)[] = [];
  let isOver = false;
  const discard = (): void => {
    isOver = true;
    for (const one of taken) void one?.file.discard().catch(() => undefined);
  };
  const storage: multer.StorageEngine = {
    _handleFile: (_request, sent, done) => {
      const place = taken.push(undefined) - 1;
      const take = async (): Promise<Partial<Express.Multer.File>> => {
        taken[place] = { name: plainName(sent.originalname), file: await options.takeIn(sent.stream) };
        // A file that is complete only after the fault of another, or after the answer.
        if (isOver || response.writableEnded || response.destroyed) discard();
        return {};
      };
      callbackify(take)(done);
    },
    // After a fault all are discarded at once.
    _removeFile: (_request, _sent, done) => done(null),
  };
  const form = multer({
    storage,
    limits: {
      fileSize: maxFileBytes,
      files: maxFiles,
      fields: part === undefined ? MAX_IGNORED_TEXTS : 0,
      fieldSize: MAX_IGNORED_BYTES,
      parts: maxFiles + (part === undefined ? MAX_IGNORED_TEXTS : 0),
      headerPairs: MAX_PART_HEADERS,
    },
    defParamCharset: 'utf8',
  });
  const parse = part === undefined ? form.any() : form.array(part, maxFiles);
  response.once('close', discard);
  return new Promise((resolve, reject) => {
    parse(request, response, (error: unknown) => {
      if (!error) return resolve(taken.filter((one) => one !== undefined));
      discard();
      reject(filesError(error, options));
    });
  });
}

function filesError(
  error: unknown,
  { part, maxFiles, maxFileBytes }: Omit<FilesOptions<never>, 'takeIn' | 'digestOf'>,
): AppError {
  if (error instanceof AppError) return error;
  const code: string = error instanceof multer.MulterError ? error.code : '';
  switch (code) {
    case 'LIMIT_FILE_SIZE':
    case 'LIMIT_FILE_COUNT':
    case 'LIMIT_PART_COUNT':
      return tooLargeFiles(maxFiles, maxFileBytes);
    case 'LIMIT_UNEXPECTED_FILE':
    case 'LIMIT_FIELD_COUNT':
    case 'LIMIT_FIELD_KEY':
      return invalid(
        `/${part ?? ''}`,
        `Send only files, at most ${maxFiles}, each in a part named "${part ?? 'any'}".`,
      );
  }
  return new AppError('malformed_request', 'The form is not complete multipart/form-data. Send it again.', {
    cause: error,
  });
}

function tooLargeFiles(maxFiles: number, maxBytes: number): AppError {
  return new AppError(
    'payload_too_large',
    `Send at most ${maxFiles} files at once, each of at most ${Math.floor(maxBytes / 1_000_000)} MB.`,
  );
}
