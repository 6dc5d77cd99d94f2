/**
 * Vouchers are sold, handed out, used and given back by many callers at two servers, which are
 * killed again and again. Afterwards: no voucher was handed out twice or lost, and each sale is
 * what is left on its vouchers and what they have paid, with its tax. `SALE_KILLS=30` is the long
 * version.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { after, before, describe, test } from 'node:test';
import { expectStatus, type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { makePool, rowsOf } from '../support/codes.js';
import { TEST_SECRET } from '../support/database.js';
import { Factories } from '../support/factories.js';
import { makeDataDir, removeDataDir, type Reply, ServerProcess } from '../support/serverProcess.js';

const KILLS = Number(process.env['SALE_KILLS'] ?? 2);
const CALLERS = 6;

interface Sale {
  path: string;
  key: string;
  /** Undefined: nobody saw the answer. */
  codes: string[] | undefined;
}

describe(`vouchers sold at two servers that are killed ${KILLS} times`, () => {
  let api: TestApi;
  let mine: TestRestaurant;
  let token: string;
  let dataDir: string;
  let voucher: string;
  let meal: string;
  let servers: ServerProcess[] = [];
  const sales: Sale[] = [];
  let isOver = false;

  before(async () => {
    api = await startApi();
    mine = await api.restaurant({ timezone: 'UTC' });
    ({ token } = mine);
    dataDir = await makeDataDir();
    const pool = await makePool(api, mine, {
      kind: 'voucher',
      taxKind: 'single_purpose',
      target: 2_000,
      lowWater: 1_500,
    });
    const taxIds = [(await tax('19', true)).id];
    voucher = (await api.item(token, { name: 'Dinner', price: 1_000, taxIds, voucherPoolId: pool.id })).id;
    meal = (await api.item(token, { name: 'Menu', price: 1_500, taxIds })).id;
    servers = await Promise.all([start(), start()]);
  });
  after(async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await api.close();
    await removeDataDir(dataDir);
  });
  const { get, tax } = new Factories(() => ({ api, token }));
  const start = (): Promise<ServerProcess> => {
    const { ownerUrl, appUrl } = api.database;
    // Servers are killed here, PostgreSQL is not.
    const settings = {
      DATABASE_URL: ownerUrl,
      DATABASE_APP_URL: appUrl,
      JWT_SECRET: TEST_SECRET,
      ALLOW_UNSAFE_DATABASE: 'true',
    };
    return ServerProcess.start(dataDir, settings);
  };
  const rows = (sql: string): Promise<Json[]> => rowsOf(api, sql, [mine.id]);

  /** Sends to one of the servers, until somebody answers. */
  async function send(path: string, body: object, key: string = randomUUID()): Promise<Reply> {
    for (let turn = 0; ; turn += 1) {
      const server = servers[(turn + key.charCodeAt(0)) % 2]!;
      const reply = await server.request('POST', path, { token, body, headers: { 'idempotency-key': key } });
      if (reply.status > 0 && reply.status < 500) return reply;
      if (isOver) return reply;
      await sleep(50);
    }
  }

  async function sellAndEat(): Promise<void> {
    const lines = [{ menuItemId: voucher, quantity: 2 }];
    const sale = (await send('/v1/orders', { type: 'takeaway', lines })).body;
    if (!sale?.id) return;
    const paid = await send(`/v1/orders/${sale.id}/payments`, { method: 'card', amount: sale.total });
    if (paid.status !== 201) return;
    const mineNow: Sale = {
      path: `/v1/orders/${sale.id}/lines/${sale.lines[0].id}/vouchers`,
      key: randomUUID(),
      codes: undefined,
    };
    sales.push(mineNow);
    // Sent once: a kill may take its answer away.
    const server = servers[sales.length % 2]!;
    const headers = { 'idempotency-key': mineNow.key };
    const handed = await server.request('POST', mineNow.path, { token, body: {}, headers });
    if (handed.status !== 201) return;
    mineNow.codes = handed.body.data.map(({ code }: Json) => code);
    const [code] = mineNow.codes!;
    const dinner = (await send('/v1/orders', { type: 'takeaway', lines: [{ menuItemId: meal, quantity: 1 }] })).body;
    if (!dinner?.id) return;
    const used = await send(`/v1/orders/${dinner.id}/payments`, { method: 'voucher', amount: 701, code });
    if (used.status !== 201) return;
    await send(`/v1/payments/${used.body.id}/refunds`, { amount: 333, reason: 'cold' });
  }

  test('hands out nothing twice, loses nothing, and taxes nothing twice', { timeout: 600_000 }, async () => {
    const callers = Array.from({ length: CALLERS }, async () => {
      while (!isOver) await sellAndEat();
    });
    for (let kill = 0; kill < KILLS; kill += 1) {
      const before = sales.length;
      for (let wait = 0; sales.length < before + 10 && wait < 400; wait += 1) await sleep(25);
      await sleep(Math.random() * 100);
      const place = kill % 2;
      servers[place]!.child.kill('SIGKILL');
      servers[place] = await start();
    }
    isOver = true;
    await Promise.all(callers);
    assert.ok(sales.length >= KILLS * 10, `only ${sales.length} sales`);
    for (const { path, key, codes } of sales) {
      const again = await api.post(path, {}, { token, headers: { 'idempotency-key': key } });
      const found = expectStatus(201, again).data.map(({ code }: Json) => code);
      if (codes) assert.deepEqual(found, codes, 'the same key gave other codes');
      assert.equal(found.length, 2);
    }
    const [codes] = await rows(
      `select count(*)::int as count, count(distinct hash)::int as distinct, count(distinct order_line_id)::int as lines
       from codes where restaurant_id = $1 and order_line_id is not null`,
    );
    assert.deepEqual(
      [codes!['count'], codes!['distinct'], codes!['lines']],
      [2 * sales.length, 2 * sales.length, sales.length],
    );
    await assertKept();
  });

  /** Amount and tax of the vouchers handed out are those on vouchers and in payments. */
  async function assertKept(): Promise<void> {
    const taxIn = (prepaid: string) => `coalesce((select sum((t ->> 'amount')::int)
      from jsonb_array_elements(${prepaid} -> 'charges') c, jsonb_array_elements(c -> 'taxes') t), 0)`;
    const [kept] = await rows(
      `select
         (select sum(balance) from codes where restaurant_id = $1)::int as balance,
         (select sum(${taxIn('prepaid')}) from codes where restaurant_id = $1)::int as "onVouchers",
         (select coalesce(sum(amount), 0) from payments where restaurant_id = $1 and prepaid is not null)::int as paid,
         (select max(business_date)::text from payments where restaurant_id = $1) as today,
         (select coalesce(sum(${taxIn('prepaid')}), 0) from payments where restaurant_id = $1)::int as "inPayments",
         (select coalesce(sum(amount), 0) from refunds where restaurant_id = $1 and prepaid is not null)::int as back,
         (select coalesce(sum(${taxIn('prepaid')}), 0) from refunds where restaurant_id = $1)::int as "inRefunds",
         (select sum(l.tax_amount) from order_lines l where l.restaurant_id = $1
            and exists (select from codes c where c.restaurant_id = $1 and c.order_line_id = l.id))::int as tax`,
    );
    const { balance, onVouchers, paid, inPayments, back, inRefunds, tax: sold, today } = kept!;
    assert.ok(paid > 0 && back > 0, 'nothing was used');
    assert.equal(balance + paid - back, 2_000 * sales.length);
    assert.equal(onVouchers + inPayments - inRefunds, sold);
    const { vouchersRedeemed, balance: sides } = await get(`/v1/business-days/${today}`);
    assert.equal(vouchersRedeemed, paid - back);
    assert.equal(sides.salesKept, sides.moneyKept + sides.dueTotal + sides.otherDays);
  }
});
