/** Two people at the door, one delivery. `RACE_ROUNDS` sets the number of rounds. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Json, startApi, type TestApi } from '../support/api.js';
import { Factories } from '../support/factories.js';

const ROUNDS = Number(process.env['RACE_ROUNDS'] ?? 20);

describe('purchase races', () => {
  let first: TestApi;
  let second: TestApi;
  let token: string;
  let supplierId: string;
  before(async () => {
    first = await startApi();
    // Another instance of Servio on the same database.
    second = await startApi({ database: first.database });
    token = (await first.restaurant()).token;
    supplierId = (await supplier()).id;
  });
  after(async () => {
    await second.close();
    await first.close();
  });

  const { get, post, supplier, ingredient, quantityOf } = new Factories(() => ({ api: first, token }));
  const atOnce = (path: string, body: Json) =>
    Promise.all([first, second].map((api) => api.post(path, body, { token })));
  const statusesOf = (answers: { status: number }[]) => answers.map(({ status }) => status).toSorted((a, b) => a - b);

  async function sentOrder(name: string, quantity: string): Promise<{ order: Json; item: Json }> {
    const item = await ingredient({ name });
    const lines = [{ inventoryItemId: item.id, quantity, unitPrice: 100 }];
    const { id } = await post('/v1/purchase-orders', { supplierId, lines });
    return { order: await post(`/v1/purchase-orders/${id}/send`, {}, 200), item };
  }

  test('a delivery that two book at once comes in once', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { order, item } = await sentOrder(`Whole ${round}`, '10');
      const body = { lines: [{ lineId: order.lines[0].id, quantity: '10' }] };
      const answers = await atOnce(`/v1/purchase-orders/${order.id}/receive`, body);
      assert.deepEqual(statusesOf(answers), [201, 409]);
      assert.equal(await quantityOf(item.id), '10');
    }
  });

  test('two halves that come at once are both booked, and the order is received', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { order, item } = await sentOrder(`Half ${round}`, '10');
      const body = { lines: [{ lineId: order.lines[0].id, quantity: '5' }] };
      const answers = await atOnce(`/v1/purchase-orders/${order.id}/receive`, body);
      assert.deepEqual(statusesOf(answers), [201, 201]);
      const after = await get(`/v1/purchase-orders/${order.id}`);
      assert.deepEqual([after.status, after.lines[0].receivedQuantity, after.version], ['received', '10', 4]);
      assert.equal(await quantityOf(item.id), '10');
      const receiptId = answers[0]?.body.goodsReceipt.id;
      const reversals = await atOnce(`/v1/goods-receipts/${receiptId}/reverse`, { reason: 'Twice' });
      assert.deepEqual(statusesOf(reversals), [200, 409]);
      assert.equal(await quantityOf(item.id), '5');
    }
  });

  test('an order is either cancelled or received, and sent once', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { order, item } = await sentOrder(`Either ${round}`, '1');
      const path = `/v1/purchase-orders/${order.id}`;
      const body = { lines: [{ lineId: order.lines[0].id, quantity: '1' }] };
      const [received, cancelled] = await Promise.all([
        first.post(`${path}/receive`, body, { token }),
        second.post(`${path}/cancel`, {}, { token }),
      ]);
      const { status } = await get(path);
      assert.equal(await quantityOf(item.id), status === 'received' ? '1' : '0');
      assert.deepEqual([received.status, cancelled.status], status === 'received' ? [201, 409] : [409, 200]);
    }
    const item = await ingredient({ name: 'Sent' });
    const draft = { supplierId, lines: [{ inventoryItemId: item.id, quantity: '1', unitPrice: 1 }] };
    const numbers: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const { id } = await post('/v1/purchase-orders', draft);
      const answers = await atOnce(`/v1/purchase-orders/${id}/send`, {});
      assert.deepEqual(statusesOf(answers), [200, 409]);
      const sent = answers.find((answer) => answer.status === 200);
      numbers.push(Number(sent?.body.number.split('-')[3]));
    }
    const [begin = 0] = numbers;
    assert.deepEqual(
      numbers,
      numbers.map((_, index) => begin + index),
    );
  });
});
