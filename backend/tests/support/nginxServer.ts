/** An nginx of one test's own, with Debian's defaults: it buffers answers. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './redisServer.js';

const START_LIMIT_MS = 5_000;
/** How to get one without root. */
export const NO_NGINX =
  'there is no nginx: install it, or `apt-get download nginx`, `dpkg -x nginx_*.deb DIR`, and set NGINX=DIR/usr/sbin/nginx';

/** @returns the path of the program; undefined when there is none. */
export function findNginx(): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(path.delimiter), '/usr/sbin', '/usr/local/sbin'];
  const files = [process.env['NGINX'] ?? '', ...folders.filter(Boolean).map((folder) => path.join(folder, 'nginx'))];
  return files.find((file) => file !== '' && existsSync(file));
}

export class NginxServer {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #folder: string;

  private constructor(child: ChildProcess, port: number, folder: string) {
    this.#child = child;
    this.url = `http://127.0.0.1:${port}`;
    this.#folder = folder;
  }

  /** @param upstreams that get the requests in turn. */
  static async start(command: string, upstreams: readonly string[]): Promise<NginxServer> {
    const port = await freePort();
    const folder = await mkdtemp(path.join(process.env['SERVIO_TEST_DIR'] ?? os.tmpdir(), 'nginx-'));
    mkdirSync(path.join(folder, 'temp'));
    const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (kind) => `${kind}_temp_path ${folder}/temp/${kind};`,
    );
    const servers = upstreams.map((url) => `server ${new URL(url).host} max_fails=0;`);
    writeFileSync(
      path.join(folder, 'nginx.conf'),
      `daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log;
       events { worker_connections 1024; }
       http {
         access_log off; ${temp.join(' ')}
         upstream servio { ${servers.join(' ')} }
         server { listen 127.0.0.1:${port}; location / { proxy_pass http://servio; } }
       }`,
    );
    const child = spawn(command, ['-p', folder, '-c', path.join(folder, 'nginx.conf')], { stdio: 'ignore' });
    const nginx = new NginxServer(child, port, folder);
    for (const until = performance.now() + START_LIMIT_MS; ; await sleep(20)) {
      if (
        await fetch(nginx.url).then(
          () => true,
          () => false,
        )
      )
        return nginx;
      if (child.exitCode !== null || performance.now() > until) throw new Error('nginx does not start');
    }
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const gone = once(this.#child, 'exit');
      this.#child.kill('SIGTERM');
      await gone;
    }
    await rm(this.#folder, { recursive: true, force: true });
  }
}
