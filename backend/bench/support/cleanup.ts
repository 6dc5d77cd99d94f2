/**
 * Clean-up work for the end of the benchmarks, however they end: servers, the database, folders.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Kept } from './keeper.js';

const works: (() => Promise<unknown>)[] = [];
let underWay: Promise<void> = Promise.resolve();
let keeper: ChildProcess | undefined;

/** @param work may run twice, and after the resource has ended by itself. */
export function onCleanUp(work: () => Promise<unknown>): void {
  works.push(work);
}

/** Ends a process, or the servers of a folder and the folder, also when this process is killed. */
export function endWithUs(kept: Kept): void {
  keeper ??= startKeeper();
  tell(kept);
}

/**
 * Runs all registered work, the newest first. A failure is printed and does not stop the rest. A
 * call while it runs waits for its end.
 */
export function cleanUp(): Promise<void> {
  underWay = underWay.then(async () => {
    for (const work of works.splice(0).reverse()) await work().catch((error: unknown) => console.error(error));
    if (keeper) tell(null);
  });
  return underWay;
}

/** @param said null: all processes have ended. */
function tell(said: Kept | null): void {
  keeper?.stdin?.write(`${JSON.stringify(said)}\n`);
}

function startKeeper(): ChildProcess {
  const script = fileURLToPath(new URL('./keeper.js', import.meta.url));
  // In a group of its own: a signal to the benchmark's group must not reach it.
  const child = spawn(process.execPath, [script], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  child.stdin.on('error', () => undefined);
  child.unref();
  return child;
}
