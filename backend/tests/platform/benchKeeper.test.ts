/** Servers of a benchmark that was killed. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

const CLEAN_UP = new URL('../../bench/support/cleanup.js', import.meta.url).href;
const BOUND_MS = 20_000;

function startIdle() {
  return spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
}

test('a killed benchmark leaves no server and no folder, and nobody ends a process that it has forgotten', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'servio-keeper-'));
  const [server, database, forgotten] = [startIdle(), startIdle(), startIdle()];
  await mkdir(path.join(folder, 'postgres'));
  await writeFile(path.join(folder, 'postgres', 'postmaster.pid'), `${database.pid}\n/a/folder\n`);
  const script = `
    import { cleanUp, endWithUs } from ${JSON.stringify(CLEAN_UP)};
    endWithUs({ pid: ${forgotten.pid} });
    await cleanUp();
    endWithUs({ folder: ${JSON.stringify(folder)} });
    endWithUs({ pid: ${server.pid} });
    console.log('told');
    setInterval(() => {}, 1000);`;
  const bench = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await once(bench.stdout, 'data');
    const ended = Promise.all([server, database].map((one) => once(one, 'exit')));
    bench.kill('SIGKILL');
    const hasEnded = await Promise.race([ended.then(() => true), sleep(BOUND_MS, false, { ref: false })]);
    assert.ok(hasEnded, 'its servers run on');
    for (let waited = 0; existsSync(folder) && waited < BOUND_MS; waited += 20) await sleep(20);
    assert.ok(!existsSync(folder), 'its folder is still there');
    assert.equal(forgotten.exitCode ?? forgotten.signalCode, null);
  } finally {
    for (const one of [bench, server, database, forgotten]) one.kill('SIGKILL');
  }
});
