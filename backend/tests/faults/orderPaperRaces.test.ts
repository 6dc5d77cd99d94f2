/** An invoice and a change of its order at the same moment: one of them waits, and then knows. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Json, startApi, type TestApi } from '../support/api.js';
import { Factories } from '../support/factories.js';

const ROUNDS = 12;

describe('orders and their papers at the same moment', () => {
  let api: TestApi;
  let token: string;
  let dish: string;

  before(async () => {
    api = await startApi();
    token = await api.apiKey((await api.restaurant()).token);
    dish = (await api.item(token, { price: 1_000 })).id;
  });
  after(() => api.close());

  const { get, pay, complete, issued } = new Factories(() => ({ api, token }));
  const place = (): Promise<Json> =>
    api.order(
      token,
      Array.from({ length: 3 }, () => ({ menuItemId: dish, quantity: 1 })),
    );

  test('the order and its live invoice agree, whoever was first', async () => {
    const outcomes = new Set<string>();
    for (let round = 0; round < ROUNDS; round += 1) {
      const { id, lines } = await place();
      const issue = () => api.post('/v1/documents?issue=true', { type: 'invoice', orderId: id }, { token });
      const change = () => api.delete(`/v1/orders/${id}/lines/${lines[round % 3].id}`, undefined, { token });
      const [paper, changed] =
        round % 2 === 0
          ? await Promise.all([issue(), change()])
          : await Promise.all([change(), issue()]).then(([second, first]) => [first, second] as const);
      assert.ok([200, 409].includes(changed.status), changed.text);
      assert.ok([201, 409].includes(paper.status), paper.text);
      assert.ok(changed.status === 200 || paper.status === 201, 'both were refused');
      const order = await get(`/v1/orders/${id}`);
      assert.equal(order.total, changed.status === 200 ? 2_000 : 3_000);
      if (paper.status === 201) assert.equal(paper.body.total, order.total);
      outcomes.add(`${paper.status} ${changed.status}`);
    }
    assert.ok(outcomes.size > 0);
  });

  test('credit notes at the same moment never take more than the sale', async () => {
    const { id } = await place();
    await pay(id, 'card', 3_000);
    await complete(id);
    const paper = await issued({ type: 'invoice', orderId: id });
    const answers = await Promise.all(
      [1, 2, 3, 1, 2, 3].map((position) =>
        api.post(
          `/v1/documents/${paper.id}/credit?issue=true`,
          { reason: 'x', lines: [{ position, quantity: '1' }] },
          { token },
        ),
      ),
    );
    assert.equal(answers.filter(({ status }) => status === 201).length, 3);
    const order = await get(`/v1/orders/${id}`);
    assert.deepEqual([order.refundedSaleTotal, order.dueTotal], [3_000, -3_000]);
  });

  test('two write-offs at once give up a debt once', async () => {
    const { id } = await place();
    await complete(id);
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => api.post(`/v1/orders/${id}/write-off`, { reason: 'gone' }, { token })),
    );
    assert.equal(answers.filter(({ status }) => status === 200).length, 1);
    assert.equal(answers.filter(({ status }) => status === 409).length, 3);
    assert.equal((await get(`/v1/orders/${id}`)).refundedSaleTotal, 3_000);
  });
});
