import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { withClient } from '../../src/config/database.js';
import { scopesOfEvent, visibleNouns } from '../../src/domain/event/audience.js';
import { EVENT_TYPES } from '../../src/domain/shared/events.js';
import { expectStatus, type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { expectProblem } from '../support/problem.js';

describe('events', () => {
  let api: TestApi;
  let restaurant: TestRestaurant;
  before(async () => {
    api = await startApi();
    api.madeUpEvents = ['order.changed'];
    restaurant = await api.restaurant();
  });
  after(() => api.close());

  const relay = () => api.context.events.relay();
  async function page(query = '', token = restaurant.token): Promise<Json> {
    return expectStatus(200, await api.get(`/v1/events?${query}`, { token }));
  }

  /** An order whose story has three events. */
  async function preparedOrder(token = restaurant.token): Promise<string> {
    const item = await api.item(token);
    const { id } = await api.order(token, [{ menuItemId: item.id, quantity: 1 }]);
    expectStatus(200, await api.post(`/v1/orders/${id}/accept`, {}, { token }));
    expectStatus(200, await api.post(`/v1/orders/${id}/start`, {}, { token }));
    return id;
  }

  test('are listed by dense positions, page by page, each once', async () => {
    await preparedOrder();
    await relay();
    const all = await page('limit=100');
    assert.deepEqual(
      all.data.map((event: Json) => event.position),
      all.data.map((_: Json, index: number) => index + 1),
    );
    assert.equal(all.latest, all.data.length);
    const paged: Json[] = [];
    for (let after = 0; after < all.latest; ) {
      const { data, nextAfter } = await page(`after=${after}&limit=2`);
      paged.push(...data);
      after = nextAfter;
    }
    assert.deepEqual(paged, all.data);
    assert.deepEqual((await page(`after=${all.latest}`)).data, []);
  });

  test('tell the story of one order in its order, and can be chosen by type', async () => {
    const id = await preparedOrder();
    await relay();
    const types = (data: Json[]): string[] => data.map((event) => event.type);
    const story = await page(`subjectId=${id}`);
    assert.deepEqual(types(story.data), ['order.placed', 'order.status_changed', 'order.status_changed']);
    assert.deepEqual(
      story.data.slice(1).map((event: Json) => event.data.to ?? event.data.status),
      ['accepted', 'preparing'],
    );
    const placed = await page('types=order.placed,payment.recorded&limit=100');
    assert.ok(placed.data.length > 0);
    assert.ok(types(placed.data).every((type) => type === 'order.placed'));
    assert.equal(placed.data.at(-1).position, placed.nextAfter);
  });

  test('of things that a caller may not read are left out, and passed by the position', async () => {
    await relay();
    const { latest } = await page();
    const key = expectStatus(
      201,
      await api.post('/v1/api-keys', { name: 'screen', scopes: ['orders:read'] }, { token: restaurant.token }),
    );
    await relay();
    const seen = await page(`after=${latest}`, key.secret);
    assert.deepEqual(seen.data, []);
    assert.equal(seen.nextAfter, latest + 1);
    assert.deepEqual(
      (await page(`after=${latest}`)).data.map((event: Json) => event.type),
      ['api_key.created'],
    );
    for (const type of EVENT_TYPES) assert.ok(scopesOfEvent(type).length > 0, type);
    // As GET /v1/purchase-orders: a screen at the door is told when an order is sent.
    assert.deepEqual(visibleNouns(new Set(['purchasing:receive'])), ['purchase_order']);
  });

  test('of another restaurant are never listed, whatever is asked', async () => {
    const other = await api.restaurant();
    const id = await preparedOrder(other.token);
    await relay();
    assert.deepEqual((await page(`subjectId=${id}`)).data, []);
    const own = await page('limit=100', other.token);
    assert.equal(own.data.length, own.latest);
    assert.ok(own.data.some((event: Json) => event.subjectId === id));
  });

  test('are awaited: the answer comes with the event, and empty when the time is up', async () => {
    await relay();
    const { latest } = await page();
    const nothing = await page(`after=${latest}&wait=1`);
    assert.deepEqual([nothing.data, nothing.nextAfter], [[], latest]);
    const waiting = page(`after=${latest}&wait=20&types=category.created`);
    const category = await api.category(restaurant.token);
    await relay();
    const { data } = await waiting;
    assert.deepEqual([data[0].subjectId, data[0].position], [category.id, latest + 1]);
    assert.equal(api.context.feedWatch.places.taken, 0);
  });

  test('are awaited through events of no interest', async () => {
    await relay();
    const { latest } = await page();
    const waiting = page(`after=${latest}&wait=20&types=tax.created`);
    await api.category(restaurant.token);
    await relay();
    expectStatus(
      201,
      await api.post('/v1/taxes', { name: 'VAT', rate: '7', inclusive: true }, { token: restaurant.token }),
    );
    await relay();
    const { data, nextAfter } = await waiting;
    assert.deepEqual([data[0].type, nextAfter], ['tax.created', latest + 2]);
  });

  test('that are no longer kept are named, and so are positions that were never reached', async () => {
    const young = await api.restaurant();
    await preparedOrder(young.token);
    await relay();
    const { latest } = await page('', young.token);
    const lost = await api.get(`/v1/events?after=${latest + 1}`, { token: young.token });
    assert.equal(expectProblem(422, lost).code, 'invalid_request');
    await withClient(api.database.ownerUrl, (owner) =>
      owner.query('delete from event_feed where restaurant_id = $1 and position < 4', [young.id]),
    );
    const expired = await api.get('/v1/events?after=2', { token: young.token });
    assert.equal(expectProblem(422, expired).code, 'events_expired');
    assert.equal((await page('after=3', young.token)).data[0].position, 4);
    assert.equal((await page('', young.token)).data[0].position, 4);
  });

  test('of one megabyte end a page early, and none is lost', async () => {
    const large = await api.restaurant();
    await relay();
    const { latest } = await page('', large.token);
    const ids = Array.from({ length: 5 }, () => randomUUID());
    await withClient(api.database.appUrl, async (app) => {
      await app.query("select set_config('app.restaurant_id', $1, false)", [large.id]);
      for (const id of ids)
        await app.query(
          `insert into events (restaurant_id, id, type, subject, subject_id, data, created_at)
           values ($1, $2, 'order.changed', 'order', $2, jsonb_build_object('text', repeat('x', 400000)), now())`,
          [large.id, id],
        );
    });
    await relay();
    const read: string[] = [];
    let pages = 0;
    for (let after = latest; after < latest + ids.length; pages += 1) {
      const answer = await page(`after=${after}`, large.token);
      read.push(...answer.data.map((event: Json) => event.id));
      after = answer.nextAfter;
    }
    assert.deepEqual(read, ids);
    assert.ok(pages > 1, `${pages} pages`);
  });

  for (const [query, field] of [
    ['after=-1', 'after'],
    ['after=x', 'after'],
    ['types=order.eaten', 'types'],
    ['types=', 'types'],
    ['wait=21', 'wait'],
    ['limit=0', 'limit'],
    ['subjectId=x', 'subjectId'],
  ] as const)
    test(`refuse ?${query} and name the field`, async () => {
      const answer = await api.get(`/v1/events?${query}`, { token: restaurant.token });
      expectProblem(422, answer);
      assert.match(answer.body.errors[0].pointer, new RegExp(`\\?${field}`));
    });
});
