/**
 * Redis dies, hangs, loses its data and comes back while a restaurant works: no caller gets a 5xx
 * answer, and a caller that waits for Redis waits once. `FAULT_SECONDS` lengthens each fault.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Answer, expectStatus, type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { Lateness, untilWithRedis } from '../support/patience.js';
import { RedisServer } from '../support/redisServer.js';

const FAULT_MS = Number(process.env['FAULT_SECONDS'] ?? 0.6) * 1_000;
/** The promised time until Redis is in use again. */
const BACK_WITHIN_MS = 5_000;
/** A Redis command is given up after 150 ms. The rest allows for a busy machine. */
const MAX_WAIT_MS = 150 + 250;
const HEARD_WITHIN_MS = 1_000;

const lateness = new Lateness();

interface Sample {
  kind: string;
  status: number;
  durationMs: number;
}

/** Menu reads, orders and logins, each one after the other, until told to stop. */
class Shift {
  readonly samples: Sample[] = [];
  readonly #work: Promise<unknown>;
  #isOver = false;

  constructor(calls: Record<string, () => Promise<Answer>>) {
    this.#work = Promise.all(Object.entries(calls).map(([kind, call]) => this.#repeat(kind, call)));
  }

  get hasEnough(): boolean {
    return ['menu', 'item', 'order', 'login'].every(
      (kind) => this.samples.filter((sample) => sample.kind === kind).length >= 3,
    );
  }

  async end(): Promise<Sample[]> {
    this.#isOver = true;
    await this.#work;
    return this.samples;
  }

  async #repeat(kind: string, call: () => Promise<Answer>): Promise<void> {
    while (!this.#isOver) {
      const [startedAt, late] = [performance.now(), lateness.ms];
      const { status } = await call();
      const durationMs = performance.now() - startedAt - (lateness.ms - late);
      this.samples.push({ kind, status, durationMs });
      await sleep(15);
    }
  }
}

/** @param calm of the moments before, in which an answer takes what it takes on this machine. */
function assertUndisturbed(samples: Sample[], calm: Sample[], what: string): void {
  const bad = samples.filter(({ status }) => status !== 200 && status !== 201);
  assert.deepEqual(bad, [], `${what}: failed`);
  for (const kind of ['menu', 'item', 'order']) {
    const durations = slowestFirst(samples, kind);
    const [slowest = 0, next = 0] = durations;
    const [calmMs = 0] = slowestFirst(calm, kind);
    assert.ok(
      slowest < calmMs + 2 * MAX_WAIT_MS && next < calmMs + MAX_WAIT_MS,
      `${what}: slowest ${kind}: ${durations.slice(0, 3).join(', ')} ms, and ${calmMs} ms before`,
    );
  }
}

function slowestFirst(samples: Sample[], kind: string): number[] {
  return samples
    .filter((sample) => sample.kind === kind)
    .map(({ durationMs }) => Math.round(durationMs))
    .sort((a, b) => b - a);
}

/**
 * Waits until a condition holds. A check that began within the limit may end later and still see
 * the old state.
 */
async function until(what: string, limitMs: number, isSo: () => boolean | Promise<boolean>): Promise<number> {
  const startedAt = performance.now();
  for (;;) {
    const askedAfterMs = performance.now() - startedAt;
    if (await isSo()) return askedAfterMs;
    assert.ok(askedAfterMs < limitMs, `${what}: not within ${limitMs} ms`);
    await sleep(10);
  }
}

const isInUse = (api: TestApi) => api.context.cache.stats().l2.state === 'up';

describe('Redis away', () => {
  let redis: RedisServer;
  let api: TestApi;
  let restaurant: TestRestaurant;
  let item: Json;

  before(async () => {
    redis = await RedisServer.prepare();
    await redis.start();
    api = await startApi({ redisUrl: redis.url });
    restaurant = await api.restaurant();
    item = await api.item(restaurant.token);
    await untilWithRedis(redis, 'Redis in use', BACK_WITHIN_MS, () => isInUse(api));
    const warmUp = startShift();
    await sleep(500);
    await warmUp.end();
  });
  after(async () => {
    redis.thaw();
    await api.close();
    await redis.kill();
  });

  function startShift(): Shift {
    const { token, email, password } = restaurant;
    const lines = [{ menuItemId: item.id, quantity: 1 }];
    return new Shift({
      menu: () => api.get('/v1/menu', { token }),
      // A write to the menu, so that reads also have to go to Redis and the database.
      item: () => api.post(`/v1/menu-items/${item.id}/availability`, { isAvailable: true }, { token }),
      order: () => api.post('/v1/orders', { type: 'takeaway', lines }, { token }),
      login: () => api.post('/v1/auth/login', { email, password }),
    });
  }

  async function during(what: string, fault: () => Promise<void>): Promise<void> {
    const before = startShift();
    await sleep(300);
    const calm = await before.end();
    const shift = startShift();
    await sleep(200);
    await fault();
    const backMs = await untilWithRedis(redis, `${what}: Redis in use`, BACK_WITHIN_MS, () => isInUse(api));
    await sleep(200);
    await until(`${what}: enough answers`, 30_000, () => shift.hasEnough);
    const samples = await shift.end();
    assertUndisturbed(samples, calm, what);
    if (process.env['FAULT_SECONDS'] !== undefined) {
      const slowest = Math.max(...samples.filter(({ kind }) => kind !== 'login').map(({ durationMs }) => durationMs));
      console.log(
        `${what}: ${samples.length} answers, slowest ${Math.round(slowest)} ms, back in ${Math.round(backMs)} ms`,
      );
    }
  }

  test('killed and started again: every answer comes, and Redis is used again within 5 s', () =>
    during('killed', async () => {
      await redis.kill();
      await until('loss noticed', 10_000, () => !isInUse(api));
      await sleep(FAULT_MS);
      await redis.start();
    }));

  test('hung: every answer comes, one command is waited for, and Redis is used again within 5 s', () =>
    during('hung', async () => {
      redis.freeze();
      await until('silence noticed', 10_000, () => !isInUse(api));
      await sleep(FAULT_MS);
      redis.thaw();
    }));

  test('emptied, scripts and all: nothing is noticed', () =>
    during('emptied', async () => {
      await redis.command('FLUSHALL');
      await redis.command('SCRIPT FLUSH');
      await sleep(200);
    }));

  test('while it hangs, callers do not take turns in waiting for it', async () => {
    const call = () => api.get('/v1/menu', { token: restaurant.token });
    redis.freeze();
    try {
      await Promise.all([call(), call(), api.get('/v1/menu')]);
      await until('silence noticed', 10_000, () => !isInUse(api));
      await sleep(200);
      const durations: number[] = [];
      // Longer than the pause after which Redis is tried again: that is not at a caller's cost.
      const endsAt = performance.now() + 1_500;
      while (performance.now() < endsAt) {
        const [startedAt, late] = [performance.now(), lateness.ms];
        await (durations.length % 2 === 0 ? call() : api.get('/v1/menu'));
        durations.push(performance.now() - startedAt - (lateness.ms - late));
        await sleep(10);
      }
      const waited = durations.filter((durationMs) => durationMs > 140);
      // If callers took turns, one would wait in each quarter of a second in which Redis is tried.
      // One more may have waited for PostgreSQL.
      assert.ok(
        waited.length <= 2,
        `${waited.length} of ${durations.length} waited: ${waited.map(Math.round).join(', ')} ms`,
      );
    } finally {
      redis.thaw();
    }
  });

  test('who has waited in vain to be counted does not wait for the cache as well', async () => {
    const { token } = restaurant;
    const isCounted = async () => {
      const before = await redis.command('KEYS', 'servio:limit:api:*');
      // A caller that was never counted. A restaurant of its own: one has fifty API keys at most.
      const { token: fresh } = await api.restaurant();
      expectStatus(200, await api.get('/v1/menu', { token: fresh }));
      return isInUse(api) && (await redis.command('KEYS', 'servio:limit:api:*')) !== before;
    };
    await untilWithRedis(redis, 'Redis in use, for counting too', BACK_WITHIN_MS, isCounted);
    expectStatus(200, await api.get('/v1/menu', { token }));
    redis.freeze();
    try {
      // The menu comes from memory: only the counting asks Redis.
      expectStatus(200, await api.get('/v1/menu', { token }));
      assert.equal(isInUse(api), false);
    } finally {
      redis.thaw();
    }
  });
});

describe('Redis absent at the start', () => {
  test('everything is served, and Redis is in use within 5 s of its coming', async () => {
    const redis = await RedisServer.prepare();
    const startedAt = performance.now();
    const api = await startApi({ redisUrl: redis.url });
    try {
      assert.ok(performance.now() - startedAt < 5_000);
      const { token, email, password } = await api.restaurant();
      const item = await api.item(token);
      expectStatus(200, await api.get('/v1/menu', { token }));
      await api.order(token, [{ menuItemId: item.id, quantity: 1 }]);
      expectStatus(200, await api.post('/v1/auth/login', { email, password }));
      const ready = await fetch(`${api.url}/health/ready`);
      assert.deepEqual([ready.status, await ready.json()], [200, { status: 'degraded' }]);
      await redis.start();
      await untilWithRedis(redis, 'Redis in use', BACK_WITHIN_MS, () => isInUse(api));
      expectStatus(200, await api.get('/v1/menu', { token }));
    } finally {
      await api.close();
      await redis.kill();
    }
  });
});

describe('rate limits while Redis comes and goes', () => {
  test('limited in Redis, by the process alone while it is away, and in Redis again', async () => {
    const redis = await RedisServer.prepare();
    await redis.start();
    const api = await startApi({ redisUrl: redis.url, rateLimitMultiplier: 1 });
    const other = await startApi({ redisUrl: redis.url, rateLimitMultiplier: 1, database: api.database });
    const login = { email: `${randomUUID()}@example.com`, password: 'wrong' };
    const attempt = async (instance: TestApi, email = login.email) =>
      (await instance.post('/v1/auth/login', { ...login, email })).status;
    const countKeys = async () =>
      Number(/^[*](\d+)/.exec(await redis.command('KEYS', 'servio:limit:auth:*'))?.[1] ?? assert.fail());
    try {
      const bothCount = async () => {
        const before = await countKeys();
        await Promise.all([api, other].map((instance) => attempt(instance, `${randomUUID()}@example.com`)));
        return (await countKeys()) === before + 2;
      };
      await untilWithRedis(redis, 'counting in Redis', BACK_WITHIN_MS, bothCount);
      const together = [];
      for (let count = 0; count < 6; count += 1) together.push(await attempt(count % 2 === 0 ? api : other));
      assert.deepEqual(together, [401, 401, 401, 401, 401, 429], 'two instances count as one');

      await redis.kill();
      const alone = [];
      for (let count = 0; count < 6; count += 1) alone.push(await attempt(api));
      assert.deepEqual(alone, [401, 401, 401, 401, 401, 429]);

      await redis.start();
      await untilWithRedis(redis, 'counted in Redis again', BACK_WITHIN_MS, bothCount);
    } finally {
      await other.close();
      await api.close();
      await redis.kill();
    }
  });
});

describe('two instances on one Redis', () => {
  let redis: RedisServer;
  let first: TestApi;
  let second: TestApi;
  let owner: TestRestaurant;

  before(async () => {
    redis = await RedisServer.prepare();
    await redis.start();
    first = await startApi({ redisUrl: redis.url });
    second = await startApi({ redisUrl: redis.url, database: first.database });
    owner = await first.restaurant();
    for (const api of [first, second]) await untilWithRedis(redis, 'Redis in use', BACK_WITHIN_MS, () => isInUse(api));
  });
  after(async () => {
    redis.thaw();
    await second.close();
    await first.close();
    await redis.kill();
  });

  const priceAt = async (api: TestApi) => {
    const menu = expectStatus(200, await api.get('/v1/menu', { token: owner.token }));
    const [item] = menu.categories.flatMap((category: Json) => category.items);
    return item.price as number;
  };

  async function reprice(item: Json, price: number): Promise<Json> {
    const path = `/v1/menu-items/${item.id}`;
    const options = { token: owner.token, headers: { 'if-match': `"${item.version}"` } };
    return expectStatus(200, await first.patch(path, { price }, options));
  }

  async function removeMember(): Promise<number> {
    const invited = { email: `${randomUUID()}@example.com`, name: 'Mia', role: 'staff' };
    const member = expectStatus(201, await first.post('/v1/members', invited, { token: owner.token }));
    const acceptance = { token: member.invitation.token, password: 'the password of a member' };
    const entry = expectStatus(200, await first.post('/v1/auth/accept-invitation', acceptance));
    const call = (api: TestApi) => api.get('/v1/menu', { token: entry.accessToken });
    for (const api of [first, second]) expectStatus(200, await call(api));
    const { status } = await first.delete(`/v1/members/${member.id}`, undefined, { token: owner.token });
    assert.equal(status, 204);
    const goneAt = performance.now();
    assert.equal((await call(first)).status, 401, 'at once where it was done');
    await until('outside on the other one', HEARD_WITHIN_MS, async () => (await call(second)).status === 401);
    return performance.now() - goneAt;
  }

  test('a changed menu is new at once where it was changed, and within 1 s on the other one', async () => {
    let item = await first.item(owner.token, { price: 100 });
    for (let price = 101; price <= 106; price += 1) {
      await Promise.all([priceAt(first), priceAt(second)]);
      item = await reprice(item, price);
      assert.equal(await priceAt(first), price);
      await until(`price ${price} on the other one`, HEARD_WITHIN_MS, async () => (await priceAt(second)) === price);
    }
    // While Redis hangs no instance hears of changes, so memory alone must not be trusted for
    // longer.
    redis.freeze();
    item = await reprice(item, 200);
    assert.equal(await priceAt(first), 200);
    await until(
      'new on the other one, Redis hung',
      HEARD_WITHIN_MS + MAX_WAIT_MS,
      async () => (await priceAt(second)) === 200,
    );
    redis.thaw();
    for (const api of [first, second]) {
      await untilWithRedis(redis, 'Redis in use', BACK_WITHIN_MS, () => isInUse(api));
      assert.equal(await priceAt(api), 200, 'what Redis kept from before is not believed');
    }
  });

  test('a member who was removed is outside at once where it was done, and within 1 s on the other one', async () => {
    await removeMember();
    await redis.kill();
    await removeMember();
    if (process.env['FAULT_SECONDS'] === undefined) return;
    await redis.start();
    for (const api of [first, second]) await untilWithRedis(redis, 'Redis in use', BACK_WITHIN_MS, () => isInUse(api));
    await removeMember();
  });
});
