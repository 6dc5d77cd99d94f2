/**
 * Webhooks from the door to a real small receiver, which verifies them by the reference library.
 */
import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import { withClient } from '../../src/config/database.js';
import { keepDeliveringWebhooks } from '../../src/jobs/deliverWebhooks.js';
import { keepRelayingEvents } from '../../src/jobs/relayEvents.js';
import { expectStatus, type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { expectProblem } from '../support/problem.js';
import { Receiver } from '../support/receiver.js';

describe('webhooks', () => {
  let receiver: Receiver;
  let api: TestApi;
  let owner: TestRestaurant;
  let token: string;
  let stops: (() => Promise<void>)[];

  before(async () => {
    receiver = await Receiver.start();
    api = await startApi({ egressAllowlist: [receiver.hostPort] });
    stops = [keepRelayingEvents(api.context), keepDeliveringWebhooks(api.context)];
  });
  after(async () => {
    for (const stop of stops) await stop();
    await api.close();
    await receiver.close();
  });
  beforeEach(async () => {
    owner = await api.restaurant();
    token = owner.token;
  });
  afterEach(() => {
    receiver.received.length = 0;
    receiver.behaviours.clear();
  });

  async function endpoint(path: string, fields: object = {}): Promise<Json> {
    const body = { url: receiver.url(path), types: ['category.created', 'category.changed'], ...fields };
    return expectStatus(201, await api.post('/v1/webhook-endpoints', body, { token }));
  }
  const act = (id: string, action: string, body?: object) =>
    api.post(`/v1/webhook-endpoints/${id}/${action}`, body, { token });
  const get = async (id: string): Promise<Json> =>
    expectStatus(200, await api.get(`/v1/webhook-endpoints/${id}`, { token }));
  const deliveries = async (query: string): Promise<Json[]> =>
    expectStatus(200, await api.get(`/v1/webhook-deliveries?limit=100&${query}`, { token })).data;

  /** Asks until it is so. */
  async function until<T>(ask: () => Promise<T>, isSo: (answer: T) => boolean): Promise<T> {
    for (let tries = 0; ; tries += 1) {
      const answer = await ask();
      if (isSo(answer)) return answer;
      assert.ok(tries < 500, `still ${JSON.stringify(answer)}`);
      await sleep(20);
    }
  }
  const settled = (endpointId: string, count: number) =>
    until(
      () => deliveries(`endpointId=${endpointId}`),
      (rows) => rows.length === count && rows.every(({ status }) => status !== 'waiting'),
    );

  /** Lets the time of the next attempts come. */
  const hurry = (endpointId: string) =>
    withClient(api.database.ownerUrl, async (client) => {
      await client.query(
        `update webhook_deliveries set due_at = now() where endpoint_id = $1 and status = 'waiting' and due_at is not null`,
        [endpointId],
      );
      await client.query('update webhook_queues set look_at = now(), paused_until = null where endpoint_id = $1', [
        endpointId,
      ]);
    });

  test('arrive signed, with the event as in GET /v1/events', async () => {
    const { secret, id } = await endpoint('/ok', { headers: { authorization: 'Bearer of-the-receiver' } });
    assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
    const category = await api.category(token, { name: 'Süßes' });
    const [got] = await receiver.until('/ok', 1);
    assert.deepEqual(new Webhook(secret).verify(got!.body, got!.headers), got!.event);
    const feed = expectStatus(200, await api.get('/v1/events?types=category.created', { token })).data;
    assert.deepEqual(got!.event, feed[0]);
    assert.equal(got!.event.subjectId, category.id);
    assert.equal(got!.headers['webhook-id'], got!.event.id);
    assert.equal(got!.headers['authorization'], 'Bearer of-the-receiver');
    const [delivery] = await settled(id, 1);
    assert.deepEqual(
      [delivery.status, delivery.eventId, delivery.attemptCount, delivery.attempts[0].status],
      ['delivered', got!.event.id, 1, 204],
    );
    assert.deepEqual(await deliveries(`eventId=${got!.event.id}&status=delivered`), [delivery]);
    assert.throws(() => new Webhook(secret).verify(got!.body.replace('S', 's'), got!.headers));
  });

  test('never show a secret, a header or the rights of the maker again', async () => {
    const created = await endpoint('/ok', { headers: { 'x-key': 'not for the log' } });
    const shown = await get(created.id);
    const { secret, ...rest } = created;
    assert.deepEqual(shown, rest);
    assert.deepEqual([shown.headerNames, 'nouns' in shown], [['x-key'], false]);
    receiver.behaviours.set('/ok', (response) =>
      response.writeHead(500).end(`you sent not for the log, ${secret.slice(6)} and ${secret}`),
    );
    await act(created.id, 'test');
    const [{ attempts }] = await until(
      () => deliveries(`endpointId=${created.id}`),
      ([row]) => row?.attemptCount === 1,
    );
    assert.equal(attempts[0].answer, 'you sent [redacted], [redacted] and [redacted]');
    const stored = await withClient(api.database.ownerUrl, async (client) => {
      const { rows } = await client.query<{ text: string }>(
        `select (select string_agg(e::text, ' ') from webhook_endpoints e) || (select string_agg(e::text, ' ') from event_feed e)
           || (select string_agg(a::text, ' ') from audit_log a) as text`,
      );
      return rows[0]!.text;
    });
    for (const text of [secret.slice(6), 'not for the log']) assert.ok(!stored.includes(text), text);
  });

  test('are signed with both secrets for a day after a rotation, then with the new one', async () => {
    const { id, secret } = await endpoint('/ok');
    const rotated = expectStatus(200, await act(id, 'rotate-secret'));
    assert.notEqual(rotated.secret, secret);
    await api.category(token);
    const [first] = await receiver.until('/ok', 1);
    for (const one of [secret, rotated.secret]) new Webhook(one).verify(first!.body, first!.headers);
    assert.equal(first!.headers['webhook-signature']!.split(' ').length, 2);
    const again = expectStatus(200, await act(id, 'rotate-secret'));
    await api.category(token, { name: 'Second' });
    const [, second] = await receiver.until('/ok', 2);
    new Webhook(again.secret).verify(second!.body, second!.headers);
    assert.throws(() => new Webhook(secret).verify(second!.body, second!.headers));
  });

  test('say so when the server cannot read the secrets any more, and go on after a rotation', async () => {
    const made = await endpoint('/hook', { headers: { authorization: 'Bearer of the receiver' }, asymmetric: true });
    await withClient(api.database.ownerUrl, (client) =>
      client.query('update webhook_endpoints set sealed = $2 where id = $1', [made.id, Buffer.alloc(100, 7)]),
    );
    expectStatus(204, await act(made.id, 'test'));
    const [failed] = await until(
      () => deliveries(`endpointId=${made.id}`),
      (found) => found[0]?.attemptCount === 1,
    );
    assert.match(failed!.attempts[0].fault, /Call rotate-secret, then set the headers again/);
    assert.equal(failed!.status, 'waiting');
    const headers = { authorization: 'Bearer anew' };
    const patch = async () =>
      api.patch(
        `/v1/webhook-endpoints/${made.id}`,
        { headers },
        { token, headers: { 'If-Match': `"${(await get(made.id)).version}"` } },
      );
    assert.match(expectProblem(409, await patch()).detail, /Call rotate-secret/);
    const { secret } = expectStatus(200, await act(made.id, 'rotate-secret'));
    const rotated = await get(made.id);
    assert.deepEqual(rotated.headerNames, []);
    assert.notEqual(rotated.publicKey, made.publicKey);
    expectStatus(200, await patch());
    expectStatus(204, await act(made.id, 'test'));
    await act(made.id, 'disable');
    await act(made.id, 'enable');
    expectStatus(204, await act(made.id, 'test'));
    const [received] = await until(
      async () => receiver.received,
      (all) => all.length > 0,
    );
    assert.equal(received!.headers['authorization'], 'Bearer anew');
    new Webhook(secret).verify(received!.body, received!.headers);
  });

  test('refuse headers that Servio sets itself, each by its name', async () => {
    const body = { url: receiver.url('/hook'), headers: { Host: 'x', 'X-Own': 'y', 'webhook-id': 'z' } };
    const { errors } = expectProblem(422, await api.post('/v1/webhook-endpoints', body, { token }));
    assert.deepEqual(
      errors.map(({ pointer }: { pointer: string }) => pointer),
      ['/headers/Host', '/headers/webhook-id'],
    );
  });

  test('carry an ed25519 signature too when asked to', async () => {
    const { id, publicKey } = await endpoint('/ok', { asymmetric: true });
    await api.category(token);
    const [got] = await receiver.until('/ok', 1);
    const signature = got!.headers['webhook-signature']!.split(' ').find((one) => one.startsWith('v1a,'));
    const raw = Buffer.from(publicKey.replace(/^whpk_/, ''), 'base64');
    const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw]);
    const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
    const signed = `${got!.headers['webhook-id']}.${got!.headers['webhook-timestamp']}.${got!.body}`;
    assert.ok(verify(null, Buffer.from(signed), key, Buffer.from(signature!.slice(4), 'base64')));
    const { version } = await get(id);
    const options = { token, headers: { 'if-match': `"${version}"` } };
    const changed = expectStatus(200, await api.patch(`/v1/webhook-endpoints/${id}`, { asymmetric: false }, options));
    assert.equal(changed.publicKey, null);
  });

  test('are tried again by the schedule, with the same id, and given up after ten attempts', async () => {
    receiver.behaviours.set('/down', (response) => response.writeHead(500).end('no'));
    const { id } = await endpoint('/down');
    await api.category(token);
    const delays: number[] = [];
    for (let count = 1; count <= 10; count += 1) {
      const [row] = await until(
        () => deliveries(`endpointId=${id}`),
        ([one]) => one?.attemptCount === count,
      );
      if (count < 10) delays.push(Date.parse(row.nextAttemptAt) - Date.parse(row.attempts.at(-1).at));
      await hurry(id);
    }
    const schedule = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
    delays.forEach((delay, index) => {
      const share = delay / (schedule[index]! * 1_000);
      assert.ok(share >= 0.89 && share <= 1.11, `attempt ${index + 2} after ${delay} ms`);
    });
    assert.ok(new Set(delays.map((delay, index) => (delay / schedule[index]!).toFixed(3))).size > 3, 'with jitter');
    const [row] = await settled(id, 1);
    assert.deepEqual([row.status, row.nextAttemptAt, row.attempts.length], ['given_up', null, 10]);
    assert.equal(new Set(receiver.at('/down').map(({ headers }) => headers['webhook-id'])).size, 1);
    const again = expectStatus(200, await api.post(`/v1/webhook-deliveries/${row.id}/redeliver`, undefined, { token }));
    assert.equal(again.status, 'waiting');
    receiver.behaviours.clear();
    await until(
      () => deliveries(`endpointId=${id}`),
      ([one]) => one.status === 'delivered' && one.attemptCount === 11,
    );
  });

  test('wait for the earlier ones of the same subject, others go on, and a hole shows by its position', async () => {
    const { id } = await endpoint('/order');
    const soup = await api.category(token, { name: 'Soup' });
    await receiver.until('/order', 1);
    receiver.behaviours.set('/order', (response, _request, { event }) =>
      response.writeHead(event.subjectId === soup.id && event.data.name === 'Stew' ? 500 : 200).end(),
    );
    const rename = async (name: string) => {
      const { version } = expectStatus(200, await api.get(`/v1/categories/${soup.id}`, { token }));
      const options = { token, headers: { 'if-match': `"${version}"` } };
      expectStatus(200, await api.patch(`/v1/categories/${soup.id}`, { name }, options));
    };
    await rename('Stew');
    await rename('Broth');
    await api.category(token, { name: 'Cake' });
    await until(
      async () => receiver.at('/order').map(({ event }) => event.data.name),
      (names) => names.includes('Cake') && names.includes('Stew'),
    );
    assert.ok(!receiver.at('/order').some(({ event }) => event.data.name === 'Broth'), 'waits');
    for (let count = 1; count < 10; count += 1) {
      await until(
        async () => receiver.at('/order').filter(({ event }) => event.data.name === 'Stew').length,
        (sent) => sent >= count,
      );
      await until(
        () => deliveries(`endpointId=${id}&status=waiting`),
        (rows) => rows.some(({ attemptCount }) => attemptCount >= count),
      );
      await hurry(id);
    }
    await until(
      () => deliveries(`endpointId=${id}&status=given_up`),
      (rows) => rows.length === 1,
    );
    await hurry(id);
    await settled(id, 4);
    const ofSoup = receiver.at('/order').filter(({ event }) => event.subjectId === soup.id);
    assert.equal(ofSoup.at(-1)!.event.data.name, 'Broth');
    const rows = await deliveries(`endpointId=${id}&status=given_up`);
    assert.deepEqual([rows.length, rows[0].position < ofSoup.at(-1)!.event.position], [1, true]);
  });

  test('do not wait for each other at an endpoint without an order', async () => {
    const { id } = await endpoint('/loose', { ordered: false });
    receiver.behaviours.set('/loose', (response, _request, { event }) =>
      response.writeHead(event.data.name === 'First' ? 500 : 200).end(),
    );
    const soup = await api.category(token, { name: 'First' });
    await receiver.until('/loose', 1);
    const options = { token, headers: { 'if-match': '"1"' } };
    expectStatus(200, await api.patch(`/v1/categories/${soup.id}`, { name: 'Second' }, options));
    await until(
      async () => receiver.at('/loose').map(({ event }) => event.data.name),
      (names) => names.includes('Second'),
    );
    await until(
      () => deliveries(`endpointId=${id}&status=waiting`),
      (rows) => rows.length === 1,
    );
  });

  test('obey Retry-After of 429 and 503, for the whole endpoint', async () => {
    const { id } = await endpoint('/busy');
    receiver.behaviours.set('/busy', (response) => response.writeHead(429, { 'retry-after': '3600' }).end());
    await api.category(token, { name: 'One' });
    const [row] = await until(
      () => deliveries(`endpointId=${id}`),
      ([one]) => one?.attemptCount === 1,
    );
    const waitMs = Date.parse(row.nextAttemptAt) - Date.parse(row.attempts[0].at);
    assert.ok(waitMs >= 3_590_000 && waitMs <= 3_610_000, `${waitMs}`);
    await api.category(token, { name: 'Two' });
    await until(
      () => deliveries(`endpointId=${id}`),
      (rows) => rows.length === 2,
    );
    await sleep(600);
    assert.equal(receiver.at('/busy').length, 1);
  });

  test('end with 410, and what was missed can be recovered', async () => {
    const { id } = await endpoint('/gone');
    await endpoint('/watch', { types: ['webhook_endpoint.disabled'] });
    receiver.behaviours.set('/gone', (response) => response.writeHead(410).end());
    await api.category(token, { name: 'Refused' });
    const off = await until(
      () => get(id),
      ({ state }) => state === 'disabled',
    );
    assert.equal(off.disabledReason, 'gone');
    const [told] = await receiver.until('/watch', 1);
    assert.deepEqual([told!.event.subjectId, told!.event.data.disabledReason], [id, 'gone']);
    await api.category(token, { name: 'Missed' });
    expectProblem(409, await act(id, 'test'));
    expectProblem(409, await act(id, 'recover', { since: off.createdAt }));
    await sleep(100);
    receiver.behaviours.clear();
    const on = expectStatus(200, await act(id, 'enable'));
    assert.deepEqual([on.state, on.disabledReason, on.recoverable.deliveries], ['enabled', null, 2]);
    await sleep(300);
    assert.equal(receiver.at('/gone').length, 1, 'nothing is sent without being asked for');
    const { since } = on.recoverable;
    assert.deepEqual(expectStatus(200, await act(id, 'recover', { since })), { queued: 2, nextAfter: null });
    const sent = await receiver.until('/gone', 3);
    assert.deepEqual(
      sent.map(({ event }) => event.data.name),
      ['Refused', 'Refused', 'Missed'],
    );
    await settled(id, 2);
    assert.deepEqual(expectStatus(200, await act(id, 'recover', { since })), { queued: 0, nextAfter: null });
    const replayed = await act(id, 'replay', { since, types: ['category.created'] });
    assert.deepEqual(expectStatus(200, replayed), { queued: 2, nextAfter: null });
    await receiver.until('/gone', 5);
    assert.equal(new Set(receiver.at('/gone').map(({ headers }) => headers['webhook-id'])).size, 2);
  });

  test('are switched off after five days of failures, not sooner', async () => {
    const { id } = await endpoint('/dead');
    receiver.behaviours.set('/dead', (_response, request) => request.socket.destroy());
    await api.category(token);
    await until(
      () => deliveries(`endpointId=${id}`),
      ([row]) => row?.attemptCount === 1,
    );
    const age = (hours: number) =>
      withClient(api.database.ownerUrl, (client) =>
        client.query(
          `update webhook_queues set failing_since = now() - make_interval(hours => $2) where endpoint_id = $1`,
          [id, hours],
        ),
      );
    await age(119);
    await hurry(id);
    await until(
      () => deliveries(`endpointId=${id}`),
      ([row]) => row?.attemptCount === 2,
    );
    assert.equal((await get(id)).state, 'enabled');
    await age(121);
    await hurry(id);
    const off = await until(
      () => get(id),
      ({ state }) => state === 'disabled',
    );
    assert.equal(off.disabledReason, 'failures');
    const [row] = await deliveries(`endpointId=${id}`);
    assert.deepEqual([row.status, row.attempts[0].status], ['given_up', null]);
    assert.match(row.attempts[0].fault, /could not be reached \((?:ECONNRESET|UND_ERR_SOCKET)\)/);
  });

  test('bring only what the maker may see', async () => {
    const scopes = ['webhooks:write', 'webhooks:read', 'menu:read'];
    const made = await api.post('/v1/api-keys', { name: 'key', scopes }, { token });
    const key = expectStatus(201, made).secret;
    const as = (body: object) => api.post('/v1/webhook-endpoints', body, { token: key });
    const refused = expectProblem(403, await as({ url: receiver.url('/x'), types: ['order.placed'] }));
    assert.match(refused.detail, /order\.placed/);
    const mine = expectStatus(201, await as({ url: receiver.url('/mine') }));
    await endpoint('/all', { types: null });
    const item = await api.item(token);
    await api.order(token, [{ menuItemId: item.id, quantity: 1 }]);
    await until(
      async () => receiver.at('/all').map(({ event }) => event.type),
      (types) => types.includes('order.placed'),
    );
    await settled(mine.id, (await deliveries(`endpointId=${mine.id}`)).length);
    const seen = new Set(receiver.at('/mine').map(({ event }) => event.type));
    assert.ok(
      seen.has('menu_item.created') && !seen.has('order.placed') && !seen.has('api_key.created'),
      [...seen].join(),
    );
    // A key without sight of orders cannot turn the owner's endpoint to itself.
    const { data } = expectStatus(200, await api.get('/v1/webhook-endpoints', { token }));
    const all = data.find(({ url }: Json) => url.endsWith('/all'));
    const options = { token: key, headers: { 'if-match': `"${all.version}"` } };
    const moved = await api.patch(`/v1/webhook-endpoints/${all.id}`, { url: receiver.url('/stolen') }, options);
    expectStatus(200, moved);
    await api.order(token, [{ menuItemId: item.id, quantity: 1 }]);
    await api.category(token, { name: 'After' });
    await until(
      async () => receiver.at('/stolen').map(({ event }) => event.type),
      (types) => types.includes('category.created'),
    );
    assert.ok(!receiver.at('/stolen').some(({ event }) => event.type === 'order.placed'));
  });

  test('have at most twenty endpoints, stop with a deletion, and test one of them alone', async () => {
    const first = await endpoint('/one');
    for (let count = 1; count < 20; count += 1) await endpoint('/others');
    const full = await api.post('/v1/webhook-endpoints', { url: receiver.url() }, { token });
    assert.match(expectProblem(409, full).detail, /20 webhook endpoints/);
    expectStatus(204, await act(first.id, 'test'));
    const [got] = await receiver.until('/one', 1);
    assert.equal(got!.event.type, 'webhook_endpoint.tested');
    assert.equal(receiver.at('/others').length, 0);
    expectStatus(204, await api.delete(`/v1/webhook-endpoints/${first.id}`, undefined, { token }));
    await api.category(token);
    await receiver.until('/others', 19);
    assert.equal(receiver.at('/one').length, 1);
    expectProblem(404, await act(first.id, 'test'));
    await endpoint('/again');
  });

  test('are forgotten with their attempts when their event is over 30 days old', async () => {
    const { id } = await endpoint('/old');
    await api.category(token, { name: 'Old' });
    const [old] = await settled(id, 1);
    await withClient(api.database.ownerUrl, async (client) => {
      await client.query(
        "select make_event_partition((now() - interval '31 days')::date - extract(day from now() - interval '31 days')::int + 1)",
      );
      await client.query("update event_feed set relayed_at = now() - interval '31 days' where restaurant_id = $1", [
        owner.id,
      ]);
    });
    await api.category(token, { name: 'New' });
    await settled(id, 2);
    await api.context.webhookDispatcher.forget();
    const [kept, ...others] = await deliveries(`endpointId=${id}`);
    assert.deepEqual([kept.attempts.length, others], [1, []]);
    assert.notEqual(kept.id, old.id);
    const { rows } = await withClient(api.database.ownerUrl, (client) =>
      client.query<{ count: number }>('select count(*)::int as count from webhook_attempts where delivery_id = $1', [
        old.id,
      ]),
    );
    assert.deepEqual(rows, [{ count: 0 }]);
  });

  test('of a delivery whose event is no longer kept are given up, and say so', async () => {
    receiver.behaviours.set('/late', (response) => response.writeHead(500).end());
    const { id } = await endpoint('/late');
    await api.category(token);
    await until(
      () => deliveries(`endpointId=${id}`),
      ([row]) => row?.attemptCount === 1,
    );
    await withClient(api.database.ownerUrl, (client) =>
      client.query('delete from event_feed where restaurant_id = $1', [owner.id]),
    );
    await hurry(id);
    const [row] = await settled(id, 1);
    assert.deepEqual(
      [row.status, row.attempts[1].fault],
      ['given_up', 'The event is over 30 days old and is no longer kept.'],
    );
  });
});
