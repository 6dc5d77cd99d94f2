/**
 * Server processes on one core, load on another; rounds of the candidates alternate, and the
 * medians of the rounds count.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { median } from '../result.js';
import { endWithUs, onCleanUp } from './cleanup.js';

const SERVER_CORE = '0';
const LOAD_CORE = '1';
const START_BOUND_MS = 60_000;
const MAX_REFUSED = 0.05;

export interface RunningServer {
  url: string;
  /** Of its one process. */
  pid: number;
  stop(): Promise<void>;
}

/**
 * Runs a compiled module pinned to the server's core and waits until it prints `ready <url>` or
 * `serving at <url>`. It ends with its `stop` or with `cleanUp`, also when it did not start.
 */
export async function startServer(
  module: string,
  env: Record<string, string>,
  { boundMs = START_BOUND_MS, cwd }: { boundMs?: number; cwd?: string } = {},
): Promise<RunningServer> {
  const command = [process.execPath, fileURLToPath(new URL(module, import.meta.url))];
  const child = spawnPinned(SERVER_CORE, command, env, cwd);
  onCleanUp(() => end(child));
  const url = await urlOf(child, module, boundMs);
  return { url, pid: child.pid ?? 0, stop: () => end(child) };
}

/** The address that a starting server prints. */
function urlOf(child: ChildProcess, module: string, boundMs: number): Promise<string> {
  return new Promise<string>((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => reject(new Error(`${module} did not start: ${text}`)), boundMs);
    const take = (chunk: Buffer): void => {
      text += chunk.toString();
      const match = /(?:ready|serving at) (http:\S+)/.exec(text);
      if (!match?.[1]) return;
      clearTimeout(timer);
      discardOutput(child, take);
      resolve(match[1]);
    };
    child.stdout?.on('data', take);
    child.stderr?.on('data', take);
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`${module} ended with ${code}: ${text}`));
    });
  });
}

/**
 * Reads on and keeps nothing, as a collector of logs does. Searching all lines of a log for the
 * address took this process seconds of each round after some hundred thousand answers. It drove the
 * server from its core: a menu then took 180 µs of CPU, and 53 in a server that logged elsewhere.
 */
function discardOutput({ stdout, stderr }: ChildProcess, take: (chunk: Buffer) => void): void {
  for (const output of [stdout, stderr]) output?.off('data', take).resume();
}

export interface LoadOptions {
  url: string;
  connections: number;
  /** Length of the burst, unless `answers` ends it. */
  seconds?: number;
  /** Ends the burst after so many answers. */
  answers?: number;
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: string;
  /**
   * Callers who take turns, each with a body of its own; `headers` and `body` are for all of them.
   */
  callers?: { token: string; body: string }[];
  /** Gives each request an Idempotency-Key of its own. */
  withKeys?: boolean;
}

export interface LoadResult {
  /** Successful answers only: refusals are no throughput. */
  perSecond: number;
  /** Successful answers in all. */
  done: number;
  p50Ms: number;
  p99Ms: number;
  /** For successful answers only. */
  acceptedP99Ms: number;
  /** Connection errors and timeouts. */
  errors: number;
  statuses: Record<string, number>;
}

/**
 * One burst of load from its own process on the other core: each answer triggers the next request.
 */
export async function applyLoad(options: LoadOptions): Promise<LoadResult> {
  // loadProcess prints one LoadResult and nothing else.
  return (await runGenerator('./loadProcess.js', options)) as LoadResult;
}

export interface OfferOptions extends LoadOptions {
  seconds: number;
  /**
   * Requests leave at this rate, whatever happens to earlier ones. Without it, each answer triggers
   * the next request.
   */
  offeredPerSecond?: number;
  /** A successful answer counts if it arrives within this time after its request was due. */
  goodWithinMs: number;
}

export interface OfferResult {
  /** Successful answers within the time. */
  goodPerSecond: number;
  /** Requests that really left. */
  offeredPerSecond: number;
  /** For successful answers, from the time when their requests were due. */
  acceptedP99Ms: number;
  /** Requests whose connection was lost, or whose answer did not arrive. */
  unanswered: number;
  /** Share of a core that the generator used. Near 1, the generator was the bottleneck. */
  generatorBusy: number;
  statuses: Record<string, number>;
}

/**
 * With other load on the machine a server may refuse a few requests; a figure with more refusals
 * says nothing.
 */
export function successes({ statuses, perSecond }: LoadResult): number {
  const count = (wanted: boolean) =>
    Object.entries(statuses).reduce((sum, [status, times]) => sum + (/^[23]/.test(status) === wanted ? times : 0), 0);
  if (count(false) > count(true) * MAX_REFUSED) throw new Error(`too many refusals: ${JSON.stringify(statuses)}`);
  return perSecond;
}

/** One burst of load that does not wait for answers, from its own process on the other core. */
export async function offerLoad(options: OfferOptions): Promise<OfferResult> {
  // openLoop prints one OfferResult and nothing else.
  return (await runGenerator('./openLoop.js', options)) as OfferResult;
}

/** Runs a module on the load's core. @returns the JSON that it prints. @throws what it reports. */
export async function runGenerator(module: string, options: object): Promise<unknown> {
  const script = fileURLToPath(new URL(module, import.meta.url));
  const child = spawnPinned(LOAD_CORE, [process.execPath, script, JSON.stringify(options)], {});
  onCleanUp(() => end(child));
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name]?.on('data', (chunk: Buffer) => (output[name] += chunk.toString()));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`the load generator ended with ${String(code)}: ${output.stderr}`);
  return JSON.parse(output.stdout);
}

/** Runs the candidates in turn, round by round, so that a noisy minute affects all of them. */
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

function spawnPinned(core: string, command: string[], env: Record<string, string>, cwd?: string): ChildProcess {
  const pinned =
    existsSync('/usr/bin/taskset') && availableParallelism() > 1 ? ['taskset', '-c', core, ...command] : command;
  const [file = '', ...args] = pinned;
  const child = spawn(file, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'], cwd });
  // taskset becomes the process that it starts.
  if (child.pid !== undefined) endWithUs({ pid: child.pid });
  return child;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), 20_000);
  await gone;
  clearTimeout(force);
}
