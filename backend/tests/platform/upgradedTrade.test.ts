/**
 * A database that an older version wrote itself, before refunds knew their bill: refunds of sales,
 * reopened orders, papers, two closed days, of which one counts a refund twice, and an open one.
 *
 * `samples/tradeOfOlderVersion.jsonl` is made-up trade of one restaurant. A script ran it over HTTP
 * against the code of commit a0e02a1 (migrations up to 0038) with a clock of its own, and wrote
 * each answer and each row as JSON. Events, audit log, sessions and the password are left out.
 *
 * `samples/eventsOfOlderVersion.jsonl` has events that the tests of that commit made it write: each
 * type with each field that it had.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { withClient } from '../../src/config/database.js';
import { migrate } from '../../src/config/migrate.js';
import { systemCall } from '../../src/domain/shared/call.js';
import { newId } from '../../src/utils/ids.js';
import { expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { ContractCheck } from '../support/contract.js';
import { createOldDatabase, MIGRATIONS, type TestDatabase } from '../support/database.js';
import { Factories } from '../support/factories.js';

const SAMPLE = new URL('../../../backend/tests/samples/tradeOfOlderVersion.jsonl', import.meta.url);
const EVENTS = new URL('../../../backend/tests/samples/eventsOfOlderVersion.jsonl', import.meta.url);
const FIRST_NEW = '0039';
const NOW = new Date('2026-11-22T19:00:00Z');
const DOUBLE = '2026-11-20';
const CLEAN = '2026-11-21';
/** Money that was frozen, or is of a time before. */
const KEPT = ['business_days', 'documents', 'payments', 'refunds', 'order_lines', 'orders'];

interface Sample {
  names: Record<string, string>;
  answers: Map<string, Json>;
  tables: Map<string, Json[]>;
}

async function readSample(): Promise<Sample> {
  const sample: Sample = { names: {}, answers: new Map(), tables: new Map() };
  for (const line of (await readFile(SAMPLE, 'utf8')).trim().split('\n')) {
    const [kind, name, body] = JSON.parse(line);
    if (kind === 'names') sample.names = name;
    else if (kind === 'answer') sample.answers.set(name, body);
    else sample.tables.set(name, [...(sample.tables.get(name) ?? []), body]);
  }
  return sample;
}

describe('a database that an older version wrote', () => {
  let old: TestDatabase;
  let api: TestApi;
  let token: string;
  let sample: Sample;
  let untouched: Map<string, string>;
  let events: Json[];

  before(async () => {
    sample = await readSample();
    old = await createOldDatabase(FIRST_NEW);
    await withClient(old.ownerUrl, async (owner) => {
      await owner.query('set session_replication_role = replica');
      for (const [table, rows] of sample.tables)
        await owner.query(`insert into ${table} select * from jsonb_populate_recordset(null::${table}, $1)`, [
          JSON.stringify(rows),
        ]);
    });
    events = (await readFile(EVENTS, 'utf8'))
      .trim()
      .split('\n')
      .map((line): Json => ({ ...JSON.parse(line), id: newId() }));
    await withClient(old.ownerUrl, (owner) =>
      owner.query(
        `insert into events (restaurant_id, id, type, subject, subject_id, data, created_at)
         select $1, e.id, e.type, e.subject, e.subject_id, e.data, now()
         from jsonb_to_recordset($2) as e(id uuid, type text, subject text, subject_id uuid, data jsonb)`,
        [sample.tables.get('restaurants')![0]!['id'], JSON.stringify(events)],
      ),
    );
    untouched = await stored();
    await migrate(old.ownerUrl, MIGRATIONS);
    api = await startApi({ clock: () => NOW, database: { ...old, drop: async () => undefined } });
    token = await ownersToken();
  });
  after(async () => {
    await api.close();
    await old.drop();
  });
  const { get, post, pay, complete } = new Factories(() => ({ api, token }));

  /** The owner gets the password of a new account. */
  async function ownersToken(): Promise<string> {
    const { userId, password } = await api.restaurant();
    const [owner] = sample.tables.get('users')!;
    await withClient(old.ownerUrl, (client) =>
      client.query('update users set password_hash = (select password_hash from users where id = $1) where id = $2', [
        userId,
        owner!.id,
      ]),
    );
    const login = await api.post('/v1/auth/login', { email: owner!.email, password });
    return api.apiKey(expectStatus(200, login).accessToken);
  }

  /** Rows of the kept tables as text, in the columns that they had. */
  async function stored(): Promise<Map<string, string>> {
    return withClient(old.ownerUrl, async (owner) => {
      const all = new Map<string, string>();
      for (const table of KEPT) {
        const columns = Object.keys(sample.tables.get(table)![0]).join(', ');
        const text = `select coalesce(string_agg(r::text, e'\\n' order by r::text), '') as rows from (select ${columns} from ${table}) r`;
        all.set(table, (await owner.query<{ rows: string }>(text)).rows[0]!.rows);
      }
      return all;
    });
  }

  test('keeps every row of its trade, byte for byte', async () => {
    const now = await stored();
    for (const table of KEPT) assert.equal(now.get(table), untouched.get(table), table);
    assert.equal(sample.tables.get('business_days')!.length, 2);
  });

  test('tells its events as they were written, and /openapi.json describes them', async () => {
    const contract = await ContractCheck.load(api.url);
    await api.context.events.relay();
    const told = new Map<string, Json>();
    for (let after = 0, latest = 1; after < latest; ) {
      const page = await get(`/v1/events?after=${after}&limit=100`);
      for (const event of page.data) told.set(event.id, event);
      [after, latest] = [page.nextAfter, page.latest];
    }
    for (const { id, type, data } of events) {
      const event = told.get(id);
      assert.deepEqual([event?.type, event?.data], [type, data], type);
      assert.equal(contract.faultOfEvent(type, event), undefined);
    }
  });

  test('answers its closed days as it did, and reports the same sales', async () => {
    for (const [path, was] of sample.answers) {
      const now = await get(path);
      const known = path.includes('reports') ? was : path.endsWith('22') ? {} : was;
      for (const [field, value] of Object.entries(known)) {
        if (field !== 'data') assert.deepEqual(now[field], value, `${path} ${field}`);
        else
          for (const [index, row] of (value as Json[]).entries())
            for (const [name, figure] of Object.entries(row))
              assert.deepEqual(now.data[index][name], figure, `${path} ${name}`);
      }
    }
  });

  test('has clean audits, and says which closed day does not add up', async () => {
    for (const { id } of (await get('/v1/document-series?limit=100')).data)
      assert.equal((await get(`/v1/document-series/${id}/audit`)).clean, true, id);
    const { checked, days } = await get(`/v1/reports/closed-days?from=${DOUBLE}&to=${CLEAN}`);
    assert.equal(checked, 2);
    // The older version took 70.00 off twice for the order that was refunded and then cancelled,
    // 30.00 for the one that was refunded and then lost its line, and 30.00 owed to a guest were
    // not due.
    assert.deepEqual(
      days.map(({ date, difference }: Json) => [date, difference]),
      [[DOUBLE, -13_000]],
    );
    await api.context.reports.daySums.makeDue(() => false);
    const call = systemCall(sample.tables.get('restaurants')![0]!['id'], 'test');
    for await (const { date, faults } of api.context.reports.daySums.audit(call, DOUBLE, CLEAN))
      assert.deepEqual(faults, [], date);
  });

  test('goes on: the open order of a closed day is paid, and today adds up', async () => {
    const { names } = sample;
    const open = await get(`/v1/orders/${names['open']}`);
    await pay(open.id, 'card', open.dueTotal);
    await complete(open.id);
    const account = await get(`/v1/orders/${names['on account']}`);
    await post(`/v1/orders/${account.id}/write-off`, { reason: 'gone' }, 200);
    const { balance, total, refundTotal } = await get('/v1/business-days/2026-11-22');
    assert.equal(balance.salesKept, total - refundTotal);
    assert.equal(balance.salesKept, balance.moneyKept + balance.dueTotal + balance.otherDays);
    for (const date of [DOUBLE, CLEAN])
      assert.equal(
        (await get(`/v1/business-days/${date}`)).total,
        sample.answers.get(`/v1/business-days/${date}`)!.total,
      );
  });
});
