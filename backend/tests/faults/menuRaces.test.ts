/** Concurrent edits of the menu. The owner's connection holds a lock until both have arrived. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { withClient } from '../../src/config/database.js';
import { type Answer, expectStatus, startApi, type TestApi } from '../support/api.js';
import { countWaiting, untilWaiting } from '../support/lockWaits.js';

describe('menu races', () => {
  let api: TestApi;
  let token: string;
  before(async () => {
    api = await startApi();
    token = (await api.restaurant()).token;
  });
  after(() => api.close());

  /**
   * Sends the requests one after the other, and holds the lock that `statement` takes until each of
   * them waits or has its answer.
   */
  function crossing(statement: string, ids: string[], requests: (() => Promise<Answer>)[]): Promise<Answer[]> {
    return withClient(api.database.ownerUrl, async (holder) => {
      await holder.query('begin');
      await holder.query(statement, ids);
      const sent: Promise<Answer>[] = [];
      for (const request of requests) {
        let isAnswered = false;
        const waiting = await countWaiting(api.database);
        sent.push(request().finally(() => (isAnswered = true)));
        await untilWaiting(api.database, waiting, () => isAnswered);
      }
      await holder.query('commit');
      return Promise.all(sent);
    });
  }

  test('86-ing an item keeps the variants, groups and taxes that an edit just before it stored', async () => {
    const item = await api.item(token, { variants: [{ name: 'Small', price: 300 }] });
    const tax = expectStatus(201, await api.post('/v1/taxes', { name: 'T', rate: '7', inclusive: false }, { token }));
    const changes = { variants: [{ name: 'Large', price: 500 }], taxIds: [tax.id] };
    const [edited, eightySixed] = await crossing(
      'select 1 from menu_items where id = $1 for update',
      [item.id],
      [
        () => api.patch(`/v1/menu-items/${item.id}`, changes, { token, headers: { 'if-match': '"1"' } }),
        () => api.post(`/v1/menu-items/${item.id}/availability`, { isAvailable: false }, { token }),
      ],
    );
    assert.deepEqual([edited?.status, eightySixed?.status], [200, 200]);
    const stored = expectStatus(200, await api.get(`/v1/menu-items/${item.id}`, { token }));
    assert.deepEqual([stored.variants, stored.taxIds], [edited?.body.variants, [tax.id]]);
    assert.deepEqual([stored.isAvailable, stored.version], [false, 3]);
    assert.deepEqual(eightySixed?.body, stored);
  });

  test('an item made while its category is deleted goes into no deleted category', async () => {
    const category = await api.category(token);
    const [made, removed] = await crossing(
      'lock table menu_items in share mode',
      [],
      [
        () => api.post('/v1/menu-items', { name: 'Late', price: 100, categoryId: category.id }, { token }),
        () => api.delete(`/v1/categories/${category.id}`, undefined, { token }),
      ],
    );
    assert.deepEqual([made?.status, removed?.status], [201, 409], removed?.text);
    assert.equal(removed?.body.code, 'in_use');
    assert.equal((await api.get(`/v1/categories/${category.id}`, { token })).status, 200);
  });

  test('a category deleted first takes no item', async () => {
    const category = await api.category(token);
    const [removed, made] = await crossing(
      'select 1 from categories where id = $1 for update',
      [category.id],
      [
        () => api.delete(`/v1/categories/${category.id}`, undefined, { token }),
        () => api.post('/v1/menu-items', { name: 'Late', price: 100, categoryId: category.id }, { token }),
      ],
    );
    assert.deepEqual([removed?.status, made?.status], [204, 404], made?.text);
  });

  test('of two orders of a list at once the later one counts, and every thing has a place of its own', async () => {
    const category = await api.category(token);
    const ids: string[] = [];
    for (const name of ['A', 'B', 'C', 'D']) ids.push((await api.item(token, { name, categoryId: category.id })).id);
    const reorder = (menuItemIds: string[]) => () =>
      api.post('/v1/menu/order', { menuItems: [{ categoryId: category.id, menuItemIds }] }, { token });
    const [a = '', b = '', c = '', d = ''] = ids;
    const answers = await crossing(
      'select 1 from menu_items where id = $1 for update',
      [a],
      [
        reorder([d, c, b, a]),
        () => api.post(`/v1/menu-items/${a}/availability`, { isAvailable: false }, { token }),
        reorder([b, a, d, c]),
        () =>
          api.post('/v1/menu/bulk-changes', { select: { categoryIds: [category.id] }, price: { by: 7 } }, { token }),
      ],
    );
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 200, 200],
    );
    const { data } = expectStatus(200, await api.get(`/v1/menu-items?categoryId=${category.id}`, { token }));
    const places = new Map(data.map(({ id, position }: { id: string; position: number }) => [id, position]));
    assert.deepEqual(
      [b, a, d, c].map((id) => places.get(id)),
      [0, 1, 2, 3],
    );
    assert.deepEqual(
      data.map(({ price }: { price: number }) => price),
      [1007, 1007, 1007, 1007],
    );
    assert.deepEqual(
      data.map((one: { isAvailable: boolean }) => one.isAvailable),
      [false, true, true, true],
    );
  });
});
