/** One process per core: the primary keeps the database and the workers, the workers serve and share the port. */
import cluster from 'node:cluster';
import { WorkerMetrics } from './workerMetrics.js';

/** A worker that dies is replaced, but one that cannot even start must not be forked in a circle. */
const MIN_LIFE_MS = 5_000;
const STOP_BOUND_MS = 22_000;

export function isPrimary(count: number): boolean {
  return count > 1 && cluster.isPrimary;
}

/**
 * Forks the workers and keeps their number.
 * @param environment settings that each worker finds in place of the primary's own.
 * @param onFailure called when a worker dies right after its start.
 * @returns a function that stops them all, each in its own orderly way.
 */
export function startWorkers(
  count: number,
  environment: Record<string, string>,
  onFailure: (error: Error) => void,
): () => Promise<void> {
  let stopping = false;
  const metrics = new WorkerMetrics();
  const fork = (): void => {
    const startedAt = Date.now();
    const worker = cluster.fork(environment);
    metrics.add(worker);
    worker.once('exit', (code, signal) => {
      if (stopping) return;
      if (Date.now() - startedAt < MIN_LIFE_MS)
        onFailure(
          new Error(`A worker died at its start (${signal ?? `exit code ${code}`}); its message stands above.`),
        );
      else fork();
    });
  };
  for (let index = 0; index < count; index += 1) fork();
  return async () => {
    stopping = true;
    const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
    await Promise.all(
      workers.map(async (worker) => {
        if (worker.isDead()) return;
        const gone = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
        const force = setTimeout(() => worker.process.kill('SIGKILL'), STOP_BOUND_MS);
        worker.process.kill('SIGTERM');
        await gone;
        clearTimeout(force);
      }),
    );
  };
}
