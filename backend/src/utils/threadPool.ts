/** Worker threads of one kind. The library is loaded with the first job, and none starts before. */
import type { Piscina } from 'piscina';

export interface ThreadPoolOptions {
  /** The address of the file that the threads run, as `file:` URL. */
  file: URL;
  maxThreads: number;
  /** Milliseconds after which an unused thread ends and frees its memory. */
  idleMs: number;
  /** Jobs that may wait for a thread; any number if absent. */
  maxWaiting?: number;
  /** Of one thread. */
  maxHeapMb?: number;
}

export interface JobOptions {
  /** An exported function of the file; its default export if absent. */
  name?: string;
  /** Ends the thread that works at the job. */
  signal?: AbortSignal;
  /** Handed over to the thread, not copied. */
  transferList?: ArrayBuffer[];
}

export class ThreadPool<Job, Result> {
  readonly #options: ThreadPoolOptions;
  #opening: Promise<Piscina<Job, Result>> | undefined;
  #opened: Piscina<Job, Result> | undefined;
  #isClosed = false;

  constructor(options: ThreadPoolOptions) {
    this.#options = options;
  }

  /** @throws the error of the job; Error when too many wait, and after the close. */
  async run(job: Job, options: JobOptions = {}): Promise<Result> {
    if (this.#isClosed) throw new Error('the threads have ended');
    const threads = await (this.#opening ??= this.#open());
    return threads.run(job, options);
  }

  /** Jobs at work and jobs that wait. */
  stats(): { running: number; waiting: number } {
    const { maxThreads } = this.#options;
    const { threads = [], queueSize = 0 } = this.#opened ?? {};
    return { running: Math.min(threads.length, maxThreads), waiting: queueSize };
  }

  /** Ends the threads; their jobs fail. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await (await this.#opening)?.destroy();
  }

  async #open(): Promise<Piscina<Job, Result>> {
    const { file, maxThreads, idleMs, maxWaiting, maxHeapMb } = this.#options;
    const { Piscina: Pool } = await import('piscina');
    const threads = new Pool<Job, Result>({
      filename: file.href,
      minThreads: 0,
      maxThreads,
      idleTimeout: idleMs,
      ...(maxWaiting === undefined ? {} : { maxQueue: maxWaiting }),
      ...(maxHeapMb === undefined ? {} : { resourceLimits: { maxOldGenerationSizeMb: maxHeapMb } }),
    });
    // A task reports its error to its caller. An idle thread that fails must not end the server.
    threads.on('error', () => undefined);
    this.#opened = threads;
    return threads;
  }
}
