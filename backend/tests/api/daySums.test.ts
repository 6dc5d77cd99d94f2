/**
 * Sums of business days: every report is the same with them and without them, whatever happens to a
 * day after its sums were made.
 */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { sumDays } from '../../src/commands/sumDays.js';
import { withClient } from '../../src/config/database.js';
import { GROUPS_OF_SUMS, PAYMENT_GROUPS, SUMMED_GROUPS } from '../../src/domain/report/report.js';
import { systemCall } from '../../src/domain/shared/call.js';
import { expectStatus, type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { Factories } from '../support/factories.js';
import { csv, ImportClient, PLAIN } from '../support/importClient.js';

const DAY_MS = 24 * 3_600_000;
/** The day of each part of the test, in the morning. */
const dayAt = (number: number, hour = 11) => new Date(Date.UTC(2026, 10, 1 + number, hour));
const dateOf = (at: Date) => at.toISOString().slice(0, 10);
const DAYS = 6;
const ORDERS_A_DAY = 6;

const oneOf = <T>(choices: readonly T[]): T => choices[randomInt(choices.length)]!;
const never = () => false;

describe('sums of business days', () => {
  let api: TestApi;
  let now = dayAt(0);
  let house: TestRestaurant;
  let token: string;
  let items: string[];
  const kept: { id: string; payments: Json[] }[] = [];

  before(async () => {
    api = await startApi({ clock: () => now });
    house = await api.restaurant();
    token = await api.apiKey(house.token);
    const taxes = [await tax('7', true), await tax('19', true), await tax('8.875', false)].map(({ id }) => id);
    await patch('/v1/restaurant', { serviceCharge: { rate: '12.5', orderTypes: ['dine_in'], taxIds: [taxes[1]] } });
    const sets = [[], [taxes[0]], [taxes[1], taxes[2]], [taxes[2]]];
    const made = sets.map((taxIds, index) =>
      api.item(token, { name: `Dish ${index}`, price: randomInt(1, 3_000), taxIds }),
    );
    items = (await Promise.all(made)).map(({ id }) => id);
    for (let day = 0; day < DAYS; day += 1) {
      now = dayAt(day);
      for (let made = 0; made < ORDERS_A_DAY; made += 1) {
        now = new Date(now.getTime() + 25 * 60_000);
        await trade();
      }
    }
    now = dayAt(DAYS);
  });
  after(() => api.close());

  const { get, post, patch, tax, complete } = new Factories(() => ({ api, token }));

  const asOwner = (text: string, values: unknown[] = []): Promise<Json[]> =>
    withClient(api.database.ownerUrl, async (owner) => (await owner.query(text, values)).rows);
  const daySums = () => api.context.reports.daySums;
  const summedDays = async (): Promise<string[]> =>
    (
      await asOwner(
        `select business_date::text as date from day_sums where restaurant_id = $1 and version > 0 order by 1`,
        [house.id],
      )
    ).map(({ date }) => date);

  /** An order with everything that an order can have, paid in parts, in one of several states. */
  async function trade(): Promise<void> {
    const lines = Array.from({ length: randomInt(1, 4) }, () => ({
      menuItemId: oneOf(items),
      quantity: randomInt(1, 5),
      discounts: oneOf([[], [{ percent: '12.5' }], [{ amount: randomInt(1, 300) }]]),
    }));
    const fields = {
      type: oneOf(['dine_in', 'takeaway']),
      tip: oneOf([0, 123]),
      discounts: oneOf([[], [{ percent: '33.3333' }]]),
    };
    const order = await api.order(token, lines, fields);
    const path = `/v1/orders/${order.id}`;
    const end = oneOf(['cancel', 'open', 'complete', 'complete', 'complete'] as const);
    if (end === 'cancel') return void (await post(`${path}/cancel`, { reason: 'gone' }, 200));
    if (lines.length > 1)
      expectStatus(200, await api.delete(`${path}/lines/${order.lines[0].id}`, { reason: 'gone' }, { token }));
    const { total } = await get(path);
    const payments: Json[] = [];
    for (const amount of [Math.floor(total / 3), total - Math.floor(total / 3)].filter((part) => part > 0))
      payments.push(await post(`${path}/payments`, { method: oneOf(['cash', 'card']), amount, tip: randomInt(0, 99) }));
    if (end === 'complete') await complete(order.id);
    kept.push({ id: order.id, payments });
  }

  /** All reports of all ranges of days, and the live figures of every day that is not closed. */
  async function reports(): Promise<Record<string, Json>> {
    const answers: Record<string, Json> = {};
    for (const [from, to] of [
      [0, DAYS],
      [1, 2],
      [randomInt(DAYS), DAYS - 1],
      [DAYS - 1, DAYS - 1],
      [DAYS, DAYS],
    ] as const)
      for (const groupBy of to === DAYS && from === 0 ? GROUPS_OF_SUMS : SUMMED_GROUPS) {
        const [first, last] = [Math.min(from, to), Math.max(from, to)].map((day) => dateOf(dayAt(day)));
        const path = `/v1/reports/sales?from=${first}&to=${last}&groupBy=${groupBy}`;
        answers[path] = await get(path);
      }
    for (const groupBy of PAYMENT_GROUPS) {
      const path = `/v1/reports/payments?from=${dateOf(dayAt(0))}&to=${dateOf(dayAt(DAYS))}&groupBy=${groupBy}`;
      answers[path] = await get(path);
    }
    for (let day = 0; day <= DAYS; day += 1) {
      const path = `/v1/business-days/${dateOf(dayAt(day))}`;
      answers[path] = await get(path);
    }
    answers['open'] = await get('/v1/business-days?status=open&limit=100');
    return answers;
  }

  /** Answers with the sums that there are, and then from the rows alone, are the same. */
  async function agree(): Promise<Record<string, Json>> {
    const withSums = await reports();
    const wanted = Object.keys(withSums);
    const before = await asOwner('select * from day_sums where restaurant_id = $1', [house.id]);
    await asOwner('update day_sums set version = 0, figures = null, parts_until = null where restaurant_id = $1', [
      house.id,
    ]);
    const fromRows: Record<string, Json> = {};
    for (const path of wanted)
      fromRows[path] = await get(path === 'open' ? '/v1/business-days?status=open&limit=100' : path);
    for (const { business_date: date, version, figures, parts_until: until } of before)
      await asOwner(
        'update day_sums set version = $3, figures = $4, parts_until = $5 where restaurant_id = $1 and business_date = $2',
        [house.id, date, version, figures, until],
      );
    assert.deepEqual(withSums, fromRows);
    return withSums;
  }

  /** Runs the command. @returns its exit code and what it wrote. */
  async function command(...args: string[]): Promise<{ code: number; text: string }> {
    let text = '';
    const streams = {
      out: { write: (part: string) => (text += part) },
      err: { write: (part: string) => (text += part) },
    };
    const findRestaurant = async () => ({ id: house.id, name: 'House' });
    return { code: await sumDays(args, { reports: api.context.reports, findRestaurant }, streams), text };
  }

  test('are made for the days that are over, and change no answer', async () => {
    const before = await reports();
    assert.deepEqual(await summedDays(), []);
    await daySums().makeDue(never);
    const over = Array.from({ length: DAYS }, (_, day) => dateOf(dayAt(day)));
    assert.deepEqual(await summedDays(), over);
    const later = await reports();
    for (const path of Object.keys(before)) if (later[path]) assert.deepEqual(later[path], before[path], path);
    await agree();
    const counted = await asOwner('select count(*)::int as n from day_sales where restaurant_id = $1', [house.id]);
    assert.ok(counted[0].n > 5 * DAYS);
  });

  test('are the audit’s: each equals its rows', async () => {
    assert.deepEqual(await command('audit'), {
      code: 0,
      text: `House: ${DAYS} days have sums, and all of them equal their rows.\n`,
    });
  });

  test('end with a change of the day, whatever it is, and are made again', async () => {
    const [first, second, third] = kept as [(typeof kept)[0], (typeof kept)[0], (typeof kept)[0]];
    const paid = kept.find(({ payments }) => payments.some(({ amount }) => amount > 10))!;
    const payment = paid.payments.find(({ amount }) => amount > 10)!;
    const changes: [what: string, change: () => Promise<unknown>][] = [
      ['a refund on another day', () => post(`/v1/payments/${payment.id}/refunds`, { amount: 5, reason: 'cold' })],
      ['a name', () => asOwner(`update order_lines set name = 'Named later' where order_id = $1`, [first.id])],
      ['a type', () => asOwner(`update orders set type = 'catering' where id = $1`, [second.id])],
      [
        'a time',
        () =>
          asOwner(`update orders set created_at = created_at - interval '3 hours', completed_at = null where id = $1`, [
            third.id,
          ]),
      ],
      ['a day', () => asOwner(`update orders set business_date = business_date - 1 where id = $1`, [third.id])],
      ['a removal', () => asOwner('update orders set deleted_at = now() where id = $1', [second.id])],
    ];
    for (const [what, change] of changes) {
      const days = (await summedDays()).length;
      const attempts = async () =>
        (await asOwner('select sum(attempt)::int as n from day_sums where restaurant_id = $1', [house.id]))[0].n;
      await change();
      const left = (await summedDays()).length;
      assert.ok(left < days, `${what} ended no sums`);
      await agree();
      const before = await attempts();
      await daySums().makeDue(never);
      assert.ok((await summedDays()).length >= days, what);
      assert.equal(
        (await attempts()) - before,
        (await summedDays()).length - left,
        `${what}: only those of the changed days`,
      );
      await agree();
    }
    assert.equal((await command('audit')).code, 0);
  });

  test('of past sales that are imported into an old day', async () => {
    const before = await agree();
    const date = dateOf(dayAt(2));
    const imported = await new ImportClient(api).run(token, csv(`a,${date}T12:00:00,Dish 0,3,7.00`), PLAIN);
    assert.equal(imported.status, 'completed', JSON.stringify(imported));
    assert.ok(!(await summedDays()).includes(date));
    const path = `/v1/reports/sales?from=${dateOf(dayAt(0))}&to=${dateOf(dayAt(DAYS))}&groupBy=item`;
    assert.equal((await get(path)).units, before[path]!.units + 3);
    await daySums().makeDue(never);
    assert.ok((await summedDays()).includes(date));
    await agree();
  });

  test('of parts of the open day change no answer, and end with a change of their orders', async () => {
    const call = systemCall(house.id, 'test');
    const options = { sizes: { fewest: 2, most: 3, rest: 1 } };
    const parts = async (): Promise<number> =>
      (
        await asOwner('select count(*)::int as n from day_parts where version > 0 and restaurant_id = $1', [house.id])
      )[0].n;
    const old = kept.findLast(({ payments }) => payments.some(({ amount }) => amount > 20))!;
    const before = kept.length;
    while (kept.length < before + 9) {
      now = new Date(now.getTime() + 20 * 60_000);
      await trade();
    }
    const today = kept.slice(before);
    const untouched = await agree();
    assert.ok((await daySums().makeParts(call, options)) >= 3);
    const parted = await agree();
    for (const path of Object.keys(untouched)) if (parted[path]) assert.deepEqual(parted[path], untouched[path], path);
    assert.equal((await command('audit')).code, 0);
    const [first, second, third] = today as [(typeof kept)[0], (typeof kept)[0], (typeof kept)[0]];
    const refunded = old.payments.find(({ amount }) => amount > 20)!;
    const changes: [what: string, change: () => Promise<unknown>][] = [
      ['a refund of an old order', () => post(`/v1/payments/${refunded.id}/refunds`, { amount: 3, reason: 'cold' })],
      ['a refund', () => post(`/v1/payments/${first.payments[0]!.id}/refunds`, { amount: 1, reason: 'cold' })],
      ['a name', () => asOwner(`update order_lines set name = 'Named last' where order_id = $1`, [second.id])],
      ['a void', () => asOwner(`update order_lines set voided_at = now() where order_id = $1`, [second.id])],
      ['a type', () => asOwner(`update orders set type = 'catering' where id = $1`, [third.id])],
      ['a removal', () => asOwner('update orders set deleted_at = now() where id = $1', [third.id])],
      ['another day', () => asOwner('update orders set business_date = business_date - 1 where id = $1', [second.id])],
    ];
    for (const [what, change] of changes) {
      const valid = await parts();
      await change();
      assert.equal(await parts(), valid - 1, `${what} ends one part`);
      await agree();
      await daySums().makeParts(call, options);
      assert.ok((await parts()) >= valid, what);
      await agree();
    }
    for (const [text, found] of [
      [`update part_sales set revenue = revenue + 1 where kind = 'item'`, /item [0-9a-f-]{36} differs/],
      [`update day_parts set figures = jsonb_set(figures, '{taxes}', '[]') where version > 0`, /figures taxes differs/],
      [
        `update day_parts set figures = jsonb_set(figures, '{orders,0,paid}', '-1') where version > 0`,
        /figures orders/,
      ],
    ] as const) {
      await asOwner(text);
      const audit = await command('audit');
      assert.equal(audit.code, 1);
      assert.match(audit.text, found);
      assert.equal((await command('make', '--again')).code, 0);
      assert.equal((await command('audit')).code, 0);
    }
  });

  test('are frozen by the close, and what a closed day lets through ends them', async () => {
    const date = dateOf(now);
    const later = await api.order(token, [{ menuItemId: items[0], quantity: 2 }], { type: 'takeaway' });
    await trade();
    await post(`/v1/business-days/${date}/close`, { acceptEarly: true, acceptOpenOrders: true });
    for (const table of ['day_parts', 'part_sales'])
      assert.deepEqual(await asOwner(`select * from ${table}`), [], 'the day as a whole replaces its parts');
    assert.ok((await summedDays()).includes(date));
    await agree();
    now = new Date(now.getTime() + DAY_MS);
    await complete(later.id);
    assert.ok(!(await summedDays()).includes(date), 'its hour may have changed');
    await agree();
    await daySums().makeDue(never);
    assert.ok((await summedDays()).includes(date));
    await agree();
    assert.equal((await command('audit')).code, 0);
  });

  test('give the hours of any time zone', async () => {
    for (const timezone of ['Asia/Kathmandu', 'America/St_Johns', 'Pacific/Chatham', 'Europe/Berlin']) {
      await patch('/v1/restaurant', { timezone });
      await agree();
    }
  });

  test('of another version are not read', async () => {
    await asOwner(
      `update day_sums set version = 99, figures = '{"total": 1}' where restaurant_id = $1 and business_date = $2`,
      [house.id, dateOf(dayAt(1))],
    );
    await agree();
    await asOwner('update day_sums set version = 0, figures = null where version = 99');
    await daySums().makeDue(never);
  });

  test('that are wrong are found by the audit and made again', async () => {
    const date = dateOf(dayAt(3));
    const faults: [text: string, found: RegExp][] = [
      [
        `update day_sales set revenue = revenue + 1 where kind = 'item' and business_date = $2`,
        /item [0-9a-f-]{36} differs/,
      ],
      [
        `update day_sales set newest = overlay(newest placing 'zz' from 37) where kind = 'category' and business_date = $2`,
        /category/,
      ],
      [`delete from day_sales where kind = 'hour' and business_date = $2`, /hour \d+ differs/],
      [
        `update day_sums set figures = jsonb_set(figures, '{tipTotal}', '-1') where version > 0 and business_date = $2`,
        /figures tipTotal/,
      ],
      [`update day_sums set figures = figures - 'balance' where version > 0 and business_date = $2`, /figures balance/],
    ];
    for (const [text, found] of faults) {
      await asOwner(`${text} and restaurant_id = $1`, [house.id, date]);
      const audit = await command('audit', '--from', date, '--to', date);
      assert.equal(audit.code, 1);
      assert.match(audit.text, found);
      assert.match(audit.text, /1 of 1 days have wrong sums/);
      assert.equal((await command('make', '--again', '--from', date, '--to', date)).code, 0);
      assert.equal((await command('audit')).code, 0);
    }
  });

  test('of rows written past the triggers are found as well', async () => {
    const date = dateOf(dayAt(3));
    const past = `set session_replication_role = replica; update payments set tip = tip + 1, tendered = tendered + 1
      where restaurant_id = '${house.id}' and business_date = '${date}'; set session_replication_role = origin`;
    await asOwner(past);
    assert.match((await command('audit')).text, new RegExp(`${date}: figures payments`));
    await command('make', '--again');
    assert.equal((await command('audit')).code, 0);
  });

  for (const args of [[], ['mend'], ['audit', 'more'], ['audit', '--from', 'monday'], ['make', '--never']])
    test(`the command refuses "${args.join(' ')}" and says how it is called`, async () => {
      const { code, text } = await command(...args);
      assert.equal(code, 2);
      assert.match(text, /Usage: servio sums audit\|make/);
    });
});
