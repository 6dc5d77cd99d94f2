/**
 * The stream of events over HTTP: where it starts, continues and ends, and who sees which event.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { withClient } from '../../src/config/database.js';
import { expectStatus, type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { keepRelayingEvents } from '../../src/jobs/relayEvents.js';
import { expectProblem } from '../support/problem.js';
import { StreamReader } from '../support/streamReader.js';

describe('the stream of events', () => {
  let api: TestApi;
  let stopRelay: () => Promise<void>;
  const open: StreamReader[] = [];
  before(async () => {
    api = await startApi();
    api.madeUpEvents = ['order.changed'];
    stopRelay = keepRelayingEvents(api.context);
  });
  after(async () => {
    for (const reader of open) reader.close();
    await stopRelay();
    await api.close();
  });

  async function stream(token: string, options: { query?: string; headers?: Record<string, string> } = {}) {
    const reader = new StreamReader(api.url, { token, ...options });
    open.push(reader);
    assert.equal(await reader.connect(), 200);
    return reader;
  }

  /** Writes some things. @returns when they are in the feed, all events of the restaurant. */
  async function write(token: string, times = 1): Promise<Json[]> {
    for (let count = 0; count < times; count += 1) await api.category(token, { name: `Category ${count}` });
    return settledFeed(token);
  }

  async function settledFeed(token: string): Promise<Json[]> {
    while ((await api.context.events.backlog()).waiting > 0) await sleep(10);
    const all: Json[] = [];
    for (let after = 0; ; ) {
      const page = expectStatus(200, await api.get(`/v1/events?after=${after}&limit=100`, { token }));
      all.push(...page.data);
      after = page.nextAfter;
      if (after >= page.latest) return all;
    }
  }

  async function keyOf({ token }: TestRestaurant, scopes: string[]): Promise<{ id: string; secret: string }> {
    return expectStatus(201, await api.post('/v1/api-keys', { name: 'screen', scopes }, { token }));
  }

  test('tells a new reader where it is, and sends what follows as GET /v1/events has it', async () => {
    const { token } = await api.restaurant();
    const earlier = await settledFeed(token);
    const reader = await stream(token);
    await reader.until('the position', ({ messages }) => messages.length === 1);
    const [first] = reader.messages;
    assert.deepEqual(
      [first?.event, first?.data, first?.id],
      ['position', { position: earlier.length }, `${earlier.length}`],
    );
    assert.equal(reader.headers['content-type'], 'text/event-stream');
    assert.equal(reader.headers['cache-control'], 'no-store, no-transform');
    assert.equal(reader.headers['x-accel-buffering'], 'no');
    assert.ok((reader.retryMs ?? 0) >= 2_000 && (reader.retryMs ?? 0) <= 4_000);

    const feed = (await write(token, 3)).slice(earlier.length);
    await reader.until('the events', ({ events }) => events.length >= feed.length);
    assert.deepEqual(
      reader.events.map(({ data }) => data),
      feed,
    );
    assert.deepEqual(
      reader.events.map(({ id, event }) => [id, event]),
      feed.map(({ position, type }) => [`${position}`, type]),
    );
  });

  test('continues after Last-Event-ID or ?after= without loss or repetition, and takes the header first', async () => {
    const { token } = await api.restaurant();
    const feed = await write(token, 5);
    for (const options of [
      { headers: { 'last-event-id': '3' } },
      { query: '?after=3' },
      { query: '?after=1', headers: { 'last-event-id': '3' } },
    ]) {
      const reader = await stream(token, options);
      await reader.until('the rest', ({ events }) => events.length >= feed.length - 3);
      assert.deepEqual(
        reader.messages.map(({ data }) => data),
        feed.slice(3),
      );
    }
    const whole = await stream(token, { query: '?after=0' });
    await whole.until('everything', ({ events }) => events.length >= feed.length);
    assert.deepEqual(
      whole.messages.map(({ data }) => data),
      feed,
    );
  });

  test('of one cut a hundred times, the pieces are the feed', async () => {
    const { token } = await api.restaurant();
    const reader = await stream(token, { query: '?after=0' });
    reader.stay(1);
    const writing = write(token, 60);
    for (let cut = 0; cut < 100; cut += 1) {
      await sleep(Math.random() * 30);
      reader.cut();
    }
    const feed = await writing;
    await reader.until('the last event', ({ lastId }) => lastId === `${feed.length}`);
    assert.ok(reader.connections > 50, `${reader.connections} connections`);
    assert.deepEqual(
      reader.messages.map(({ data }) => data),
      feed,
    );
  });

  test('sends far more than a page to a reader that comes late', async () => {
    const { token, id } = await api.restaurant();
    await withClient(api.database.ownerUrl, (owner) =>
      owner.query(
        `insert into events (restaurant_id, id, type, subject, subject_id, data, created_at)
         select $1, gen_random_uuid(), 'order.changed', 'order', gen_random_uuid(),
           jsonb_build_object('n', n, 'text', repeat('x', case when n % 500 = 0 then 200000 else 40 end)), now()
         from generate_series(1, 3000) n`,
        [id],
      ),
    );
    const count = (await settledFeed(token)).length;
    const reader = await stream(token, { query: '?after=0' });
    await reader.until('all', ({ events }) => events.length >= count);
    assert.deepEqual(
      reader.messages.map(({ data }) => data.position),
      Array.from({ length: count }, (_, index) => index + 1),
    );
  });

  test('asks for a new start when the position is foreign or its events are gone', async () => {
    const restaurant = await api.restaurant();
    const { token, id } = restaurant;
    const feed = await write(token, 5);
    const expectReset = async (options: { query?: string; headers?: Record<string, string> }): Promise<void> => {
      const reader = await stream(token, options);
      await reader.until('the reset', ({ messages }) => messages.length === 1);
      assert.deepEqual([reader.messages[0]?.event, reader.messages[0]?.data], ['reset', { position: feed.length }]);
      assert.equal(reader.lastId, `${feed.length}`);
      reader.close();
    };
    for (const foreign of ['999999', 'abc', '-1', '1.5', '99999999999999999999999'])
      await expectReset({ headers: { 'last-event-id': foreign } });
    await expectReset({ query: '?after=999999' });
    const forget = (upTo: number) =>
      withClient(api.database.ownerUrl, (owner) =>
        owner.query('delete from event_feed where restaurant_id = $1 and position <= $2', [id, upTo]),
      );
    await forget(3);
    await expectReset({ query: '?after=2' });
    await expectReset({ query: '?after=0' });
    const kept = await stream(token, { query: '?after=3' });
    await kept.until('the kept ones', ({ events }) => events.length === feed.length - 3);
    await forget(feed.length);
    await expectReset({ query: `?after=${feed.length - 1}` });
    expectProblem(422, await api.get(`/v1/events?after=${feed.length - 1}`, { token }));
    const atEnd = await stream(token, { query: `?after=${feed.length}` });
    await atEnd.until('an answer', ({ comments }) => comments > 0);
    assert.deepEqual(atEnd.messages, []);
  });

  test('shows a role only what it may see, and moves its position past the rest', async () => {
    const owner = await api.restaurant();
    const other = await api.restaurant();
    const kitchen = await stream((await keyOf(owner, ['orders:read', 'menu:read'])).secret, { query: '?after=0' });
    const members = await stream((await keyOf(owner, ['members:read'])).secret, { query: '?after=0' });
    const chosen = await stream(owner.token, { query: '?after=0&types=category.created,session.started' });
    await write(other.token, 3);
    await api.post('/v1/members', { email: 'cook@example.com', name: 'Cook', role: 'kitchen' }, owner);
    await write(owner.token, 2);
    await api.post('/v1/members', { email: 'more@example.com', name: 'More', role: 'kitchen' }, owner);
    const feed = await settledFeed(owner.token);
    for (const reader of [kitchen, members, chosen])
      await reader.until('the end', ({ lastId }) => lastId === `${feed.length}`);
    const seenBy = (pattern: RegExp) => feed.filter(({ type }) => pattern.test(type));
    const seen = (reader: StreamReader) => reader.messages.map(({ data }) => data);
    assert.deepEqual(seen(kitchen), seenBy(/^category\./));
    assert.deepEqual(seen(members), seenBy(/^(?:member|session)\./));
    assert.deepEqual(seen(chosen), seenBy(/^(?:category\.created|session\.started)$/));
    assert.ok(seen(members).length >= 3);
    // None of the other restaurant's events came, whose positions are the same numbers.
    const foreign = new Set((await settledFeed(other.token)).map(({ id }) => id));
    for (const reader of [kitchen, members, chosen])
      assert.ok(reader.messages.every(({ data }) => !foreign.has(data.id)));
  });

  test('refuses an unknown type, a bad position and a stranger before it opens', async () => {
    const { token } = await api.restaurant();
    for (const query of ['types=order.eaten', 'after=x', 'after=-1', 'nothing=1'])
      expectProblem(422, await api.get(`/v1/events/stream?${query}`, { token }));
    expectProblem(401, await api.get('/v1/events/stream'));
    expectProblem(401, await api.get('/v1/events/stream?ticket=nonsense'));
    const head = await fetch(`${api.url}/v1/events/stream`, {
      method: 'HEAD',
      headers: { authorization: `Bearer ${token}` },
    });
    assert.deepEqual([head.status, head.headers.get('content-type')], [200, 'text/event-stream']);
  });

  test('ends when the session ends, the member is removed or the key is revoked', async () => {
    const owner = await api.restaurant();
    const key = await keyOf(owner, ['orders:read']);
    const invited = { email: `cook-${owner.id}@example.com`, name: 'Cook', role: 'kitchen' };
    const member = expectStatus(201, await api.post('/v1/members', invited, owner));
    const cook = expectStatus(
      200,
      await api.post('/v1/auth/accept-invitation', {
        token: member.invitation.token,
        password: 'a long enough password',
      }),
    );
    const login = expectStatus(200, await api.post('/v1/auth/login', { email: owner.email, password: owner.password }));
    const [byKey, byCook, byLogin, stays] = [
      await stream(key.secret),
      await stream(cook.accessToken),
      await stream(login.accessToken),
      await stream(owner.token),
    ];
    expectStatus(204, await api.delete(`/v1/api-keys/${key.id}`, undefined, owner));
    expectStatus(
      204,
      await api.delete(`/v1/members/${member.id}`, undefined, { ...owner, headers: { 'if-match': '"2"' } }),
    );
    expectStatus(204, await api.post('/v1/auth/logout', undefined, { token: login.accessToken }));
    for (const reader of [byKey, byCook, byLogin]) await reader.until('the end', ({ isOpen }) => !isOpen, 5_000);
    assert.ok(stays.isOpen);
    for (const reader of [byKey, byCook, byLogin]) assert.equal(await reader.connect(), 401);
  });

  test('opens one stream by a ticket, at another instance, once and within a minute', async () => {
    let aheadMs = 0;
    const second = await startApi({ database: api.database, clock: () => new Date(Date.now() + aheadMs) });
    second.madeUpEvents = api.madeUpEvents;
    try {
      const { token } = await api.restaurant();
      const issue = async () => expectStatus(201, await api.post('/v1/events/stream-tickets', undefined, { token }));
      const { ticket, expiresAt } = await issue();
      assert.ok(Math.abs(Date.parse(expiresAt) - Date.now() - 60_000) < 5_000, expiresAt);
      const readers = [second, api, second].map(({ url }) => new StreamReader(url, { query: `?ticket=${ticket}` }));
      const statuses = await Promise.all(readers.map((reader) => reader.connect()));
      assert.deepEqual(
        statuses.toSorted((a, b) => a - b),
        [200, 401, 401],
      );
      const reader = readers[statuses.indexOf(200)]!;
      const feed = await write(token, 2);
      await reader.until('the events', ({ lastId }) => lastId === `${feed.length}`);
      for (const one of readers) one.close();

      const late = (await issue()).ticket;
      aheadMs = 60_001;
      assert.equal(await new StreamReader(second.url, { query: `?ticket=${late}` }).connect(), 401);
      aheadMs = 0;
      const { rows } = await withClient(api.database.ownerUrl, (owner) => owner.query('select * from stream_tickets'));
      assert.deepEqual(rows, []);
      // A ticket ends with the credential that made it.
      const revoked = expectStatus(201, await api.post('/v1/events/stream-tickets', undefined, { token })).ticket;
      expectStatus(204, await api.post('/v1/auth/logout', undefined, { token }));
      assert.equal(await new StreamReader(api.url, { query: `?ticket=${revoked}` }).connect(), 401);
    } finally {
      await second.close();
    }
  });

  test('forgets expired tickets when another is made', async () => {
    const { token, id } = await api.restaurant();
    for (let count = 0; count < 5; count += 1) await api.post('/v1/events/stream-tickets', undefined, { token });
    await withClient(api.database.ownerUrl, (owner) =>
      owner.query("update stream_tickets set expires_at = now() - interval '1 second' where restaurant_id = $1", [id]),
    );
    await api.post('/v1/events/stream-tickets', undefined, { token });
    const { rows } = await withClient(api.database.ownerUrl, (owner) =>
      owner.query('select 1 from stream_tickets where restaurant_id = $1', [id]),
    );
    assert.equal(rows.length, 1);
  });

  test('counts the open ones of a caller and of a restaurant, and gives places back', async () => {
    const owner = await api.restaurant();
    const keys = [await keyOf(owner, ['orders:read']), await keyOf(owner, ['orders:read'])];
    const readers = await Promise.all(Array.from({ length: 100 }, (_, index) => stream(keys[index % 2]!.secret)));
    expectProblem(503, await api.get('/v1/events/stream', owner));
    const position = (await settledFeed(owner.token)).length;
    expectProblem(503, await api.get(`/v1/events?wait=1&after=${position}`, owner));
    for (const reader of readers.slice(0, 2)) reader.close();
    const again = await stream(owner.token);
    for (const reader of [...readers, again]) reader.close();
    const one = await Promise.all(Array.from({ length: 50 }, () => stream(owner.token)));
    expectProblem(503, await api.get('/v1/events/stream', owner));
    for (const reader of one) reader.close();
  });

  test('counts each opening, and no event, under limits of its own', async () => {
    const { token } = await api.restaurant();
    // A twentieth of everything: 3 openings and 3 calls a minute.
    const small = await startApi({ database: api.database, rateLimitMultiplier: 0.05 });
    small.madeUpEvents = api.madeUpEvents;
    try {
      const answers = [];
      for (let count = 0; count < 4; count += 1) answers.push(await small.get('/v1/events/stream', { token }));
      assert.deepEqual(
        answers.map(({ status }) => status),
        [200, 200, 200, 429],
      );
      assert.match(answers[0]?.headers.get('ratelimit') ?? '', /^"streams"; r=2;.*"restaurant_streams"; r=29;/);
      for (let count = 0; count < 3; count += 1) expectStatus(200, await small.get('/v1/menu', { token }));
    } finally {
      await small.close();
    }
  });

  /** How often a statement ran. */
  async function runsOf(name: string): Promise<number> {
    const text = await api.context.metrics.prometheus();
    return Number(new RegExp(`db_query_duration_seconds_count\\{query="${name}"\\} (\\d+)`).exec(text)?.[1] ?? 0);
  }

  test('reads an event once for all streams of a restaurant', async () => {
    const owner = await api.restaurant();
    const keys = [await keyOf(owner, ['menu:read']), await keyOf(owner, ['menu:read'])];
    const readers = await Promise.all(Array.from({ length: 100 }, (_, index) => stream(keys[index % 2]!.secret)));
    await settledFeed(owner.token);
    const before = await runsOf('eventFeed.listEvery');
    for (let count = 1; count <= 10; count += 1) {
      await api.category(owner.token);
      for (const reader of readers) await reader.until('the event', ({ events }) => events.length === count);
    }
    const reads = (await runsOf('eventFeed.listEvery')) - before;
    assert.ok(reads >= 1 && reads <= 12, `${reads} reads for 10 events on 100 streams`);
    for (const reader of readers) reader.close();
  });

  test('is neither lost nor busy after a hint beyond the end of the feed', async () => {
    const { token, id } = await api.restaurant();
    const start = (await settledFeed(token)).length;
    const reader = await stream(token);
    const before = await runsOf('eventFeed.findBounds');
    const waiting = api.get(`/v1/events?after=${start}&wait=2`, { token });
    await sleep(100);
    api.context.feedWatch.tell([{ restaurantId: id, position: 1_000_000 }]);
    assert.deepEqual(expectStatus(200, await waiting).data, []);
    const looks = (await runsOf('eventFeed.findBounds')) - before;
    assert.ok(looks <= 10, `${looks} looks`);
    const feed = await write(token, 2);
    await reader.until('the events', ({ lastId }) => lastId === `${feed.length}`);
    assert.deepEqual(
      reader.events.map(({ data }) => data),
      feed.slice(start),
    );
  });

  test('buffers one page for a client that stops reading, and sends the rest when it goes on', async () => {
    const { token, id } = await api.restaurant();
    const start = (await settledFeed(token)).length;
    const reader = await stream(token);
    reader.pause();
    await withClient(api.database.ownerUrl, (owner) =>
      owner.query(
        `insert into events (restaurant_id, id, type, subject, subject_id, data, created_at)
         select $1, gen_random_uuid(), 'order.changed', 'order', gen_random_uuid(),
           jsonb_build_object('text', repeat('x', 10000)), now()
         from generate_series(1, 1500) n`,
        [id],
      ),
    );
    const count = 1_500;
    while ((await api.context.events.backlog()).waiting > 0) await sleep(10);
    await sleep(300);
    reader.resume();
    await reader.until('all', ({ events }) => events.length >= count);
    assert.deepEqual(
      reader.events.map(({ data }) => data.position),
      Array.from({ length: count }, (_, index) => start + index + 1),
    );
  });

  test('leaves no place taken by clients that leave while it opens', async () => {
    const { token } = await api.restaurant();
    const before = api.context.feedWatch.places.taken;
    for (let round = 0; round < 10; round += 1) {
      // Each credential is looked up before the stream opens, and clients leave at every step of
      // it.
      const { secret } = expectStatus(
        201,
        await api.post('/v1/api-keys', { name: 'k', scopes: ['menu:read'] }, { token }),
      );
      const readers = Array.from({ length: 20 }, () => new StreamReader(api.url, { token: secret }));
      const opening = readers.map((reader) => reader.connect());
      for (const reader of readers) {
        await sleep(Math.random() * 2);
        reader.cut();
      }
      await Promise.all(opening);
    }
    for (let waited = 0; api.context.feedWatch.places.taken > before && waited < 5_000; waited += 10) await sleep(10);
    assert.equal(api.context.feedWatch.places.taken, before);
  });
});
