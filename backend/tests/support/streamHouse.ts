/**
 * Two instances of two web workers each, on one database and perhaps one Redis, for tests of
 * streams.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { withClient } from '../../src/config/database.js';
import { embeddedAdminUrl } from './embeddedServer.js';
import { RedisServer } from './redisServer.js';
import { makeDataDir, removeDataDir, ServerProcess } from './serverProcess.js';
import type { StreamReader } from './streamReader.js';

/** For everything that was killed to be back, on a busy machine. */
export const SETTLE_MS = 60_000;

export interface House {
  dataDir: string;
  redis: RedisServer | undefined;
  servers: ServerProcess[];
  token: string;
  restaurantId: string;
}

export async function openHouse(hasRedis: boolean, more: Record<string, string> = {}): Promise<House> {
  const dataDir = await makeDataDir();
  const redis = hasRedis ? await RedisServer.prepare() : undefined;
  await redis?.start();
  const redisUrl: Record<string, string> = redis ? { REDIS_URL: redis.url } : {};
  const settings = { WEB_CONCURRENCY: '2', ...redisUrl, ...more };
  const servers = [await ServerProcess.start(dataDir, settings)];
  servers.push(await ServerProcess.start(dataDir, settings));
  const { token } = await servers[0]!.openRestaurant();
  const { body } = await servers[0]!.request('GET', '/v1/me', { token });
  return { dataDir, redis, servers, token, restaurantId: body.restaurant.id };
}

export async function closeHouse({ dataDir, redis, servers }: House): Promise<void> {
  // The first one owns PostgreSQL.
  for (const server of servers.toReversed()) await server.stop();
  await redis?.kill();
  await removeDataDir(dataDir);
}

/** What is in the feed, as its position and id. */
export async function feedOf({ dataDir, restaurantId }: House): Promise<string[]> {
  return withClient(await embeddedAdminUrl(dataDir), async (owner) => {
    const { rows } = await owner.query<{ key: string }>(
      `select position || ' ' || event_id as key from event_feed where restaurant_id = $1 order by position`,
      [restaurantId],
    );
    return rows.map(({ key }) => key);
  });
}

export async function untilRelayed({ dataDir }: House): Promise<void> {
  const until = performance.now() + SETTLE_MS;
  for (;;) {
    const waiting = await withClient(await embeddedAdminUrl(dataDir), async (owner) => {
      const { rows } = await owner.query<{ count: number }>('select count(*)::int as count from events');
      return rows[0]?.count ?? 0;
    }).catch(() => 1);
    if (waiting === 0) return;
    assert.ok(performance.now() < until, `${waiting} events are not relayed`);
    await sleep(50);
  }
}

export const keysOf = (reader: StreamReader) => reader.messages.map(({ data }) => `${data.position} ${data.id}`);

/** Writes events in transactions that last, and of which a third is rolled back. */
export async function write({ dataDir, restaurantId }: House, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    // A lost connection is opened anew: the feed tells what was committed.
    const client = new pg.Client({ connectionString: await embeddedAdminUrl(dataDir).catch(() => '') });
    client.on('error', () => undefined);
    try {
      await client.connect();
      while (!isOver()) {
        await client.query('begin');
        await client.query(
          `insert into events (restaurant_id, id, type, subject, subject_id, data, created_at)
           select $1, gen_random_uuid(), 'order.changed', 'order', gen_random_uuid(), '{}', now()
           from generate_series(1, $2::int)`,
          [restaurantId, 1 + Math.floor(Math.random() * 3)],
        );
        await sleep(Math.random() * 40);
        await client.query(Math.random() < 0.67 ? 'commit' : 'rollback');
      }
    } catch {
      await sleep(100);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

/** Waits for the successors of killed workers. */
export async function untilWhole({ servers, token }: House): Promise<void> {
  const until = performance.now() + SETTLE_MS;
  for (const server of servers) {
    while ((await workersOf(server)).length < 2) {
      assert.ok(performance.now() < until, 'no successor');
      await sleep(100);
    }
    // A successor takes connections when it is ready, and a busy machine refuses some at first.
    for (let answered = 0; answered < 10; ) {
      assert.ok(performance.now() < until, server.output);
      const headers = { connection: 'close' };
      const { status } = await server.request('GET', '/v1/menu', { token, headers });
      answered = status === 200 ? answered + 1 : 0;
      await sleep(20);
    }
  }
}

async function workersOf(server: ServerProcess): Promise<number[]> {
  const command = promisify(execFile)('pgrep', ['-P', String(server.child.pid), '-f', 'server.js']);
  const { stdout } = await command.catch(() => ({ stdout: '' }));
  return stdout.split('\n').map(Number).filter(Boolean);
}

/** Connects. A busy machine may refuse a request and ask to try again. */
export async function connect(reader: StreamReader): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const status = await reader.connect();
    if (status === 200) return;
    assert.equal(status, 503);
    await sleep(200);
  }
  assert.fail('the server refuses streams');
}

export async function killWorker(server: ServerProcess): Promise<void> {
  const [pid] = await workersOf(server);
  assert.ok(pid !== undefined, 'there is a worker');
  process.kill(pid, 'SIGKILL');
}
