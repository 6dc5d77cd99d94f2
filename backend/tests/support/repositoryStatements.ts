/**
 * Exactly the statements of the repositories. A thread of its own collects them, so imports and
 * declarations of other tests in the process do not count.
 */
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { declaredQueries, type Query } from '../../src/config/database.js';

const REPOSITORIES = fileURLToPath(new URL('../../src/repositories', import.meta.url));

/** Every statement declared by a module of src/repositories, or by what it imports. */
export async function repositoryStatements(): Promise<readonly Query<unknown>[]> {
  const collector = new Worker(new URL(import.meta.url));
  // The collector sends one message: what declaredQueries answered it. Its failure to load rejects.
  const [statements] = (await once(collector, 'message')) as [Query<unknown>[]];
  await collector.terminate();
  return statements;
}

if (!isMainThread) {
  for (const file of readdirSync(REPOSITORIES, { recursive: true, encoding: 'utf8' }))
    if (file.endsWith('.js')) await import(pathToFileURL(path.join(REPOSITORIES, file)).href);
  parentPort?.postMessage(declaredQueries());
}
