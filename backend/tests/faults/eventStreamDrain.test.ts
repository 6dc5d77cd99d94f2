/** A thousand open streams: other requests go on beside them, and they hold no stop. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeDataDir, removeDataDir, ServerProcess } from '../support/serverProcess.js';
import { StreamReader } from '../support/streamReader.js';

const RESTAURANTS = 10;
const STREAMS = 1_000;
/** Requests in progress alone would have 12 s. */
const STOP_LIMIT_MS = 10_000;

describe('a thousand streams', () => {
  let dataDir: string;
  let server: ServerProcess;
  let tokens: string[];

  before(async () => {
    dataDir = await makeDataDir();
    server = await ServerProcess.start(dataDir);
    tokens = [];
    for (let count = 0; count < RESTAURANTS; count += 1) {
      const { token } = await server.openRestaurant();
      for (let key = 0; key < 2; key += 1) {
        const made = await server.request('POST', '/v1/api-keys', {
          token,
          body: { name: 'screen', scopes: ['menu:read'] },
        });
        tokens.push(made.body.secret);
      }
    }
  });
  after(async () => {
    await server.stop();
    await removeDataDir(dataDir);
  });

  test('take no place from requests, and end at once when the server stops', async (context) => {
    const before = residentMegabytes();
    const readers = Array.from(
      { length: STREAMS },
      (_, index) => new StreamReader(server.url, { token: tokens[index % tokens.length] }),
    );
    for (let from = 0; from < STREAMS; from += 50) {
      await Promise.all(readers.slice(from, from + 50).map(connect));
    }
    context.diagnostic(`${STREAMS} streams took ${Math.round(residentMegabytes() - before)} MB`);
    const { body } = await server.request('GET', '/health/metrics');
    assert.match(body, new RegExp(`^servio_event_streams_open ${STREAMS}$`, 'm'));
    assert.match(body, /^servio_http_requests_running [0-9]$/m);
    assert.equal((await server.request('GET', '/v1/menu', { token: tokens[0]! })).status, 200);
    // Clients that have stopped reading must not hold it either.
    for (const reader of readers.slice(0, 50)) reader.pause();
    const { exit, durationMs } = await server.stop();
    context.diagnostic(`stopped after ${Math.round(durationMs)} ms`);
    assert.equal(exit, 0, server.output);
    assert.ok(durationMs < STOP_LIMIT_MS, `${durationMs} ms`);
    for (const reader of readers.slice(50)) await reader.until('its end', ({ isOpen }) => !isOpen);
  });

  /** A busy machine may refuse a request and ask to try again. */
  async function connect(reader: StreamReader): Promise<void> {
    for (let attempt = 0; attempt < 20; attempt += 1) {
      const status = await reader.connect();
      if (status === 200) return;
      assert.equal(status, 503);
      await sleep(200);
    }
    assert.fail('the server refuses streams');
  }

  function residentMegabytes(): number {
    return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${server.child.pid}/status`, 'utf8'))?.[1]) / 1_024;
  }
});
