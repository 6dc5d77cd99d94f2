/**
 * ClamAV's own daemon, with a signature of ours for the EICAR test text. It is optional: the test
 * needs `clamd` (Debian: clamav-daemon) and no signatures from the network.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ClamdScanner } from '../../src/clients/VirusScanner.js';

const EICAR = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('');
const isInstalled = spawnSync('clamd', ['--version']).status === 0;
const START_MS = 60_000;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A TCP server's address is never a string.
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.end(() => resolve(true)));
    socket.on('error', () => resolve(false));
  });
}

describe("ClamAV's daemon", { skip: isInstalled ? false : 'clamd is not installed (Debian: clamav-daemon)' }, () => {
  let folder: string;
  let port: number;
  let stop: () => Promise<void>;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'servio-clamd-'));
    port = await freePort();
    const digest = createHash('md5').update(EICAR).digest('hex');
    await writeFile(path.join(folder, 'own.hdb'), `${digest}:${EICAR.length}:Servio.Eicar\n`);
    await writeFile(path.join(folder, 'own.ndb'), `Servio.EicarText:0:*:${Buffer.from(EICAR).toString('hex')}\n`);
    const settings = `DatabaseDirectory ${folder}\nTCPSocket ${port}\nTCPAddr 127.0.0.1\nForeground yes\nStreamMaxLength 25M\nLogFile ${folder}/log\n`;
    await writeFile(path.join(folder, 'clamd.conf'), settings);
    const daemon = spawn('clamd', ['--config-file', path.join(folder, 'clamd.conf')], { stdio: 'ignore' });
    const ended = new Promise<void>((resolve) => daemon.once('exit', () => resolve()));
    stop = async () => {
      daemon.kill('SIGKILL');
      await ended;
    };
    const until = performance.now() + START_MS;
    while (!(await answers(port)) && daemon.exitCode === null && performance.now() < until) await sleep(100);
    assert.equal(daemon.exitCode, null, 'clamd did not start');
  });
  after(async () => {
    await stop?.();
    await rm(folder, { recursive: true, force: true });
  });

  test('finds the test text alone and inside of a document, and lets other files pass', async () => {
    const scanner = new ClamdScanner({ host: '127.0.0.1', port });
    try {
      assert.match((await scanner.scan(Buffer.from(EICAR))) ?? '', /Servio\.Eicar/);
      assert.match((await scanner.scan(Buffer.from(`<Invoice><Note>${EICAR}</Note></Invoice>`))) ?? '', /EicarText/);
      assert.equal(await scanner.scan(Buffer.from('<Invoice/>')), undefined);
      assert.equal(await scanner.scan(Buffer.alloc(20 * 1024 * 1024, 'a')), undefined);
      await assert.rejects(scanner.scan(Buffer.alloc(26 * 1024 * 1024, 'a')));
    } finally {
      scanner.close();
    }
  });
});
