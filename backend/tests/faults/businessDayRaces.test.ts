/** Two instances close a day while trade goes on. `RACE_ROUNDS` sets the number of rounds. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { withClient } from '../../src/config/database.js';
import { type Answer, expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { csv, ImportClient } from '../support/importClient.js';
import { untilWaiting } from '../support/lockWaits.js';

/** Each is a day, and one month holds the days of all tests. */
const ROUNDS = Math.min(12, Number(process.env['RACE_ROUNDS'] ?? 3));
const DAY_MS = 24 * 3_600_000;
const WRITERS = 8;
/** No other test looks at that day. */
const NEXT_YEAR = '2027-01-15T12:00:00.000Z';
const ORDERS_EACH = 5 * ROUNDS;

/** The figures of a closed day, added up from the rows stored now. */
const SUMS = `
  select
    (select count(*)::int from orders o where o.restaurant_id = $1 and o.business_date = $2 and o.status <> 'cancelled') as orders,
    (select coalesce(sum(o.total), 0)::int from orders o where o.restaurant_id = $1 and o.business_date = $2 and o.status <> 'cancelled') as total,
    (select coalesce(sum(o.tip_total), 0)::int from orders o where o.restaurant_id = $1 and o.business_date = $2 and o.status <> 'cancelled') as tips,
    (select coalesce(sum(l.quantity), 0)::int from order_lines l join orders o on o.restaurant_id = l.restaurant_id and o.id = l.order_id
     where o.restaurant_id = $1 and o.business_date = $2 and o.status <> 'cancelled' and l.voided_at is null) as units,
    (select coalesce(sum(p.amount + p.tip), 0)::int from payments p where p.restaurant_id = $1 and p.business_date = $2) as paid,
    (select coalesce(sum(r.amount), 0)::int from refunds r where r.restaurant_id = $1 and r.business_date = $2) as refunded`;

describe('business day races', () => {
  let now = new Date('2026-11-01T12:00:00Z');
  let first: TestApi;
  let second: TestApi;
  let restaurantId: string;
  let token: string;
  let soup: string;
  before(async () => {
    first = await startApi({ clock: () => now });
    second = await startApi({ clock: () => now, database: first.database });
    const restaurant = await first.restaurant();
    restaurantId = restaurant.id;
    token = await first.apiKey(restaurant.token);
    soup = (await first.item(token)).id;
  });
  after(async () => {
    await second.close();
    await first.close();
  });

  const sum = (rows: Json[], of: (row: Json) => number) => rows.reduce((total, row) => total + of(row), 0);
  const newOrder = () => ({ type: 'takeaway', lines: [{ menuItemId: soup, quantity: 2 }] });

  /** Orders, changes, payments with tips and refunds, one after the other until one is refused. */
  async function trade(index: number): Promise<Answer[]> {
    const api = index % 2 === 0 ? first : second;
    const answers: Answer[] = [];
    const send = async (method: string, path: string, body: object): Promise<{ id: string } | undefined> => {
      const answer = await api.request(method, path, body, { token });
      answers.push(answer);
      return answer.status < 300 ? answer.body : undefined;
    };
    for (;;) {
      const order = await send('POST', '/v1/orders', newOrder());
      if (!order) return answers;
      const path = `/v1/orders/${order.id}`;
      const more = await send('POST', `${path}/lines`, { menuItemId: soup, quantity: 1 });
      if (!more) return answers;
      const payment = await send('POST', `${path}/payments`, { method: 'cash', amount: 1_000, tip: index });
      if (!payment) return answers;
      if (!(await send('POST', `/v1/payments/${payment.id}/refunds`, { amount: 1_000 + index, reason: 'cold' })))
        return answers;
      const end = index % 3 === 0 ? 'cancel' : 'accept';
      if (!(await send('POST', `${path}/${end}`, end === 'cancel' ? { reason: 'gone' } : {}))) return answers;
    }
  }

  /** Begins while trade is under way. @returns the answers of both closers. */
  async function close(date: string, underWay: Promise<unknown>): Promise<Answer[]> {
    await underWay;
    const body = { acceptEarly: true, acceptOpenOrders: true };
    return Promise.all([first, second].map((api) => api.post(`/v1/business-days/${date}/close`, body, { token })));
  }

  test('what is frozen is what is there: every other write was refused', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      now = new Date(now.getTime() + DAY_MS);
      const date = now.toISOString().slice(0, 10);
      const underWay = first.post('/v1/orders', newOrder(), { token });
      const [closings, ...writers] = await Promise.all([
        close(date, underWay),
        ...Array.from({ length: WRITERS }, (_, index) => trade(index)),
      ]);
      const made = closings.filter(({ status }) => status === 201);
      assert.equal(made.length, 1, closings.map(({ text }) => text).join('\n'));
      for (const answers of writers) {
        const refused = answers.at(-1);
        assert.equal(refused?.body.code, 'business_day_closed', refused?.text);
        for (const { status, text } of answers.slice(0, -1)) assert.ok(status < 300, text);
      }
      const frozen = expectStatus(200, await first.get(`/v1/business-days/${date}`, { token }));
      const rows = await withClient(first.database.ownerUrl, (owner) => owner.query(SUMS, [restaurantId, date]));
      assert.deepEqual(rows.rows[0], {
        orders: frozen.orders,
        total: frozen.total,
        tips: frozen.tipTotal,
        units: frozen.units,
        paid: sum(frozen.payments, ({ amount, tip }) => amount + tip),
        refunded: sum(frozen.refunds, ({ amount }) => amount),
      });
      assert.ok(frozen.orders > 0);
      assert.deepEqual(made[0]?.body, frozen);
    }
    const days = expectStatus(200, await first.get('/v1/business-days?limit=100', { token })).data;
    assert.deepEqual(
      days.map(({ number }: Json) => Number(number.slice(-4))),
      Array.from({ length: ROUNDS }, (_, index) => ROUNDS - index),
    );
  });

  test('orders that move onto the day and off it are in its close or on another day', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      now = new Date(now.getTime() + DAY_MS);
      const date = now.toISOString().slice(0, 10);
      const tonight = `${date}T18:00:00.000Z`;
      const place = async () =>
        expectStatus(201, await first.post('/v1/orders', { ...newOrder(), scheduledFor: NEXT_YEAR }, { token }));
      const placed = await Promise.all(Array.from({ length: WRITERS }, place));
      const move = async (order: Json, index: number): Promise<Json> => {
        const api = index % 2 === 0 ? first : second;
        for (;;) {
          const options = { token, headers: { 'if-match': `"${order['version']}"` } };
          const scheduledFor = order['businessDate'] === date ? NEXT_YEAR : tonight;
          const answer = await api.patch(`/v1/orders/${order['id']}`, { scheduledFor }, options);
          if (answer.status !== 200) {
            assert.equal(answer.body.code, 'business_day_closed', answer.text);
            return order;
          }
          assert.notEqual(answer.body.businessDate, order['businessDate']);
          order = answer.body;
        }
      };
      const underWay = second.post('/v1/orders', newOrder(), { token });
      const [closings, ...orders] = await Promise.all([close(date, underWay), ...placed.map(move)]);
      assert.deepEqual(
        closings.map(({ status }) => status).sort((a, b) => a - b),
        [201, 409],
      );
      const frozen = expectStatus(200, await first.get(`/v1/business-days/${date}`, { token }));
      const ofDay = orders.filter(({ businessDate }) => businessDate === date);
      assert.deepEqual([frozen.orders, frozen.total], [ofDay.length + 1, 2_000 * (ofDay.length + 1)]);
      for (const order of orders)
        assert.deepEqual(expectStatus(200, await first.get(`/v1/orders/${order['id']}`, { token })), order);
    }
  });

  test('the figures of an open day are of one moment, whatever goes on meanwhile', async () => {
    now = new Date(now.getTime() + DAY_MS);
    const date = now.toISOString().slice(0, 10);
    let isTrading = true;
    const writers = Array.from({ length: WRITERS }, async (_, index) => {
      const api = index % 2 === 0 ? first : second;
      for (let made = 0; made < ORDERS_EACH; made += 1) {
        const { id } = expectStatus(201, await api.post('/v1/orders', { ...newOrder(), tip: 1 }, { token }));
        expectStatus(200, await api.post(`/v1/orders/${id}/cancel`, { reason: 'gone' }, { token }));
        expectStatus(201, await api.post('/v1/orders', { ...newOrder(), tip: 1 }, { token }));
      }
    });
    const reader = async () => {
      while (isTrading) {
        const day = expectStatus(200, await first.get(`/v1/business-days/${date}`, { token }));
        assert.equal(day.total, day.grossSales + day.tipTotal);
        assert.deepEqual([day.units, day.tipTotal], [2 * day.orders, day.orders]);
        assert.equal(day.unfinishedOrders.count, day.orders);
      }
    };
    const reading = reader();
    await Promise.all(writers);
    isTrading = false;
    await reading;
    const day = expectStatus(200, await first.get(`/v1/business-days/${date}`, { token }));
    assert.deepEqual([day.orders, day.cancelledOrders.count], [WRITERS * ORDERS_EACH, WRITERS * ORDERS_EACH]);
  });

  test('a day that closes while an import stores costs that import its orders of the day, and nothing else', async () => {
    now = new Date(now.getTime() + DAY_MS);
    const date = now.toISOString().slice(0, 10);
    const imports = new ImportClient(first);
    const row = (key: string, day: string) => `${key},${day}T12:00:00,Tea,1,3`;
    await imports.run(token, csv(row('first', date)));
    const file = csv(row('A', '2026-10-31'), row('B', date), row('C', '2026-10-30'));
    const stored = await withClient(first.database.ownerUrl, async (holder) => {
      await holder.query('begin');
      await holder.query(`select 1 from number_counters where restaurant_id = $1 and series = 'IMP' for update`, [
        restaurantId,
      ]);
      let isAnswered = false;
      const importing = imports.run(token, file).finally(() => (isAnswered = true));
      // It has looked at the closed days by now, and found none.
      await untilWaiting(first.database, 0, () => isAnswered);
      assert.equal(isAnswered, false);
      const [closing] = await close(date, Promise.resolve());
      assert.ok(closing);
      await holder.query('commit');
      return importing;
    });
    assert.deepEqual([stored.status, stored.ordersCreated, stored.faultyRows, stored.rows], ['completed', 2, 1, 3]);
    assert.deepEqual(
      stored.errors.map(({ line, reason }: Json) => [line, reason]),
      [[3, `order "B" is on ${date}, a business day that is closed`]],
    );
    const frozen = expectStatus(200, await first.get(`/v1/business-days/${date}`, { token }));
    const report = expectStatus(200, await first.get(`/v1/reports/sales?from=${date}&to=${date}`, { token }));
    assert.deepEqual([frozen.status, frozen.orders, report.orders], ['closed', 1, 1]);
  });
});
