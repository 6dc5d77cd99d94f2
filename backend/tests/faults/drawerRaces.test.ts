/** The figures of a closed shift are those of all its money: many callers on two instances. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { expectStatus, type Json, startApi, type TestApi } from '../support/api.js';

const TILLS = 8;

describe('a shift that is closed while money moves', () => {
  let api: TestApi;
  let other: TestApi;
  let token: string;
  before(async () => {
    api = await startApi();
    other = await startApi({ database: api.database });
    ({ token } = await api.restaurant());
  });
  after(async () => {
    await other.close();
    await api.close();
  });

  const post = async (path: string, body: object, status = 201) =>
    expectStatus(status, await api.post(path, body, { token }));

  test('counts each payment, refund and movement of it, and takes no more', async () => {
    const bar = await post('/v1/drawers', { name: 'Bar' });
    const shift = await post(`/v1/drawers/${bar.id}/shifts`, { openingFloat: 10_000 });
    const { id: menuItemId } = await api.item(token, { price: 1_000 });
    const orders = await Promise.all(
      Array.from({ length: TILLS }, () => api.order(token, [{ menuItemId, quantity: 1 }])),
    );
    const first = await Promise.all(
      orders.map(({ id }) => post(`/v1/orders/${id}/payments`, { method: 'cash', amount: 300, drawerId: bar.id })),
    );
    const attempts = orders.flatMap(({ id }, index) => {
      const at = index % 2 === 0 ? api : other;
      const paying = { method: 'cash', amount: 100, drawerId: bar.id };
      const back = { amount: 50, reason: 'cold', drawerId: bar.id };
      const dropped = { kind: 'drop', amount: 10, reason: 'safe' };
      return [
        () => at.post(`/v1/orders/${id}/payments`, paying, { token }),
        () => at.post(`/v1/payments/${first[index].id}/refunds`, back, { token }),
        () => at.post(`/v1/shifts/${shift.id}/movements`, dropped, { token }),
      ];
    });
    const closing = [api, other, api].map(
      (at) => () => at.post(`/v1/shifts/${shift.id}/close`, { countedCash: 0 }, { token }),
    );
    const calls = [...attempts.slice(0, TILLS), ...closing, ...attempts.slice(TILLS)];
    const answers = await Promise.all(calls.map((call) => call()));
    const closes = answers.slice(TILLS, TILLS + closing.length);
    assert.equal(closes.filter(({ status }) => status === 200).length, 1);
    assert.equal(closes.filter(({ status }) => status === 409).length, 2);
    for (const { status, text } of answers) assert.ok([200, 201, 409].includes(status), text);
    const { figures } = expectStatus(200, await api.get(`/v1/shifts/${shift.id}`, { token }));
    assert.equal(figures.cash.expected, await stored(orders, shift.id));
  });

  /** The cash of the shift by the answers of the API about every order and movement. */
  async function stored(orders: readonly Json[], shiftId: string): Promise<number> {
    let cash = 10_000;
    for (const { id } of orders) {
      const { payments, refunds } = expectStatus(200, await api.get(`/v1/orders/${id}/payments`, { token }));
      for (const one of payments) if (one.shiftId === shiftId) cash += one.amount + one.tip + one.rounding;
      for (const one of refunds) if (one.shiftId === shiftId) cash -= one.amount + one.rounding;
    }
    const moved = expectStatus(200, await api.get(`/v1/shifts/${shiftId}/movements?limit=100`, { token }));
    for (const { amount } of moved.data) cash -= amount;
    return cash;
  }

  test('is opened once by many, and by none while its drawer is deleted', async () => {
    const bar = await post('/v1/drawers', { name: 'Garden' });
    const opening = () =>
      [api, other].map((at) => at.post(`/v1/drawers/${bar.id}/shifts`, { openingFloat: 0 }, { token }));
    const answers = await Promise.all([...opening(), ...opening(), ...opening()]);
    assert.equal(answers.filter(({ status }) => status === 201).length, 1);
    assert.equal(answers.filter(({ status }) => status === 409).length, 5);
    const { body } = answers.find(({ status }) => status === 201)!;
    await post(`/v1/shifts/${body.id}/close`, { countedCash: 0 }, 200);
    const headers = { 'if-match': '"1"' };
    const [removed, ...opened] = await Promise.all([
      other.delete(`/v1/drawers/${bar.id}`, undefined, { token, headers }),
      ...opening(),
    ]);
    const isOpen = opened.some(({ status }) => status === 201);
    assert.deepEqual([removed.status, isOpen].join(), isOpen ? '409,true' : '204,false');
  });
});
