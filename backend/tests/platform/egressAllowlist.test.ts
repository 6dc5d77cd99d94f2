/**
 * EGRESS_ALLOWLIST: which servers behind the firewall may be called. Production refuses the
 * setting.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { readEnv } from '../../src/config/env.js';
import { createLogger } from '../../src/config/logger.js';
import { createContext } from '../../src/context.js';
import { createTestDatabase, TEST_SECRET, type TestDatabase } from '../support/database.js';
import { makeDataDir, removeDataDir, ServerProcess } from '../support/serverProcess.js';

describe('EGRESS_ALLOWLIST', () => {
  test('is read as host:port entries; none by default', () => {
    assert.deepEqual(readEnv({}).egressAllowlist, []);
    assert.deepEqual(readEnv({ EGRESS_ALLOWLIST: '' }).egressAllowlist, []);
    assert.deepEqual(readEnv({ EGRESS_ALLOWLIST: ' localhost:9000, [::1]:11434,' }).egressAllowlist, [
      'localhost:9000',
      '[::1]:11434',
    ]);
  });

  for (const value of ['localhost', 'http://localhost:80', 'localhost:0', 'localhost:65536', '*:80', 'a:1;b:2'])
    test(`"${value}" stops the start and names the variable`, () => {
      assert.throws(() => readEnv({ EGRESS_ALLOWLIST: value }), /EGRESS_ALLOWLIST: must be host:port/);
    });

  describe('on the way from the settings to a call', () => {
    let database: TestDatabase;
    before(async () => {
      database = await createTestDatabase();
    });
    after(() => database.drop());

    test('lets a server on a private address be called, and that one only', async () => {
      const server = createServer((_request, response) => response.end('hello')).listen(0, '127.0.0.1');
      await once(server, 'listening');
      // A TCP server's address is never a string.
      const { port } = server.address() as AddressInfo;
      const { egressAllowlist } = readEnv({ EGRESS_ALLOWLIST: `127.0.0.1:${port}` });
      const options = { appUrl: database.appUrl, secret: TEST_SECRET, log: createLogger('silent') };
      const [open, shut] = [createContext({ ...options, egressAllowlist }), createContext(options)];
      try {
        assert.equal((await open.http.request('test', `http://127.0.0.1:${port}/`)).text(), 'hello');
        const isRefused = { code: 'forbidden' };
        await assert.rejects(open.http.request('test', `http://localhost:${port}/`), isRefused);
        await assert.rejects(shut.http.request('test', `http://127.0.0.1:${port}/`), isRefused);
      } finally {
        await open.close();
        await shut.close();
        server.close();
      }
    });
  });

  test('is refused in production: the server does not start and says why', async () => {
    const dataDir = await makeDataDir();
    const server = await ServerProcess.spawn(dataDir, {
      NODE_ENV: 'production',
      JWT_SECRET: 'a secret that only this test of the server uses',
      EGRESS_ALLOWLIST: 'localhost:9000',
    });
    try {
      if (server.child.exitCode === null) await once(server.child, 'close');
      assert.equal(server.child.exitCode, 1);
      assert.match(server.output, /EGRESS_ALLOWLIST is refused in production/);
    } finally {
      await server.stop();
      await removeDataDir(dataDir);
    }
  });
});
