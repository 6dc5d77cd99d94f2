/** Recognises pages in one process of its own, with a queue in which restaurants take turns. */
import { type ChildProcess, fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../domain/shared/errors.js';
import type { PageWord } from '../../domain/supplierInvoice/pageText.js';
import { FairQueue } from '../../utils/fairQueue.js';
// The process is started by its file. This type import is the only link to it in the import graph.
import type { OcrJob, OcrResult } from './ocrProcess.js';

/** A page takes 1 s of one core, and 3 s where all cores are busy. */
const TIMEOUT_MS = 30_000;
const MAX_WAITING = 500;
/** A process that is not used frees its 0.7 GB. */
const IDLE_MS = 120_000;
/** Its memory grows with large pages; a fresh one starts in a second. */
const MOST_PAGES = 200;

interface Running {
  child: ChildProcess;
  pages: number;
}

export class Ocr {
  readonly #queue = new FairQueue({
    atOnce: 1,
    atOnceEach: 1,
    maxWaitingEach: MAX_WAITING,
    maxWaiting: MAX_WAITING,
    refusal: 'Too many pictures wait to be recognised. Try again shortly.',
    retryAfterSeconds: 10,
  });
  #running: Running | undefined;
  #idle: NodeJS.Timeout | undefined;
  #jobs = 0;
  #isClosed = false;

  /** Whether the optional packages are installed. */
  static isInstalled(): boolean {
    try {
      createRequire(import.meta.url).resolve('@gutenye/ocr-node');
      return true;
    } catch {
      return false;
    }
  }

  /** @throws AppError overloaded; internal_error when the process ends without an answer. */
  words(restaurantId: string, png: Uint8Array): Promise<PageWord[]> {
    return this.#queue.run(restaurantId, () => this.#ask(png));
  }

  close(): void {
    this.#isClosed = true;
    this.#end();
  }

  async #ask(png: Uint8Array): Promise<PageWord[]> {
    if (this.#isClosed) throw new AppError('overloaded', 'The server is stopping. Try again shortly.');
    clearTimeout(this.#idle);
    const running = (this.#running ??= this.#start());
    running.pages += 1;
    this.#jobs += 1;
    try {
      return await answerOf(running.child, { id: this.#jobs, png });
    } catch (error) {
      this.#end();
      throw error;
    } finally {
      if (running.pages >= MOST_PAGES) this.#end();
      this.#idle = setTimeout(() => this.#end(), IDLE_MS).unref();
    }
  }

  #start(): Running {
    const child = fork(fileURLToPath(new URL('./ocrProcess.js', import.meta.url)), {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: {},
    });
    child.unref();
    child.channel?.unref();
    child.once('exit', () => {
      if (this.#running?.child === child) this.#running = undefined;
    });
    return { child, pages: 0 };
  }

  #end(): void {
    clearTimeout(this.#idle);
    this.#running?.child.kill('SIGKILL');
    this.#running = undefined;
  }
}

function answerOf(child: ChildProcess, job: OcrJob): Promise<PageWord[]> {
  return new Promise((resolve, reject) => {
    const fail = (message: string): void => end(() => reject(new AppError('internal_error', message)));
    const timer = setTimeout(() => fail('The recognition of a page takes too long.'), TIMEOUT_MS);
    const onMessage = (result: OcrResult): void => {
      if (result.id !== job.id) return;
      if ('failure' in result) fail(`A page was not recognised: ${result.failure}`);
      else end(() => resolve(result.words));
    };
    const onExit = (): void => fail('The recognition process ended.');
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      child.off('message', onMessage).off('exit', onExit).off('error', onExit);
      child.channel?.unref();
      settle();
    };
    child.channel?.ref();
    child.on('message', onMessage).on('exit', onExit).on('error', onExit);
    child.send(job);
  });
}
