import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { AppError } from '../../domain/errors.js';
import type { PdfJob } from './renderPdf.js';
// The worker's file is started by its address; this import of a type is what ties it to the house.
import type { Rendered } from './renderWorker.js';

export interface PdfRendererOptions {
  /** Documents rendered at the same time, each in a thread of its own. */
  maxAtOnce?: number;
  maxWaiting?: number;
  /** For one document, from its start. */
  timeoutMs?: number;
  /** After which an unused thread is given back, with the 30 to 90 MB of its typefaces. */
  idleMs?: number;
}

interface Slot {
  worker: Worker;
  idleTimer?: NodeJS.Timeout | undefined;
}

/** One core stays for requests; a third printer at once would only make all of them wait. */
const MAX_AT_ONCE = Math.max(1, Math.min(2, availableParallelism() - 1));
/** At half a second for a common document, the last of them waits ten seconds. */
const MAX_WAITING = 20;
const TIMEOUT_MS = 20_000;
const IDLE_MS = 60_000;
const RETRY_AFTER_SECONDS = 5;
const MAX_HEAP_MB = 512;

/** Makes PDFs in worker threads: a few at a time, the others wait their turn, and too many are refused. */
export class PdfRenderer {
  readonly #maxAtOnce: number;
  readonly #maxWaiting: number;
  readonly #timeoutMs: number;
  readonly #idleMs: number;
  #idle: Slot[] = [];
  readonly #waiting: (() => void)[] = [];
  readonly #all = new Set<Worker>();
  #running = 0;

  constructor(options: PdfRendererOptions = {}) {
    this.#maxAtOnce = options.maxAtOnce ?? MAX_AT_ONCE;
    this.#maxWaiting = options.maxWaiting ?? MAX_WAITING;
    this.#timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
    this.#idleMs = options.idleMs ?? IDLE_MS;
  }

  /**
   * @returns the file.
   * @throws AppError overloaded when too many documents wait; invalid_state when this one alone takes too long.
   */
  async render(job: PdfJob): Promise<Uint8Array> {
    await this.#enter();
    try {
      return await this.#renderIn(this.#idle.pop() ?? this.#start(), job);
    } finally {
      this.#leave();
    }
  }

  async close(): Promise<void> {
    for (const { idleTimer } of this.#idle) clearTimeout(idleTimer);
    await Promise.all(Array.from(this.#all, (worker) => worker.terminate()));
  }

  async #enter(): Promise<void> {
    if (this.#running < this.#maxAtOnce) {
      this.#running += 1;
      return;
    }
    if (this.#waiting.length >= this.#maxWaiting) throw tooMany();
    // Whoever leaves hands over its place, so `#running` stays as it is.
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#running -= 1;
  }

  #start(): Slot {
    const worker = new Worker(new URL('./renderWorker.js', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
    });
    worker.unref();
    this.#all.add(worker);
    const slot: Slot = { worker };
    // Whoever waits for its answer hears of it; a thread that fails when nobody does must not end the server.
    worker.on('error', () => this.#forget(slot));
    worker.once('exit', () => {
      this.#forget(slot);
      this.#all.delete(worker);
    });
    return slot;
  }

  async #renderIn(slot: Slot, job: PdfJob): Promise<Uint8Array> {
    clearTimeout(slot.idleTimer);
    const rendered = await this.#answerOf(slot.worker, job);
    this.#rest(slot);
    if ('failure' in rendered) throw new Error(`a document could not be rendered: ${rendered.failure}`);
    return rendered.bytes;
  }

  /** A thread that takes too long, or dies, is gone with its document; the next document starts a new one. */
  #answerOf(worker: Worker, job: PdfJob): Promise<Rendered> {
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

  /** No document is given to it any more. */
  #forget(slot: Slot): void {
    clearTimeout(slot.idleTimer);
    this.#idle = this.#idle.filter((other) => other !== slot);
  }
}

function tooMany(): AppError {
  return new AppError('overloaded', 'Too many documents are being printed. Try again shortly.', {
    retryAfterSeconds: RETRY_AFTER_SECONDS,
  });
}

/** Sent again it would take as long again. */
function tooLong(timeoutMs: number): AppError {
  return new AppError(
    'invalid_state',
    `This document is too long for a PDF: it was not set within ${timeoutMs / 1000} seconds. Ask for it as text, or write it as several documents.`,
  );
}
