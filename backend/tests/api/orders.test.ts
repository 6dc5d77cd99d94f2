import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { expectStatus, startApi, type TestApi } from '../support/api.js';

describe('orders', () => {
  let api: TestApi;
  let token: string;
  let now = new Date('2026-11-20T18:00:00Z');
  before(async () => {
    api = await startApi({ clock: () => now });
    token = (await api.restaurant()).token;
  });
  after(() => api.close());

  test('places an order with variants, modifiers, discounts, taxes and tip that adds up', async () => {
    const tax = expectStatus(
      201,
      await api.post('/v1/taxes', { name: 'Sales tax', rate: 8.875, inclusive: false }, { token }),
    );
    const group = expectStatus(
      201,
      await api.post(
        '/v1/modifier-groups',
        {
          name: 'Extras',
          maxSelections: 4,
          freeSelections: 1,
          modifiers: [
            { name: 'Cheese', price: 150, maxQuantity: 2 },
            { name: 'Bacon', price: 250 },
          ],
        },
        { token },
      ),
    );
    const item = await api.item(token, {
      name: 'Burger',
      taxIds: [tax.id],
      modifierGroupIds: [group.id],
      variants: [{ name: 'Double', price: 1399 }],
    });
    const [cheese, bacon] = group.modifiers;
    const body = {
      type: 'dine_in',
      table: '12',
      tip: 300,
      lines: [
        {
          menuItemId: item.id,
          variantId: item.variants[0].id,
          quantity: 2,
          modifiers: [{ modifierId: cheese.id, quantity: 2 }, { modifierId: bacon.id }],
          discounts: [{ percent: '10' }],
        },
      ],
      discounts: [{ name: 'Voucher', amount: 500 }],
    };
    const preview = expectStatus(200, await api.post('/v1/orders/preview', body, { token }));
    const order = expectStatus(201, await api.post('/v1/orders', body, { token }));
    // (1399 + 150 + 250) x 2 = 3598; the cheapest unit, one cheese, is free
    assert.equal(order.subtotal, 3598);
    assert.equal(order.discountTotal, 360 + 500);
    assert.equal(order.taxTotal, 243); // 8.875 % of 2738 is 242.99...
    assert.equal(order.total, 3598 - 860 + 243 + 300);
    assert.equal(order.number, 'ORD-2026-11-0001');
    for (const field of ['subtotal', 'discountTotal', 'serviceChargeTotal', 'taxTotal', 'tipTotal', 'total']) {
      assert.equal(preview[field], order[field], field);
    }
    assert.deepEqual(expectStatus(200, await api.get(`/v1/orders/${order.id}`, { token })), order);
  });

  test('keeps prices of placed orders when the menu changes', async () => {
    const item = await api.item(token, { price: 500 });
    const order = await api.order(token, [{ menuItemId: item.id, quantity: 1 }]);
    expectStatus(
      200,
      await api.patch(`/v1/menu-items/${item.id}`, { price: 900 }, { token, headers: { 'if-match': '"1"' } }),
    );
    const changed = expectStatus(
      200,
      await api.patch(`/v1/orders/${order.id}/lines/${order.lines[0].id}`, { quantity: 3 }, { token }),
    );
    assert.equal(changed.total, 1500);
  });

  test('walks through its states and tells its history', async () => {
    const item = await api.item(token);
    const order = await api.order(token, [{ menuItemId: item.id, quantity: 1 }]);
    expectStatus(409, await api.post(`/v1/orders/${order.id}/ready`, {}, { token }));
    for (const action of ['accept', 'start', 'ready', 'complete']) {
      expectStatus(200, await api.post(`/v1/orders/${order.id}/${action}`, undefined, { token }));
    }
    expectStatus(409, await api.post(`/v1/orders/${order.id}/lines`, { menuItemId: item.id, quantity: 1 }, { token }));
    const reopened = expectStatus(
      200,
      await api.post(`/v1/orders/${order.id}/reopen`, { reason: 'coffee' }, { token }),
    );
    assert.equal(reopened.status, 'accepted');
    const history = expectStatus(200, await api.get(`/v1/orders/${order.id}/history`, { token }));
    assert.deepEqual(
      history.data.map((entry: { action: string }) => entry.action),
      ['order.placed', ...Array.from({ length: 5 }, () => 'order.status_changed')],
    );
    assert.deepEqual(history.data[1].changes.status, { from: 'placed', to: 'accepted' });
  });

  test('adds, changes and voids lines; the kitchen must be told why', async () => {
    const item = await api.item(token, { price: 700 });
    const order = await api.order(token, [
      { menuItemId: item.id, quantity: 2 },
      { menuItemId: item.id, quantity: 1 },
    ]);
    const [first, second] = order.lines;
    const path = `/v1/orders/${order.id}/lines`;
    assert.equal(expectStatus(200, await api.delete(`${path}/${second.id}`, undefined, { token })).total, 1400);
    expectStatus(200, await api.post(`/v1/orders/${order.id}/accept`, undefined, { token }));
    expectStatus(422, await api.delete(`${path}/${first.id}`, undefined, { token }));
    expectStatus(422, await api.patch(`${path}/${first.id}`, { quantity: 1 }, { token }));
    assert.equal(
      expectStatus(200, await api.patch(`${path}/${first.id}`, { quantity: 1, reason: 'guest left' }, { token })).total,
      700,
    );
    const voided = expectStatus(200, await api.delete(`${path}/${first.id}?reason=burnt`, undefined, { token }));
    assert.equal(voided.total, 0);
    assert.equal(voided.lines.length, 2);
    assert.equal(voided.lines[0].voidReason, 'burnt');
    expectStatus(409, await api.delete(`${path}/${first.id}`, { reason: 'again' }, { token }));
    const added = expectStatus(
      201,
      await api.post(path, { menuItemId: item.id, quantity: 4, notes: 'no salt' }, { token }),
    );
    assert.equal(added.total, 2800);
    assert.equal(added.lines[2].position, 3);
  });

  test('changes the whole order only for who saw its last version', async () => {
    const item = await api.item(token);
    const order = await api.order(token, [{ menuItemId: item.id, quantity: 1 }], { tip: 100 });
    const path = `/v1/orders/${order.id}`;
    expectStatus(428, await api.patch(path, { notes: 'x' }, { token }));
    const changed = expectStatus(
      200,
      await api.patch(
        path,
        { notes: 'window seat', tip: 200, discounts: [{ percent: '50' }] },
        { token, headers: { 'if-match': '"1"' } },
      ),
    );
    assert.equal(changed.total, 700);
    assert.equal(changed.version, 2);
    expectStatus(412, await api.patch(path, { notes: 'y' }, { token, headers: { 'if-match': '"1"' } }));
  });

  test('counts portions down, sells out, and gets them back from a cancelled order', async () => {
    const item = await api.item(token, { availability: { remaining: 3 } });
    const order = await api.order(token, [
      { menuItemId: item.id, quantity: 2 },
      { menuItemId: item.id, quantity: 1 },
    ]);
    const refused = await api.post(
      '/v1/orders',
      { type: 'takeaway', lines: [{ menuItemId: item.id, quantity: 1 }] },
      { token },
    );
    assert.equal(expectStatus(409, refused).code, 'item_unavailable');
    expectStatus(200, await api.delete(`/v1/orders/${order.id}/lines/${order.lines[1].id}`, undefined, { token }));
    expectStatus(
      409,
      await api.post('/v1/orders', { type: 'takeaway', lines: [{ menuItemId: item.id, quantity: 2 }] }, { token }),
    );
    expectStatus(200, await api.post(`/v1/orders/${order.id}/cancel`, { reason: 'no show' }, { token }));
    expectStatus(409, await api.post(`/v1/orders/${order.id}/cancel`, {}, { token }));
    assert.equal(expectStatus(200, await api.get(`/v1/menu-items/${item.id}`, { token })).availability.remaining, 3);
  });

  test('serves by opening hours and dayparts of the restaurant’s clock', async () => {
    const other = { token: await api.apiKey((await api.restaurant({ timezone: 'America/New_York' })).token) };
    expectStatus(
      200,
      await api.patch(
        '/v1/restaurant',
        { openingHours: [{ days: ['fri', 'sat'], from: '17:00', to: '02:00' }] },
        { token: other.token, headers: { 'if-match': '"1"' } },
      ),
    );
    const supper = await api.item(other.token, { schedules: [{ days: ['fri'], from: '17:00', to: '22:00' }] });
    const place = (fields: object = {}) =>
      api.post(
        '/v1/orders',
        { type: 'dine_in', lines: [{ menuItemId: supper.id, quantity: 1 }], ...fields },
        { token: other.token },
      );
    now = new Date('2026-11-20T21:59:00Z'); // Friday 16:59 in New York
    assert.equal(expectStatus(409, await place()).code, 'restaurant_closed');
    expectStatus(201, await place({ scheduledFor: '2026-11-20T23:00:00Z' }));
    now = new Date('2026-11-20T22:00:00Z');
    expectStatus(201, await place());
    now = new Date('2026-11-21T03:00:00Z'); // 22:00
    assert.equal(expectStatus(409, await place()).code, 'item_unavailable');
    now = new Date('2026-11-21T07:00:00Z'); // Saturday 02:00
    assert.equal(expectStatus(409, await place()).code, 'restaurant_closed');
    now = new Date('2026-11-20T18:00:00Z');
    expectStatus(422, await place({ scheduledFor: '2026-11-19T23:00:00Z' }));
  });

  test('numbers by the month of the business date, from one again each month', async () => {
    const other = { token: await api.apiKey((await api.restaurant({ timezone: 'Europe/Berlin' })).token) };
    const item = await api.item(other.token);
    const place = async () => {
      const order = await api.order(other.token, [{ menuItemId: item.id, quantity: 1 }]);
      return [order.number, order.businessDate];
    };
    now = new Date('2026-11-30T22:00:00Z');
    assert.deepEqual(await place(), ['ORD-2026-11-0001', '2026-11-30']);
    now = new Date('2026-12-01T02:59:00Z'); // 03:59 in Berlin: still yesterday's business
    assert.deepEqual(await place(), ['ORD-2026-11-0002', '2026-11-30']);
    now = new Date('2026-12-01T03:00:00Z');
    assert.deepEqual(await place(), ['ORD-2026-12-0001', '2026-12-01']);
    now = new Date('2026-11-20T18:00:00Z');
  });

  test('counts in yen and in fils', async () => {
    for (const [currency, price, rate, total] of [
      ['JPY', 980, '10', 1078],
      ['KWD', 1255, '5', 1318],
    ] as const) {
      const other = await api.restaurant({ currency });
      const tax = expectStatus(
        201,
        await api.post('/v1/taxes', { name: 'Tax', rate, inclusive: false }, { token: other.token }),
      );
      const item = await api.item(other.token, { price, taxIds: [tax.id] });
      const order = await api.order(other.token, [{ menuItemId: item.id, quantity: 1 }]);
      assert.equal(order.total, total);
      assert.equal(order.currency, currency);
    }
  });

  test('lists by status, day, type and number, page by page', async () => {
    const other = await api.restaurant();
    const item = await api.item(other.token);
    const numbers: string[] = [];
    for (let count = 0; count < 5; count += 1) {
      numbers.push(
        (
          await api.order(other.token, [{ menuItemId: item.id, quantity: 1 }], {
            type: count % 2 ? 'dine_in' : 'takeaway',
          })
        ).number,
      );
    }
    const first = expectStatus(200, await api.get('/v1/orders?limit=3', { token: other.token }));
    const second = expectStatus(
      200,
      await api.get(`/v1/orders?limit=3&cursor=${first.nextCursor}`, { token: other.token }),
    );
    assert.equal(second.nextCursor, null);
    const seen = [...first.data, ...second.data].map((order: { number: string }) => order.number);
    assert.deepEqual(seen, numbers.reverse());
    const takeaway = expectStatus(
      200,
      await api.get('/v1/orders?type=takeaway&status=placed&businessDate=2026-11-20', { token: other.token }),
    );
    assert.equal(takeaway.data.length, 3);
    const byNumber = expectStatus(200, await api.get('/v1/orders?number=ORD-2026-11-0002', { token: other.token }));
    assert.equal(byNumber.data[0].type, 'dine_in');
    expectStatus(
      422,
      await api.get(`/v1/orders?limit=3&status=placed&cursor=${first.nextCursor}`, { token: other.token }),
    );
  });

  test('takes a service charge for some types of order, with its own taxes', async () => {
    const other = await api.restaurant();
    const tax = expectStatus(
      201,
      await api.post('/v1/taxes', { name: 'VAT', rate: '20', inclusive: false }, { token: other.token }),
    );
    expectStatus(
      200,
      await api.patch(
        '/v1/restaurant',
        { serviceCharge: { rate: '12.5', orderTypes: ['dine_in'], taxIds: [tax.id] } },
        { token: other.token, headers: { 'if-match': '"1"' } },
      ),
    );
    const item = await api.item(other.token, { price: 1000 });
    const lines = [{ menuItemId: item.id, quantity: 1 }];
    const served = await api.order(other.token, lines, { type: 'dine_in' });
    assert.deepEqual([served.serviceChargeTotal, served.taxTotal, served.total], [125, 25, 1150]);
    assert.equal((await api.order(other.token, lines)).total, 1000);
  });
});
