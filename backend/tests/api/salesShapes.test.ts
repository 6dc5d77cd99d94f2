/** Rows of the sales report: zeros, top n, tables, servers, guests; and the report of payments. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { expectProblem } from '../support/problem.js';

describe('the shape of reports', () => {
  let api: TestApi;
  let token: string;
  let userId: string;
  let now = new Date('2026-11-09T11:00:00Z');

  before(async () => {
    api = await startApi({ clock: () => now });
    const own = await api.restaurant();
    userId = own.userId;
    token = await api.apiKey(own.token);
    const soup = await api.item(token, { name: 'Soup', price: 1000 });
    const cake = await api.item(token, { name: 'Cake', price: 300 });
    const tea = await api.item(token, { name: 'Tea', price: 200 });
    const lines = (...items: [Json, number][]) => items.map(([{ id }, quantity]) => ({ menuItemId: id, quantity }));
    const last = await api.order(own.token, lines([tea, 3]), {});
    const paid = await pay(last.id, 'cash', 600);
    expectStatus(201, await api.post(`/v1/payments/${paid.id}/refunds`, { amount: 200, reason: 'cold' }, { token }));
    // A Friday evening, and the night after it, which belongs to Friday.
    now = new Date('2026-11-06T18:30:00Z');
    await sell(lines([soup, 2], [tea, 1]), { type: 'dine_in', table: '12', guests: 2 }, ['cash', 'card']);
    now = new Date('2026-11-07T01:10:00Z');
    await sell(lines([cake, 1]), { type: 'dine_in', table: '12', guests: 3 }, ['card']);
  });
  after(() => api.close());

  const pay = async (orderId: string, method: string, amount: number): Promise<Json> =>
    expectStatus(201, await api.post(`/v1/orders/${orderId}/payments`, { method, amount }, { token }));

  async function sell(lines: object[], fields: object, methods: string[]): Promise<void> {
    const { id, total } = await api.order(token, lines, fields);
    const share = Math.floor(total / methods.length);
    for (const method of methods) await pay(id, method, share);
  }

  const sales = async (query: string, days = 'from=2026-11-05&to=2026-11-09'): Promise<Json> =>
    expectStatus(200, await api.get(`/v1/reports/sales?${days}&${query}`, { token }));
  const rowsOf = async (query: string, days?: string): Promise<unknown[]> =>
    (await sales(query, days)).data.map(({ key, label, orders, revenue }: Json) => [key, label, orders, revenue]);

  test('has days, months, weekdays and hours without sales as zeros', async () => {
    assert.deepEqual(await rowsOf('groupBy=day&fill=true'), [
      ['2026-11-05', '2026-11-05', 0, 0],
      ['2026-11-06', '2026-11-06', 2, 2500],
      ['2026-11-07', '2026-11-07', 0, 0],
      ['2026-11-08', '2026-11-08', 0, 0],
      ['2026-11-09', '2026-11-09', 1, 600],
    ]);
    assert.deepEqual(await rowsOf('groupBy=month&fill=true', 'from=2026-09-30&to=2026-12-01'), [
      ['2026-09', '2026-09', 0, 0],
      ['2026-10', '2026-10', 0, 0],
      ['2026-11', '2026-11', 3, 3100],
      ['2026-12', '2026-12', 0, 0],
    ]);
    assert.deepEqual(await rowsOf('groupBy=weekday&fill=true'), [
      ['1', 'mon', 1, 600],
      ['2', 'tue', 0, 0],
      ['3', 'wed', 0, 0],
      ['4', 'thu', 0, 0],
      ['5', 'fri', 2, 2500],
      ['6', 'sat', 0, 0],
      ['7', 'sun', 0, 0],
    ]);
    assert.deepEqual(await rowsOf('groupBy=weekday_hour'), [
      ['1-12', 'mon 12:00', 1, 600],
      ['5-02', 'fri 02:00', 1, 300],
      ['5-19', 'fri 19:00', 1, 2200],
    ]);
    const all = await sales('groupBy=weekday_hour&fill=true');
    assert.deepEqual([all.data.length, new Set(all.data.map(({ key }: Json) => key)).size], [168, 168]);
    const hours = await sales('groupBy=hour&fill=true');
    assert.deepEqual([hours.data.length, hours.data[19].revenue, hours.data[20].revenue], [24, 2200, 0]);
    assert.equal((await sales('groupBy=item&fill=true')).data.length, 3);
    assert.equal((await sales('groupBy=day&fill=true', 'from=2026-01-01&to=2027-02-04')).data.length, 400);
    const long = await api.get('/v1/reports/sales?from=2026-01-01&to=2027-02-05&fill=true', { token });
    assert.equal(expectProblem(422, long).errors[0].pointer, '?fill');
  });

  test('is sorted and cut, while its totals are of all rows', async () => {
    const names = async (query: string) => (await rowsOf(query)).map((row) => (row as string[])[1]);
    assert.deepEqual(await names('groupBy=item'), ['Soup', 'Tea', 'Cake']);
    assert.deepEqual(await names('groupBy=item&sort=-units&limit=1'), ['Tea']);
    assert.deepEqual(await names('groupBy=item&sort=revenue&limit=2'), ['Cake', 'Tea']);
    assert.deepEqual(await names('groupBy=day&sort=-key'), ['2026-11-09', '2026-11-06']);
    const top = await sales('groupBy=item&limit=1');
    const { revenue, orders, averageTotal, guests } = await sales('groupBy=item');
    assert.deepEqual([top.revenue, top.orders, top.data.length], [revenue, orders, 1]);
    assert.deepEqual([revenue, orders, averageTotal, guests], [3100, 3, 1033, null]);
    assert.equal((await sales('guests=true')).guests, 5);
    assert.equal((await sales('', 'from=2026-12-01&to=2026-12-01')).averageTotal, null);
  });

  test('tells sales by table and by server, for 31 days at most', async () => {
    assert.deepEqual(await rowsOf('groupBy=table'), [
      ['12', '12', 2, 2500],
      ['', '', 1, 600],
    ]);
    const servers = await rowsOf('groupBy=server');
    assert.deepEqual(
      servers.map((row) => (row as string[]).slice(1)),
      [
        ['till', 2, 2500],
        ['Olga Owner', 1, 600],
      ],
    );
    assert.equal((servers[1] as string[])[0], `user:${userId}`);
    await sales('groupBy=table', 'from=2026-11-01&to=2026-12-01');
    const long = 'from=2026-11-01&to=2026-12-02';
    for (const [query, pointer] of [
      ['groupBy=table', '?to'],
      ['groupBy=server', '?to'],
      ['guests=true', '?guests'],
      ['limit=0', '?limit'],
      ['sort=label', '?sort'],
    ]) {
      const refused = expectProblem(422, await api.get(`/v1/reports/sales?${long}&${query}`, { token }), query);
      assert.equal(refused.errors[0].pointer, pointer, query);
    }
  });

  test('tells payments and refunds by method, day and month, as their lists do', async () => {
    const payments = async (groupBy: string) =>
      expectStatus(
        200,
        await api.get(`/v1/reports/payments?from=2026-11-05&to=2026-11-09&groupBy=${groupBy}`, { token }),
      );
    const listed = expectStatus(200, await api.get('/v1/payments', { token })).data;
    const refunded = expectStatus(200, await api.get('/v1/refunds', { token })).data;
    const sum = (rows: Json[]) => rows.reduce((all, { amount }) => all + amount, 0);
    for (const [groupBy, keyOf] of [
      ['method', ({ method }: Json) => method],
      ['day', ({ businessDate }: Json) => businessDate],
      ['month', ({ businessDate }: Json) => businessDate.slice(0, 7)],
    ] as const) {
      const keys = [...new Set<string>([...listed, ...refunded].map(keyOf))].sort();
      const report = await payments(groupBy);
      const expected = keys.map((key) => {
        const [paid, back] = [listed, refunded].map((rows) => rows.filter((row: Json) => keyOf(row) === key));
        const [amount, refundAmount] = [sum(paid), sum(back)];
        return {
          key,
          payments: paid.length,
          amount,
          tip: 0,
          refunds: back.length,
          refundAmount,
          net: amount - refundAmount,
        };
      });
      assert.deepEqual(report.data, expected);
      assert.deepEqual([report.payments, report.amount, report.refundAmount], [4, 3100, 200]);
    }
  });
});
