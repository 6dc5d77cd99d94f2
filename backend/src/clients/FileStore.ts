/**
 * Files that are kept for good: in a folder, or in a bucket that speaks S3. One client for the
 * whole process, with 20 connections that stay open.
 */
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { AppError } from '../domain/shared/errors.js';
import { policy } from '../utils/resilience.js';
import type { Policy } from '../utils/resilience/policies.js';
import { assertKey, FileMissing, type FileStore, type Incoming } from './fileStore/fileTypes.js';
import { LocalFileStore } from './fileStore/LocalFileStore.js';
import { bytesOf, Spool } from './fileStore/Spool.js';

export { FileMissing, type FileStore, type Incoming } from './fileStore/fileTypes.js';

export interface BucketSettings {
  bucket: string;
  /** Absent: Amazon. */
  endpoint?: string | undefined;
  region: string;
  /** Absent: the SDK looks in its usual places. */
  credentials?: { accessKeyId: string; secretAccessKey: string } | undefined;
}

export type FileStoreSettings = { folder: string } | BucketSettings;

const SOCKETS = 20;
const CONNECT_MS = 2_000;
const ATTEMPT_MS = 10_000;
const DEADLINE_MS = 20_000;

export function createFileStore(settings: FileStoreSettings): FileStore {
  return 'folder' in settings ? new LocalFileStore(settings.folder) : new BucketFileStore(settings);
}

class BucketFileStore implements FileStore {
  readonly #settings: BucketSettings;
  readonly #spool = new Spool(path.join(tmpdir(), 'servio-incoming'));
  readonly #policy: Policy = policy({
    name: 'storage',
    atOnce: SOCKETS,
    maxWaiting: 500,
    baseMs: 200,
    capMs: 2_000,
    timeoutMs: ATTEMPT_MS,
    deadlineMs: DEADLINE_MS,
    breaker: { volumeThreshold: 50, resetMs: 2_000 },
  });
  #client: Promise<S3Client> | undefined;

  constructor(settings: BucketSettings) {
    this.#settings = settings;
  }

  async receive(stream: Readable): Promise<Incoming> {
    const { path: from, sha256, bytes } = await this.#spool.take(stream);
    return {
      sha256,
      bytes,
      read: () => bytesOf(from),
      keep: (key) => this.#put(key, from, bytes),
      discard: () => rm(from, { force: true }),
    };
  }

  async read(key: string): Promise<Uint8Array<ArrayBuffer>> {
    assertKey(key);
    const [{ GetObjectCommand }, client] = await this.#open();
    return this.#call(key, async (abortSignal) => {
      const found = await client.send(new GetObjectCommand({ Bucket: this.#settings.bucket, Key: key }), {
        abortSignal,
      });
      if (!found.Body) throw new Error(`the file storage answered without a body for ${key}`);
      return new Uint8Array(await found.Body.transformToByteArray());
    });
  }

  async remove(key: string): Promise<void> {
    assertKey(key);
    const [{ DeleteObjectCommand }, client] = await this.#open();
    await this.#call(key, (abortSignal) =>
      client.send(new DeleteObjectCommand({ Bucket: this.#settings.bucket, Key: key }), { abortSignal }),
    );
  }

  async close(): Promise<void> {
    this.#policy.close();
    (await this.#client)?.destroy();
  }

  async #put(key: string, from: string, bytes: number): Promise<void> {
    assertKey(key);
    const [{ PutObjectCommand }, client] = await this.#open();
    await this.#call(key, async (abortSignal) => {
      // Each attempt reads the file anew. A known length spares the store the chunked form.
      const Body = createReadStream(from);
      try {
        await client.send(
          new PutObjectCommand({ Bucket: this.#settings.bucket, Key: key, Body, ContentLength: bytes }),
          { abortSignal },
        );
      } finally {
        Body.destroy();
      }
    });
    await rm(from, { force: true });
  }

  /** Loaded at its first use: the SDK takes 0.4 s of a start. */
  async #open() {
    const sdk = await import('@aws-sdk/client-s3');
    this.#client ??= Promise.resolve(this.#connect(sdk.S3Client));
    return [sdk, await this.#client] as const;
  }

  #connect(Client: typeof S3Client): S3Client {
    const { endpoint, region, credentials } = this.#settings;
    const agent = { keepAlive: true, maxSockets: SOCKETS };
    return new Client({
      region,
      ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
      ...(credentials ? { credentials } : {}),
      // The policy repeats.
      maxAttempts: 1,
      // Stores other than Amazon's do not know the checksums that the SDK adds by default.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      requestHandler: { connectionTimeout: CONNECT_MS, httpAgent: agent, httpsAgent: agent },
    });
  }

  async #call<T>(key: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    try {
      return await this.#policy.run(async (signal) => {
        try {
          return await work(signal);
        } catch (error) {
          throw answered(error) ?? error;
        }
      });
    } catch (error) {
      if (error instanceof StoreAnswer && error.status === 404) throw new FileMissing(key);
      throw new AppError('dependency_unavailable', 'The file storage does not answer. Try again shortly.', {
        cause: error,
        retryAfterSeconds: 5,
      });
    }
  }
}

/** An error that the store has answered with, in the form that policies know. */
class StoreAnswer extends Error {
  readonly status: number;

  constructor(status: number, cause: Error) {
    super(cause.message, { cause });
    this.name = 'StoreAnswer';
    this.status = status;
  }
}

/** The SDK keeps the status in `$metadata`. Undefined when the store did not answer. */
function answered(error: unknown): StoreAnswer | undefined {
  if (!(error instanceof Error) || !('$metadata' in error)) return undefined;
  const metadata = error.$metadata;
  if (typeof metadata !== 'object' || metadata === null || !('httpStatusCode' in metadata)) return undefined;
  const { httpStatusCode: status } = metadata;
  return typeof status === 'number' ? new StoreAnswer(status, error) : undefined;
}
