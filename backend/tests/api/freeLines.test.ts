/** Lines that are ordered at the price zero, with a reason. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { expectStatus, startApi, type TestApi } from '../support/api.js';
import { readInvoice } from '../support/eInvoiceFiles.js';
import { brokenRules } from '../support/en16931.js';
import { Factories } from '../support/factories.js';
import { expectProblem } from '../support/problem.js';

const DAY = '2026-11-20';

describe('lines at the price zero', () => {
  let api: TestApi;
  let token: string;
  let cake: string;
  let wine: string;

  before(async () => {
    api = await startApi({ clock: () => new Date(`${DAY}T19:00:00Z`) });
  });
  after(() => api.close());
  beforeEach(async () => {
    token = await api.apiKey((await api.restaurant()).token);
    cake = (await api.item(token, { name: 'Cake', price: 400, taxIds: [(await tax('7', true)).id] })).id;
    wine = (await api.item(token, { name: 'Wine', price: 700, taxIds: [(await tax('19', true)).id] })).id;
  });

  const { get, patch, tax, complete, issued, refused } = new Factories(() => ({ api, token }));
  const birthday = { reason: 'birthday', allowedBy: 'Anna' };

  test('a line at the price zero keeps its reason and who allowed it, and takes no tax', async () => {
    const made = await api.order(token, [
      { menuItemId: cake, quantity: 2, free: birthday },
      { menuItemId: wine, quantity: 1 },
    ]);
    const [line] = made.lines;
    assert.deepEqual([line.unitPrice, line.amount, line.taxAmount, made.total], [0, 0, 0, 700]);
    const { by, at, ...given } = line.free;
    assert.deepEqual(given, birthday);
    assert.match(by, /^api_key:/);
    assert.equal(at, `${DAY}T19:00:00.000Z`);
    assert.equal(made.lines[1].free, null);
    const added = expectStatus(
      201,
      await api.post(
        `/v1/orders/${made.id}/lines`,
        { menuItemId: wine, quantity: 1, free: { reason: 'spilt' } },
        { token },
      ),
    );
    assert.deepEqual([added.total, added.lines[2].free.allowedBy], [700, by]);
    assert.deepEqual((await get(`/v1/orders/${made.id}`)).lines, added.lines);
    await complete(made.id);
  });

  test('it leaves stock and is counted like any other, and its invoice is valid', async () => {
    await patch('/v1/restaurant', { vatId: 'DE123456789', country: 'DE' });
    const made = await api.order(token, [
      { menuItemId: cake, quantity: 2, free: birthday },
      { menuItemId: wine, quantity: 1 },
    ]);
    const { data } = await get(`/v1/reports/sales?from=${DAY}&to=${DAY}&groupBy=item`);
    assert.deepEqual(data.at(-1).units, 2);
    const paper = await issued({ type: 'invoice', orderId: made.id, customer: { name: 'Firma', country: 'DE' } });
    for (const syntax of ['ubl', 'cii']) {
      const file = readInvoice((await api.get(`/v1/documents/${paper.id}.xml?syntax=${syntax}`, { token })).text);
      assert.deepEqual(brokenRules(file), []);
      assert.deepEqual([file.lines[0]!.net, file.lines[0]!.quantity, file.totals.gross], ['0.00', '2', '7.00']);
    }
  });

  test('it needs a reason and the right to refund', async () => {
    const order = (free: object) => ({ type: 'takeaway', lines: [{ menuItemId: cake, quantity: 1, free }] });
    await refused(422, '/v1/orders', order({}));
    await refused(422, '/v1/orders', order({ reason: '' }));
    const waiter = expectStatus(
      201,
      await api.post('/v1/api-keys', { name: 'waiter', scopes: ['orders:read', 'orders:write'] }, { token }),
    ).secret;
    for (const path of ['/v1/orders', '/v1/orders/preview']) {
      const no = expectProblem(403, await api.post(path, order(birthday), { token: waiter }));
      assert.equal(no.errors[0].pointer, '/lines/0/free');
    }
    const { id } = await api.order(token, [{ menuItemId: wine, quantity: 1 }]);
    const line = { menuItemId: cake, quantity: 1, free: birthday };
    expectProblem(403, await api.post(`/v1/orders/${id}/lines`, line, { token: waiter }));
    assert.equal((await get(`/v1/orders/${id}`)).lines.length, 1);
  });
});
