import { availableParallelism } from 'node:os';
import { AppError } from '../../domain/shared/errors.js';
import { FairQueue } from '../../utils/fairQueue.js';
import { ThreadPool } from '../../utils/threadPool.js';
// The worker is started by its file URL. This type import is the only link to it in the import
// graph.
import type { RenderJob } from './renderWorker.js';

export interface RendererOptions {
  /** Documents rendered at the same time, each in its own thread. */
  maxAtOnce?: number;
  maxAtOnceEach?: number;
  maxWaiting?: number;
  maxWaitingEach?: number;
  maxWaitMs?: number;
  /** Milliseconds for one document, without the wait for its turn. */
  timeoutMs?: number;
  /** Milliseconds after which an unused thread ends and frees the 30 to 90 MB of its typefaces. */
  idleMs?: number;
}

/**
 * At least two: one restaurant uses one thread, so a long document of one restaurant leaves a
 * thread for the others.
 */
const MAX_AT_ONCE = Math.max(2, Math.min(3, availableParallelism() - 1));
const MAX_AT_ONCE_EACH = 1;
/** At half a second for a common document, the last one waits five seconds. */
const MAX_WAITING_EACH = 10;
const MAX_WAITING = 100;
const RETRY_AFTER_SECONDS = 5;
const MAX_WAIT_MS = 30_000;
/**
 * Five times the time of the longest legal document on one core: 500 lines of 500 Chinese
 * characters.
 */
const TIMEOUT_MS = 20_000;
const IDLE_MS = 60_000;
const MAX_HEAP_MB = 512;

/**
 * Makes PDFs and long texts in worker threads: a few at a time, others wait, and too many are
 * refused. Restaurants take turns: the documents of one delay another by one document, not by all
 * of them.
 */
export class Renderer {
  readonly #queue: FairQueue;
  readonly #threads: ThreadPool<RenderJob, Uint8Array>;
  readonly #timeoutMs: number;

  constructor(options: RendererOptions = {}) {
    const atOnce = options.maxAtOnce ?? MAX_AT_ONCE;
    this.#queue = new FairQueue({
      atOnce,
      atOnceEach: options.maxAtOnceEach ?? MAX_AT_ONCE_EACH,
      maxWaiting: options.maxWaiting ?? MAX_WAITING,
      maxWaitingEach: options.maxWaitingEach ?? MAX_WAITING_EACH,
      maxWaitMs: options.maxWaitMs ?? MAX_WAIT_MS,
      refusal: 'Too many documents are being printed. Try again shortly.',
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    });
    this.#threads = new ThreadPool({
      file: new URL('./renderWorker.js', import.meta.url),
      maxThreads: atOnce,
      idleMs: options.idleMs ?? IDLE_MS,
      maxHeapMb: MAX_HEAP_MB,
    });
    this.#timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
  }

  /**
   * @param restaurantId the restaurant whose turn is used.
   * @returns the file.
   * @throws AppError overloaded when too many documents wait; invalid_state when this document
   * alone takes too long.
   */
  render(restaurantId: string, job: RenderJob): Promise<Uint8Array> {
    return this.#queue.run(restaurantId, () => this.#render(job));
  }

  close(): Promise<void> {
    return this.#threads.close();
  }

  /** A thread that takes too long is ended; the next document starts a new one. */
  async #render(job: RenderJob): Promise<Uint8Array> {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), this.#timeoutMs);
    try {
      return await this.#threads.run(job, { name: 'render', signal: late.signal });
    } catch (cause) {
      if (late.signal.aborted) throw tooLong(this.#timeoutMs);
      throw new Error('a document could not be rendered', { cause });
    } finally {
      clearTimeout(timer);
    }
  }
}

/** A repeated request would take equally long, so this is no retryable error. */
function tooLong(timeoutMs: number): AppError {
  return new AppError(
    'invalid_state',
    `This document is too long to print: it took more than ${timeoutMs / 1000} seconds. Split it into several documents.`,
  );
}
