/** Who is counted, under which limit, and what he is told. Behind one believed proxy, so that each test has addresses of its own. */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import type { Request } from 'express';
import { withClient } from '../../src/config/database.js';
import { addressKey } from '../../src/middleware/rateLimit.js';
import { type Answer, expectStatus, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { expectProblem } from '../support/problem.js';

/** A token nobody has. */
const FORGED = 'sk_forged';

let api: TestApi;

before(async () => {
  api = await startApi({ rateLimitMultiplier: 1, trustProxyHops: 1 });
});
after(() => api.close());

let lastAddress = 0;
/** An address that no other test calls from. */
function newAddress(): string {
  lastAddress += 1;
  return `198.51.100.${lastAddress}`;
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

/** What is left under a tier, from the RateLimit header of draft 8. */
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
  assert.match(answer.headers.get('ratelimit-policy') ?? '', new RegExp(`"${tier}"; q=${limit}; w=${windowSeconds};`));
}

describe('without a valid credential', () => {
  test('an address has 100 calls in 15 minutes, whatever it asks for and whatever it claims to be', async () => {
    const { headers } = from(newAddress());
    const kinds = [
      () => api.get('/v1/menu', { headers }),
      () => api.get('/v1/menu', { headers, token: `${FORGED}${randomInt(1e9)}` }),
      () => api.get('/v1/me', { headers, token: `eyJ${randomInt(1e9)}.e30.x` }),
      () => api.get('/v1/nothing-here', { headers }),
      () => api.post('/v1/auth/refresh', { refreshToken: 'rt_forged' }, { headers }),
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

  test('forged credentials get no counter of their own', async () => {
    const { headers } = from(newAddress());
    const answers = await repeat(105, (index) => api.get('/v1/me', { headers, token: `${FORGED}_${index}` }));
    assert.equal(countRefused(answers), 5);
  });

  test('a failure of ours is not counted against the address', async () => {
    const { headers } = from(newAddress());
    const restaurant = await newRestaurant();
    const identify = api.context.auth.identify.bind(api.context.auth);
    const { AppError } = await import('../../src/domain/errors.js');
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

  test('five in 15 minutes for one account from one address, right ones included; other accounts and addresses go on', async () => {
    const [here, elsewhere] = [newAddress(), newAddress()];
    const { email, password } = await newRestaurant();
    for (let count = 0; count < 4; count += 1) expectProblem(401, await attempt(here, email));
    const fifth = await attempt(here, email, password);
    expectStatus(200, fifth);
    assert.equal(remaining(fifth, 'auth'), 0);
    expectLimited(await attempt(here, email, password), 'auth', 5, 900);
    expectLimited(await attempt(here, email.toUpperCase(), password), 'auth', 5, 900);
    expectProblem(401, await attempt(here, `other-${email}`));
    expectStatus(200, await attempt(elsewhere, email, password));
  });

  test('of twenty at once, five are looked at', async () => {
    const address = newAddress();
    const answers = await Promise.all(Array.from({ length: 20 }, () => attempt(address, 'nobody@example.com')));
    assert.equal(countRefused(answers), 15);
    assert.equal(answers.filter(({ status }) => status === 401).length, 5);
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
