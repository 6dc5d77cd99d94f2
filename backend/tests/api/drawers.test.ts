/** Drawers and shifts: decision 0045. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { expectStatus, type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { Factories } from '../support/factories.js';
import { expectProblem } from '../support/problem.js';

const DAY = '2026-11-04';
const EVENING = new Date(`${DAY}T18:00:00Z`);

describe('drawers and shifts', () => {
  let api: TestApi;
  let owner: TestRestaurant;
  let token: string;
  let now = EVENING;
  before(async () => {
    api = await startApi({ clock: () => now });
  });
  after(() => api.close());

  const { get, post, refused, complete, pay } = new Factories(() => ({ api, token }));

  async function house(): Promise<void> {
    now = EVENING;
    owner = await api.restaurant();
    token = owner.token;
  }
  const drawer = (name: string) => post('/v1/drawers', { name });
  const open = (id: string, openingFloat = 20_000) => post(`/v1/drawers/${id}/shifts`, { openingFloat });
  const move = (id: string, kind: string, amount: number) =>
    post(`/v1/shifts/${id}/movements`, { kind, amount, reason: 'change' });
  const close = (id: string, countedCash: number) => post(`/v1/shifts/${id}/close`, { countedCash }, 200);
  async function order(price: number): Promise<Json> {
    const { id } = await api.item(token, { price });
    return api.order(token, [{ menuItemId: id, quantity: 1 }]);
  }
  const keyOf = async (scopes: readonly string[], name = 'till'): Promise<string> =>
    expectStatus(201, await api.post('/v1/api-keys', { name, scopes }, { token: owner.token })).secret;

  test('a shift expects its float, cash and pay-ins, less refunds, pay-outs and drops', async () => {
    await house();
    const bar = await drawer('Bar');
    const shift = await open(bar.id);
    assert.deepEqual([shift.status, shift.figures.cash.expected, shift.businessDate], ['open', 20_000, DAY]);
    const sold = await order(5_000);
    const paid = await pay(sold.id, 'cash', 6_000, 300);
    assert.deepEqual([paid.shiftId, paid.change], [shift.id, 1_000]);
    const byCard = await order(3_000);
    assert.equal((await pay(byCard.id, 'card', 3_000, 200)).shiftId, shift.id);
    await complete(sold.id);
    const refund = await post(`/v1/payments/${paid.id}/refunds`, { amount: 1_000, tip: 100, reason: 'cold' });
    assert.deepEqual([refund.shiftId, refund.tip], [shift.id, 100]);
    await move(shift.id, 'pay_in', 700);
    await move(shift.id, 'pay_out', 250);
    const drop = await move(shift.id, 'drop', 4_000);
    assert.deepEqual([drop.shiftId, drop.businessDate], [shift.id, DAY]);
    const expected = 20_000 + 5_300 - 1_100 + 700 - 250 - 4_000;
    assert.equal((await get(`/v1/shifts/${shift.id}`)).figures.cash.expected, expected);
    const closed = await close(shift.id, expected - 30);
    assert.deepEqual(closed.figures.cash, {
      openingFloat: 20_000,
      expected,
      counted: expected - 30,
      difference: -30,
    });
    const cash = closed.figures.staff.find(({ method }: Json) => method === 'cash');
    assert.deepEqual(
      [cash.name, cash.payments, cash.amount, cash.tip, cash.refunds, cash.refundAmount, cash.refundTip],
      ['Olga Owner', 1, 5_000, 300, 1, 1_100, 100],
    );
    assert.deepEqual(await get(`/v1/shifts/${shift.id}`), closed);
    const moved = await get(`/v1/shifts/${shift.id}/movements`);
    assert.deepEqual(
      moved.data.map(({ kind }: Json) => kind),
      ['drop', 'pay_out', 'pay_in'],
    );
  });

  test('a closed shift is final', async () => {
    await house();
    const bar = await drawer('Bar');
    const shift = await open(bar.id, 0);
    await close(shift.id, 0);
    await refused(409, `/v1/shifts/${shift.id}/close`, { countedCash: 5 });
    await refused(409, `/v1/shifts/${shift.id}/movements`, { kind: 'drop', amount: 5, reason: 'safe' });
    const { id } = await order(500);
    const problem = await refused(409, `/v1/orders/${id}/payments`, { method: 'cash', amount: 500, drawerId: bar.id });
    assert.match(problem.detail, /in no shift.*\/shifts/);
    // Without a drawer, the money is in no shift.
    assert.equal((await pay(id, 'cash', 500)).shiftId, null);
  });

  test('a drawer is in one shift at a time, and is not deleted meanwhile', async () => {
    await house();
    const bar = await drawer('Bar');
    expectProblem(409, await api.post('/v1/drawers', { name: 'bar' }, { token }), 'the same name');
    const shift = await open(bar.id);
    assert.match(
      (await refused(409, `/v1/drawers/${bar.id}/shifts`, { openingFloat: 1 })).detail,
      /in a shift already/,
    );
    const headers = { 'if-match': '"1"' };
    expectProblem(409, await api.delete(`/v1/drawers/${bar.id}`, undefined, { token, headers }), 'in a shift');
    await close(shift.id, 20_000);
    expectStatus(204, await api.delete(`/v1/drawers/${bar.id}`, undefined, { token, headers }));
    await refused(404, `/v1/drawers/${bar.id}/shifts`, { openingFloat: 1 });
    assert.equal((await get('/v1/shifts')).data.length, 1);
  });

  test('money moves in the named drawer, else in that of the caller', async () => {
    await house();
    const [bar, garden] = [await drawer('Bar'), await drawer('Garden')];
    const till = await keyOf(['orders:write', 'orders:read', 'payments:write', 'shifts:write', 'drawers:read']);
    const ofBar = await open(bar.id);
    const opened = await api.post(`/v1/drawers/${garden.id}/shifts`, { openingFloat: 0 }, { token: till });
    const ofGarden = expectStatus(201, opened);
    const { id } = await order(900);
    const by = (caller: string, fields: object = {}) =>
      api.post(`/v1/orders/${id}/payments`, { method: 'cash', amount: 100, ...fields }, { token: caller });
    assert.equal(expectStatus(201, await by(till)).shiftId, ofGarden.id);
    assert.equal(expectStatus(201, await by(token)).shiftId, ofBar.id);
    assert.equal(expectStatus(201, await by(token, { drawerId: garden.id })).shiftId, ofGarden.id);
    const terrace = await drawer('Terrace');
    await open(terrace.id);
    const problem = expectProblem(422, await by(token), 'two shifts');
    assert.equal(problem.errors[0].pointer, '/drawerId');
    assert.equal(expectStatus(201, await by(token, { drawerId: bar.id })).shiftId, ofBar.id);
    expectProblem(404, await by(token, { drawerId: ofBar.id }), 'no such drawer');
    const listed = await get(`/v1/shifts?drawerId=${bar.id}&status=open`);
    assert.deepEqual(
      listed.data.map(({ id: one }: Json) => one),
      [ofBar.id],
    );
  });

  test('a shift belongs to its opener, and to those who close days', async () => {
    await house();
    const bar = await drawer('Bar');
    const one = await keyOf(['shifts:write', 'drawers:read'], 'one');
    const other = await keyOf(['shifts:write', 'drawers:read'], 'other');
    const opened = await api.post(`/v1/drawers/${bar.id}/shifts`, { openingFloat: 0 }, { token: one });
    const { id } = expectStatus(201, opened);
    const drop = { kind: 'pay_in', amount: 5, reason: 'coins' };
    expectProblem(403, await api.post(`/v1/shifts/${id}/movements`, drop, { token: other }), 'of another');
    expectProblem(403, await api.post(`/v1/shifts/${id}/close`, { countedCash: 0 }, { token: other }), 'of another');
    expectProblem(403, await api.post('/v1/drawers', { name: 'Mine' }, { token: one }), 'drawers:write');
    expectStatus(201, await api.post(`/v1/shifts/${id}/movements`, drop, { token: one }));
    await close(id, 5);
  });

  test('the day shows drawers, people and tips, and waits for open shifts', async () => {
    await house();
    const bar = await drawer('Bar');
    const shift = await open(bar.id);
    const till = await keyOf(['orders:read', 'payments:write'], 'Garden till');
    const first = await order(4_000);
    await pay(first.id, 'cash', 4_000, 500);
    await complete(first.id);
    const second = await order(2_000);
    const outside = { method: 'card', amount: 2_000, tip: 100 };
    expectStatus(201, await api.post(`/v1/orders/${second.id}/payments`, outside, { token: till }));
    await complete(second.id);
    await move(shift.id, 'drop', 1_500);
    const day = await get(`/v1/business-days/${DAY}`);
    assert.equal(day.cash.expected, 4_500 - 1_500);
    assert.deepEqual(day.cashMovements, [{ kind: 'drop', count: 1, amount: 1_500 }]);
    assert.deepEqual(
      day.staff.map(({ name, method, amount, tip }: Json) => [name, method, amount, tip]),
      [
        ['Garden till', 'card', 2_000, 100],
        ['Olga Owner', 'cash', 4_000, 500],
      ],
    );
    assert.deepEqual(
      day.drawers.map(({ name, method, amount, tip }: Json) => [name, method, amount, tip]),
      [
        ['Bar', 'cash', 4_000, 500],
        [null, 'card', 2_000, 100],
      ],
    );
    assert.deepEqual([day.shifts.open, day.shifts.list[0].expected, day.shifts.list[0].counted], [1, 23_000, null]);
    const path = `/v1/business-days/${DAY}/close`;
    assert.match((await refused(409, path, { acceptEarly: true })).detail, /Shifts.*still open: 1 \(Bar\)/);
    await close(shift.id, 22_990);
    const closed = await post(path, { acceptEarly: true, countedCash: 2_990 });
    const { expected, counted, difference } = closed.shifts.list[0];
    assert.deepEqual([expected, counted, difference, closed.cash.difference], [23_000, 22_990, -10, -10]);
    const text = (await api.get(`/v1/documents/${closed.documentId}.txt`, { token })).text.replaceAll(/ +/g, ' ');
    assert.match(text, /Bar: Cash difference -0\.10/);
    assert.match(text, /Olga Owner: Tip: Cash 5\.00/);
    assert.match(text, /Drops \(1\) -15\.00/);
    await refused(409, `/v1/drawers/${bar.id}/shifts`, { openingFloat: 1 });
  });

  test('a day may close over open shifts, which are counted later', async () => {
    await house();
    const bar = await drawer('Bar');
    const shift = await open(bar.id, 1_000);
    const accepted = { acceptEarly: true, acceptOpenShifts: true };
    const closed = await post(`/v1/business-days/${DAY}/close`, accepted);
    assert.equal(closed.shifts.open, 1);
    await refused(409, `/v1/shifts/${shift.id}/movements`, { kind: 'drop', amount: 5, reason: 'safe' });
    await close(shift.id, 1_000);
    assert.deepEqual(await get(`/v1/business-days/${DAY}`), closed);
  });

  test('a tip of a reversed payment counts against the person who took it', async () => {
    await house();
    const till = await keyOf(['orders:read', 'payments:write'], 'Waiter');
    const { id } = await order(1_000);
    const body = { method: 'card', amount: 1_000, tip: 200 };
    const paid = expectStatus(201, await api.post(`/v1/orders/${id}/payments`, body, { token: till }));
    const back = await post(`/v1/payments/${paid.id}/refunds`, { amount: 1_200, reason: 'wrong card' });
    assert.deepEqual([back.tip, back.parts.unsettled], [200, 1_200]);
    const { staff } = await get(`/v1/business-days/${DAY}`);
    const of = (name: string) => staff.find((row: Json) => row.name === name);
    assert.deepEqual([of('Waiter').tip, of('Waiter').refundTip, of('Waiter').refunds], [200, 200, 0]);
    assert.deepEqual([of('Olga Owner').refundAmount, of('Olga Owner').refundTip], [1_200, 0]);
  });

  test('what happens to a drawer is in the events and the audit log', async () => {
    await house();
    const bar = await drawer('Bar');
    const shift = await open(bar.id, 100);
    await move(shift.id, 'drop', 50);
    await close(shift.id, 50);
    const log = await get(`/v1/audit-log?subjectId=${shift.id}`);
    assert.deepEqual(
      log.data.map(({ action }: Json) => action),
      ['shift.closed', 'shift.cash_moved', 'shift.opened'],
    );
    await api.context.events.relay();
    const events = await get('/v1/events?types=shift.closed');
    assert.deepEqual([events.data[0].data.expected, events.data[0].data.difference], [50, 0]);
  });
});
