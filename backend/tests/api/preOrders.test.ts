/**
 * Orders for a later time: the business day they count on, which changes move them to another day,
 * and which facts stay on the day they happened.
 */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { type Answer, expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { Factories } from '../support/factories.js';
import { expectProblem } from '../support/problem.js';

/** 20:00 of 30 November in Berlin, and the days around it. */
const EVENING = new Date('2026-11-30T19:00:00Z');
const TODAY = '2026-11-30';
const TOMORROW = '2026-12-01';
const FRIDAY = '2026-12-04';
/** 13:00 in Berlin. */
const lunchOn = (date: string): string => `${date}T12:00:00.000Z`;

describe('orders for a later time', () => {
  let api: TestApi;
  let now = EVENING;
  let token: string;
  let soup: string;

  before(async () => {
    api = await startApi({ clock: () => now });
  });
  beforeEach(async () => {
    now = EVENING;
    token = await api.apiKey((await api.restaurant()).token);
    soup = (await api.item(token, { price: 1_000 })).id;
  });
  after(() => api.close());

  const lines = () => [{ menuItemId: soup, quantity: 2 }];
  const body = (scheduledFor: string | null) => ({ type: 'takeaway', lines: lines(), scheduledFor });
  const { get, post, ingredient, recipe, pay, ledgerOf, actOnOrder } = new Factories(() => ({ api, token }));
  const place = (scheduledFor: string | null): Promise<Json> => post('/v1/orders', body(scheduledFor));
  const day = (date: string): Promise<Json> => get(`/v1/business-days/${date}`);
  const close = (date: string, sent: object = {}): Promise<Json> => post(`/v1/business-days/${date}/close`, sent);
  const patch = ({ id, version }: Json, sent: object): Promise<Answer> =>
    api.patch(`/v1/orders/${id}`, sent, { token, headers: { 'if-match': `"${version}"` } });
  const change = async (order: Json, sent: object): Promise<Json> => expectStatus(200, await patch(order, sent));
  const act = (order: Json, ...actions: string[]): Promise<Json> =>
    actions.reduce((last, action) => last.then(() => actOnOrder(order.id, action)), Promise.resolve(order));
  const complete = (order: Json): Promise<Json> => act(order, 'accept', 'start', 'ready', 'complete');

  test('count on the day they are for, and are numbered in the month of their placing', async () => {
    const [preOrder, ordinary] = [await place(lunchOn(FRIDAY)), await place(null)];
    assert.deepEqual([preOrder.businessDate, preOrder.number], [FRIDAY, 'ORD-2026-11-0001']);
    assert.deepEqual([ordinary.businessDate, ordinary.number], [TODAY, 'ORD-2026-11-0002']);
    assert.equal((await post('/v1/orders/preview', body(lunchOn(FRIDAY)), 200)).businessDate, FRIDAY);
    for (const [date, order] of [
      [FRIDAY, preOrder],
      [TODAY, ordinary],
    ] as const) {
      assert.deepEqual((await get(`/v1/orders?businessDate=${date}`)).data, [order]);
      const { orders, unfinishedOrders } = await day(date);
      assert.deepEqual([orders, unfinishedOrders.orders[0].id], [1, order.id]);
    }
    const hours = await get(`/v1/reports/sales?from=${FRIDAY}&to=${FRIDAY}&groupBy=hour`);
    assert.deepEqual([hours.orders, hours.data.map(({ key }: Json) => key)], [1, ['13']]);
  });

  test('belong to the night before up to the cut-off hour', async () => {
    assert.equal((await place('2026-12-01T02:59:59Z')).businessDate, TODAY);
    assert.equal((await place('2026-12-01T03:00:00Z')).businessDate, TOMORROW);
  });

  test('are in the way of no earlier close, and stay open to changes after it', async () => {
    const preOrder = await place(lunchOn(FRIDAY));
    const frozen = await close(TODAY, { acceptEarly: true });
    assert.deepEqual([frozen.orders, frozen.unfinishedOrders.count], [0, 0]);
    const other = await place(lunchOn(TOMORROW));
    assert.equal(expectProblem(409, await api.post('/v1/orders', body(null), { token })).code, 'business_day_closed');
    const tonight = await api.post('/v1/orders', body('2026-11-30T21:00:00Z'), { token });
    assert.equal(expectProblem(409, tonight).code, 'business_day_closed');
    await change(preOrder, { notes: 'no salt', tip: 100 });
    await actOnOrder(other.id, 'cancel', { reason: 'ill' });
    assert.deepEqual((await day(TOMORROW)).cancelledOrders, { count: 1, total: 2_000 });
    now = new Date(lunchOn('2026-12-05'));
    const refused = await api.post(`/v1/business-days/${FRIDAY}/close`, {}, { token });
    assert.match(expectProblem(409, refused).detail, /still open: 1\./);
  });

  test('move with the time they are for, and keep their number', async () => {
    const placed = await place(lunchOn(FRIDAY));
    const moved = await change(placed, { scheduledFor: lunchOn(TOMORROW) });
    assert.deepEqual([moved.businessDate, moved.number], [TOMORROW, placed.number]);
    assert.deepEqual([(await day(FRIDAY)).orders, (await day(TOMORROW)).orders], [0, 1]);
    const { data } = await get(`/v1/orders/${placed.id}/history`);
    assert.deepEqual(data.at(-1).changes.businessDate, { from: FRIDAY, to: TOMORROW });
    const forNow = await change(moved, { scheduledFor: null });
    assert.equal(forNow.businessDate, TODAY);
    now = new Date(lunchOn(TOMORROW));
    const noted = await change(forNow, { notes: 'late', scheduledFor: null });
    assert.equal(noted.businessDate, TODAY, 'only a new time moves it');
    assert.equal((await change(noted, { scheduledFor: lunchOn(FRIDAY) })).businessDate, FRIDAY);
  });

  test('move neither out of a closed day nor into one', async () => {
    const stays = await place('2026-11-30T21:00:00Z');
    const comes = await place(lunchOn(FRIDAY));
    const frozen = await close(TODAY, { acceptEarly: true, acceptOpenOrders: true });
    for (const [order, scheduledFor] of [
      [stays, lunchOn(FRIDAY)],
      [comes, '2026-11-30T21:00:00Z'],
      [comes, null],
    ] as const)
      assert.equal(expectProblem(409, await patch(order, { scheduledFor })).code, 'business_day_closed');
    assert.deepEqual(await day(TODAY), frozen);
    assert.deepEqual((await get(`/v1/orders?businessDate=${FRIDAY}`)).data, [comes]);
  });

  test('count today when they are completed before their time, and on their day again when they are reopened', async () => {
    const early = await complete(await place(lunchOn(FRIDAY)));
    assert.deepEqual([early.status, early.businessDate], ['completed', TODAY]);
    const hours = await get(`/v1/reports/sales?from=${TODAY}&to=${FRIDAY}&groupBy=hour`);
    assert.deepEqual(
      hours.data.map(({ key }: Json) => key),
      ['20'],
    );
    assert.equal((await act(early, 'reopen')).businessDate, FRIDAY);
    await act(early, 'start', 'ready');
    await close(TODAY, { acceptEarly: true });
    // Today takes nothing more: the sale counts on the next day.
    assert.equal((await act(early, 'complete')).businessDate, TOMORROW);
    assert.equal((await act(early, 'reopen')).businessDate, FRIDAY);
    await act(early, 'start', 'ready');
    now = new Date(lunchOn('2026-12-05'));
    assert.equal((await act(early, 'complete')).businessDate, FRIDAY);
    assert.equal((await act(early, 'reopen')).businessDate, FRIDAY);
  });

  test('leave money and stock on the day on which they move, and cost with the sale', async () => {
    const item = { name: 'Bean', unit: 'piece', openingQuantity: '10', unitCost: '50' };
    const { id } = await ingredient(item);
    await recipe({ menuItemId: soup, lines: [{ inventoryItemId: id, quantity: '2' }] });
    const order = await place(lunchOn(FRIDAY));
    await pay(order.id, 'card', 500);
    const [paid, sold] = [await day(TODAY), await day(FRIDAY)];
    assert.deepEqual([paid.orders, paid.payments[0].amount], [0, 500]);
    assert.deepEqual([sold.orders, sold.payments, sold.unfinishedOrders.dueTotal], [1, [], 1_500]);
    const [taken] = await ledgerOf(id);
    assert.deepEqual([taken.kind, taken.quantity, taken.businessDate], ['sale', '-4', TODAY]);
    now = new Date('2026-12-05T12:00:00Z');
    for (const [date, cost, use] of [
      [TODAY, 0, '4'],
      [FRIDAY, 200, '0'],
    ] as const) {
      assert.equal((await get(`/v1/reports/cost-of-goods?from=${date}&to=${date}`)).totals.cost, cost, date);
      const variance = await get(`/v1/reports/stock-variance?from=${date}&to=${date}`);
      assert.equal(variance.data.find(({ name }: Json) => name === 'Bean').theoreticalUse, use, date);
    }
  });
});
