/**
 * Counts, transfers and production while the restaurant sells, on two instances. `RACE_ROUNDS` sets
 * the number of rounds.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Answer, expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { StockRoom } from '../support/stockRoom.js';

const ROUNDS = Number(process.env['RACE_ROUNDS'] ?? 25);

describe('stock taking races', () => {
  let first: TestApi;
  let second: TestApi;
  before(async () => {
    first = await startApi();
    second = await startApi({ database: first.database });
  });
  after(async () => {
    await second.close();
    await first.close();
  });

  const either = (index: number) => (index % 2 === 0 ? first : second);
  const callers = <T>(count: number, work: (api: TestApi, index: number) => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: count }, (_, index) => work(either(index), index)));
  const statusesOf = (answers: readonly Answer[], status: number): number =>
    answers.filter((answer) => answer.status === status).length;

  test('a count of everything while everything is sold finds what is missing, and loses no sale', async () => {
    const room = await StockRoom.open(first);
    const { token } = room;
    const items: Json[] = [];
    const dishes: Json[] = [];
    for (let index = 0; index < 6; index += 1) {
      items.push(await room.item({ name: `Item ${index}`, openingQuantity: '1000' }));
      dishes.push(await room.dish(items[index]?.id, '1'));
    }
    const sold = items.map(() => 0);
    // While somebody looks at a shelf nothing is taken from it; all other shelves are sold from.
    const shelfInHand = new Set<number>();
    const onTheWay = items.map(() => Promise.resolve());
    let isOver = false;
    const sell = async (api: TestApi, seller: number): Promise<void> => {
      for (let turn = seller; !isOver; turn += 1) {
        const shelf = turn % items.length;
        if (shelfInHand.has(shelf)) {
          await new Promise(setImmediate);
          continue;
        }
        const order = api.order(token, [{ menuItemId: dishes[shelf]?.id, quantity: 1 }]);
        onTheWay[shelf] = Promise.all([onTheWay[shelf], order]).then(() => undefined);
        await order;
        sold[shelf] = (sold[shelf] ?? 0) + 1;
      }
    };
    const count = async (): Promise<Json> => {
      const { id } = await room.post('/v1/stock/counts');
      await Promise.all(
        items.map(async (item, shelf) => {
          shelfInHand.add(shelf);
          await onTheWay[shelf];
          // Each shelf is short of as many as its number says.
          const quantity = 1000 - (sold[shelf] ?? 0) - shelf;
          const path = `/v1/stock/counts/${id}/lines`;
          const lines = [{ inventoryItemId: item.id, quantity }];
          expectStatus(200, await either(shelf).post(path, { lines }, { token }));
          shelfInHand.delete(shelf);
        }),
      );
      // A quick count ends before much was sold.
      while (sold.reduce((sum, one) => sum + one, 0) <= 20) await new Promise(setImmediate);
      return room.post(`/v1/stock/counts/${id}/commit`, {}, 200);
    };
    const sellers = callers(6, sell);
    const done = await count().finally(() => {
      isOver = true;
    });
    await sellers;
    assert.deepEqual(
      done.lines.map((line: Json) => line.variance),
      ['0', '-1', '-2', '-3', '-4', '-5'],
    );
    for (const [shelf, item] of items.entries())
      assert.equal(await room.quantityOf(item.id), String(1000 - (sold[shelf] ?? 0) - shelf));
    assert.ok(sold.reduce((sum, one) => sum + one, 0) > 20, 'nothing was sold meanwhile');
    assert.deepEqual(await room.faults(), []);
  });

  test('deliveries typed in late while somebody counts are counted once, and sales meanwhile are not lost', async () => {
    const room = await StockRoom.open(first);
    const { token } = room;
    const { id: supplierId } = await room.post('/v1/suppliers', { name: 'Mill' });
    const flour = await room.item({ name: 'Flour', openingQuantity: '100' });
    const loaf = await room.dish(flour.id, '1');
    let expected = 100;
    for (let round = 0; round < ROUNDS; round += 1) {
      // All of it stood on the shelf before the round begins; one is missing.
      const receivedAt = new Date(Date.now() - 60_000).toISOString();
      const { id } = await room.post('/v1/stock/counts');
      const lines = [{ inventoryItemId: flour.id, quantity: expected + 5 * 3 - 1 }];
      const delivery = { supplierId, receivedAt, lines: [{ inventoryItemId: flour.id, quantity: '3', unitPrice: 1 }] };
      await callers(6, async (api, index) => {
        if (index !== round % 6) return expectStatus(201, await api.post('/v1/goods-receipts', delivery, { token }));
        expectStatus(200, await api.post(`/v1/stock/counts/${id}/lines`, { lines }, { token }));
        return api.order(token, [{ menuItemId: loaf.id, quantity: 1 }]);
      });
      const { lines: booked } = await room.post(`/v1/stock/counts/${id}/commit`, {}, 200);
      assert.equal(booked[0].variance, '-1', `round ${round}`);
      expected += 5 * 3 - 1 - 1;
      assert.equal(await room.quantityOf(flour.id), String(expected));
    }
  });

  test('of many who commit a count at once one books it, and a line noted meanwhile is booked or refused', async () => {
    const room = await StockRoom.open(first);
    const { token } = room;
    const [tea, rum] = [
      await room.item({ name: 'Tea', openingQuantity: '10' }),
      await room.item({ name: 'Rum', openingQuantity: '10' }),
    ];
    let expected = { tea: 10, rum: 10 };
    for (let round = 0; round < Math.ceil(ROUNDS / 3); round += 1) {
      const { id } = await room.post('/v1/stock/counts');
      const note = (item: Json, quantity: number) => ({ lines: [{ inventoryItemId: item.id, quantity }] });
      await room.post(`/v1/stock/counts/${id}/lines`, note(tea, 10 + round), 200);
      const [noted, ...commits] = await callers(7, (api, index) =>
        index === 0
          ? api.post(`/v1/stock/counts/${id}/lines`, note(rum, 50 + round), { token })
          : api.post(`/v1/stock/counts/${id}/commit`, {}, { token }),
      );
      assert.deepEqual([statusesOf(commits, 200), statusesOf(commits, 409)], [1, 5]);
      expected = { tea: 10 + round, rum: noted?.status === 200 ? 50 + round : expected.rum };
      assert.deepEqual(
        [await room.quantityOf(tea.id), await room.quantityOf(rum.id)],
        [String(expected.tea), String(expected.rum)],
      );
    }
  });

  test('two who open a count of the same things at once do not both count them', async () => {
    const room = await StockRoom.open(first);
    const shelf = await room.location('Shelf');
    await room.item({ name: 'Tea', locationId: shelf.id, openingQuantity: '1' });
    for (let round = 0; round < Math.ceil(ROUNDS / 3); round += 1) {
      const bodies = [{}, { locationId: shelf.id }];
      const answers = await callers(4, (api, index) =>
        api.post('/v1/stock/counts', bodies[index % 2], { token: room.token }),
      );
      assert.deepEqual([statusesOf(answers, 201), statusesOf(answers, 409)], [1, 3]);
      const opened = answers.find(({ status }) => status === 201)?.body;
      await room.post(`/v1/stock/counts/${opened.id}/cancel`, {}, 200);
    }
  });

  test('the last five kilograms are carried away once', async () => {
    const room = await StockRoom.open(first);
    const [cellar, kitchen, bar] = await Promise.all(['Cellar', 'Kitchen', 'Bar'].map((name) => room.location(name)));
    for (let round = 0; round < Math.ceil(ROUNDS / 3); round += 1) {
      // From the item's own location in one round, from another in the next.
      const [from, own] = round % 2 === 0 ? [cellar, cellar] : [bar, cellar];
      const fields = { policy: 'forbid', locationId: own?.id, openingQuantity: '5' };
      const item = await room.item({ name: `Ham ${round}`, ...fields });
      const carry = (one: Json, other: Json) => ({
        fromLocationId: one?.id,
        toLocationId: other?.id,
        lines: [{ inventoryItemId: item.id, quantity: '5' }],
      });
      if (from !== own) await room.post('/v1/stock/transfers', carry(own, from));
      const answers = await callers(4, (api) =>
        api.post('/v1/stock/transfers', carry(from, kitchen), { token: room.token }),
      );
      assert.deepEqual([statusesOf(answers, 201), statusesOf(answers, 409)], [1, 3]);
      assert.deepEqual(await room.placesOf(item.id, `&locationId=${kitchen?.id}`), { [kitchen?.id]: '5' });
      assert.equal(await room.quantityOf(item.id), '5');
    }
    assert.deepEqual(await room.faults(), []);
  });

  test('the audit finds no fault in any moment of sales, transfers, waste, batches and counts', async () => {
    const room = await StockRoom.open(first);
    const { token } = room;
    const [cellar, bar] = [await room.location('Cellar'), await room.location('Bar')];
    const fields = { locationId: cellar.id, openingQuantity: '100000', unitCost: '10' };
    const [bones, jus] = [await room.item({ name: 'Bones', ...fields }), await room.item({ name: 'Jus', ...fields })];
    const roast = await room.dish(jus.id, '0.1');
    const lines = [{ inventoryItemId: bones.id, quantity: '3' }];
    const recipe = await room.post('/v1/recipes', { name: 'Jus', yieldUnit: 'kg', outputItemId: jus.id, lines });
    const both = [bones, jus].map(({ id }) => ({ inventoryItemId: id, quantity: '1' }));
    const steps = [
      ['/v1/orders', { type: 'takeaway', lines: [{ menuItemId: roast.id, quantity: 1 }] }],
      ['/v1/stock/transfers', { fromLocationId: cellar.id, toLocationId: bar.id, lines: both.toReversed() }],
      ['/v1/stock/waste', { reason: 'spoiled', locationId: bar.id, lines: both }],
      ['/v1/stock/preps', { recipeId: recipe.id, quantity: '2' }],
      ['/v1/stock/counts', { locationId: bar.id, lines: both.slice(0, 1), commit: true }],
    ] as const;
    await callers(8, async (api, caller) => {
      for (let round = 0; round < Math.ceil(ROUNDS / 2); round += 1) {
        const [path, body] = steps[(caller + round) % steps.length] ?? assert.fail();
        const answer = await api.post(path, body, { token });
        assert.ok(answer.status === 201 || answer.body.code === 'in_use', answer.text);
        assert.deepEqual(expectStatus(200, await api.get('/v1/stock/audit', { token })).faults, []);
      }
    });
    assert.deepEqual(await room.faults(), []);
  });
});
