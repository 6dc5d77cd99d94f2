/**
 * One process per core: the primary keeps the database and the workers; the workers serve and share
 * the port.
 */
import cluster, { type Worker } from 'node:cluster';
import { WorkerMetrics } from './workerMetrics.js';

/** A worker that listened longer than this before it died is replaced at once. */
const GROWN_UP_MS = 5_000;
/** Pause before the successor of a worker that died young; doubles each time. */
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;
const STOP_BOUND_MS = 22_000;

export function isPrimary(count: number): boolean {
  return count > 1 && cluster.isPrimary;
}

export interface WorkersOptions {
  /** Number of workers. */
  count: number;
  /**
   * Environment variables that the worker of a place, from 0, and its successors get instead of the
   * primary's own.
   */
  environmentOf: (place: number) => Record<string, string>;
  /** Called when the first workers cannot start: then no worker ever will. */
  onFailure: (error: Error) => void;
  /** Informs the operator about the workers. */
  say: (text: string) => void;
}

/**
 * Forks the workers and keeps their number. A worker that dies is replaced. When successors die
 * young, the next ones start after growing pauses, while the other workers serve.
 * @returns a function that stops all workers gracefully.
 */
export function startWorkers(options: WorkersOptions): () => Promise<void> {
  // Each worker takes connections from the shared socket by itself. In Node's other mode the
  // primary takes them and hands them over. A connection on its way to a worker that dies is then
  // never closed, and its client waits for ever.
  cluster.schedulingPolicy = cluster.SCHED_NONE;
  const keeper = new WorkerKeeper(options);
  for (let place = 0; place < options.count; place += 1) keeper.fill(place);
  return () => keeper.stop();
}

interface Death {
  place: number;
  worker: Worker;
  how: string;
  couldNotStart: boolean;
  youngDeaths: number;
}

class WorkerKeeper {
  readonly #options: WorkersOptions;
  readonly #metrics = new WorkerMetrics();
  readonly #pauses = new Set<NodeJS.Timeout>();
  #hasServed = false;
  #stopping = false;

  constructor(options: WorkersOptions) {
    this.#options = options;
  }

  /**
   * Forks a worker for one place. @param youngDeaths number of predecessors in a row that died
   * young there.
   */
  fill(place: number, youngDeaths = 0): void {
    const worker = cluster.fork(this.#options.environmentOf(place));
    let listeningSince: number | undefined;
    let isGone = false;
    this.#metrics.add(worker);
    worker.once('listening', () => {
      listeningSince = performance.now();
      this.#hasServed = true;
    });
    const gone = (how: string, couldNotStart: boolean): void => {
      if (isGone) return;
      isGone = true;
      const isGrownUp = listeningSince !== undefined && performance.now() - listeningSince > GROWN_UP_MS;
      this.#replace({ place, worker, how, couldNotStart, youngDeaths: isGrownUp ? 0 : youngDeaths + 1 });
    };
    worker.once('exit', (code: number | null, signal: string | null) =>
      gone(signal ?? `exit code ${code}`, signal === null && code !== 0),
    );
    // Without a process number the worker never started and sends no exit event. An exit follows
    // every other error.
    worker.on('error', (error) => {
      if (worker.process.pid === undefined) gone(error.message, false);
    });
  }

  #replace(death: Death): void {
    if (this.#stopping) return;
    const { place, worker, how, couldNotStart, youngDeaths } = death;
    if (couldNotStart && !this.#hasServed) {
      this.#options.onFailure(new Error(`A worker could not start (${how}); its message is above.`));
      return;
    }
    const pauseMs = pauseBeforeSuccessor(youngDeaths);
    const when = pauseMs === 0 ? 'now' : `in ${pauseMs / 1_000} s`;
    this.#options.say(`Web worker ${worker.process.pid ?? ''} died (${how}); its successor starts ${when}.`);
    const pause = setTimeout(() => {
      this.#pauses.delete(pause);
      this.fill(place, youngDeaths);
    }, pauseMs);
    this.#pauses.add(pause);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    for (const pause of this.#pauses) clearTimeout(pause);
    const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
    await Promise.all(workers.map(stopWorker));
  }
}

/** @returns milliseconds; 0 when no predecessor died young. */
export function pauseBeforeSuccessor(youngDeaths: number): number {
  return youngDeaths === 0 ? 0 : Math.min(FIRST_PAUSE_MS * 2 ** (youngDeaths - 1), LONGEST_PAUSE_MS);
}

async function stopWorker(worker: Worker): Promise<void> {
  if (worker.isDead() || worker.process.pid === undefined) return;
  const gone = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const force = setTimeout(() => worker.process.kill('SIGKILL'), STOP_BOUND_MS);
  worker.process.kill('SIGTERM');
  await gone;
  clearTimeout(force);
}
