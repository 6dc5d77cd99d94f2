/**
 * Opens files in threads, with a queue in which restaurants take turns. One restaurant has as many
 * threads as there are cores, and one more is left to the others.
 */
import { availableParallelism } from 'node:os';
import { AppError } from '../../domain/shared/errors.js';
import type { FileKind } from '../../formats/received/fileKind.js';
import type { FileContent } from '../../formats/received/readFile.js';
import { Unreadable } from '../../formats/received/unreadable.js';
import { FairQueue } from '../../utils/fairQueue.js';
import { ThreadPool } from '../../utils/threadPool.js';
// The thread is started by its file URL. This type import is the only link to it in the import
// graph.
import type { ReadingJob, ReadingResult } from './readingWorker.js';

/** Files of one restaurant that may wait to be opened, and of all. */
const MAX_WAITING_EACH = 200;
const MAX_WAITING = 2_000;
const MAX_WAIT_MS = 20_000;
/** Fifty pages of text take 3 s on a loaded core. */
const TIMEOUT_MS = 15_000;
const IDLE_MS = 60_000;
const MAX_HEAP_MB = 512;

export interface FileReadingOptions {
  /** Threads of one restaurant; as many as cores if absent. */
  threads?: number | undefined;
  timeoutMs?: number | undefined;
}

export class FileReading {
  readonly #pool: ThreadPool<ReadingJob, ReadingResult>;
  readonly #maxThreads: number;
  readonly #queue: FairQueue;
  readonly #timeoutMs: number;

  constructor({ threads = availableParallelism(), timeoutMs = TIMEOUT_MS }: FileReadingOptions = {}) {
    this.#timeoutMs = timeoutMs;
    this.#maxThreads = threads + 1;
    this.#pool = new ThreadPool({
      file: new URL('./readingWorker.js', import.meta.url),
      maxThreads: this.#maxThreads,
      idleMs: IDLE_MS,
      maxHeapMb: MAX_HEAP_MB,
    });
    this.#queue = new FairQueue({
      atOnce: threads + 1,
      atOnceEach: threads,
      maxWaitingEach: MAX_WAITING_EACH,
      maxWaiting: MAX_WAITING,
      maxWaitMs: MAX_WAIT_MS,
      refusal: 'Too many files are being read. Nothing was stored; try again shortly.',
      retryAfterSeconds: 5,
    });
  }

  /**
   * Looks at a file before it is stored.
   * @returns its kind; null for a kind that is not taken.
   * @throws Unreadable with the reason; AppError overloaded.
   */
  async check(restaurantId: string, bytes: Uint8Array<ArrayBuffer>, name: string): Promise<FileKind | null> {
    const result = await this.#run(restaurantId, { task: 'check', bytes, name });
    if (!('kind' in result)) throw new Error('a file was checked and its kind is missing');
    return result.kind;
  }

  /** @throws Unreadable with the reason; AppError overloaded. */
  async read(restaurantId: string, bytes: Uint8Array<ArrayBuffer>, kind: FileKind): Promise<FileContent> {
    const result = await this.#run(restaurantId, { task: 'read', bytes, kind });
    if (!('invoices' in result)) throw new Error('a file was read and its content is missing');
    return result;
  }

  /** A page of a file as PNG. @throws Unreadable with the reason; AppError overloaded. */
  async picture(
    restaurantId: string,
    bytes: Uint8Array<ArrayBuffer>,
    kind: FileKind,
    page: number,
  ): Promise<Uint8Array | undefined> {
    const result = await this.#run(restaurantId, { task: 'picture', bytes, kind, page });
    return 'png' in result ? (result.png ?? undefined) : undefined;
  }

  /**
   * A picture in several sizes, as WebP without metadata.
   * @param sides longest sides in pixels; no picture is enlarged.
   * @returns undefined for a file that is no picture.
   * @throws Unreadable with the reason; AppError overloaded.
   */
  async resize(
    restaurantId: string,
    bytes: Uint8Array<ArrayBuffer>,
    sides: readonly number[],
  ): Promise<Uint8Array[] | undefined> {
    const result = await this.#run(restaurantId, { task: 'resize', bytes, sides });
    return 'sizes' in result ? (result.sizes ?? undefined) : undefined;
  }

  /** Files that are open now, and those that wait. */
  stats(): { running: number; waiting: number; threads: number } {
    return { ...this.#pool.stats(), threads: this.#maxThreads };
  }

  close(): Promise<void> {
    return this.#pool.close();
  }

  #run(restaurantId: string, job: ReadingJob): Promise<Exclude<ReadingResult, { unreadable: string }>> {
    return this.#queue.run(restaurantId, async () => {
      const signal = AbortSignal.timeout(this.#timeoutMs);
      const result = await this.#pool
        // The bytes are handed over, not copied.
        .run(job, { signal, transferList: [job.bytes.buffer] })
        .catch((error: unknown) => {
          if (signal.aborted) throw new Unreadable('This file takes too long to open. Export or scan it again.');
          if (isOutOfMemory(error)) throw new Unreadable('This file needs too much memory. Export or scan it again.');
          throw new AppError('internal_error', 'A file could not be opened.', { cause: error });
        });
      if ('unreadable' in result) throw new Unreadable(result.unreadable);
      return result;
    });
  }
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}
