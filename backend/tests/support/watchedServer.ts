/** A server in a process of its own whose event loop is watched from inside. */
import { fileURLToPath } from 'node:url';
import type { LoopReport } from './loopWatch.js';
import { freePort } from './redisServer.js';
import { ServerProcess } from './serverProcess.js';

const WATCH = fileURLToPath(new URL('./loopWatch.js', import.meta.url));

export class WatchedServer {
  readonly server: ServerProcess;
  readonly #watchUrl: string;

  private constructor(server: ServerProcess, watchPort: number) {
    this.server = server;
    this.#watchUrl = `http://127.0.0.1:${watchPort}`;
  }

  static async start(dataDir: string): Promise<WatchedServer> {
    const port = await freePort();
    const options = { NODE_OPTIONS: `--import=${WATCH}`, LOOP_WATCH_PORT: String(port) };
    return new WatchedServer(await ServerProcess.start(dataDir, options), port);
  }

  /** Activity of the event loop since the last report. */
  async report(): Promise<LoopReport> {
    const answer = await fetch(this.#watchUrl);
    // The other side is `loopWatch`.
    return (await answer.json()) as LoopReport;
  }

  /**
   * The longest block of the loop in the best of several rounds. The first rounds also compile the
   * program.
   */
  async heldBy(work: () => Promise<unknown>, boundMs: number, rounds = 4): Promise<number> {
    let best = Number.POSITIVE_INFINITY;
    for (let round = 0; round < rounds && best > boundMs; round += 1) {
      await this.report();
      await work();
      best = Math.min(best, (await this.report()).heldMs);
    }
    return best;
  }
}
