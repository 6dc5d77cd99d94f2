/** Sheets of codes: what the printed squares say is what was handed out. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { expectStatus, type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { makePool, rowsOf, statusOf } from '../support/codes.js';
import { readPdf } from '../support/pdfText.js';
import { expectProblem } from '../support/problem.js';
import { qrOfPixels, qrOfSquares } from '../support/qrOfPdf.js';

const GRID = { columns: 3, rows: 4 };

describe('sheets of codes', () => {
  let api: TestApi;
  let mine: TestRestaurant;
  let token: string;
  let aheadMs = 0;

  before(async () => {
    api = await startApi({ clock: () => new Date(Date.now() + aheadMs) });
    mine = await api.restaurant();
    token = await api.apiKey(mine.token);
  });
  after(() => api.close());

  async function sheet(poolId: string, exportId?: string): Promise<Buffer> {
    const query = exportId === undefined ? '' : `?exportId=${exportId}`;
    const response = await fetch(`${api.url}/v1/code-pools/${poolId}/sheet.pdf${query}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-type'), 'application/pdf');
    return Buffer.from(await response.arrayBuffer());
  }

  const makeExport = async (poolId: string, count: number, headers: Record<string, string> = {}): Promise<Json> =>
    expectStatus(201, await api.post(`/v1/code-pools/${poolId}/exports`, { count }, { token, headers }));

  test('every voucher of an export can be read from its square, over several pages', async (context) => {
    const pool = await makePool(api, mine, { kind: 'voucher', value: 2_500, name: 'Gift card' });
    const { id, data, count } = await makeExport(pool.id, 15);
    assert.equal(count, 15);
    const codes = data.map(({ code }: Json) => code);
    const pdf = await sheet(pool.id, id);
    assert.deepEqual(qrOfSquares(pdf, GRID), codes);
    const pixels = await qrOfPixels(pdf, GRID);
    if (pixels) assert.deepEqual(pixels, codes);
    else context.diagnostic('pdftoppm is not installed: read from the squares of the file only');
    const { pages } = readPdf(pdf);
    assert.equal(pages.length, 2);
    const text = pages.flatMap(({ texts }) => texts).join(' ');
    assert.match(text, /Gift card/);
    assert.match(text, /25\.00 EUR/);
    assert.ok(text.includes(codes[0].slice(0, 4)));
    for (const code of codes.slice(0, 2))
      assert.equal(expectStatus(200, await api.post('/v1/codes/redeem', { code }, { token })).amount, 2_500);
  });

  test('an export is readable for ten minutes, and then nothing of it is left', async () => {
    const pool = await makePool(api, mine, { kind: 'voucher', value: 100 });
    const headers = { 'idempotency-key': 'one-export' };
    const made = await makeExport(pool.id, 3, headers);
    assert.deepEqual(await makeExport(pool.id, 3, headers), made);
    assert.equal((await statusOf(api, token, pool.id)).claimed, 3);
    const other = await makePool(api, mine, { kind: 'voucher' });
    const path = (poolId: string, query: string) => `/v1/code-pools/${poolId}/sheet.pdf${query}`;
    expectProblem(404, await api.get(path(other.id, `?exportId=${made.id}`), { token }));
    expectProblem(422, await api.get(path(pool.id, ''), { token }));
    aheadMs = 10 * 60_000 + 1_000;
    expectProblem(409, await api.get(path(pool.id, `?exportId=${made.id}`), { token }));
    await api.context.codePools.exports.forget(mine.id);
    assert.deepEqual(await rowsOf(api, 'select 1 from code_exports where restaurant_id = $1', [mine.id]), []);
    aheadMs = 0;
  });

  test('cards of tables can be printed again and again', async () => {
    const pool = await makePool(api, mine, { kind: 'table', target: 0, lowWater: 0 });
    const { data } = expectStatus(
      201,
      await api.post(`/v1/code-pools/${pool.id}/claims`, { tables: ['B', 'A'] }, { token }),
    );
    const codes = [data[1].code, data[0].code];
    for (let round = 0; round < 2; round += 1) assert.deepEqual(qrOfSquares(await sheet(pool.id), GRID), codes);
    expectStatus(200, await api.post(`/v1/table-tokens/${data[0].id}/revoke`, {}, { token }));
    assert.deepEqual(qrOfSquares(await sheet(pool.id), GRID), [data[1].code]);
    expectProblem(409, await api.post(`/v1/code-pools/${pool.id}/exports`, { count: 1 }, { token }));
  });

  test('an export of more than there is takes nothing', async () => {
    const pool = await makePool(api, mine, { kind: 'voucher', target: 10, lowWater: 0 });
    expectProblem(503, await api.post(`/v1/code-pools/${pool.id}/exports`, { count: 11 }, { token }));
    assert.equal((await statusOf(api, token, pool.id)).claimed, 0);
    assert.equal((await makeExport(pool.id, 10)).count, 10);
  });
});

describe('pick-up codes on orders', () => {
  let api: TestApi;
  let mine: TestRestaurant;
  let token: string;
  let item: Json;

  before(async () => {
    api = await startApi();
    mine = await api.restaurant();
    ({ token } = mine);
    item = await api.item(token);
  });
  after(() => api.close());

  const order = (type = 'takeaway') => api.order(token, [{ menuItemId: item.id, quantity: 1 }], { type });

  async function setPickup(pickupCodes: object | null): Promise<void> {
    const { version } = (await api.get('/v1/restaurant', { token })).body;
    const headers = { 'if-match': `"${version}"` };
    expectStatus(200, await api.patch('/v1/restaurant', { pickupCodes }, { token, headers }));
  }

  test('orders of the chosen types get one, which is stored and answered; others get none', async () => {
    assert.equal((await order()).pickupCode, null);
    const pool = await makePool(api, mine, { kind: 'pickup' });
    await setPickup({ poolId: pool.id, orderTypes: ['takeaway'] });
    const orders = await Promise.all(Array.from({ length: 30 }, () => order()));
    const codes = new Set(orders.map(({ pickupCode }) => pickupCode));
    assert.equal(codes.size, 30);
    assert.ok(!codes.has(null));
    const stored = expectStatus(200, await api.get(`/v1/orders/${orders[0]?.id}`, { token }));
    assert.equal(stored.pickupCode, orders[0]?.pickupCode);
    assert.equal((await order('dine_in')).pickupCode, null);
    assert.equal((await statusOf(api, token, pool.id)).claimed, 30);
    expectProblem(409, await api.delete(`/v1/code-pools/${pool.id}`, undefined, { token }), 'in_use');
  });

  test('orders that wait for the same lease get a code each, though it has fewer', async () => {
    const pool = await makePool(api, mine, { kind: 'pickup', batch: 1 });
    await setPickup({ poolId: pool.id, orderTypes: ['takeaway'] });
    const orders = await Promise.all(Array.from({ length: 40 }, () => order()));
    const codes = orders.map(({ pickupCode }) => pickupCode);
    assert.ok(!codes.includes(null), codes.join(' '));
    assert.equal(new Set(codes).size, 40);
    // The first ones are decided by the settings before, but their codes are of this pool.
    assert.equal((await statusOf(api, token, pool.id)).claimed, 40);
  });

  test('an empty pool stops no order', async () => {
    const pool = await makePool(api, mine, { kind: 'pickup', target: 2, lowWater: 0 });
    await setPickup({ poolId: pool.id, orderTypes: ['takeaway'] });
    // The first one is decided by the settings of the orders before, and then again by these.
    const codes = [(await order()).pickupCode, (await order()).pickupCode, (await order()).pickupCode];
    assert.equal(codes.filter((code) => code !== null).length, 2);
    const { claimed } = await statusOf(api, token, pool.id);
    assert.equal(claimed, 2, 'codes of this pool');
    assert.equal(codes[2], null);
  });

  test('the setting names a pool of pick-up codes', async () => {
    const voucher = await makePool(api, mine, { kind: 'voucher' });
    const { version } = (await api.get('/v1/restaurant', { token })).body;
    const headers = { 'if-match': `"${version}"` };
    const pickupCodes = { poolId: voucher.id, orderTypes: [] };
    expectProblem(404, await api.patch('/v1/restaurant', { pickupCodes }, { token, headers }));
    await setPickup(null);
    assert.equal((await order()).pickupCode, null);
  });
});
