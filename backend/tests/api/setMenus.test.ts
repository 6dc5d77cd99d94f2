/** Set menus and modifiers of several tax rates: each part has a line with taxes of its own. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { readInvoice } from '../support/eInvoiceFiles.js';
import { brokenRules } from '../support/en16931.js';
import { Factories } from '../support/factories.js';
import { expectProblem } from '../support/problem.js';

const DAY = '2026-11-20';

describe('set menus and taxed modifiers', () => {
  let api: TestApi;
  let token: string;
  let food: string;
  let drinks: string;
  let soup: string;
  let steak: string;
  let wine: string;
  let lunch: string;
  let categoryId: string;

  before(async () => {
    api = await startApi({ clock: () => new Date(`${DAY}T12:00:00Z`) });
  });
  after(() => api.close());
  beforeEach(async () => {
    token = await api.apiKey((await api.restaurant()).token);
    categoryId = (await api.category(token)).id;
    food = (await tax('7', true)).id;
    drinks = (await tax('19', true)).id;
    const item = async (name: string, price: number, fields: object) =>
      (await api.item(token, { name, price, categoryId, ...fields })).id;
    soup = await item('Soup', 500, { taxIds: [food] });
    steak = await item('Steak', 2_000, { taxIds: [food] });
    wine = await item('Wine', 500, { taxIds: [drinks] });
    const parts = [soup, steak, wine].map((menuItemId) => ({ menuItemId }));
    lunch = await item('Lunch', 2_400, { parts });
  });

  const { get, post, patch, tax, pay, complete, refused, issued, ingredient, recipe, quantityOf, actOnOrder } =
    new Factories(() => ({ api, token }));
  const order = (lines: object[], fields: object = {}): Promise<Json> => api.order(token, lines, fields);
  const one = (menuItemId: string, fields: object = {}) => ({ menuItemId, quantity: 1, ...fields });
  const change = (id: string, lineId: string, body: object) =>
    api.patch(`/v1/orders/${id}/lines/${lineId}`, body, { token });
  const drop = (id: string, lineId: string) =>
    api.delete(`/v1/orders/${id}/lines/${lineId}`, { reason: 'x' }, { token });
  const ratesOf = (taxes: Json[]) => Object.fromEntries(taxes.map(({ rate, amount }) => [rate, amount]));
  const linesOf = ({ lines }: Json) =>
    lines
      .filter(({ voidedAt }: Json) => voidedAt === null)
      .map(({ kind, name, quantity, amount }: Json) => [kind, name, quantity, amount]);

  test('the price is split by the single prices, and each part has its own tax', async () => {
    const made = await order([{ menuItemId: lunch, quantity: 2 }]);
    assert.deepEqual(linesOf(made), [
      ['set', 'Lunch', 2, 0],
      ['part', 'Soup', 2, 800],
      ['part', 'Steak', 2, 3_200],
      ['part', 'Wine', 2, 800],
    ]);
    // 4000 x 7/107 and 800 x 19/119
    assert.deepEqual([made.total, ratesOf(made.taxes)], [4_800, { 7: 262, 19: 128 }]);
    assert.ok(made.lines.slice(1).every(({ parentLineId }: Json) => parentLineId === made.lines[0].id));
    const shown = (await get('/v1/menu')).categories.flatMap(({ items }: Json) => items);
    assert.deepEqual(
      shown
        .find(({ id }: Json) => id === lunch)
        .parts.map(({ name, quantity, price }: Json) => [name, quantity, price]),
      [
        ['Soup', 1, null],
        ['Steak', 1, null],
        ['Wine', 1, null],
      ],
    );
    const preview = await post('/v1/orders/preview', { type: 'takeaway', lines: [one(lunch)] }, 200);
    assert.deepEqual(
      preview.lines.map(({ amount }: Json) => amount),
      [0, 400, 1_600, 400],
    );
  });

  test('the price is split as set, to the last cent of each unit', async () => {
    const parts = [
      { menuItemId: steak, price: 1_499 },
      { menuItemId: wine, quantity: 2, price: 501 },
    ];
    const { id } = await post('/v1/menu-items', { name: 'Duo', price: 2_000, categoryId, parts });
    const made = await order([{ menuItemId: id, quantity: 3 }]);
    assert.deepEqual(linesOf(made), [
      ['set', 'Duo', 3, 0],
      ['part', 'Steak', 3, 4_497],
      ['part', 'Wine', 3, 753],
      ['part', 'Wine', 3, 750],
    ]);
    const raised = expectStatus(200, await change(made.id, made.lines[0].id, { quantity: 5 }));
    assert.deepEqual([raised.total, raised.lines[3].quantity], [10_000, 5]);
    const free = await order([one(id, { free: { reason: 'opening' } })]);
    assert.equal(free.total, 0);
    const thirds = { name: 'Three', price: 1_000, categoryId, parts: [{ menuItemId: wine, quantity: 3 }] };
    const three = await order([one((await post('/v1/menu-items', thirds)).id)]);
    assert.deepEqual(linesOf(three).slice(1), [
      ['part', 'Wine', 1, 334],
      ['part', 'Wine', 2, 666],
    ]);
  });

  test('parts leave stock, and the set leaves the order with them', async () => {
    const grape = await ingredient({ name: 'Grape', openingQuantity: '10', unitCost: '100' });
    await recipe({ menuItemId: wine, lines: [{ inventoryItemId: grape.id, quantity: '0.5' }] });
    const made = await order([{ menuItemId: lunch, quantity: 2 }]);
    assert.equal(await quantityOf(grape.id), '9');
    const own = expectProblem(409, await change(made.id, made.lines[3].id, { quantity: 1 }));
    assert.match(own.detail, /belongs to "Lunch"/);
    // The kitchen has no soup left: its share leaves the bill.
    assert.equal(expectStatus(200, await drop(made.id, made.lines[1].id)).total, 4_000);
    assert.equal(expectStatus(200, await drop(made.id, made.lines[0].id)).total, 0);
    assert.equal(await quantityOf(grape.id), '10');
    await post(`/v1/menu-items/${wine}/availability`, { isAvailable: false }, 200);
    const without = await refused(409, '/v1/orders', { type: 'takeaway', lines: [one(lunch)] });
    assert.match(without.detail, /Wine, a part of Lunch, is not available/);
  });

  test('discounts and comps of a set are for all of its parts', async () => {
    const made = await order([one(lunch, { discounts: [{ amount: 240 }] })]);
    assert.deepEqual(
      made.lines.map(({ amount }: Json) => amount),
      [0, 360, 1_440, 360],
    );
    const two = await order([{ menuItemId: lunch, quantity: 2 }]);
    const comped = await post(
      `/v1/orders/${two.id}/lines/${two.lines[0].id}/comp`,
      { reason: 'late', quantity: 1 },
      200,
    );
    assert.deepEqual([comped.total, comped.lines.length], [2_400, 8]);
    const cheaper = expectStatus(200, await change(two.id, comped.lines[0].id, { discounts: [{ percent: '50' }] }));
    assert.deepEqual([cheaper.total, ratesOf(cheaper.taxes)], [1_200, { 7: 65, 19: 32 }]);
    const part = await post(`/v1/orders/${made.id}/lines/${made.lines[1].id}/comp`, { reason: 'cold' }, 200);
    assert.equal(part.lines[1].amount, 0);
  });

  test('a refund of a set takes all of its parts with their taxes, one of a part only that', async () => {
    const made = await order([{ menuItemId: lunch, quantity: 2 }]);
    const payment = await pay(made.id, 'card', 4_800);
    await complete(made.id);
    const refund = (line: object) =>
      api.post(`/v1/payments/${payment.id}/refunds`, { reason: 'x', lines: [line] }, { token });
    const corked = expectStatus(201, await refund({ lineId: made.lines[3].id, quantity: 1 }));
    assert.deepEqual([corked.amount, ratesOf(corked.taxes)], [400, { 19: 64 }]);
    const first = expectStatus(201, await refund({ lineId: made.lines[0].id, amount: 440 }));
    assert.deepEqual(
      first.lines.map(({ name, amount }: Json) => [name, amount]),
      [
        ['Soup', 80],
        ['Steak', 320],
        ['Wine', 40],
      ],
    );
    const rest = expectStatus(201, await refund({ lineId: made.lines[0].id }));
    assert.equal(rest.amount, 4_800 - 400 - 440);
    const { refundTaxes, taxes } = await get(`/v1/business-days/${DAY}`);
    assert.deepEqual(ratesOf(refundTaxes), ratesOf(taxes));
    assert.equal(expectProblem(409, await refund({ lineId: made.lines[0].id })).code, 'already_refunded');
  });

  test('an invoice has the parts, each with one VAT category, and a credit note takes parts off the order', async () => {
    await patch('/v1/restaurant', { vatId: 'DE123456789', country: 'DE' });
    const made = await order([one(lunch)]);
    const paper = await issued({ type: 'invoice', orderId: made.id, customer: { name: 'Firma', country: 'DE' } });
    assert.deepEqual(
      paper.lines.map(({ description, amount }: Json) => [description, amount]),
      [
        ['Lunch: Soup', 400],
        ['Lunch: Steak', 1_600],
        ['Lunch: Wine', 400],
      ],
    );
    for (const syntax of ['ubl', 'cii']) {
      const file = readInvoice((await api.get(`/v1/documents/${paper.id}.xml?syntax=${syntax}`, { token })).text);
      assert.deepEqual(brokenRules(file), []);
      assert.deepEqual([file.totals.gross, file.taxes.length], ['24.00', 2]);
    }
    const credit = (lines?: object[]) => ({ reason: 'x', applyToOrder: true, ...(lines && { lines }) });
    await post(`/v1/documents/${paper.id}/credit`, credit([{ position: 3, quantity: '1' }]));
    assert.equal((await get(`/v1/orders/${made.id}`)).total, 2_000);
    await post(`/v1/documents/${paper.id}/credit`, credit());
    const gone = await get(`/v1/orders/${made.id}`);
    assert.ok(gone.lines.every(({ voidedAt }: Json) => voidedAt !== null));
  });

  test('a set brings the deposits of its drinks, and is no part of another set', async () => {
    const bottle = (await api.item(token, { name: 'Bottle', price: 25, categoryId, isDeposit: true })).id;
    await patch(`/v1/menu-items/${wine}`, { depositItemId: bottle });
    const made = await order([{ menuItemId: lunch, quantity: 2 }]);
    assert.deepEqual(linesOf(made).at(-1), ['deposit', 'Bottle', 2, 50]);
    assert.equal((await post('/v1/orders/preview', { type: 'takeaway', lines: [one(lunch)] }, 200)).total, 2_425);
    const set = { name: 'X', price: 100, categoryId };
    await refused(422, '/v1/menu-items', { ...set, parts: [{ menuItemId: lunch }] });
    await refused(422, '/v1/menu-items', { ...set, parts: [{ menuItemId: bottle }] });
    await refused(404, '/v1/menu-items', { ...set, parts: [{ menuItemId: categoryId }] });
    await refused(404, '/v1/menu-items', { ...set, parts: [{ menuItemId: soup, variantId: categoryId }] });
    await refused(422, '/v1/menu-items', { ...set, parts: [{ menuItemId: soup, price: 99 }] });
    await refused(422, '/v1/menu-items', { ...set, parts: [{ menuItemId: soup, price: 100 }, { menuItemId: wine }] });
    await refused(422, '/v1/menu-items', { ...set, unit: 'kg', parts: [{ menuItemId: soup }] });
    const many = [1, 2, 3].map(() => ({ menuItemId: soup, quantity: 20 }));
    await refused(422, '/v1/menu-items', { ...set, parts: many });
  });

  test('reports count the parts of a set, and a dish once with its taxed modifier', async () => {
    const group = await post('/v1/modifier-groups', {
      name: 'Pairing',
      modifiers: [{ name: 'Wine pairing', price: 900, taxIds: [drinks] }],
    });
    await patch(`/v1/menu-items/${steak}`, { modifierGroupIds: [group.id] });
    await order([one(lunch), one(steak, { modifiers: [{ modifierId: group.modifiers[0].id }] })]);
    const { data } = await get(`/v1/reports/sales?from=${DAY}&to=${DAY}&groupBy=item`);
    assert.deepEqual(data.map(({ label, units, revenue }: Json) => [label, units, revenue]).sort(), [
      ['Lunch', 1, 0],
      ['Soup', 1, 400],
      ['Steak', 2, 1_600 + 2_000 + 900],
      ['Wine', 1, 400],
    ]);
    const cost = await get(`/v1/reports/cost-of-goods?from=${DAY}&to=${DAY}&groupBy=item`);
    assert.equal(
      cost.data.reduce((sum: number, { units }: Json) => sum + units, 0),
      4,
    );
  });

  describe('modifiers with taxes of their own', () => {
    let pairing: Json;

    beforeEach(async () => {
      const modifiers = [
        { name: 'Wine pairing', price: 900, maxQuantity: 3, taxIds: [drinks] },
        { name: 'Butter', price: 100 },
      ];
      pairing = await post('/v1/modifier-groups', { name: 'Extras', maxSelections: 4, modifiers });
      await patch(`/v1/menu-items/${steak}`, { modifierGroupIds: [pairing.id] });
    });
    const chosen = (...quantities: number[]) => ({
      modifiers: quantities.flatMap((quantity, index) =>
        quantity === 0 ? [] : [{ modifierId: pairing.modifiers[index].id, quantity }],
      ),
    });

    test('are charged on a line of their own, with their own tax', async () => {
      const made = await order([{ menuItemId: steak, quantity: 2, ...chosen(2, 1) }]);
      assert.deepEqual(linesOf(made), [
        ['item', 'Steak', 2, 4_200],
        ['modifier', 'Wine pairing', 4, 3_600],
      ]);
      assert.deepEqual([made.total, ratesOf(made.taxes)], [7_800, { 7: 275, 19: 575 }]);
      assert.deepEqual(
        made.lines[0].modifiers.map(({ name, price }: Json) => [name, price]),
        [
          ['Wine pairing', 0],
          ['Butter', 100],
        ],
      );
      const paper = await issued({ type: 'receipt', orderId: made.id });
      assert.deepEqual(
        paper.lines.map(({ description }: Json) => description),
        ['Steak, 2 x Wine pairing, Butter', 'Steak: Wine pairing'],
      );
    });

    test('follow the choice and the quantity of their line', async () => {
      const { id, lines } = await order([one(steak, chosen(1, 1))]);
      const [dish, wineLine] = lines;
      assert.match(expectProblem(409, await drop(id, wineLine.id)).detail, /Change the modifiers/);
      const twice = expectStatus(200, await change(id, dish.id, { quantity: 2 }));
      assert.deepEqual([twice.total, twice.lines[1].quantity], [6_000, 2]);
      const same = expectStatus(200, await change(id, dish.id, chosen(1)));
      assert.deepEqual(linesOf(same), [
        ['item', 'Steak', 2, 4_000],
        ['modifier', 'Wine pairing', 2, 1_800],
      ]);
      assert.equal(same.lines.length, 2);
      const more = expectStatus(200, await change(id, dish.id, { quantity: 1, ...chosen(3) }));
      assert.deepEqual([more.total, linesOf(more).length, more.lines.length], [4_700, 2, 3]);
      const none = expectStatus(200, await change(id, dish.id, { modifiers: [] }));
      assert.equal(none.total, 2_000);
      const half = expectStatus(200, await change(id, dish.id, { ...chosen(1), discounts: [{ percent: '50' }] }));
      assert.deepEqual([half.total, ratesOf(half.taxes)], [1_450, { 7: 65, 19: 72 }]);
    });

    test('free ones of their group cost nothing, and another order type has its own taxes', async () => {
      const away = (await tax('10', true, { orderTypes: ['delivery'] })).id;
      const { modifiers } = await get(`/v1/modifier-groups/${pairing.id}`);
      const changed = [{ ...modifiers[0], taxIds: [drinks, away] }, modifiers[1]];
      await patch(`/v1/modifier-groups/${pairing.id}`, { freeSelections: 1, modifiers: changed });
      const free = await order([one(steak, chosen(1))]);
      assert.deepEqual([free.total, free.lines.length], [2_000, 1]);
      const made = await order([one(steak, chosen(2))]);
      assert.deepEqual(linesOf(made)[1], ['modifier', 'Wine pairing', 1, 900]);
      const headers = { 'if-match': '"1"' };
      const moved = expectStatus(
        200,
        await api.patch(`/v1/orders/${made.id}`, { type: 'delivery' }, { token, headers }),
      );
      assert.deepEqual(moved.lines[1].taxes.map(({ rate }: Json) => rate).sort(), ['10', '19']);
      const unknown = { name: 'G', modifiers: [{ name: 'M', price: 1, taxIds: [categoryId] }] };
      assert.equal((await refused(404, '/v1/modifier-groups', unknown)).errors[0].pointer, '/modifiers/0/taxIds/0');
    });

    test('a refund of the dish takes its modifier along', async () => {
      const made = await order([{ menuItemId: steak, quantity: 2, ...chosen(1) }]);
      const payment = await pay(made.id, 'cash', 5_800);
      await complete(made.id);
      const lines = [{ lineId: made.lines[0].id, quantity: 1 }];
      const { amount, taxes } = await post(`/v1/payments/${payment.id}/refunds`, { reason: 'raw', lines });
      assert.deepEqual([amount, ratesOf(taxes)], [2_900, { 7: 131, 19: 143 }]);
      await actOnOrder(made.id, 'reopen');
      const less = expectStatus(200, await change(made.id, made.lines[0].id, { quantity: 1, reason: 'raw' }));
      assert.deepEqual([less.total, less.dueTotal, less.refundedSaleTotal], [2_900, 0, 0]);
    });
  });
});
