/**
 * Two instances make the sums of days while others change these days. No snapshot of the database
 * ever has valid sums that differ from the rows. `RACE_ROUNDS` sets the number of rounds.
 */
import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { after, before, describe, test } from 'node:test';
import { withClient } from '../../src/config/database.js';
import { SUMS_VERSION } from '../../src/domain/report/daySums.js';
import { systemCall } from '../../src/domain/shared/call.js';
import { expectStatus, type Json, startApi, type TestApi } from '../support/api.js';

const ROUNDS = Math.min(12, Number(process.env['RACE_ROUNDS'] ?? 3));
const DAY_MS = 24 * 3_600_000;
const WRITERS = 6;
const ORDERS = 12;

/** Days whose valid sums differ from their rows, in one statement and so in one snapshot. */
const WRONG = `
  select d.business_date::text as date
  from day_sums d
  left join lateral (
    select count(*) as orders, coalesce(sum(o.total), 0) as total, coalesce(sum(o.paid_total), 0) as paid
    from orders o
    where o.restaurant_id = d.restaurant_id and o.business_date = d.business_date and o.status <> 'cancelled'
  ) o on true
  left join lateral (
    select coalesce(sum(l.amount), 0) as revenue
    from orders o
    join order_lines l on l.restaurant_id = o.restaurant_id and l.order_id = o.id and l.voided_at is null
    where o.restaurant_id = d.restaurant_id and o.business_date = d.business_date and o.status <> 'cancelled'
  ) l on true
  left join lateral (
    select coalesce(sum(s.revenue), 0) as revenue
    from day_sales s
    where s.restaurant_id = d.restaurant_id and s.business_date = d.business_date and s.kind = 'day'
  ) s on true
  where d.restaurant_id = $1 and d.version > 0
    and ((d.figures ->> 'total')::numeric, (d.figures ->> 'orders')::numeric, s.revenue) is distinct from (o.total, o.orders::numeric, l.revenue)`;

/** The same of parts of open days: their orders, and the payments of the day for them. */
const WRONG_PARTS = `
  select q.above_id
  from day_sums d
  join day_parts q on q.restaurant_id = d.restaurant_id and q.business_date = d.business_date and q.version > 0
  cross join lateral (
    select count(*) as orders, coalesce(sum(o.total), 0) as total
    from orders o
    where o.restaurant_id = q.restaurant_id and o.business_date = q.business_date and o.status <> 'cancelled'
      and o.id > q.above_id and o.id <= q.until_id
  ) o
  cross join lateral (
    select coalesce(sum(l.amount), 0) as revenue
    from orders o
    join order_lines l on l.restaurant_id = o.restaurant_id and l.order_id = o.id and l.voided_at is null
    where o.restaurant_id = q.restaurant_id and o.business_date = q.business_date and o.status <> 'cancelled'
      and o.id > q.above_id and o.id <= q.until_id
  ) l
  cross join lateral (
    select coalesce(sum(s.revenue), 0) as revenue
    from part_sales s
    where s.restaurant_id = q.restaurant_id and s.business_date = q.business_date and s.above_id = q.above_id and s.kind = 'day'
  ) s
  cross join lateral (
    select coalesce(sum(p.amount), 0) as paid
    from payments p
    where p.restaurant_id = q.restaurant_id and p.business_date = q.business_date and p.order_id > q.above_id and p.order_id <= q.until_id
  ) p
  where d.restaurant_id = $1 and d.version = 0 and d.parts_until is not null
    and ((q.figures #>> '{orders,0,total}')::numeric, (q.figures #>> '{orders,0,orders}')::numeric, s.revenue,
        coalesce((select sum((m ->> 'amount')::numeric) from jsonb_array_elements(q.figures -> 'money') m), 0))
      is distinct from (o.total, o.orders::numeric, l.revenue, p.paid)`;

describe('sums of days in a race', () => {
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

  const asOwner = (text: string, values: unknown[] = [restaurantId]): Promise<Json[]> =>
    withClient(first.database.ownerUrl, async (owner) => (await owner.query(text, values)).rows);
  const send = async (api: TestApi, method: string, path: string, body: object = {}): Promise<Json> => {
    const { status, body: answer, text } = await api.request(method, path, body, { token });
    assert.ok(status < 300, `${method} ${path}: ${text}`);
    return answer;
  };
  const sumsOf = (api: TestApi) => api.context.reports.daySums;
  const faultsOf = async (): Promise<unknown[]> => {
    const faults: unknown[] = [];
    for await (const audit of sumsOf(first).audit(systemCall(restaurantId, 'test'), '2026-01-01', '2027-12-31'))
      faults.push(...audit.faults);
    return faults;
  };

  /** Open orders of a day that is over, without sums. */
  async function dayOfOrders(): Promise<{ date: string; orders: Json[] }> {
    const order = { type: 'takeaway', lines: [{ menuItemId: soup, quantity: 2 }] };
    const orders = await Promise.all(Array.from({ length: ORDERS }, () => send(first, 'POST', '/v1/orders', order)));
    const date = now.toISOString().slice(0, 10);
    now = new Date(now.getTime() + DAY_MS);
    return { date, orders };
  }

  /** Changes orders of the day in every way, one order after the other. */
  async function change(index: number, orders: readonly Json[]): Promise<void> {
    const api = index % 2 === 0 ? first : second;
    for (const { id } of orders.filter((_, place) => place % WRITERS === index)) {
      const path = `/v1/orders/${id}`;
      await send(api, 'POST', `${path}/lines`, { menuItemId: soup, quantity: 1 });
      if (index % 3 === 0) {
        await send(api, 'POST', `${path}/cancel`, { reason: 'gone' });
        continue;
      }
      await send(api, 'POST', `${path}/payments`, { method: 'cash', amount: 1_000, tip: index });
      await send(api, 'POST', `${path}/accept`);
    }
  }

  test('are right in every snapshot, while the day changes and both instances make them', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { date, orders } = await dayOfOrders();
      let isUnderWay = true;
      const attempts = { made: 0, overtaken: 0 };
      const make = async (api: TestApi): Promise<void> => {
        while (isUnderWay) {
          const isMade = await sumsOf(api).make(systemCall(restaurantId, 'test'), date);
          attempts[isMade ? 'made' : 'overtaken'] += 1;
        }
      };
      const watch = async (): Promise<number> => {
        let seen = 0;
        while (isUnderWay) {
          assert.deepEqual(await asOwner(WRONG), []);
          seen += 1;
          await turn();
        }
        return seen;
      };
      const writers = Promise.all(Array.from({ length: WRITERS }, (_, index) => change(index, orders))).finally(() => {
        isUnderWay = false;
      });
      const [seen] = await Promise.all([watch(), writers, make(first), make(second)]);
      assert.ok(seen > 0 && attempts.made > 0, JSON.stringify({ seen, ...attempts }));
      assert.ok(await sumsOf(first).make(systemCall(restaurantId, 'test'), date));
      assert.deepEqual(await asOwner(WRONG), []);
      assert.deepEqual(await faultsOf(), []);
    }
  });

  test('of parts of the open day are right in every snapshot, and the report is that of the rows', async () => {
    const sizes = { fewest: 2, most: 4, rest: 1 };
    for (let round = 0; round < ROUNDS; round += 1) {
      const { date, orders } = await dayOfOrders();
      now = new Date(now.getTime() - DAY_MS);
      let isUnderWay = true;
      let made = 0;
      const make = async (api: TestApi): Promise<void> => {
        while (isUnderWay) made += await sumsOf(api).makeParts(systemCall(restaurantId, 'test'), { sizes });
      };
      const watch = async (): Promise<void> => {
        while (isUnderWay) {
          assert.deepEqual(await asOwner(WRONG_PARTS), []);
          await turn();
        }
      };
      const late = async (): Promise<void> => {
        for (let count = 0; count < WRITERS; count += 1)
          await send(second, 'POST', '/v1/orders', { type: 'takeaway', lines: [{ menuItemId: soup, quantity: 1 }] });
      };
      const writers = Promise.all([late(), ...Array.from({ length: WRITERS }, (_, index) => change(index, orders))]);
      await Promise.all([watch(), make(first), make(second), writers.finally(() => (isUnderWay = false))]);
      await sumsOf(first).makeParts(systemCall(restaurantId, 'test'), { sizes });
      assert.ok(made > 0);
      assert.deepEqual(await asOwner(WRONG_PARTS), []);
      assert.deepEqual(await faultsOf(), []);
      const read = async () => expectStatus(200, await first.get(`/v1/business-days/${date}`, { token }));
      const withParts = await read();
      await asOwner(`update day_sums set parts_until = null where restaurant_id = $1 and business_date = '${date}'`);
      assert.deepEqual(await read(), withParts);
      now = new Date(now.getTime() + DAY_MS);
    }
  });

  test('are seen to be wrong where no trigger notes the change', async () => {
    const { date, orders } = await dayOfOrders();
    assert.ok(await sumsOf(first).make(systemCall(restaurantId, 'test'), date));
    const triggers = ['orders_note_change', 'orders_changed_on_open_day'];
    for (const trigger of triggers) await asOwner(`alter table orders disable trigger ${trigger}`, []);
    await asOwner('update orders set subtotal = subtotal + 1, total = total + 1 where restaurant_id = $1 and id = $2', [
      restaurantId,
      orders[0]?.id,
    ]);
    assert.deepEqual(await asOwner(WRONG), [{ date }]);
    assert.notDeepEqual(await faultsOf(), []);
    for (const trigger of triggers) await asOwner(`alter table orders enable trigger ${trigger}`, []);
    assert.ok(await sumsOf(first).make(systemCall(restaurantId, 'test'), date));
    assert.deepEqual(await faultsOf(), []);
  });

  test('of a process that died after its claim are made by the next one', async () => {
    const { date } = await dayOfOrders();
    await asOwner(
      'update day_sums set version = -1, attempt = attempt + 1, figures = null where restaurant_id = $1 and business_date = $2',
      [restaurantId, date],
    );
    await sumsOf(second).makeDue(() => false);
    const [{ version }] = (await asOwner(
      'select version from day_sums where restaurant_id = $1 and business_date = $2',
      [restaurantId, date],
    )) as [Json];
    assert.equal(version, SUMS_VERSION);
    assert.deepEqual(await faultsOf(), []);
  });

  test('of a day that fails do not stop the other days', async () => {
    const [bad, good] = [await dayOfOrders(), await dayOfOrders()];
    await asOwner(`alter table day_sales add constraint planted check (business_date <> '${bad.date}') not valid`, []);
    await assert.rejects(
      sumsOf(first).makeDue(() => false),
      /sums of some days could not be made/,
    );
    const summed = await sumsOf(first).summed(systemCall(restaurantId, 'test'), bad.date, good.date);
    assert.deepEqual(summed, [good.date]);
    const figures = expectStatus(200, await first.get(`/v1/business-days/${bad.date}`, { token }));
    assert.equal(figures.orders, ORDERS);
    await asOwner('alter table day_sales drop constraint planted', []);
    await sumsOf(first).makeDue(() => false);
    assert.deepEqual(await faultsOf(), []);
  });
});
