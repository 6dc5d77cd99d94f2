/**
 * Several processes start on one data folder, at once and with different settings. All of them
 * serve, and none harms another.
 */
import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { withClient } from '../../src/config/database.js';
import { ensureAppRole } from '../../src/config/appRole.js';
import { DEMO_MENU } from '../../src/services/demo/demoMenu.js';
import { DEMO_LOGIN } from '../../src/services/demo/demoLogin.js';
import { makeDataDir, removeDataDir, ServerProcess } from '../support/serverProcess.js';
import { embeddedAdminUrl } from '../support/embeddedServer.js';

const SECRETS = ['the secret of the process that came first', 'the secret of a process that came second'];

describe('several first starts on one data folder', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await makeDataDir();
  });
  afterEach(() => removeDataDir(dataDir));

  for (const [title, secrets] of [
    ['all serve, and load the demo restaurant once', [undefined, undefined, undefined, undefined]],
    ['all serve, also with secrets of their own', SECRETS],
  ] as const)
    test(title, async () => {
      const starting = secrets.map((secret) =>
        ServerProcess.spawn(dataDir, { SEED_DEMO: 'true', ...(secret === undefined ? {} : { JWT_SECRET: secret }) }),
      );
      const servers = await Promise.all(starting);
      try {
        await Promise.all(servers.map((server) => server.untilReady()));
        const menus = await Promise.all(servers.map(readDemoMenu));
        const whole = DEMO_MENU.categories.flatMap(({ items }) => items.map(({ name }) => name));
        for (const menu of menus) assert.deepEqual(menu.toSorted(byText), whole.toSorted(byText), 'each dish once');
      } finally {
        await Promise.all(servers.map((server) => server.stop()));
      }
    });
});

const byText = (a = '', b = '') => a.localeCompare(b);

/** Names of the dishes. */
async function readDemoMenu(server: ServerProcess): Promise<string[]> {
  const login = await server.request('POST', '/v1/auth/login', { body: DEMO_LOGIN });
  assert.equal(login.status, 200, JSON.stringify(login.body));
  const items = await server.request('GET', '/v1/menu-items?limit=100', { token: login.body.accessToken });
  assert.equal(items.status, 200, JSON.stringify(items.body));
  return items.body.data.map(({ name }: { name: string }) => name);
}

describe('a second process on one data folder', () => {
  let dataDir: string;
  let servers: ServerProcess[];
  beforeEach(async () => {
    dataDir = await makeDataDir();
    servers = [];
  });
  afterEach(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await removeDataDir(dataDir);
  });

  async function start(secret: string | undefined): Promise<ServerProcess> {
    const server = await ServerProcess.start(dataDir, secret === undefined ? {} : { JWT_SECRET: secret });
    servers.push(server);
    return server;
  }

  /** Every connection of the application is cut, so that all log in anew. */
  async function cutAllConnections(): Promise<void> {
    const text = `select pg_terminate_backend(pid, 5000) from pg_stat_activity where usename ^@ 'servio_app'`;
    const { rowCount } = await withClient(await embeddedAdminUrl(dataDir), (owner) => owner.query(text));
    assert.ok((rowCount ?? 0) > 0, 'the application must have been connected');
  }

  test('with another secret takes no login away from the first one, nor does the first from it', async () => {
    for (const secret of [...SECRETS, SECRETS[0]]) {
      await start(secret);
      for (const server of servers) await server.openRestaurant();
      // The pools see their connections end, as they do when these have served their time.
      await cutAllConnections();
      for (const server of servers) {
        await server.untilReady();
        await server.openRestaurant();
      }
    }
  });

  test('with the same secret, whichever it is, gets the same login; every secret another one', async () => {
    await start(SECRETS[0]);
    const admin = await embeddedAdminUrl(dataDir);
    const logins = async () => {
      const urls = await Promise.all([...SECRETS, ...SECRETS, 'a third one'].map((one) => ensureAppRole(admin, one)));
      return urls.map((url) => new URL(url).username);
    };
    const [first, second, firstAgain, secondAgain, third] = await logins();
    assert.deepEqual([first, firstAgain], ['servio_app', 'servio_app']);
    assert.match(second ?? '', /^servio_app_[0-9a-f]{12}$/);
    assert.equal(secondAgain, second);
    assert.equal(new Set([first, second, third]).size, 3);
    assert.deepEqual(await logins(), [first, second, first, second, third]);
    const { rows } = await withClient(admin, (owner) =>
      owner.query(`select rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles
        where rolname ^@ 'servio_app_' and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb)`),
    );
    assert.deepEqual(rows, [], 'powerless, all of them');
  });
});
