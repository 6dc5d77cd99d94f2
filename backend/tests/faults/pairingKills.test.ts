/**
 * Devices are paired at a server that is killed at every step: in the midst of a transaction, and
 * after it, before anybody saw the answer. Afterwards each device has one key, none exists twice,
 * and no pairing is left that leads to one. `PAIRING_KILLS=30` is the long version.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, describe, test } from 'node:test';
import { withClient } from '../../src/config/database.js';
import { type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { rowsOf } from '../support/codes.js';
import { TEST_SECRET } from '../support/database.js';
import { untilWaiting } from '../support/lockWaits.js';
import { makeDataDir, removeDataDir, type Reply, ServerProcess } from '../support/serverProcess.js';

/** Kills at any moment, after those at every step. */
const KILLS = Number(process.env['PAIRING_KILLS'] ?? 1);
const CROWD = 4;
/** A device that gets no answer for so long is broken, however busy the machine. */
const PATIENCE_MS = 90_000;

interface Device {
  name: string;
  secret?: string;
  userCode?: string;
  key?: string;
  /** One for each step, kept while the step is repeated. */
  keys: { confirm: string; collect: string };
}

describe('pairing at a server that is killed', () => {
  let api: TestApi;
  let mine: TestRestaurant;
  let dataDir: string;
  let server: ServerProcess;
  const devices: Device[] = [];
  /** Codes that no device saw: their answers were lost. */
  let unseen = 0;

  before(async () => {
    dataDir = await makeDataDir();
    api = await startApi();
    mine = await api.restaurant();
    server = await start();
  });
  after(async () => {
    await server.stop(['SIGKILL']);
    await api.close();
    await removeDataDir(dataDir);
  });

  const start = (): Promise<ServerProcess> =>
    ServerProcess.start(dataDir, {
      DATABASE_URL: api.database.ownerUrl,
      DATABASE_APP_URL: api.database.appUrl,
      JWT_SECRET: TEST_SECRET,
      ALLOW_UNSAFE_DATABASE: 'true',
      BACKGROUND: 'false',
    });

  function newDevice(): Device {
    const device = { name: `Screen ${devices.length + 1}`, keys: { confirm: randomUUID(), collect: randomUUID() } };
    devices.push(device);
    return device;
  }

  const askCode = (): Promise<Reply> => server.request('POST', '/v1/devices/pairings', { body: {} });
  const confirm = ({ userCode, name, keys }: Device): Promise<Reply> =>
    server.request('POST', '/v1/devices/pairings/confirm', {
      token: mine.token,
      body: { userCode, name, kind: 'kitchen_screen' },
      headers: { 'idempotency-key': keys.confirm },
    });
  const collect = ({ secret, keys }: Device): Promise<Reply> =>
    server.request('POST', '/v1/devices/pairings/collect', {
      body: { secret },
      headers: { 'idempotency-key': keys.collect },
    });

  /** Repeats a step, as a device and a member do, until its outcome is known. */
  async function untilKnown(step: () => Promise<Reply>, status: number): Promise<Json> {
    const until = performance.now() + PATIENCE_MS;
    for (;;) {
      const reply = await step();
      if (reply.status === status) return reply.body;
      const isToRepeat = reply.status < 1 || reply.status === 503 || reply.body.code === 'idempotency_key_in_use';
      assert.ok(isToRepeat && performance.now() < until, `${reply.status} ${JSON.stringify(reply.body)}`);
      await sleep(20);
    }
  }

  async function withCode(device = newDevice()): Promise<Device> {
    const asked = async (): Promise<Reply> => {
      const reply = await askCode();
      if (reply.status === -1) unseen += 1;
      return reply;
    };
    return Object.assign(device, await untilKnown(asked, 201));
  }
  async function confirmed(device?: Device): Promise<Device> {
    const shown = device ?? (await withCode());
    await untilKnown(() => confirm(shown), 200);
    return shown;
  }
  async function collected(device: Device): Promise<void> {
    device.key = (await untilKnown(() => collect(device), 200)).secret;
  }
  async function goOn(device: Device): Promise<void> {
    if (device.secret === undefined) await withCode(device);
    await confirmed(device);
    await collected(device);
  }

  async function kill(): Promise<void> {
    await server.stop(['SIGKILL']);
    server = await start();
  }

  /** Kills the server while its transactions wait for a table, each at its first write to it. */
  async function killedInTheMidst(table: string, steps: (() => Promise<Reply>)[]): Promise<Reply[]> {
    return withClient(api.database.ownerUrl, async (client) => {
      await client.query('begin');
      await client.query(`lock table ${table} in share row exclusive mode`);
      const begun = steps.map((step) => step());
      await untilWaiting(api.database, steps.length - 1, () => false);
      await server.stop(['SIGKILL']);
      await client.query('rollback');
      server = await start();
      return Promise.all(begun);
    });
  }

  test('leaves each device with one key, wherever it was', { timeout: 600_000 }, async () => {
    // All three steps in the midst.
    const [asking, entering, fetching] = [newDevice(), await withCode(), await confirmed()];
    const replies = await killedInTheMidst('device_pairings', [
      askCode,
      () => confirm(entering),
      () => collect(fetching),
    ]);
    assert.deepEqual(
      replies.map(({ status }) => status),
      [-1, -1, -1],
    );
    unseen += 1;
    await Promise.all([asking, entering, fetching].map(goOn));

    // The last write of a key, after its pairing was deleted. Meanwhile, others lost their answers.
    const [late, shown, known] = [await confirmed(), await withCode(), await confirmed()];
    await askCode();
    unseen += 1;
    await confirm(shown);
    await collect(known);
    const [reply] = await killedInTheMidst('api_keys', [() => collect(late)]);
    assert.equal(reply?.status, -1);
    await Promise.all([late, shown, known].map(goOn));

    for (let count = 0; count < KILLS; count += 1) {
      const crowd = Array.from({ length: CROWD }, newDevice).map(goOn);
      await sleep(Math.random() * 60);
      await kill();
      await Promise.all(crowd);
    }
    await assertOneKeyEach();
    await assertNoOrphans();
  });

  async function assertOneKeyEach(): Promise<void> {
    const stored = await rowsOf(
      api,
      `select k.name,
         (select count(*)::int from audit_log a where a.restaurant_id = $1 and a.subject_id = k.id) as entries,
         (select count(*)::int from events e where e.restaurant_id = $1 and e.subject_id = k.id) as events
       from api_keys k where k.restaurant_id = $1`,
      [mine.id],
    );
    const byName = (one: Json, other: Json) => (one.name < other.name ? -1 : 1);
    assert.deepEqual(
      stored.toSorted(byName),
      devices.map(({ name }) => ({ name, entries: 1, events: 1 })).toSorted(byName),
    );
    assert.equal(new Set(devices.map(({ key }) => key)).size, devices.length);
    for (const { key = '', name } of devices) {
      const me = await server.request('GET', '/v1/me', { token: key });
      assert.deepEqual([me.status, me.body.apiKey.name], [200, name]);
    }
  }

  /** Codes that nobody saw lead nowhere, and go with the next pairing after their ten minutes. */
  async function assertNoOrphans(): Promise<void> {
    const left = await rowsOf(api, 'select home_id from device_pairings', []);
    assert.ok(left.length <= unseen, `${left.length} pairings, ${unseen} lost answers`);
    assert.ok(
      left.every((pairing) => pairing.home_id === null),
      'a confirmed pairing is left',
    );
    for (const device of devices) assert.equal((await server.request('POST', COLLECT, usedUp(device))).status, 401);
    await rowsOf(api, `update device_pairings set expires_at = now() - interval '1 minute' returning 1`, []);
    await withCode();
    assert.equal((await rowsOf(api, 'select 1 from device_pairings', [])).length, 1);
  }
});

const COLLECT = '/v1/devices/pairings/collect';
/** A second collection, which is not the repetition of the first. */
const usedUp = ({ secret }: Device) => ({ body: { secret }, headers: { 'idempotency-key': randomUUID() } });
