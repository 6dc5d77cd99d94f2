/**
 * Runs test files in a few processes instead of one each: to start Node and import the app costs
 * more than most files' tests. Files of one shard run one after the other, each inside a
 * `describe`, because hooks at the top level of a file would otherwise belong to the whole process.
 */
import { readdirSync, statSync } from 'node:fs';
import { describe, test } from 'node:test';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Tests that mostly wait for a browser: a shard of their own, while the others use the cores. */
const BROWSER = /^console\//;
const testsDir = path.resolve(fileURLToPath(import.meta.url), '../..');
const SHARDS = 2;
/** Weight of files that mostly wait, in the bytes of an ordinary file that takes as long. */
const EXTRA_WEIGHT: readonly [pathPart: string, bytes: number][] = [
  ['platform/embeddedPostgres', 150_000],
  ['platform/webWorkers', 400_000],
  ['platform/indexes', 150_000],
  ['platform/keptPlans', 120_000],
  ['faults/job', 500_000],
  ['faults/webhookFaults', 500_000],
  ['faults/eventStreamFaults', 450_000],
  ['faults/eventLoop', 250_000],
  ['faults/', 90_000],
];

/**
 * Spreads the test files over two shards, heaviest first, each to the lightest shard, and those of
 * the browser to a third one. The same files give the same shards.
 * @param words keep only files whose path contains one of them; none keeps all
 * @returns paths below the tests folder, one list per shard; a list may be empty
 */
export function planShards(words: readonly string[]): string[][] {
  const files = listTestFiles().filter((file) => words.length === 0 || words.some((word) => file.includes(word)));
  return [
    ...spread(
      files.filter((file) => !BROWSER.test(file)),
      SHARDS,
    ),
    ...spread(
      files.filter((file) => BROWSER.test(file)),
      1,
    ),
  ];
}

function spread(files: readonly string[], count: number): string[][] {
  const weighed = files
    .map((file) => ({ file, weight: weigh(file) }))
    .sort((a, b) => b.weight - a.weight || a.file.localeCompare(b.file));
  const shards = Array.from({ length: count }, () => ({ files: new Array<string>(), weight: 0 }));
  for (const { file, weight } of weighed) {
    const lightest = shards.reduce((best, shard) => (shard.weight < best.weight ? shard : best));
    lightest.files.push(file);
    lightest.weight += weight;
  }
  return shards.map((shard) => shard.files);
}

/**
 * Registers the tests of one shard. Reads SERVIO_TEST_FILTER (words), sets SERVIO_SHARD (its
 * number).
 */
export async function runShard(index: number): Promise<void> {
  process.env['SERVIO_SHARD'] = String(index);
  const words = (process.env['SERVIO_TEST_FILTER'] ?? '').split(' ').filter((word) => word !== '');
  for (const file of planShards(words)[index] ?? []) {
    await registerFile(file);
  }
}

/**
 * Loads the files one by one, so that a hook or test finds only the `describe` of its own file
 * around it.
 */
function registerFile(file: string): Promise<void> {
  return new Promise((resolve) => {
    void describe(file.replace(/\.js$/, ''), { concurrency: false }, async () => {
      try {
        await import(pathToFileURL(path.join(testsDir, file)).href);
      } catch (error) {
        // A describe that fails is not counted; a test is.
        void test('the file loads', () => Promise.reject(error instanceof Error ? error : new Error(String(error))));
      }
      resolve();
    });
  });
}

function listTestFiles(): string[] {
  return readdirSync(testsDir, { recursive: true, encoding: 'utf8' })
    .map((file) => file.split(path.sep).join('/'))
    .filter((file) => file.endsWith('.test.js') && !/^(shards|support)\//.test(file));
}

function weigh(file: string): number {
  const extra = EXTRA_WEIGHT.find(([part]) => file.includes(part))?.[1] ?? 0;
  return statSync(path.join(testsDir, file)).size + extra;
}
