/**
 * Editing the menu's parts: versions, soft deletes, stable ids, 86-ing, dayparts, pages and the
 * audit trail of each write.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { withClient } from '../../src/config/database.js';
import { expectStatus, type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { Factories } from '../support/factories.js';
import { expectProblem } from '../support/problem.js';
import { sendRaw } from '../support/rawHttp.js';

const MINUTE_MS = 60_000;

interface Noun {
  path: string;
  noun: string;
  fields: Json;
  change: Json;
}

describe('editing the menu', () => {
  let now = new Date('2026-03-02T11:00:00.000Z');
  let api: TestApi;
  let mine: TestRestaurant;
  /** An API key: it outlives the jumps of the clock. */
  let token: string;
  let categoryId: string;

  before(async () => {
    api = await startApi({ clock: () => now });
    mine = await api.restaurant({ timezone: 'America/New_York' });
    token = await api.apiKey(mine.token);
    categoryId = (await api.category(token)).id;
  });
  after(() => api.close());

  const nouns = (): Noun[] => [
    {
      path: '/v1/categories',
      noun: 'category',
      fields: { name: 'Drinks', position: 4, schedules: [{ days: ['mon'], from: '09:00', to: '24:00' }] },
      change: { name: 'Cold drinks', schedules: [] },
    },
    {
      path: '/v1/taxes',
      noun: 'tax',
      fields: { name: 'VAT', rate: '8.875', inclusive: false, orderTypes: ['dine_in'] },
      change: { rate: '9', inclusive: true },
    },
    {
      path: '/v1/modifier-groups',
      noun: 'modifier_group',
      fields: { name: 'Milk', minSelections: 0, maxSelections: 2, freeSelections: 1, modifiers: [] },
      change: { name: 'Milks', maxSelections: 3 },
    },
    {
      path: '/v1/menu-items',
      noun: 'menu_item',
      fields: {
        name: 'Tea',
        price: 300,
        categoryId,
        description: 'hot',
        allergens: ['milk'],
        otherAllergens: ['traces of nuts'],
        dietTags: ['vegetarian'],
        translations: { fr: { name: 'Thé' } },
        station: 'bar',
      },
      change: { price: 350, description: null },
    },
  ];

  const { get, patch, ...make } = new Factories(() => ({ api, token }));
  const post = (path: string, body: object): Promise<Json> =>
    make.post(path, body, path.endsWith('/availability') ? 200 : 201);
  const remove = async (path: string): Promise<void> => {
    expectStatus(204, await api.delete(path, undefined, { token }));
  };
  /** An item as guests see it. */
  const onMenu = async (id: string, query = ''): Promise<Json> => {
    const { categories } = await get(`/v1/menu${query}`);
    return categories.flatMap((one: Json) => one.items).find((one: Json) => one.id === id);
  };
  const orders = (menuItemId: string, quantity = 1, fields: object = {}) =>
    api.post('/v1/orders', { type: 'takeaway', lines: [{ menuItemId, quantity }], ...fields }, { token });

  test('creates, reads, changes and deletes each part, with versions, ETags, events and an audit trail', async () => {
    for (const { path, noun, fields, change } of nouns()) {
      const made = await api.post(path, fields, { token });
      const first = expectStatus(201, made);
      const { id } = first;
      assert.deepEqual({ ...first, ...fields }, first, noun);
      assert.deepEqual([first.version, first.createdAt, first.updatedAt], [1, now.toISOString(), now.toISOString()]);

      const read = await api.get(`${path}/${id}`, { token });
      assert.deepEqual(expectStatus(200, read), first);
      const etag = read.headers.get('etag') ?? '';
      assert.match(etag, /^"1(?:-[\w-]+)?"$/);
      assert.equal(made.headers.get('etag'), etag);
      const known = await api.get(`${path}/${id}`, { token, headers: { 'if-none-match': etag } });
      assert.deepEqual([known.status, known.text, known.headers.get('etag')], [304, '', etag]);

      for (const tags of ['*', `W/${etag}`, `"0", ${etag}`])
        assert.equal((await api.get(`${path}/${id}`, { token, headers: { 'if-none-match': tags } })).status, 304, tags);
      for (const tags of ['"0"', etag.slice(1, -1), ''])
        assert.equal((await api.get(`${path}/${id}`, { token, headers: { 'if-none-match': tags } })).status, 200, tags);

      now = new Date(now.getTime() + MINUTE_MS);
      const changed = await api.patch(`${path}/${id}`, change, { token, headers: { 'if-match': etag } });
      const second = expectStatus(200, changed);
      assert.deepEqual(second, { ...first, ...change, version: 2, updatedAt: now.toISOString() }, noun);
      assert.notEqual(changed.headers.get('etag'), etag);
      const stale = await api.patch(`${path}/${id}`, change, { token, headers: { 'if-match': etag } });
      assert.equal(expectProblem(412, stale).code, 'version_mismatch');
      const fresh = await api.get(`${path}/${id}`, { token, headers: { 'if-none-match': etag } });
      assert.deepEqual(expectStatus(200, fresh), second);
      expectProblem(422, await api.patch(`${path}/${id}`, {}, { token, headers: { 'if-match': '"2"' } }));

      expectProblem(412, await api.delete(`${path}/${id}`, undefined, { token, headers: { 'if-match': '"1"' } }));
      const gone = await api.delete(`${path}/${id}`, undefined, { token, headers: { 'if-match': '"2"' } });
      assert.deepEqual([gone.status, gone.text], [204, '']);
      expectProblem(404, await api.get(`${path}/${id}`, { token }));
      expectProblem(404, await api.patch(`${path}/${id}`, change, { token, headers: { 'if-match': '"2"' } }));
      expectProblem(404, await api.delete(`${path}/${id}`, undefined, { token }));
      const listed = await get(path);
      assert.ok(listed.data.every((one: Json) => one.id !== id));

      await expectTrail(noun, id, first, second, change);
    }
  });

  /** One audit entry and one event for each write that succeeded, and none for those refused. */
  async function expectTrail(noun: string, id: string, first: Json, second: Json, change: Json): Promise<void> {
    const { data } = await get(`/v1/audit-log?subjectId=${id}`);
    const [deleted, changed, created] = data;
    assert.deepEqual(
      data.map((entry: Json) => [entry.action, entry.subject, entry.actor.kind]),
      ['deleted', 'changed', 'created'].map((verb) => [`${noun}.${verb}`, noun, 'api_key']),
    );
    for (const [field, value] of Object.entries(change))
      assert.deepEqual(changed.changes[field], { from: first[field], to: value }, field);
    assert.deepEqual(Object.keys(changed.changes).sort(), Object.keys(change).sort());
    assert.deepEqual(created.changes.name, { to: first.name });
    assert.deepEqual(deleted.changes.name, { from: second.name });

    const events = await withClient(api.database.ownerUrl, async (owner) => {
      const text = 'select type, subject, data from events where subject_id = $1 order by id';
      return (await owner.query<{ type: string; subject: string; data: Json }>(text, [id])).rows;
    });
    assert.deepEqual(
      events.map((event) => [event.type, event.subject, event.data.id, event.data.version]),
      [
        [`${noun}.created`, noun, id, 1],
        [`${noun}.changed`, noun, id, 2],
        [`${noun}.deleted`, noun, id, 2],
      ],
    );
  }

  test('lists more than a hundred things page by page, each once and in the order they were made', async () => {
    const made: string[] = [];
    for (let wave = 0; wave < 13; wave += 1) {
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => api.post('/v1/taxes', { name: 'T', rate: '7', inclusive: true }, { token })),
      );
      made.push(...answers.map((answer) => expectStatus(201, answer).id));
    }
    for (const limit of [undefined, 7, 65, 100]) {
      const seen: string[] = [];
      let cursor = '';
      for (let page = 0; page === 0 || cursor !== ''; page += 1) {
        const query = [limit === undefined ? '' : `limit=${limit}`, cursor === '' ? '' : `cursor=${cursor}`];
        const { data, nextCursor } = await get(`/v1/taxes?${query.filter(Boolean).join('&')}`);
        assert.ok(nextCursor === null || data.length === (limit ?? 25));
        assert.ok(data.length > 0);
        seen.push(...data.map((one: Json) => one.id));
        cursor = nextCursor ?? '';
      }
      assert.deepEqual(seen, [...seen].sort());
      assert.deepEqual([...seen].sort(), [...made].sort());
    }
  });

  test('keeps the ids of variants and modifiers that stay, and drops the ones left out', async () => {
    const item = await post('/v1/menu-items', {
      name: 'Coffee',
      price: 0,
      categoryId,
      variants: [
        { name: 'Small', price: 300 },
        { name: 'Large', price: 400 },
      ],
    });
    const [small, large] = item.variants;
    const variants = [
      { ...large, price: 450 },
      { name: 'Huge', price: 500 },
    ];
    const changed = await patch(`/v1/menu-items/${item.id}`, { variants });
    assert.deepEqual([changed.variants[0], changed.variants[1].name], [{ ...large, price: 450 }, 'Huge']);
    assert.equal(changed.variants.length, 2);
    const shown = changed.variants.map(({ id, name, price }: Json) => ({ id, name, price }));
    assert.deepEqual((await onMenu(item.id)).variants, shown);
    const path = `/v1/menu-items/${item.id}`;
    const headers = { 'if-match': '"2"' };
    expectProblem(404, await api.patch(path, { variants: [small] }, { token, headers }), 'a variant that was dropped');
    const twice = await api.patch(path, { variants: [large, large] }, { token, headers });
    assert.equal(expectProblem(422, twice).errors[0].pointer, '/variants/1/id');
    assert.deepEqual((await get(path)).variants, changed.variants);
    assert.deepEqual((await patch(path, { name: 'Caffè' })).variants, changed.variants);

    const group = await post('/v1/modifier-groups', {
      name: 'Milk',
      modifiers: [
        { name: 'Oat', price: 50 },
        { name: 'Soy', price: 40, isAvailable: false, maxQuantity: 3 },
      ],
    });
    const [oat, soy] = group.modifiers;
    const edited = await patch(`/v1/modifier-groups/${group.id}`, { modifiers: [soy, { ...oat, name: 'Oats' }] });
    assert.deepEqual(edited.modifiers, [soy, { ...oat, name: 'Oats' }]);
    const foreign = await post('/v1/modifier-groups', { name: 'Sugar', modifiers: [{ name: 'White' }] });
    const stolen = { modifiers: [{ ...foreign.modifiers[0], price: 1 }] };
    const theft = await api.patch(`/v1/modifier-groups/${group.id}`, stolen, { token, headers });
    assert.equal(expectProblem(404, theft).errors[0].pointer, '/modifiers/0/id');
    assert.deepEqual(await get(`/v1/modifier-groups/${foreign.id}`), foreign);
  });

  test('refuses a group that could never be satisfied', async () => {
    const group = await post('/v1/modifier-groups', { name: 'G', minSelections: 1, maxSelections: 2, modifiers: [] });
    const headers = { 'if-match': '"1"' };
    const patched = await api.patch(`/v1/modifier-groups/${group.id}`, { maxSelections: 0 }, { token, headers });
    assert.equal(expectProblem(422, patched).errors[0].pointer, '/maxSelections');
  });

  test('a deleted group or tax vanishes from its items, whose ETag says so; a category with items stays', async () => {
    const group = await post('/v1/modifier-groups', { name: 'G', modifiers: [{ name: 'M' }] });
    const tax = await make.tax('7', true);
    const category = await api.category(token);
    const item = await post('/v1/menu-items', {
      name: 'Cake',
      price: 1,
      categoryId: category.id,
      modifierGroupIds: [group.id],
      taxIds: [tax.id],
    });
    assert.deepEqual([item.modifierGroupIds, item.taxIds], [[group.id], [tax.id]]);
    const etag = (await api.get(`/v1/menu-items/${item.id}`, { token })).headers.get('etag') ?? '';
    const inUse = expectProblem(409, await api.delete(`/v1/categories/${category.id}`, undefined, { token }));
    assert.equal(inUse.code, 'in_use');
    await remove(`/v1/modifier-groups/${group.id}`);
    await remove(`/v1/taxes/${tax.id}`);
    const after = expectStatus(
      200,
      await api.get(`/v1/menu-items/${item.id}`, { token, headers: { 'if-none-match': etag } }),
    );
    assert.deepEqual([after.modifierGroupIds, after.taxIds], [[], []]);
    const shown = await onMenu(item.id);
    assert.deepEqual([shown.modifierGroups, shown.taxes], [[], []]);
    const lists = expectStatus(200, await api.get('/v1/menu-items?limit=100', { token }));
    assert.deepEqual(lists.data.find((one: Json) => one.id === item.id).modifierGroupIds, []);
    await remove(`/v1/menu-items/${item.id}`);
    await remove(`/v1/categories/${category.id}`);
    assert.equal(await onMenu(item.id), undefined);
    expectProblem(404, await orders(item.id));
  });

  test('an item that is 86’d until an instant comes back by itself, and stays away when 86’d again', async () => {
    const item = await post('/v1/menu-items', { name: 'Fish', price: 900, categoryId });
    const path = `/v1/menu-items/${item.id}`;
    const until = new Date(now.getTime() + 60 * MINUTE_MS).toISOString();
    const gone = await post(`${path}/availability`, { isAvailable: false, until });
    assert.deepEqual([gone.isAvailable, gone.availability.until, gone.version], [false, until, 2]);
    assert.equal((await onMenu(item.id)).unavailableReason, 'not_available');
    assert.equal(expectProblem(409, await orders(item.id)).code, 'item_unavailable');

    now = new Date(now.getTime() + 60 * MINUTE_MS - 1);
    assert.equal((await onMenu(item.id)).isAvailable, false);
    now = new Date(now.getTime() + 1);
    assert.equal((await onMenu(item.id)).isAvailable, true);
    expectStatus(201, await orders(item.id));

    // The hour that has passed says nothing of what is 86'd from now on, whichever way it is said.
    await patch(path, { isAvailable: false });
    assert.equal((await onMenu(item.id)).isAvailable, false);
    await post(`${path}/availability`, {
      isAvailable: false,
      until: new Date(now.getTime() + MINUTE_MS).toISOString(),
    });
    await patch(path, { isAvailable: true });
    now = new Date(now.getTime() + 2 * MINUTE_MS);
    await patch(path, { isAvailable: false });
    expectProblem(409, await orders(item.id));
    const { data } = await get(`/v1/audit-log?subjectId=${item.id}&action=menu_item.availability_changed`);
    assert.deepEqual(data.at(-1).changes, {
      isAvailable: { from: true, to: false },
      availability: { from: { until: null, remaining: null }, to: { until, remaining: null } },
    });
  });

  test('counts portions down to sold out and up again, and its ETag tells', async () => {
    const item = await post('/v1/menu-items', {
      name: 'Roast',
      price: 900,
      categoryId,
      availability: { remaining: 3 },
    });
    const path = `/v1/menu-items/${item.id}`;
    const etag = (await api.get(path, { token })).headers.get('etag') ?? '';
    const order = expectStatus(201, await orders(item.id, 2));
    const after = await api.get(path, { token, headers: { 'if-none-match': etag } });
    assert.equal(expectStatus(200, after).availability.remaining, 1);
    assert.equal(expectProblem(409, await orders(item.id, 2)).code, 'item_unavailable');
    expectStatus(201, await orders(item.id, 1));
    const soldOut = await onMenu(item.id);
    assert.deepEqual([soldOut.isAvailable, soldOut.unavailableReason, soldOut.remaining], [false, 'sold_out', 0]);
    expectStatus(200, await api.post(`/v1/orders/${order.id}/cancel`, undefined, { token }));
    assert.deepEqual([(await onMenu(item.id)).remaining, (await onMenu(item.id)).isAvailable], [2, true]);
    // A change of another field does not touch the count. The ETag read before the sales still
    // allows the edit.
    const headers = { 'if-match': etag };
    const renamed = expectStatus(200, await api.patch(path, { name: 'Roast beef' }, { token, headers }));
    assert.equal(renamed.availability.remaining, 2);
    assert.equal((await patch(path, { availability: { until: null } })).availability.remaining, 2);
    assert.equal((await patch(path, { availability: { remaining: null } })).availability.remaining, null);
  });

  test('serves a daypart by the restaurant’s own clock, across midnight and the change to summer time', async () => {
    const breakfast = { schedules: [{ days: ['sun'], from: '07:00', to: '11:00' }] };
    const eggs = await post('/v1/menu-items', { name: 'Eggs', price: 1, categoryId, ...breakfast });
    const night = { schedules: [{ days: ['sat'], from: '22:00', to: '02:00' }] };
    const nightly = await api.category(token, night);
    const soup = await post('/v1/menu-items', { name: 'Soup', price: 1, categoryId: nightly.id });
    const served = async (id: string, at: string) => (await onMenu(id, `?at=${at}`)).unavailableReason ?? 'served';
    // New York: EST (-5) on March 1st, EDT (-4) from March 8th, 2026, both Sundays.
    for (const [id, at, expected] of [
      [eggs.id, '2026-03-01T11:59:59Z', 'outside_schedule'],
      [eggs.id, '2026-03-01T12:00:00Z', 'served'],
      [eggs.id, '2026-03-01T15:59:59Z', 'served'],
      [eggs.id, '2026-03-01T16:00:00Z', 'outside_schedule'],
      [eggs.id, '2026-03-08T11:00:00Z', 'served'],
      [eggs.id, '2026-03-08T10:59:59Z', 'outside_schedule'],
      [eggs.id, '2026-03-08T15:00:00Z', 'outside_schedule'],
      [eggs.id, '2026-03-02T12:00:00Z', 'outside_schedule'],
      [soup.id, '2026-03-01T02:59:59Z', 'outside_schedule'],
      [soup.id, '2026-03-01T03:00:00Z', 'served'],
      [soup.id, '2026-03-01T06:59:59Z', 'served'],
      [soup.id, '2026-03-01T07:00:00Z', 'outside_schedule'],
      [soup.id, '2026-03-02T03:00:00Z', 'outside_schedule'],
    ] as const)
      assert.equal(await served(id, at), expected, `${id === eggs.id ? 'eggs' : 'soup'} at ${at}`);

    const before = now;
    now = new Date('2026-03-08T11:30:00Z');
    expectStatus(201, await orders(eggs.id));
    now = new Date('2026-03-08T15:30:00Z');
    expectProblem(409, await orders(eggs.id));
    expectStatus(201, await orders(eggs.id, 1, { scheduledFor: '2026-03-15T12:00:00Z' }));
    now = before;
  });

  test('answers the menu with an ETag, 304 and gzip, fresh after every change', async () => {
    const read = () => sendRaw(api.url, { path: '/v1/menu', headers: { authorization: `Bearer ${token}` } });
    const first = await read();
    const etag = first.headers.get('etag') ?? '';
    assert.match(etag, /^W\/"[\w-]+"$/);
    assert.equal(first.headers.get('content-encoding'), null);
    assert.equal((await read()).headers.get('etag'), etag);
    const headers = { authorization: `Bearer ${token}`, 'accept-encoding': 'gzip', 'if-none-match': etag };
    for (const extra of [{}, { 'cache-control': 'no-cache' }]) {
      const known = await sendRaw(api.url, { path: '/v1/menu', headers: { ...headers, ...extra } });
      assert.deepEqual([known.status, known.text, known.headers.get('etag')], [304, '', etag]);
    }
    const packed = await fetch(`${api.url}/v1/menu`, { headers: { ...headers, 'if-none-match': '"other"' } });
    assert.equal(packed.headers.get('content-encoding'), 'gzip');
    assert.match(packed.headers.get('vary') ?? '', /accept-encoding/i);
    assert.deepEqual(await packed.json(), first.body);
    const item = await post('/v1/menu-items', { name: 'New', price: 1, categoryId });
    const fresh = await sendRaw(api.url, { path: '/v1/menu', headers: { ...headers, 'accept-encoding': '' } });
    assert.equal(fresh.status, 200);
    assert.ok(fresh.text.includes(item.id));
    assert.notEqual(fresh.headers.get('etag'), etag);
  });
});
