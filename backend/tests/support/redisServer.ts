/** A Redis of one test's own, to be killed, frozen and emptied. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const START_LIMIT_MS = 5_000;
/**
 * The module that finds the server's binary for `npm test`, and downloads it if needed. It is plain
 * JavaScript, so its type is declared here.
 */
const PACKAGES = new URL('../../../backend/scripts/support/redisPackages.mjs', import.meta.url).href;
interface Packages {
  findServer: () => { command: string; env: Record<string, string> } | undefined;
}

/** A port that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A TCP server's address is never a string.
  const { port } = server.address() as net.AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

export class RedisServer {
  readonly port: number;
  #child: ChildProcess | undefined;

  private constructor(port: number) {
    this.port = port;
  }

  /** On a port of its own; not yet started. */
  static async prepare(): Promise<RedisServer> {
    return new RedisServer(await freePort());
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it empty. */
  async start(): Promise<void> {
    const args = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
    const { findServer } = (await import(PACKAGES)) as Packages;
    const server = findServer();
    if (!server) throw new Error('Install redis-server: these tests kill and freeze one of their own.');
    const env = { ...process.env, ...server.env };
    this.#child = spawn(server.command, args, { stdio: 'ignore', cwd: '/', env });
    const until = performance.now() + START_LIMIT_MS;
    while (!(await this.command('PING').catch(() => '')).includes('PONG')) {
      if (performance.now() > until) throw new Error('redis-server does not start');
      await sleep(20);
    }
  }

  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  freeze(): void {
    this.#child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child?.kill('SIGCONT');
  }

  /** Sends one command of words. @returns the answer as it stands on the wire. */
  async command(...words: string[]): Promise<string> {
    const socket = net.connect(this.port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      socket.end(`${words.join(' ')}\r\nQUIT\r\n`);
      let answer = '';
      for await (const piece of socket.setEncoding('utf8')) answer += String(piece);
      return answer;
    } finally {
      socket.destroy();
    }
  }
}
