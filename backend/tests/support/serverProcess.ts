/** The server as in production: its own process, with PostgreSQL in its own folder. */
import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { readPostmasterFile } from '../../src/process/embeddedPostgres/postmasterFile.js';
import type { Json } from './api.js';
import { freePort } from './redisServer.js';
import { textOf } from './streamReader.js';

const SERVER = fileURLToPath(new URL('../../src/server.js', import.meta.url));
const START_LIMIT_MS = 90_000;
/** Settings of the test run that must not reach the server. */
const FOREIGN = ['REDIS_URL', 'ALLOW_UNSAFE_DATABASE', 'NODE_TEST_CONTEXT', 'DATABASE_URL', 'WEB_CONCURRENCY'];

export interface Reply {
  /** 0: the connection was refused. -1: it broke, or no answer came. */
  status: number;
  body: Json;
  headers: Headers;
  durationMs: number;
  error?: unknown;
}

export async function makeDataDir(): Promise<string> {
  const dataDir = await mkdtemp(path.join(process.env['SERVIO_TEST_DIR'] ?? os.tmpdir(), 'server-'));
  // PostgreSQL may run as another user.
  await chmod(dataDir, 0o711);
  return dataDir;
}

export class ServerProcess {
  readonly url: string;
  readonly child: ChildProcess;
  readonly #dataDir: string;
  #output = '';

  private constructor(child: ChildProcess, port: number, dataDir: string) {
    this.child = child;
    this.url = `http://127.0.0.1:${port}`;
    this.#dataDir = dataDir;
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (piece: string) => (this.#output += piece));
  }

  /** Spawns it, and does not wait. */
  static async spawn(dataDir: string, settings: Record<string, string> = {}): Promise<ServerProcess> {
    const port = await freePort();
    const environment: NodeJS.ProcessEnv = { ...process.env };
    for (const name of FOREIGN) delete environment[name];
    const child = spawn(process.execPath, [SERVER], {
      env: {
        ...environment,
        NODE_ENV: 'development',
        HOST: '127.0.0.1',
        PORT: String(port),
        DATA_DIR: dataDir,
        SEED_DEMO: 'false',
        LOG_LEVEL: 'silent',
        RATE_LIMIT_MULTIPLIER: '100000',
        ...settings,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new ServerProcess(child, port, dataDir);
  }

  static async start(dataDir: string, settings: Record<string, string> = {}): Promise<ServerProcess> {
    const server = await ServerProcess.spawn(dataDir, settings);
    try {
      await server.untilReady();
    } catch (error) {
      // Left alone it would keep the whole run from ending.
      await server.stop();
      throw error;
    }
    return server;
  }

  get output(): string {
    return this.#output;
  }

  async untilReady(): Promise<void> {
    const until = performance.now() + START_LIMIT_MS;
    while ((await this.request('GET', '/health/ready')).status !== 200) {
      assert.ok(this.child.exitCode === null && performance.now() < until, `no start:\n${this.#output}`);
      await sleep(20);
    }
  }

  /** Never throws: what became of the request is in the reply. */
  async request(
    method: string,
    target: string,
    { token, body, headers }: { token?: string; body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Reply> {
    const startedAt = performance.now();
    try {
      const response = await fetch(this.url + target, {
        method,
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        body: body === undefined ? null : JSON.stringify(body),
        signal: AbortSignal.timeout(30_000),
      });
      const text = await textOf(response);
      const isJson = /json/.test(response.headers.get('content-type') ?? '');
      const durationMs = performance.now() - startedAt;
      return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text, durationMs };
    } catch (error) {
      const code = error instanceof Error && error.cause instanceof Error && 'code' in error.cause && error.cause.code;
      const status = code === 'ECONNREFUSED' ? 0 : -1;
      return { status, body: undefined, headers: new Headers(), durationMs: performance.now() - startedAt, error };
    }
  }

  /** A restaurant with one thing to sell. */
  async openRestaurant(): Promise<{ token: string; orderBody: object; email: string; password: string }> {
    const email = `owner-${randomUUID()}@example.com`;
    const password = 'a long enough password';
    const registration = { email, password, name: 'Olga', restaurantName: 'Bistro', currency: 'EUR', timezone: 'UTC' };
    const must = async (target: string, body: object, token?: string): Promise<Json> => {
      const reply = await this.request('POST', target, { body, ...(token === undefined ? {} : { token }) });
      assert.equal(reply.status, 201, JSON.stringify(reply.body));
      return reply.body;
    };
    const token: string = (await must('/v1/auth/register', registration)).accessToken;
    const category = await must('/v1/categories', { name: 'Food' }, token);
    const item = await must('/v1/menu-items', { name: 'Soup', price: 500, categoryId: category.id }, token);
    const orderBody = { type: 'takeaway', lines: [{ menuItemId: item.id, quantity: 1 }] };
    return { token, orderBody, email, password };
  }

  /** Process numbers of PostgreSQL, the postmaster first. */
  async postgresPids(): Promise<number[]> {
    const file = await readPostmasterFile(path.join(this.#dataDir, 'postgres'));
    assert.ok(file, 'PostgreSQL does not run');
    const { stdout } = await promisify(execFile)('pgrep', ['-P', String(file.pid)]);
    return [file.pid, ...stdout.trim().split('\n').map(Number)];
  }

  /**
   * Resolves when a PostgreSQL with another process id has replaced this one and takes connections.
   */
  async untilPostgresIsBack(gonePid: number, limitMs: number): Promise<void> {
    const until = performance.now() + limitMs;
    for (;;) {
      const file = await readPostmasterFile(path.join(this.#dataDir, 'postgres'));
      if (file?.status === 'ready' && file.pid !== gonePid) return;
      assert.ok(performance.now() < until, `PostgreSQL is not back within ${limitMs} ms: ${this.#output}`);
      await sleep(5);
    }
  }

  /**
   * Asks it to end.
   * @returns its exit code, or the signal that ended it, and how long that took.
   */
  async stop(signals: NodeJS.Signals[] = ['SIGTERM']): Promise<{ exit: number | string | null; durationMs: number }> {
    const startedAt = performance.now();
    const { child } = this;
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit');
      for (const signal of signals) {
        child.kill(signal);
        await sleep(30);
      }
      await gone;
    }
    return { exit: child.exitCode ?? child.signalCode, durationMs: performance.now() - startedAt };
  }
}

export async function removeDataDir(dataDir: string): Promise<void> {
  await rm(dataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}
