/** Server processes on one core, load on another, rounds of the candidates interleaved, medians of the rounds. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { median } from '../result.js';

const SERVER_CORE = '0';
const LOAD_CORE = '1';
const START_BOUND_MS = 60_000;

export interface RunningServer {
  url: string;
  stop(): Promise<void>;
}

/** Runs a compiled module pinned to the server's core and waits until it prints `ready <url>` or answers on its port. */
export async function startServer(module: string, env: Record<string, string>): Promise<RunningServer> {
  const child = spawnPinned(SERVER_CORE, [process.execPath, fileURLToPath(new URL(module, import.meta.url))], env);
  const url = await new Promise<string>((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => reject(new Error(`${module} did not start: ${text}`)), START_BOUND_MS);
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      const match = /(?:ready|serving at) (http:\S+)/.exec(text);
      if (!match?.[1]) return;
      clearTimeout(timer);
      resolve(match[1]);
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    child.once('exit', (code) => reject(new Error(`${module} ended with ${code}: ${text}`)));
  });
  return { url, stop: () => end(child) };
}

export interface LoadOptions {
  url: string;
  connections: number;
  seconds: number;
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: string;
  /** Aimed at over all connections, each of which still waits for its answer. Without it each answer brings the next request. */
  offeredPerSecond?: number;
}

export interface LoadResult {
  /** Answers of success: what was refused is no throughput. */
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** Of answers of success alone. */
  acceptedP99Ms: number;
  /** Connection errors and timeouts. */
  errors: number;
  statuses: Record<string, number>;
}

/** One burst of load from a process of its own on the other core. */
export async function applyLoad(options: LoadOptions): Promise<LoadResult> {
  const script = fileURLToPath(new URL('./loadProcess.js', import.meta.url));
  const child = spawnPinned(LOAD_CORE, [process.execPath, script, JSON.stringify(options)], {});
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  await new Promise<void>((resolve) => child.once('close', () => resolve()));
  // loadProcess prints one LoadResult and nothing else.
  return JSON.parse(text) as LoadResult;
}

/** Runs the candidates in turn, round by round, so that a noisy minute hits all of them. */
export async function interleave<K extends string>(
  rounds: number,
  candidates: Record<K, () => Promise<number>>,
): Promise<Record<K, number>> {
  const names = Object.keys(candidates) as K[]; // The keys of the record are K by its type.
  const figures = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<K, number[]>;
  for (let round = 0; round < rounds; round += 1) {
    for (const name of names) figures[name].push(await candidates[name]());
  }
  return Object.fromEntries(names.map((name) => [name, median(figures[name])])) as Record<K, number>;
}

function spawnPinned(core: string, command: string[], env: Record<string, string>): ChildProcess {
  const pinned =
    existsSync('/usr/bin/taskset') && availableParallelism() > 1 ? ['taskset', '-c', core, ...command] : command;
  const [file = '', ...args] = pinned;
  return spawn(file, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), 20_000);
  await gone;
  clearTimeout(force);
}
