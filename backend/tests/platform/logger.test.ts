/** Standard output of a server whose reader is slow or gone: nothing is lost, and little waited. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { text } from 'node:stream/consumers';

const LINES = 2_000;
const LONGEST_WAIT_MS = 5;
const LOGGER = new URL('../../src/config/logger.js', import.meta.url).href;
/** `console.log` makes a pipe one that refuses when it is full, as the start of a server does. */
const PROGRAM = `
  import { writeSync } from 'node:fs';
  import { setImmediate as turn } from 'node:timers/promises';
  import { createLogger } from ${JSON.stringify(LOGGER)};
  const waits = [];
  const wait = Atomics.wait;
  Atomics.wait = (place, at, value, ms) => {
    if (waits.push(ms) === 1) writeSync(2, 'full\\n');
    return wait(place, at, value, ms);
  };
  console.log('serving');
  const log = createLogger('info');
  writeSync(2, 'ready\\n');
  for (let number = 1; number <= ${LINES}; number += 1) {
    log.info({ number, padding: 'ä'.repeat(500) });
    if (number % 10 === 0) await turn();
  }
  writeSync(2, JSON.stringify(waits) + '\\n');
  log.info({ number: ${LINES + 1} });
  process.exit(0);
`;

/** Lines that the program wrote on its standard error, as they come. */
function told(child: ChildProcess): AsyncIterator<string> {
  return (async function* () {
    let rest = '';
    for await (const piece of child.stderr ?? []) {
      const lines = (rest + String(piece)).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  })();
}

const start = (): ChildProcess =>
  spawn(process.execPath, ['--input-type=module', '-e', PROGRAM], { stdio: ['ignore', 'pipe', 'pipe'] });

describe('the log', () => {
  test('waits for a slow reader, a little at a time, and loses no line at an exit', async () => {
    const child = start();
    const says = told(child);
    assert.equal((await says.next()).value, 'ready');
    assert.equal((await says.next()).value, 'full');
    const [output, { value }] = await Promise.all([child.stdout ? text(child.stdout) : '', says.next()]);
    const [first, ...lines] = output.trim().split('\n');
    assert.equal(first, 'serving');
    const numbers = lines.map((line) => (JSON.parse(line) as { number: number }).number);
    assert.deepEqual(
      numbers,
      Array.from({ length: LINES + 1 }, (_none, at) => at + 1),
    );
    const waits = JSON.parse(String(value)) as number[];
    assert.ok(Math.max(...waits) <= LONGEST_WAIT_MS, `waited for ${Math.max(...waits)} ms at a time`);
  });

  test('is given up when its reader is gone, and the server goes on', async () => {
    const child = start();
    const lines = told(child);
    assert.equal((await lines.next()).value, 'ready');
    child.stdout?.destroy();
    const [code] = (await once(child, 'exit')) as [number];
    assert.equal(code, 0);
  });
});
