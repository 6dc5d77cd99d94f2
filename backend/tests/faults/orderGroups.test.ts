/** Orders that share a transaction: each gets the answer that it would get alone. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { withClient } from '../../src/config/database.js';
import { type Answer, expectStatus, type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { untilWaiting } from '../support/lockWaits.js';

const CALLERS = 24;

describe('orders in groups', () => {
  let api: TestApi;
  /** Another instance of Servio on the same database. */
  let second: TestApi;
  let restaurant: TestRestaurant;
  let token: string;
  before(async () => {
    api = await startApi();
    second = await startApi({ database: api.database });
  });
  after(async () => {
    await second.close();
    await api.close();
  });

  const open = async (): Promise<void> => {
    restaurant = await api.restaurant();
    token = restaurant.token;
  };
  const order = (menuItemId: string, headers: Record<string, string> = {}, at = api): Promise<Answer> =>
    at.post('/v1/orders', { type: 'takeaway', lines: [{ menuItemId, quantity: 1 }] }, { token, headers });
  const numbersOf = (answers: readonly Answer[]) =>
    answers
      .filter(({ status }) => status === 201)
      .map(({ body }) => Number(body.number.split('-')[3]))
      .sort((a, b) => a - b);
  const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
  const commits = (): Promise<number> =>
    withClient(api.database.ownerUrl, async (owner) => {
      const { rows } = await owner.query<{ count: string }>(
        'select count(distinct xmin::text) from orders where restaurant_id = $1',
        [restaurant.id],
      );
      return Number(rows[0]?.count);
    });

  /** All at once, behind a first order that waits for a lock. */
  async function together(items: readonly string[]): Promise<Answer[]> {
    return withClient(api.database.ownerUrl, async (holder) => {
      await holder.query('begin');
      await holder.query('select from number_counters where restaurant_id = $1 for update', [restaurant.id]);
      const first = order(items[0] ?? '');
      await untilWaiting(api.database, 0, () => false);
      const others = items.slice(1).map((id) => order(id));
      // Answered by the same process and behind them, so they have all arrived.
      expectStatus(200, await api.get('/v1/menu', { token }));
      await holder.query('commit');
      return Promise.all([first, ...others]);
    });
  }

  test('those that come while one is under way share a commit, and a bad one is refused alone', async () => {
    await open();
    const soup = (await api.item(token)).id;
    const off = (await api.item(token, { isAvailable: false })).id;
    expectStatus(201, await order(soup));
    const items = Array.from({ length: CALLERS }, (_, index) =>
      index % 7 === 3 ? [off, randomUUID()][index % 2] : soup,
    );
    const answers = await together(items as string[]);
    assert.deepEqual(
      answers.map(({ status }, index) => (items[index] === soup ? status === 201 : status >= 400 && status < 500)),
      items.map(() => true),
    );
    assert.deepEqual(
      numbersOf(answers),
      upTo(numbersOf(answers).length).map((number) => number + 1),
    );
    assert.ok((await commits()) < CALLERS / 2, `${await commits()} transactions`);
  });

  test('of one group for the last portions and ingredients, as many are taken as there are, in order of arrival', async () => {
    await open();
    const cake = (await api.item(token, { availability: { remaining: 6 } })).id;
    const steak = (await api.item(token)).id;
    const beef = expectStatus(
      201,
      await api.post(
        '/v1/inventory-items',
        { name: 'Beef', unit: 'kg', policy: 'forbid', openingQuantity: '1', unitCost: '1' },
        { token },
      ),
    );
    const recipe = { name: 'Steak', menuItemId: steak, lines: [{ inventoryItemId: beef.id, quantity: '0.2' }] };
    expectStatus(201, await api.post('/v1/recipes', recipe, { token }));
    const soup = (await api.item(token)).id;
    expectStatus(201, await order(soup));
    const items = Array.from({ length: CALLERS }, (_, index) => [soup, cake, steak][index % 3] ?? soup);
    const answers = await together(items);
    const takenOf = (id: string) => answers.filter(({ status }, index) => items[index] === id && status === 201).length;
    assert.deepEqual([takenOf(soup), takenOf(cake), takenOf(steak)], [8, 6, 5]);
    const refused = answers.filter(({ status }) => status === 409).map(({ body }) => String(body.code));
    assert.deepEqual(refused.toSorted(), [
      ...Array.from({ length: 3 }, () => 'insufficient_stock'),
      ...Array.from({ length: 2 }, () => 'item_unavailable'),
    ]);
    for (const { body } of answers.filter(({ body }) => body.code === 'insufficient_stock'))
      assert.deepEqual(body.errors, [{ pointer: '/lines/0', message: 'Beef: 0.2 kg wanted, 0 kg left.' }]);
    assert.deepEqual(
      numbersOf(answers),
      upTo(19).map((number) => number + 1),
    );
    const { currentQuantity } = expectStatus(200, await api.get(`/v1/inventory-items/${beef.id}`, { token }));
    assert.equal(currentQuantity, '0');
    const { data } = expectStatus(200, await api.get(`/v1/stock/movements?inventoryItemId=${beef.id}`, { token }));
    const sales = data.filter(({ kind }: Json) => kind === 'sale');
    assert.deepEqual(
      new Set(sales.map(({ occurredAt, createdAt }: Json) => occurredAt === createdAt)),
      new Set([true]),
    );
    assert.equal(new Set(sales.map(({ source }: Json) => source.id)).size, 5);
  });

  test('each key has one order and one answer, whichever instance and however often it is sent', async () => {
    await open();
    const soup = (await api.item(token)).id;
    for (let round = 0; round < 3; round += 1) {
      const keys = Array.from({ length: CALLERS / 3 }, () => randomUUID());
      const answers = await Promise.all(
        [...keys, ...keys, ...keys].map((key, index) =>
          order(soup, { 'idempotency-key': key }, [api, second][index % 2]),
        ),
      );
      assert.ok(answers.every(({ status, body }) => status === 201 || body.code === 'idempotency_key_in_use'));
      for (const [index, key] of keys.entries()) {
        const made = answers.filter((answer, at) => at % keys.length === index && answer.status === 201);
        const again = expectStatus(201, await order(soup, { 'idempotency-key': key }, second));
        assert.deepEqual(new Set(made.map(({ body }) => body.number)), new Set([again.number]));
      }
    }
    const { data } = expectStatus(200, await api.get('/v1/orders?limit=100', { token }));
    // The list is by the time at which each instance made the order, not by number.
    const numbers = data.map(({ number }: Json) => Number(number.split('-')[3]));
    assert.deepEqual(
      numbers.toSorted((a: number, b: number) => a - b),
      upTo(CALLERS),
    );
  });

  test('what another instance has just set decides the next order: settings, counts and recipes', async () => {
    await open();
    const soup = (await api.item(token)).id;
    expectStatus(201, await order(soup));
    const settings = await api.get('/v1/restaurant', { token });
    const ifMatch = { 'if-match': settings.headers.get('etag') ?? '' };
    const closed = { openingHours: [{ days: ['mon'], from: '00:00', to: '00:01' }] };
    const changed = await second.patch('/v1/restaurant', closed, { token, headers: ifMatch });
    expectStatus(200, changed);
    const isMonday = new Date().getUTCDay() <= 2;
    if (!isMonday) assert.equal((await order(soup)).body.code, 'restaurant_closed');
    const back = { 'if-match': changed.headers.get('etag') ?? '' };
    expectStatus(200, await second.patch('/v1/restaurant', { openingHours: [] }, { token, headers: back }));
    expectStatus(201, await order(soup));
    expectStatus(
      200,
      await second.post(`/v1/menu-items/${soup}/availability`, { isAvailable: true, remaining: 1 }, { token }),
    );
    const last = await Promise.all([order(soup), order(soup), order(soup, {}, second)]);
    assert.deepEqual(last.map(({ status }) => String(status)).toSorted(), ['201', '409', '409']);
    expectStatus(
      200,
      await second.post(`/v1/menu-items/${soup}/availability`, { isAvailable: true, remaining: null }, { token }),
    );
    const broth = { name: 'Broth', unit: 'l', policy: 'forbid', openingQuantity: '1', unitCost: '1' };
    const item = expectStatus(201, await second.post('/v1/inventory-items', broth, { token }));
    const recipe = { name: 'Soup', menuItemId: soup, lines: [{ inventoryItemId: item.id, quantity: '1' }] };
    expectStatus(201, await second.post('/v1/recipes', recipe, { token }));
    expectStatus(201, await order(soup));
    assert.equal((await order(soup)).body.code, 'insufficient_stock');
  });

  test('callers who hang up take nothing from the others of their group', async () => {
    await open();
    const soup = (await api.item(token)).id;
    expectStatus(201, await order(soup));
    await withClient(api.database.ownerUrl, async (holder) => {
      await holder.query('begin');
      await holder.query('select from number_counters where restaurant_id = $1 for update', [restaurant.id]);
      const leaving = new AbortController();
      const first = order(soup);
      await untilWaiting(api.database, 0, () => false);
      const left = Array.from({ length: 10 }, () =>
        fetch(`${api.url}/v1/orders`, {
          method: 'POST',
          signal: leaving.signal,
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          body: JSON.stringify({ type: 'takeaway', lines: [{ menuItemId: soup, quantity: 1 }] }),
        }).catch((error: Error) => error.name),
      );
      const others = Array.from({ length: 10 }, () => order(soup));
      expectStatus(200, await api.get('/v1/menu', { token }));
      leaving.abort();
      assert.deepEqual(new Set(await Promise.all(left)), new Set(['AbortError']));
      await holder.query('commit');
      const answers = await Promise.all([first, ...others]);
      assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([201]));
    });
    const { data } = expectStatus(200, await api.get('/v1/orders?limit=100', { token }));
    assert.deepEqual(data.map(({ number }: Json) => Number(number.split('-')[3])).reverse(), upTo(data.length));
    assert.ok(data.length >= 12);
  });
});
