/**
 * The till of docs/examples on the packed `servio-client`. Its connection is cut again and again,
 * and the till itself is killed: every sale is placed and paid once, and each event is seen once.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expectStatus, type Json, startApi, type TestApi } from '../support/api.js';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../..', import.meta.url));
const SALES = 12;
/** Each of so many pieces of answers is lost with its connection. */
const LOST_EACH = 4;

describe('the example till', () => {
  let api: TestApi;
  let folder: string;
  let key: string;
  let proxy: Server;
  let relaying: NodeJS.Timeout;
  const sockets = new Set<Socket>();

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'servio-till-'));
    api = await startApi();
    const { token } = await api.restaurant();
    await api.item(token);
    key = await api.apiKey(token);
    proxy = await cuttingProxy(Number(new URL(api.url).port));
    // The background worker of a server does this.
    relaying = setInterval(() => void api.context.events.relay().catch(() => undefined), 100);
  });
  after(async () => {
    clearInterval(relaying);
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => proxy.close(resolve));
    await api.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** The server does its work, but now and then its answer gets lost. */
  async function cuttingProxy(port: number): Promise<Server> {
    let pieces = 0;
    const server = createServer((client) => {
      const upstream = connect(port, '127.0.0.1');
      for (const socket of [client, upstream]) sockets.add(socket.on('error', () => undefined));
      client.on('close', () => upstream.destroy()).pipe(upstream);
      upstream
        .on('close', () => client.destroy())
        .on('data', (piece) => {
          pieces += 1;
          if (pieces % LOST_EACH === 0) client.destroy();
          else client.write(piece);
        });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  function startTill(): { child: ChildProcess; lines: string[]; ended: Promise<number | null> } {
    // A TCP server's address is never a string.
    const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const child = spawn(process.execPath, ['till.mjs', address, 'till.journal', String(SALES)], {
      cwd: folder,
      env: { ...process.env, SERVIO_KEY: key },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines: string[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
    return { child, lines, ended: new Promise((resolve) => child.once('close', (code) => resolve(code))) };
  }

  test('type-checks against the packed client', async () => {
    const packed = await run('npm', ['pack', '--json', '--pack-destination', folder], {
      cwd: path.join(root, 'backend/client'),
    });
    const [{ filename, files }] = JSON.parse(packed.stdout.slice(packed.stdout.indexOf('[')));
    const names: string[] = files.map(({ path: name }: Json) => name);
    assert.deepEqual(names.filter((name) => !name.startsWith('dist/')).sort(), ['README.md', 'package.json']);
    for (const name of ['dist/client.js', 'dist/client.d.ts', 'dist/api.d.ts']) assert.ok(names.includes(name), name);
    const installed = path.join(folder, 'node_modules/servio-client');
    await mkdir(installed, { recursive: true });
    await run('tar', ['-xzf', path.join(folder, filename), '-C', installed, '--strip-components=1']);
    await cp(path.join(root, 'docs/examples/till/till.mjs'), path.join(folder, 'till.mjs'));
    const compilerOptions = {
      strict: true,
      noEmit: true,
      allowJs: true,
      checkJs: true,
      exactOptionalPropertyTypes: true,
      module: 'nodenext',
      target: 'es2023',
      types: ['node'],
      typeRoots: [path.join(root, 'node_modules/@types')],
    };
    await writeFile(path.join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['till.mjs'] }));
    const checked = await run(process.execPath, [
      path.join(root, 'node_modules/typescript/bin/tsc'),
      '-p',
      folder,
    ]).catch((error: unknown) => error as { stdout: string });
    assert.equal(checked.stdout, '');
  });

  test('sells each thing once, although its connection is cut and it is killed', async () => {
    for (let killed = 0; killed < 3; killed += 1) {
      const { child, lines, ended } = startTill();
      const dying = setInterval(() => {
        if (lines.length > 2) child.kill('SIGKILL');
      }, 5);
      await ended;
      clearInterval(dying);
    }
    const { lines, ended } = startTill();
    assert.equal(await ended, 0);
    const { data: orders } = expectStatus(200, await api.get('/v1/orders?limit=100', { token: key }));
    assert.equal(orders.length, SALES);
    for (const order of orders) {
      const { payments } = expectStatus(200, await api.get(`/v1/orders/${order.id}/payments`, { token: key }));
      assert.deepEqual([payments.length, order.dueTotal, order.paidTotal], [1, 0, order.total]);
    }
    const seen = lines.filter((line) => line.startsWith('event '));
    assert.equal(new Set(seen.map((line) => line.split(' ')[1])).size, 2 * SALES);
    assert.equal(seen.length, 2 * SALES);
  });
});
