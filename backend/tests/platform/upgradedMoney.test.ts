/**
 * A database of the time before refunds had names (0070): with refunds, a reopened order, papers
 * and a closed day. The upgrade changes nothing of it, and the old orders go on.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { withClient } from '../../src/config/database.js';
import { migrate } from '../../src/config/migrate.js';
import { expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { createOldDatabase, MIGRATIONS, type TestDatabase } from '../support/database.js';
import { Factories } from '../support/factories.js';
import { expectProblem } from '../support/problem.js';

const FIRST_NEW = '0070';
const DAY = '2026-11-20';
const EVENING = new Date(`${DAY}T19:00:00Z`);
const MORNING = new Date('2026-11-21T09:00:00Z');
const NAMES = `'{named,goodwill,namedTip,paymentTips}'::text[]`;

/**
 * Tables with their columns, without those that the migrations themselves write. Partitions are
 * left to their table: a later month has others.
 */
async function columnsOf(ownerUrl: string): Promise<Map<string, string>> {
  const text = `select c.table_name as "table", string_agg(quote_ident(c.column_name), ', ' order by c.column_name) as columns
    from information_schema.columns c
    join pg_class k on k.oid = format('%I.%I', c.table_schema, c.table_name)::regclass and not k.relispartition
    join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name and t.table_type = 'BASE TABLE'
    where c.table_schema = 'public' and c.table_name <> 'schema_migrations' and c.is_generated = 'NEVER'
    group by 1`;
  const { rows } = await withClient(ownerUrl, (owner) => owner.query<{ table: string; columns: string }>(text));
  return new Map(rows.map(({ table, columns }) => [table, columns]));
}

/** All rows by table, in the given columns. */
async function rowsOf(ownerUrl: string, tables: ReadonlyMap<string, string>): Promise<Map<string, string>> {
  return withClient(ownerUrl, async (owner) => {
    const all = new Map<string, string>();
    for (const [table, columns] of tables) {
      const text = `select coalesce(jsonb_agg(to_jsonb(r) order by to_jsonb(r)::text), '[]')::text as rows from (select ${columns} from ${table}) r`;
      all.set(table, (await owner.query<{ rows: string }>(text)).rows[0]!.rows);
    }
    return all;
  });
}

describe('a database with refunds and closed days of before', () => {
  let made: TestApi;
  let upgraded: TestApi;
  let old: TestDatabase;
  const closing: (() => Promise<void>)[] = [];
  let now = EVENING;
  let token: string;
  let frozen: Json;
  let orders: Json[];
  let tables: Map<string, string>;
  let rows: Map<string, string>;

  before(async () => {
    made = await startApi({ clock: () => now });
    closing.push(() => made.close());
    token = await made.apiKey((await made.restaurant()).token);
    await trade();
    old = await createOldDatabase(FIRST_NEW);
    closing.push(() => old.drop());
    tables = await columnsOf(old.ownerUrl);
    await copyRows();
    rows = await rowsOf(old.ownerUrl, tables);
    await migrate(old.ownerUrl, MIGRATIONS);
    upgraded = await startApi({ clock: () => now, database: { ...old, drop: async () => undefined } });
    closing.push(() => upgraded.close());
  });
  after(async () => {
    for (const close of closing.reverse()) await close();
  });

  async function trade(): Promise<void> {
    const { post, tax, pay, complete, issued, actOnOrder } = new Factories(() => ({ api: made, token }));
    const taxIds = [(await tax('19', true)).id];
    const steak = (await made.item(token, { name: 'Steak', price: 3_000, taxIds })).id;
    const wine = (await made.item(token, { name: 'Wine', price: 7_000, taxIds })).id;
    const refund = (id: string, amount: number) => post(`/v1/payments/${id}/refunds`, { amount, reason: 'raw' });
    orders = [];
    for (const kind of ['refunded', 'reopened', 'invoiced', 'on account']) {
      const { id, lines } = await made.order(
        token,
        [steak, wine].map((menuItemId) => ({ menuItemId, quantity: 1 })),
      );
      const payment = kind === 'on account' ? undefined : await pay(id, 'card', 10_000, 500);
      await complete(id);
      if (payment && kind !== 'invoiced') await refund(payment.id, 3_000);
      if (kind === 'reopened') {
        await actOnOrder(id, 'reopen');
        expectStatus(200, await made.delete(`/v1/orders/${id}/lines/${lines[0].id}`, { reason: 'raw' }, { token }));
        for (const action of ['start', 'ready', 'complete']) await actOnOrder(id, action);
      }
      if (kind === 'invoiced') await issued({ type: 'invoice', orderId: id });
      orders.push({ id, payment, lines });
    }
    now = MORNING;
    frozen = await post(`/v1/business-days/${DAY}/close`, { countedCash: 0 });
  }

  /** Copies what the old schema can hold. */
  async function copyRows(): Promise<void> {
    const source = await rowsOf(made.database.ownerUrl, tables);
    await withClient(old.ownerUrl, async (owner) => {
      await owner.query('begin');
      await owner.query('set local session_replication_role = replica');
      for (const [table, columns] of tables) {
        await owner.query(`delete from ${table}`);
        const text = `insert into ${table} (${columns}) overriding system value select ${columns} from jsonb_populate_recordset(null::${table}, $1)`;
        await owner.query(text, [source.get(table)]);
      }
      await owner.query(`update orders set refunded_bill = refunded_bill - ${NAMES} where refunded_bill is not null`);
      await owner.query(`select setval(pg_get_serial_sequence('events', 'seq'), (select max(seq) from events))`);
      await owner.query('commit');
    });
  }

  test('keeps every row as it was', async () => {
    const after = await rowsOf(old.ownerUrl, tables);
    for (const [table, before] of rows) assert.equal(after.get(table), before, table);
    assert.match(rows.get('refunds') ?? '', /"reason": "raw"/);
  });

  test('answers closed days and documents as before, and its audits are clean', async () => {
    const { get } = new Factories(() => ({ api: upgraded, token }));
    assert.deepEqual(await get(`/v1/business-days/${DAY}`), frozen);
    for (const type of ['day_close', 'invoice']) {
      const [document] = (await get(`/v1/documents?type=${type}`)).data;
      assert.equal((await get(`/v1/document-series/${document.seriesId}/audit`)).clean, true);
    }
  });

  test('goes on with its old orders: refunds, credit notes and write-offs of today', async () => {
    const { get, post } = new Factories(() => ({ api: upgraded, token }));
    const [refunded, reopened, invoiced, onAccount] = orders as [Json, Json, Json, Json];
    const { refunds } = await get(`/v1/orders/${refunded['id']}/payments`);
    assert.deepEqual([refunds[0].method, refunds[0].lines, refunds[0].goodwill], ['card', [], false]);
    const lines = [{ lineId: refunded['lines'][1].id }];
    const named = await post(`/v1/payments/${refunded['payment'].id}/refunds`, { lines, reason: 'corked' });
    // 3,000 of before were for both lines in proportion.
    assert.equal(named.amount, 4_900);
    const again = { amount: 3_000, reason: 'raw' };
    assert.equal((await upgraded.post(`/v1/payments/${reopened['payment'].id}/refunds`, again, { token })).status, 409);
    const [invoice] = (await get(`/v1/documents?orderId=${invoiced['id']}`)).data;
    await post(`/v1/documents/${invoice.id}/credit?issue=true`, { reason: 'late' });
    assert.equal((await get(`/v1/orders/${invoiced['id']}`)).dueTotal, -10_500);
    await post(`/v1/orders/${onAccount['id']}/write-off`, { reason: 'gone' }, 200);
    const { balance, refundTotal } = await get('/v1/business-days/2026-11-21');
    assert.equal(refundTotal, 4_900 + 10_500 + 10_000);
    assert.equal(balance.salesKept, balance.moneyKept + balance.dueTotal + balance.otherDays);
    assert.deepEqual(await get(`/v1/business-days/${DAY}`), frozen);
  });

  test('tells which closed days do not add up, also those that are older than their balance', async () => {
    const { get } = new Factories(() => ({ api: upgraded, token }));
    const report = () => get(`/v1/reports/closed-days?from=2026-11-01&to=${DAY}`);
    const change = (details: string) =>
      withClient(old.ownerUrl, async (owner) => {
        await owner.query(`set session_replication_role = replica`);
        await owner.query(`update documents set details = ${details} where type = 'day_close'`);
      });
    assert.deepEqual(await report(), { from: '2026-11-01', to: DAY, checked: 1, days: [] });
    // What came after the close (a refund, a credit note, a write-off) does not count.
    await change(`details #- '{dayClose,balance}'`);
    assert.deepEqual((await report()).days, []);
    await change(`jsonb_set(details, '{dayClose,total}', to_jsonb((details -> 'dayClose' ->> 'total')::bigint + 300))`);
    const [day] = (await report()).days;
    assert.deepEqual(
      [day.date, day.number, day.difference, day.salesKept],
      [DAY, frozen.number, 300, frozen.balance.salesKept + 300],
    );
    assert.equal(day.otherDays, frozen.balance.otherDays);
    const long = await upgraded.get('/v1/reports/closed-days?from=2025-01-01&to=2026-11-20', { token });
    assert.equal(expectProblem(422, long).code, 'invalid_request');
  });
});
