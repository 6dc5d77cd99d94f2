import type { CodePool } from '../../domain/codePool/codePool.js';
import { isValued, shapeOf } from '../../domain/codePool/codePool.js';
import { ThreadPool } from '../../utils/threadPool.js';
import type { CodeSeals } from './codeSeals.js';
// The thread is started by its file's path. This type import is the only link to it in the import
// graph.
import type { generate, GeneratedBatch } from './generateWorker.js';

/** A thread without work ends and frees its memory. */
const IDLE_MS = 10_000;
/** Slices that may wait for the thread. */
const MAX_WAITING = 100;

/** Codes from one worker thread, which starts with the first slice. */
export class Generator {
  readonly #seals: CodeSeals;
  readonly #threads = new ThreadPool<Parameters<typeof generate>[0], GeneratedBatch[]>({
    file: new URL('./generateWorker.js', import.meta.url),
    maxThreads: 1,
    idleMs: IDLE_MS,
    maxWaiting: MAX_WAITING,
  });

  constructor(seals: CodeSeals) {
    this.#seals = seals;
  }

  /**
   * Makes sealed codes with the ordinals from `firstN` on. They are not stored.
   * @throws Error when the server stops.
   */
  make(restaurantId: string, pool: CodePool, firstN: number, count: number): Promise<GeneratedBatch[]> {
    const job = {
      shape: shapeOf(pool),
      orderKeys: isValued(pool.kind) ? null : this.#seals.orderKeys(restaurantId, pool.id),
      firstN,
      count,
      batch: pool.batch,
      sealKey: this.#seals.batchKey,
    };
    return this.#threads.run(job, { name: 'generate' });
  }

  close(): Promise<void> {
    return this.#threads.close();
  }
}
