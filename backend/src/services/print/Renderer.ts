import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { AppError } from '../../domain/shared/errors.js';
import { FairQueue } from '../../utils/fairQueue.js';
// The worker is started by its file URL. This type import is the only link to it in the import
// graph.
import type { Rendered, RenderJob } from './renderWorker.js';

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

interface Slot {
  worker: Worker;
  idleTimer?: NodeJS.Timeout | undefined;
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
  readonly #timeoutMs: number;
  readonly #idleMs: number;
  #idle: Slot[] = [];
  readonly #all = new Set<Worker>();

  constructor(options: RendererOptions = {}) {
    this.#queue = new FairQueue({
      atOnce: options.maxAtOnce ?? MAX_AT_ONCE,
      atOnceEach: options.maxAtOnceEach ?? MAX_AT_ONCE_EACH,
      maxWaiting: options.maxWaiting ?? MAX_WAITING,
      maxWaitingEach: options.maxWaitingEach ?? MAX_WAITING_EACH,
      maxWaitMs: options.maxWaitMs ?? MAX_WAIT_MS,
      refusal: 'Too many documents are being printed. Try again shortly.',
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    });
    this.#timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
    this.#idleMs = options.idleMs ?? IDLE_MS;
  }

  /**
   * @param restaurantId the restaurant whose turn is used.
   * @returns the file.
   * @throws AppError overloaded when too many documents wait; invalid_state when this document
   * alone takes too long.
   */
  render(restaurantId: string, job: RenderJob): Promise<Uint8Array> {
    return this.#queue.run(restaurantId, () => this.#renderIn(this.#idle.pop() ?? this.#start(), job));
  }

  async close(): Promise<void> {
    for (const { idleTimer } of this.#idle) clearTimeout(idleTimer);
    await Promise.all(Array.from(this.#all, (worker) => worker.terminate()));
  }

  #start(): Slot {
    const worker = new Worker(new URL('./renderWorker.js', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
    });
    worker.unref();
    this.#all.add(worker);
    const slot: Slot = { worker };
    // `#answerOf` reports errors to its caller. An idle thread that fails must not end the server.
    worker.on('error', () => this.#forget(slot));
    worker.once('exit', () => {
      this.#forget(slot);
      this.#all.delete(worker);
    });
    return slot;
  }

  async #renderIn(slot: Slot, job: RenderJob): Promise<Uint8Array> {
    clearTimeout(slot.idleTimer);
    const rendered = await this.#answerOf(slot.worker, job);
    this.#rest(slot);
    if ('failure' in rendered) throw new Error(`a document could not be rendered: ${rendered.failure}`);
    return rendered.bytes;
  }

  /**
   * A thread that takes too long or dies loses its document; the next document starts a new thread.
   */
  #answerOf(worker: Worker, job: RenderJob): Promise<Rendered> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => end(() => reject(tooLong(this.#timeoutMs))), this.#timeoutMs);
      const onMessage = (rendered: Rendered) => end(() => resolve(rendered), true);
      const onError = (error: Error) => end(() => reject(error));
      const onExit = (code: number) => end(() => reject(new Error(`the rendering thread ended with code ${code}`)));
      const end = (settle: () => void, isAlive = false) => {
        clearTimeout(timer);
        worker.off('message', onMessage).off('error', onError).off('exit', onExit);
        if (!isAlive) void worker.terminate();
        settle();
      };
      worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      worker.postMessage(job);
    });
  }

  #rest(slot: Slot): void {
    slot.idleTimer = setTimeout(() => {
      this.#forget(slot);
      void slot.worker.terminate();
    }, this.#idleMs).unref();
    this.#idle.push(slot);
  }

  /** The thread gets no further documents. */
  #forget(slot: Slot): void {
    clearTimeout(slot.idleTimer);
    this.#idle = this.#idle.filter((other) => other !== slot);
  }
}

/** A repeated request would take equally long, so this is no retryable error. */
function tooLong(timeoutMs: number): AppError {
  return new AppError(
    'invalid_state',
    `This document is too long to print: it took more than ${timeoutMs / 1000} seconds. Split it into several documents.`,
  );
}
