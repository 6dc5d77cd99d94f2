/**
 * Which callers are counted, under which limit, and the answer they get. The tests run behind one
 * trusted proxy, so that each test has its own addresses.
 */
import assert from 'node:assert/strict';
import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import type { Request } from 'express';
import { withClient } from '../../src/config/database.js';
import { addressKey } from '../../src/middleware/rateLimit.js';
import { tokenHash } from '../../src/utils/secrets.js';
import { type Answer, expectStatus, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { expectProblem } from '../support/problem.js';

/** A token nobody has. */
const FORGED = 'sk_forged';

let api: TestApi;

before(async () => {
  api = await startApi({ rateLimitMultiplier: 1, trustProxyHops: 1 });
});
after(() => api.close());

/** How often the database has been asked for an API key. */
async function countLookups(): Promise<number> {
  const name = /servio_db_query_duration_seconds_count\{[^}]*query="apiKey\.findLiveByHash"[^}]*\} (\d+)/;
  return Number(name.exec(await api.context.metrics.prometheus())?.[1] ?? 0);
}

/** A key as they were made before they showed who made them. */
async function olderKey(restaurantId: string, keyId: string): Promise<string> {
  const secret = `sk_${restaurantId.replaceAll('-', '')}_${randomBytes(32).toString('base64url')}`;
  await withClient(api.database.ownerUrl, (client) =>
    client.query('update api_keys set key_hash = $3 where restaurant_id = $1 and id = $2', [
      restaurantId,
      keyId,
      tokenHash(secret),
    ]),
  );
  return secret;
}

let lastAddress = 0;
/** An address that no other test calls from. */
function newAddress(): string {
  lastAddress += 1;
  return `198.51.${100 + Math.floor(lastAddress / 256)}.${lastAddress % 256}`;
}

function from(address: string): { headers: Record<string, string> } {
  return { headers: { 'x-forwarded-for': address } };
}

/** A restaurant whose registration counts against an address of its own. */
async function newRestaurant(instance = api): Promise<TestRestaurant> {
  const email = `owner-${randomInt(1e9)}@example.com`;
  const password = 'a long enough password';
  const registration = { name: 'Olga', restaurantName: 'Bistro', currency: 'EUR', timezone: 'Europe/Berlin' };
  const answer = await instance.post('/v1/auth/register', { ...registration, email, password }, from(newAddress()));
  const { restaurant, user, accessToken, refreshToken } = expectStatus(201, answer);
  return { id: restaurant.id, userId: user.id, token: accessToken, refreshToken, email, password };
}

/** Answers of one call made again and again, ten at a time. */
async function repeat(count: number, call: (index: number) => Promise<Answer>): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let done = 0; done < count; done += 10) {
    const batch = Array.from({ length: Math.min(10, count - done) }, (_, index) => call(done + index));
    answers.push(...(await Promise.all(batch)));
  }
  return answers;
}

function countRefused(answers: Answer[]): number {
  return answers.filter(({ status }) => status === 429).length;
}

/** Calls left under a tier, from the RateLimit header of draft 8. */
function remaining(answer: Answer, tier: string): number {
  const left = new RegExp(`"${tier}"; r=(\\d+); t=\\d+`).exec(answer.headers.get('ratelimit') ?? '')?.[1];
  assert.ok(left !== undefined, `no ${tier} in RateLimit: ${answer.headers.get('ratelimit')}`);
  return Number(left);
}

function expectLimited(answer: Answer, tier: string, limit: number, windowSeconds: number): void {
  assert.equal(expectProblem(429, answer).code, 'rate_limited');
  const retryAfter = Number(answer.headers.get('retry-after'));
  assert.ok(retryAfter >= 1 && retryAfter <= windowSeconds, `Retry-After: ${retryAfter}`);
  assert.equal(remaining(answer, tier), 0);
  assert.match(
    answer.headers.get('ratelimit-policy') ?? '',
    new RegExp(`"${tier}"; q=${limit}; w=${windowSeconds}(?:;|$)`),
  );
}

describe('without a valid credential', () => {
  test('an address has 100 calls in 15 minutes, whatever it asks for and whatever it claims to be', async () => {
    const { headers } = from(newAddress());
    const kinds = [
      () => api.get('/v1/menu', { headers }),
      () => api.get('/v1/menu', { headers, token: `${FORGED}${randomInt(1e9)}` }),
      () => api.get('/v1/me', { headers, token: `eyJ${randomInt(1e9)}.e30.x` }),
      () => api.get('/v1/nothing-here', { headers }),
      () => api.post('/v1/auth/login', { email: 'no address' }, { headers }),
    ];
    const answers = await repeat(100, (index) => kinds[index % kinds.length]?.() ?? assert.fail());
    assert.equal(countRefused(answers), 0);
    assert.ok(answers.every(({ status }) => status >= 400 && status < 500));
    for (const call of kinds) expectLimited(await call(), 'global', 100, 900);
    const elsewhere = await api.get('/v1/menu', from(newAddress()));
    assert.equal(elsewhere.status, 401);
    assert.equal(remaining(elsewhere, 'global'), 99);
  });

  test('an address that is used up does not stop who comes with a valid credential from there', async () => {
    const { headers } = from(newAddress());
    const { token } = await newRestaurant();
    const answers = await repeat(101, () => api.get('/v1/menu', { headers, token: FORGED }));
    assert.equal(countRefused(answers), 1);
    expectStatus(200, await api.get('/v1/menu', { headers, token }));
  });

  test('a forged credential is counted once against its address, and then against itself alone', async () => {
    const { headers } = from(newAddress());
    const answers = await repeat(105, (index) => api.get('/v1/me', { headers, token: `${FORGED}_${index}` }));
    assert.equal(countRefused(answers), 5);
    expectLimited(await api.get('/v1/me', { headers, token: `${FORGED}_new` }), 'global', 100, 900);
    assert.equal((await api.get('/v1/me', { headers, token: `${FORGED}_0` })).status, 401);
  });

  test('a credential that fails again and again is stopped itself, also when all comes at once, and its address is not', async () => {
    const { headers } = from(newAddress());
    const token = `${FORGED}${randomInt(1e9)}`;
    const answers = await Promise.all(Array.from({ length: 110 }, () => api.get('/v1/menu', { headers, token })));
    assert.equal(countRefused(answers), 10);
    expectLimited(await api.get('/v1/menu', { headers, token }), 'token', 100, 900);
    assert.equal(remaining(await api.get('/v1/menu', { headers }), 'global'), 98, 'one for the token, one for this');
  });

  test('invented API keys cost no look-up beyond the limit, and leave nothing in the cache', async () => {
    const { headers } = from(newAddress());
    const invent = () => `sk_${randomUUID().replaceAll('-', '')}_${randomBytes(32).toString('base64url')}`;
    const { entries } = api.context.cache.stats().l1;
    const before = await countLookups();
    const answers = await repeat(400, () => api.get('/v1/menu', { headers, token: invent() }));
    assert.equal(countRefused(answers), 300);
    assert.equal((await countLookups()) - before, 100);
    assert.equal(api.context.cache.stats().l1.entries, entries);
  });

  test('one invented API key, sent by many at once, is looked up once', async () => {
    const { headers } = from(newAddress());
    const token = `sk_${randomUUID().replaceAll('-', '')}_${randomBytes(32).toString('base64url')}`;
    const before = await countLookups();
    const answers = await Promise.all(Array.from({ length: 150 }, () => api.get('/v1/menu', { headers, token })));
    assert.equal(countRefused(answers), 50);
    assert.equal((await countLookups()) - before, 1);
  });

  test('an API key is let in from an address that guessers have used up: a new one, and one without a sign of its maker', async () => {
    const { headers } = from(newAddress());
    const { id, token } = await newRestaurant();
    const body = { name: 'till', kind: 'till', scopes: ['menu:read'] };
    const fresh = expectStatus(201, await api.post('/v1/api-keys', body, { token })).secret;
    const old = await olderKey(id, expectStatus(201, await api.post('/v1/api-keys', body, { token })).id);
    const answers = await repeat(99, () => api.get('/v1/menu', { headers }));
    assert.equal(countRefused(answers), 0);
    expectStatus(200, await api.get('/v1/menu', { headers, token: old }));
    expectProblem(401, await api.get('/v1/menu', { headers }));
    expectProblem(429, await api.get('/v1/menu', { headers }));
    // Out of memory: both have to be looked up again.
    await api.context.cache.invalidatePattern(`${id}:*`);
    for (const secret of [fresh, old]) expectStatus(200, await api.get('/v1/menu', { headers, token: secret }));
  });

  test('a path that does not exist counts against the credential it is asked for with, not against the address', async () => {
    const { headers } = from(newAddress());
    const { token } = await newRestaurant();
    const answers = await repeat(61, () => api.get('/v1/nothing-here', { headers, token }));
    assert.equal(countRefused(answers), 1);
    assert.equal(answers.filter(({ status }) => status === 404).length, 60);
    assert.equal(remaining(await api.get('/v1/menu', { headers }), 'global'), 99);
  });

  test('a failure of ours is not counted against the address', async () => {
    const { headers } = from(newAddress());
    const restaurant = await newRestaurant();
    const identify = api.context.auth.identify.bind(api.context.auth);
    const { AppError } = await import('../../src/domain/shared/errors.js');
    api.context.auth.identify = () => Promise.reject(new AppError('database_unavailable', 'away'));
    try {
      const answers = await repeat(110, () => api.get('/v1/menu', { headers, token: restaurant.token }));
      assert.deepEqual([...new Set(answers.map(({ status }) => status))], [503]);
    } finally {
      api.context.auth.identify = identify;
    }
    assert.equal(remaining(await api.get('/v1/menu', { headers }), 'global'), 99);
  });
});

describe('logins', () => {
  const attempt = (address: string, email: string, password = 'wrong') =>
    api.post('/v1/auth/login', { email, password }, from(address));

  test('five wrong ones in 15 minutes for one account from one address; other accounts and addresses go on', async () => {
    const [here, elsewhere] = [newAddress(), newAddress()];
    const { email, password } = await newRestaurant();
    for (let count = 0; count < 4; count += 1) expectProblem(401, await attempt(here, email, `wrong ${count}`));
    const right = await attempt(here, email, password);
    expectStatus(200, right);
    assert.equal(remaining(right, 'auth'), 0);
    // Given back: the right one was none of the five.
    expectProblem(401, await attempt(here, email, 'wrong 4'));
    expectLimited(await attempt(here, email, 'wrong 5'), 'auth', 5, 900);
    expectLimited(await attempt(here, email.toUpperCase(), password), 'auth', 5, 900);
    expectProblem(401, await attempt(here, `other-${email}`));
    expectStatus(200, await attempt(elsewhere, email, password));
  });

  test('of twenty at once, five are looked at', async () => {
    const address = newAddress();
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) => attempt(address, 'nobody@example.com', `wrong ${index}`)),
    );
    assert.equal(countRefused(answers), 15);
    assert.equal(answers.filter(({ status }) => status === 401).length, 5);
  });

  test('a device that says the same wrong password again and again is stopped, and its account comes in beside it', async () => {
    const address = newAddress();
    const { email, password } = await newRestaurant();
    const answers = await Promise.all(Array.from({ length: 20 }, () => attempt(address, email, 'the old password')));
    assert.equal(countRefused(answers), 15);
    expectLimited(await attempt(address, email, 'the old password'), 'attempt', 5, 900);
    for (let count = 0; count < 8; count += 1) expectStatus(200, await attempt(address, email, password));
  });

  describe('with a fifth of every limit', () => {
    let small: TestApi;
    before(async () => {
      small = await startApi({ rateLimitMultiplier: 0.2, trustProxyHops: 1, database: api.database });
    });
    after(() => small.close());

    test('right ones are bounded too: each costs a hash and a session', async () => {
      const address = newAddress();
      const { email, password } = await newRestaurant();
      const answers: Answer[] = [];
      for (let count = 0; count < 13; count += 1)
        answers.push(await small.post('/v1/auth/login', { email, password }, from(address)));
      assert.equal(countRefused(answers), 1);
      expectLimited(answers.at(-1) ?? assert.fail(), 'logins', 12, 900);
    });

    test('an address from which many accounts were guessed gets no further', async () => {
      const address = newAddress();
      const answers = await repeat(24, (index) =>
        small.post('/v1/auth/login', { email: `${index}@example.com`, password: 'wrong' }, from(address)),
      );
      assert.equal(countRefused(answers), 4);
      const next = { email: 'next@example.com', password: 'wrong' };
      expectLimited(await small.post('/v1/auth/login', next, from(address)), 'entry', 20, 900);
    });

    test('a house with more sessions than its address has attempts refreshes all of them at once', async () => {
      const address = newAddress();
      const { email, password } = await newRestaurant();
      const logins = await Promise.all(
        Array.from({ length: 25 }, () => api.post('/v1/auth/login', { email, password }, from(newAddress()))),
      );
      const tokens: string[] = logins.map((login) => expectStatus(200, login).refreshToken);
      const answers = await Promise.all(
        tokens.map((refreshToken) => small.post('/v1/auth/refresh', { refreshToken }, from(address))),
      );
      assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
    });
  });
});

describe('one broken device', () => {
  /** Asserts that one address can still make a restaurant's usual calls. */
  async function assertOpen(address: string): Promise<void> {
    const { email, password } = await newRestaurant();
    const entry = expectStatus(200, await api.post('/v1/auth/login', { email, password }, from(address)));
    const { refreshToken } = entry;
    const next = expectStatus(200, await api.post('/v1/auth/refresh', { refreshToken }, from(address)));
    expectStatus(200, await api.get('/v1/menu', { ...from(address), token: next.accessToken }));
  }

  const faults: Record<string, (address: string, owner: TestRestaurant) => Promise<Answer>> = {
    'without a credential': (address) => api.get('/v1/menu', from(address)),
    'at a path that is gone': (address) => api.get('/v1/menus', from(address)),
    'with the token of a session that has ended': (address, { token }) =>
      api.get('/v1/menu', { ...from(address), token }),
    'with a refresh token that was used': (address, { refreshToken }) =>
      api.post('/v1/auth/refresh', { refreshToken }, from(address)),
    'with a refresh token of long ago': (address) =>
      api.post('/v1/auth/refresh', { refreshToken: `rt_${'0'.repeat(32)}_${'A'.repeat(43)}` }, from(address)),
    'with an old password': (address, { email }) =>
      api.post('/v1/auth/login', { email, password: 'the old password' }, from(address)),
    'with half a login': (address) => api.post('/v1/auth/login', { email: 'x' }, from(address)),
  };
  for (const [what, call] of Object.entries(faults)) {
    test(`that calls ${what} does not lock its house out`, async () => {
      const address = newAddress();
      const owner = await newRestaurant();
      const { status } = await api.post('/v1/auth/logout', undefined, { token: owner.token });
      assert.equal(status, 204);
      const answers = await repeat(120, () => call(address, owner));
      assert.ok(countRefused(answers) >= 15, `${countRefused(answers)} refused`);
      await assertOpen(address);
    });
  }

  test('that refreshes in a circle is stopped by its session, and other sessions go on', async () => {
    const address = newAddress();
    const owner = await newRestaurant();
    let { refreshToken } = owner;
    for (let count = 0; count < 30; count += 1)
      ({ refreshToken } = expectStatus(200, await api.post('/v1/auth/refresh', { refreshToken }, from(address))));
    expectLimited(await api.post('/v1/auth/refresh', { refreshToken }, from(address)), 'refresh', 30, 900);
    await assertOpen(address);
  });
});

describe('a restaurant', () => {
  test('has fifty keys at most that are good at the same time, though they are made at once', async () => {
    const { token } = await newRestaurant();
    const make = () => api.post('/v1/api-keys', { name: 'till', kind: 'till', scopes: ['menu:read'] }, { token });
    const answers = await repeat(56, make);
    const made = answers.filter(({ status }) => status === 201);
    assert.equal(made.length, 50);
    const refused = expectProblem(409, answers.find(({ status }) => status === 409) ?? assert.fail());
    assert.equal(refused.code, 'invalid_state');
    const key = made[0]?.body;
    assert.equal((await api.delete(`/v1/api-keys/${key.id}`, undefined, { token: made[0]?.body.secret })).status, 403);
    assert.equal((await api.delete(`/v1/api-keys/${key.id}`, undefined, { token })).status, 204);
    expectStatus(201, await make());
  });

  test('has a number of calls a minute, by however many keys; its neighbours have theirs', async () => {
    const [mine, neighbour] = [await newRestaurant(), await newRestaurant()];
    const keys: string[] = [];
    for (let count = 0; count < 6; count += 1) {
      const body = { name: 'till', kind: 'till', scopes: ['menu:read'] };
      keys.push(expectStatus(201, await api.post('/v1/api-keys', body, { token: mine.token })).secret);
    }
    // A twentieth of everything: 30 for a till, 150 for the restaurant.
    const small = await startApi({ rateLimitMultiplier: 0.05, trustProxyHops: 1, database: api.database });
    try {
      const minute = () => Math.floor(Date.now() / 60_000);
      let answers: Answer[] = [];
      // Again when the minute has turned meanwhile: then two windows have been used.
      for (let began = -1; began !== minute(); ) {
        began = minute();
        answers = await repeat(6 * 30, (index) => small.get('/v1/menu', { token: keys[index % 6] ?? assert.fail() }));
      }
      const refused = answers.filter(({ status }) => status === 429);
      assert.equal(refused.length, 30);
      expectLimited(refused[0] ?? assert.fail(), 'restaurant', 150, 60);
      expectStatus(200, await small.get('/v1/menu', { token: neighbour.token }));
    } finally {
      await small.close();
    }
  });
});

describe('with a credential', () => {
  test('60 calls a minute for each person, and not for the address they share', async () => {
    const { headers } = from(newAddress());
    const [one, other] = [await newRestaurant(), await newRestaurant()];
    const answers = await repeat(60, () => api.get('/v1/menu', { headers, token: one.token }));
    assert.equal(countRefused(answers), 0);
    assert.deepEqual(
      answers.map((answer) => remaining(answer, 'api')).sort((a, b) => a - b),
      Array.from({ length: 60 }, (_, index) => index),
    );
    expectLimited(await api.get('/v1/menu', { headers, token: one.token }), 'api', 60, 60);
    expectLimited(await api.get('/v1/menu', { ...from(newAddress()), token: one.token }), 'api', 60, 60);
    const answer = await api.get('/v1/menu', { headers, token: other.token });
    expectStatus(200, answer);
    assert.equal(remaining(answer, 'api'), 59);
  });

  test('a key has a counter of its own; tills and kitchen screens may call ten times as often', async () => {
    const { token } = await newRestaurant();
    const limits: Record<string, number> = {};
    for (const kind of ['integration', 'till', 'kitchen_screen']) {
      const body = { name: kind, kind, scopes: ['menu:read'] };
      const { secret } = expectStatus(201, await api.post('/v1/api-keys', body, { token }));
      limits[kind] = remaining(await api.get('/v1/menu', { token: secret }), 'api') + 1;
    }
    assert.deepEqual(limits, { integration: 60, till: 600, kitchen_screen: 600 });
  });

  test('a kitchen screen is stopped at its 601st call', async () => {
    const { token } = await newRestaurant();
    const body = { name: 'grill', kind: 'kitchen_screen', scopes: ['menu:read'] };
    const { secret } = expectStatus(201, await api.post('/v1/api-keys', body, { token }));
    const answers = await repeat(601, () => api.get('/v1/menu', { token: secret }));
    assert.equal(countRefused(answers), 1);
  });

  test('the plan of a restaurant multiplies the limits of its people and keys, and nobody else’s', async () => {
    const [planned, ordinary] = [await newRestaurant(), await newRestaurant()];
    await withClient(api.database.ownerUrl, (client) =>
      client.query('update restaurants set limit_factor = 3 where id = $1', [planned.id]),
    );
    const body = { name: 'till', kind: 'till', scopes: ['menu:read'] };
    const { secret } = expectStatus(201, await api.post('/v1/api-keys', body, { token: planned.token }));
    assert.equal(remaining(await api.get('/v1/menu', { token: secret }), 'api'), 1_799);
    const login = { email: planned.email, password: planned.password };
    const { accessToken } = expectStatus(200, await api.post('/v1/auth/login', login, from(newAddress())));
    const answers = await repeat(180, () => api.get('/v1/menu', { token: accessToken }));
    assert.ok(countRefused(answers) <= 1, 'the call that made the key may have counted');
    expectLimited(await api.get('/v1/menu', { token: accessToken }), 'api', 180, 60);
    assert.equal(remaining(await api.get('/v1/menu', { token: ordinary.token }), 'api'), 59);
  });
});

test('probes and documents are never limited', async () => {
  const { headers } = from(newAddress());
  await repeat(101, () => api.get('/v1/menu', { headers }));
  for (const path of ['/health', '/health/live', '/health/ready', '/health/metrics', '/openapi.json']) {
    for (let count = 0; count < 3; count += 1) {
      const response = await fetch(api.url + path, { headers });
      await response.arrayBuffer();
      assert.equal(response.status, 200, path);
      assert.equal(response.headers.get('ratelimit'), null, path);
    }
  }
});

describe('the address', () => {
  async function leftAfter(hops: number, chains: string[]): Promise<number[]> {
    const instance = await startApi({ rateLimitMultiplier: 1, trustProxyHops: hops, database: api.database });
    try {
      const left: number[] = [];
      for (const chain of chains) left.push(remaining(await instance.get('/v1/menu', from(chain)), 'global'));
      return left;
    } finally {
      await instance.close();
    }
  }

  test('X-Forwarded-For is not believed while no proxy is named', async () => {
    assert.deepEqual(await leftAfter(0, ['192.0.2.1', '192.0.2.2', '192.0.2.3']), [99, 98, 97]);
  });

  test('behind one proxy its last entry counts, behind two the one before; what stands further left is the caller’s own word', async () => {
    const chains = ['192.0.2.1', '10.0.0.9, 192.0.2.1', '10.0.0.8, 192.0.2.1', '192.0.2.2'];
    assert.deepEqual(await leftAfter(1, chains), [99, 98, 97, 99]);
    const throughTwo = ['192.0.2.1, 192.0.2.250', '10.0.0.9, 192.0.2.1, 192.0.2.251', '192.0.2.2, 192.0.2.250'];
    assert.deepEqual(await leftAfter(2, throughTwo), [99, 98, 99]);
  });

  test('an IPv6 site is one caller: addresses are counted by their /56', () => {
    const keyOf = (ip: string | undefined) => addressKey({ ip } as Request);
    assert.equal(keyOf('2001:db8:0:1200::1'), keyOf('2001:db8:0:12ff:ffff::2'));
    assert.notEqual(keyOf('2001:db8:0:1200::1'), keyOf('2001:db8:0:1300::1'));
    assert.equal(keyOf('::ffff:192.0.2.1'), keyOf('::ffff:192.0.2.1'));
    assert.notEqual(keyOf('::ffff:192.0.2.1'), keyOf('::ffff:192.0.2.2'), 'IPv4 callers on a dual-stack socket');
    assert.notEqual(keyOf('192.0.2.1'), keyOf('192.0.2.2'));
    assert.equal(keyOf(undefined), keyOf(undefined));
  });
});
