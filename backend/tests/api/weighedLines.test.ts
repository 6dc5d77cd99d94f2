/** Items that are sold by weight or volume: their quantity is decimal text. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { readInvoice } from '../support/eInvoiceFiles.js';
import { brokenRules } from '../support/en16931.js';
import { Factories } from '../support/factories.js';
import { ImportClient, PLAIN } from '../support/importClient.js';
import { expectProblem } from '../support/problem.js';

const DAY = '2026-11-20';

describe('items sold by weight', () => {
  let api: TestApi;
  let token: string;
  let ham: string;
  let soup: string;

  before(async () => {
    api = await startApi({ clock: () => new Date(`${DAY}T19:00:00Z`) });
  });
  after(() => api.close());
  beforeEach(async () => {
    token = await api.apiKey((await api.restaurant()).token);
    const taxIds = [(await tax('7', true)).id];
    ham = (await api.item(token, { name: 'Ham', price: 1_999, unit: 'kg', taxIds })).id;
    soup = (await api.item(token, { name: 'Soup', price: 500, taxIds })).id;
  });

  const { get, post, patch, tax, pay, complete, refused, issued, ingredient, recipe, quantityOf, actOnOrder } =
    new Factories(() => ({ api, token }));
  const order = (quantity: unknown, fields: object = {}): Promise<Json> =>
    api.order(token, [{ menuItemId: ham, quantity, ...fields }]);
  const change = (id: string, lineId: string, body: object) =>
    api.patch(`/v1/orders/${id}/lines/${lineId}`, body, { token });

  test('its quantity is decimal text with a unit, and its price is rounded half away from zero', async () => {
    for (const [quantity, shown, amount] of [
      ['0.350', '0.35', 700],
      ['1', '1', 1_999],
      [2, '2', 3_998],
      // 1.999 x 0.25 = 499.75; x 0.05 = 99.95; x 0.001 = 1.999
      ['0.250', '0.25', 500],
      ['0.05', '0.05', 100],
      ['0.001', '0.001', 2],
    ] as const) {
      const { id, lines, total } = await order(quantity);
      const { unit, unitPrice, grossAmount } = lines[0];
      assert.deepEqual([lines[0].quantity, unit, unitPrice, grossAmount, total], [shown, 'kg', 1_999, amount, amount]);
      assert.deepEqual((await get(`/v1/orders/${id}`)).lines, lines);
    }
    const preview = await post(
      '/v1/orders/preview',
      { type: 'takeaway', lines: [{ menuItemId: ham, quantity: '0.35' }] },
      200,
    );
    assert.deepEqual([preview.lines[0].quantity, preview.total], ['0.35', 700]);
    const items = (await get('/v1/menu')).categories.flatMap((category: Json) => category.items);
    assert.equal(items.find(({ id }: Json) => id === ham).unit, 'kg');
  });

  test('an item by the piece takes no decimals, and one by weight no weight that no scale shows', async () => {
    const lines = (menuItemId: string, quantity: unknown) => ({ type: 'takeaway', lines: [{ menuItemId, quantity }] });
    for (const quantity of ['0.3501', '0', '-1', '10000.5', 'x', '1e3', '0,5', '', 0.35, null])
      await refused(422, '/v1/orders', lines(ham, quantity));
    const piece = await refused(422, '/v1/orders', lines(soup, '1.5'));
    assert.match(piece.detail, /Soup is sold by the piece/);
    assert.equal(piece.errors[0].pointer, '/lines/0/quantity');
    await refused(422, '/v1/orders', lines(soup, '2'));
    const { categoryId } = await get(`/v1/menu-items/${soup}`);
    const item = { name: 'X', price: 1, categoryId, unit: 'kg' };
    await refused(422, '/v1/menu-items', { ...item, isDeposit: true });
    await refused(422, '/v1/menu-items', { ...item, unit: 'bottle' });
  });

  test('stock follows the weight, also when it is changed and when the line is voided', async () => {
    const meat = await ingredient({ name: 'Meat', openingQuantity: '10', unitCost: '1000' });
    await recipe({ menuItemId: ham, lines: [{ inventoryItemId: meat.id, quantity: '1.2', unit: 'kg' }] });
    const { id, lines } = await order('0.5');
    assert.equal(await quantityOf(meat.id), '9.4');
    const more = expectStatus(200, await change(id, lines[0].id, { quantity: '1.25' }));
    assert.deepEqual([more.lines[0].quantity, more.total], ['1.25', 2_499]);
    assert.equal(await quantityOf(meat.id), '8.5');
    await actOnOrder(id, 'accept');
    expectProblem(422, await change(id, lines[0].id, { quantity: '0.25' }));
    const less = expectStatus(200, await change(id, lines[0].id, { quantity: '0.25', reason: 'less' }));
    assert.equal(less.total, 500);
    assert.equal(await quantityOf(meat.id), '9.7');
    expectStatus(200, await api.delete(`/v1/orders/${id}/lines/${lines[0].id}`, { reason: 'x' }, { token }));
    assert.equal(await quantityOf(meat.id), '10');
  });

  test('a part of the weight is refunded or comped, and the rest is exact', async () => {
    const { id, lines } = await order('0.35');
    const payment = await pay(id, 'cash', 700);
    await complete(id);
    const refund = (quantity: unknown) =>
      api.post(
        `/v1/payments/${payment.id}/refunds`,
        { reason: 'x', lines: [{ lineId: lines[0].id, quantity }] },
        { token },
      );
    expectProblem(422, await refund('0.351'));
    const parts: Json[] = [];
    for (const quantity of ['0.1', '0.2', '0.05']) parts.push(expectStatus(201, await refund(quantity)));
    assert.deepEqual(
      parts.map(({ amount, lines: [line] }) => [line.quantity, amount]),
      [
        ['0.1', 200],
        ['0.2', 400],
        ['0.05', 100],
      ],
    );
    expectProblem(409, await refund('0.05'));
    const other = await order('1.5');
    const comp = { reason: 'tasting', quantity: '0.5' };
    const comped = await post(`/v1/orders/${other.id}/lines/${other.lines[0].id}/comp`, comp, 200);
    assert.deepEqual(
      comped.lines.map(({ quantity, amount }: Json) => [quantity, amount]),
      [
        ['1', 1_999],
        ['0.5', 0],
      ],
    );
  });

  test('a refund by amount is settled by the weight that leaves, not hidden by another that grows', async () => {
    const { id, lines } = await api.order(token, [
      { menuItemId: soup, quantity: 1 },
      { menuItemId: ham, quantity: '0.5' },
    ]);
    const payment = await pay(id, 'cash', 1_500);
    await complete(id);
    await post(`/v1/payments/${payment.id}/refunds`, { reason: 'cold', amount: 500 });
    await actOnOrder(id, 'reopen');
    expectStatus(200, await change(id, lines[1].id, { quantity: '0.75' }));
    const left = expectStatus(
      200,
      await api.delete(`/v1/orders/${id}/lines/${lines[0].id}`, { reason: 'x' }, { token }),
    );
    // The soup was refunded already. 0.75 kg cost 14.99, of which 10.00 is in the house.
    assert.deepEqual([left.total, left.refundedSaleTotal, left.dueTotal], [1_499, 0, 499]);
  });

  test('its papers have the weight, its unit and the price of the unit', async () => {
    await patch('/v1/restaurant', { vatId: 'DE123456789', country: 'DE' });
    const extra = await post('/v1/modifier-groups', { name: 'Cut', modifiers: [{ name: 'Sliced', price: 50 }] });
    await patch(`/v1/menu-items/${ham}`, { modifierGroupIds: [extra.id] });
    const sliced = { modifiers: [{ modifierId: extra.modifiers[0].id }] };
    const made = await api.order(token, [
      { menuItemId: ham, quantity: '0.35', discounts: [{ amount: 100 }] },
      { menuItemId: ham, quantity: '0.5', ...sliced },
    ]);
    assert.equal(made.total, 600 + 1_050);
    const shown = await get(`/v1/orders/${made.id}/receipt`);
    const { quantity, unit, unitPrice } = shown.lines[0];
    assert.deepEqual([quantity, unit, unitPrice], ['0.35', 'kg', 1_999]);
    const roll = await api.get(`/v1/orders/${made.id}/receipt`, { token, headers: { accept: 'text/plain' } });
    assert.match(roll.text, /0\.35 kg/);
    const paper = await issued({ type: 'invoice', orderId: made.id, customer: { name: 'Firma', country: 'DE' } });
    assert.deepEqual(
      paper.lines.map((line: Json) => [line.description, line.quantity, line.unit, line.unitPrice, line.amount]),
      [
        ['Ham', '0.35', 'kg', 1_999, 600],
        ['Ham, Sliced, 0.5 kg', '1', null, 1_050, 1_050],
      ],
    );
    for (const syntax of ['ubl', 'cii']) {
      const file = readInvoice((await api.get(`/v1/documents/${paper.id}.xml?syntax=${syntax}`, { token })).text);
      assert.deepEqual(brokenRules(file), []);
      assert.deepEqual([file.lines[0]!.quantity, file.lines[0]!.unit, file.totals.gross], ['0.35', 'KGM', '16.50']);
    }
    const credit = (lines: object[]) =>
      post(`/v1/documents/${paper.id}/credit`, { reason: 'x', applyToOrder: true, lines });
    await credit([{ position: 2, quantity: '1' }]);
    assert.equal((await get(`/v1/orders/${made.id}`)).total, 600);
    await credit([{ position: 1, quantity: '0.35' }]);
    assert.equal((await get(`/v1/orders/${made.id}`)).total, 0);
  });

  test('a part of a weight leaves its order with a credit note', async () => {
    await patch('/v1/restaurant', { vatId: 'DE123456789', country: 'DE' });
    const made = await order('0.4');
    const paper = await issued({ type: 'invoice', orderId: made.id, customer: { name: 'Firma', country: 'DE' } });
    const lines = [{ position: 1, quantity: '0.1' }];
    await post(`/v1/documents/${paper.id}/credit`, { reason: 'x', applyToOrder: true, lines });
    const { total, lines: left } = await get(`/v1/orders/${made.id}`);
    assert.deepEqual([total, left[0].quantity], [600, '0.3']);
  });

  test('the files of other tills may have weights, with their unit', async () => {
    const client = new ImportClient(api);
    const rows = [
      'order,time,item,qty,unit,price',
      '1,2026-11-10T12:00:00Z,Ham,0.350,Kilogramm,19.99',
      '1,2026-11-10T12:00:00Z,Soup,2,,5.00',
      '2,2026-11-10T13:00:00Z,Ham,0.350,,19.99',
      '2,2026-11-10T13:00:00Z,Soup,1,pcs,5.00',
    ];
    const result = await client.run(token, `${rows.join('\n')}\n`, { ...PLAIN, unit: 'unit' });
    assert.ok(JSON.stringify(result).includes('whole number'));
    const { data } = await get(`/v1/orders?businessDate=2026-11-10`);
    const first = data.find(({ externalId }: Json) => externalId === '1');
    assert.deepEqual(
      first.lines.map(({ quantity, unit, unitPrice, amount }: Json) => [quantity, unit, unitPrice, amount]),
      [
        ['0.35', 'kg', 1_999, 700],
        [2, null, 500, 1_000],
      ],
    );
    const { unitPrice: price, ...layout } = PLAIN;
    const priced = ['order,time,item,qty,unit,price', '9,2026-11-11T12:00:00Z,Ham,0.333,kg,7.00'];
    const mapping = { ...layout, unit: 'unit', linePrice: price };
    await client.run(token, `${priced.join('\n')}\n`, mapping);
    const [{ lines }] = (await get(`/v1/orders?businessDate=2026-11-11`)).data;
    assert.deepEqual([lines[0].quantity, lines[0].unitPrice, lines[0].amount], ['0.333', 2_102, 700]);
  });
});
