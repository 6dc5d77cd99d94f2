/** A worker of background jobs as in production: its own process, with the rights of servio_app. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { until } from './jobRoom.js';
import { TEST_SECRET, type TestDatabase } from './database.js';

const WORKER = fileURLToPath(new URL('../../src/worker.js', import.meta.url));

export class WorkerProcess {
  readonly child: ChildProcess;
  #output = '';

  private constructor(child: ChildProcess) {
    this.child = child;
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding('utf8').on('data', (piece: string) => (this.#output += piece));
  }

  static async start(database: TestDatabase, settings: Record<string, string> = {}): Promise<WorkerProcess> {
    const child = spawn(process.execPath, [WORKER], {
      env: {
        ...process.env,
        NODE_ENV: 'development',
        NODE_TEST_CONTEXT: '',
        DATABASE_URL: database.ownerUrl,
        DATABASE_APP_URL: database.appUrl,
        JWT_SECRET: TEST_SECRET,
        ALLOW_UNSAFE_DATABASE: 'true',
        LOG_LEVEL: 'warn',
        ...settings,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const worker = new WorkerProcess(child);
    await until(() => worker.#output.includes('Servio is working') || child.exitCode !== null, 60_000);
    assert.equal(child.exitCode, null, worker.output);
    return worker;
  }

  get output(): string {
    return this.#output;
  }

  async end(signal: NodeJS.Signals): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
    const gone = once(this.child, 'exit');
    this.child.kill('SIGCONT');
    this.child.kill(signal);
    await gone;
    return this.child.exitCode;
  }
}
