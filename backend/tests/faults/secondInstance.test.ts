/**
 * Two instances on one database. A manager's change at one instance applies to the next order at
 * the other one, although that has the old menu in memory. This is tested with Redis, and without
 * it, when the two never hear of each other.
 */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { type Answer, expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { RedisServer } from '../support/redisServer.js';

const ROUNDS = Number(process.env['RACE_ROUNDS'] ?? 50);

for (const hasRedis of [false, true]) {
  describe(`a second instance ${hasRedis ? 'on the same Redis' : 'without Redis'}`, () => {
    let redis: RedisServer | undefined;
    let first: TestApi;
    let second: TestApi;
    let token: string;

    before(async () => {
      redis = hasRedis ? await RedisServer.prepare() : undefined;
      await redis?.start();
      const options = redis ? { redisUrl: redis.url } : {};
      first = await startApi(options);
      second = await startApi({ ...options, database: first.database });
    });
    beforeEach(async () => {
      token = (await first.restaurant()).token;
    });
    after(async () => {
      await second.close();
      await first.close();
      await redis?.kill();
    });

    /** Changes a thing at the first instance. @returns the thing as it is now. */
    async function edit(path: string, thing: Json, changes: object): Promise<Json> {
      const options = { token, headers: { 'if-match': `"${thing.version}"` } };
      return expectStatus(200, await first.patch(`/v1/${path}/${thing.id}`, changes, options));
    }

    /** Brings the menu as it is now into the second one's memory. */
    const readMenu = async () => expectStatus(200, await second.get('/v1/menu', { token }));

    const orderAtSecond = (line: object) =>
      second.post('/v1/orders', { type: 'takeaway', lines: [{ quantity: 1, ...line }] }, { token });

    function assertRefused(answer: Answer, status: number, code: string): void {
      assert.deepEqual([answer.status, answer.body.code], [status, code], answer.text);
    }

    async function countOrders(): Promise<number> {
      return expectStatus(200, await first.get('/v1/orders?limit=100', { token })).data.length;
    }

    test(`the next order costs what was set just before, ${ROUNDS} times out of ${ROUNDS}`, async () => {
      let item = await first.item(token, { price: 1_000 });
      const paid: number[] = [];
      const set: number[] = [];
      for (let round = 1; round <= ROUNDS; round += 1) {
        await readMenu();
        item = await edit('menu-items', item, { price: 1_000 + round });
        const order = expectStatus(201, await orderAtSecond({ menuItemId: item.id }));
        const stored = expectStatus(200, await first.get(`/v1/orders/${order.id}`, { token }));
        assert.equal(stored.total, order.total);
        set.push(1_000 + round);
        paid.push(stored.total);
      }
      assert.deepEqual(paid, set);
    });

    test('what is 86 at one cannot be ordered at the other from then on, and can again when it is back', async () => {
      const item = await first.item(token);
      for (let round = 0; round < 10; round += 1) {
        await readMenu();
        expectStatus(201, await orderAtSecond({ menuItemId: item.id }));
        const before = await countOrders();
        const path = `/v1/menu-items/${item.id}/availability`;
        expectStatus(200, await first.post(path, { isAvailable: false }, { token }));
        assertRefused(await orderAtSecond({ menuItemId: item.id }), 409, 'item_unavailable');
        assert.equal(await countOrders(), before);
        expectStatus(200, await first.post(path, { isAvailable: true }, { token }));
      }
    });

    test('a modifier deleted at one cannot be chosen at the other from then on', async () => {
      for (let round = 0; round < 10; round += 1) {
        const modifiers = [
          { name: 'Cheese', price: 100 },
          { name: 'Bacon', price: 200 },
        ];
        const created = await first.post('/v1/modifier-groups', { name: 'Extras', modifiers }, { token });
        const group = expectStatus(201, created);
        const [cheese, bacon] = group.modifiers;
        const item = await first.item(token, { modifierGroupIds: [group.id] });
        const order = ({ id }: Json) => orderAtSecond({ menuItemId: item.id, modifiers: [{ modifierId: id }] });
        await readMenu();
        assert.equal(expectStatus(201, await order(cheese)).total, 1_100);
        await edit('modifier-groups', group, { modifiers: [bacon] });
        assertRefused(await order(cheese), 404, 'not_found');
        assert.equal(expectStatus(201, await order(bacon)).total, 1_200);
      }
    });
  });
}
