/**
 * A slow database, lost connections and a process killed while it issues: no number is used twice,
 * none is skipped, and every confirmed document is stored. `DOCUMENT_CYCLES=100` makes the run
 * long. The test prints figures.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { withClient } from '../../src/config/database.js';
import { expectStatus, startApi, type TestApi } from '../support/api.js';
import { DocumentTills, ISSUE_PATH } from '../support/documentTills.js';
import { makeDataDir, removeDataDir, ServerProcess } from '../support/serverProcess.js';

const CYCLES = Number(process.env['DOCUMENT_CYCLES'] ?? 3);
const TILLS = 8;
const BODY = { type: 'receipt', lines: [{ description: 'Dinner', quantity: '1', unitPrice: 1_000 }] };

const withKey = (key: string | undefined) => (key === undefined ? {} : { headers: { 'idempotency-key': key } });

describe('documents on a database in trouble', () => {
  let api: TestApi;
  let token: string;
  before(async () => {
    api = await startApi();
    token = (await api.restaurant()).token;
  });
  after(() => api.close());

  const asOwner = (sql: string) => withClient(api.database.ownerUrl, (owner) => owner.query(sql));

  test('lost connections lose no document and no number', async () => {
    const tills = new DocumentTills(TILLS, (method, path, body, key) =>
      api.request(method, path, body, { token, ...withKey(key) }),
    );
    for (let cycle = 0; cycle < CYCLES; cycle += 1) {
      await tills.untilMore(20);
      await asOwner(
        `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'servio_app' and datname = current_database()`,
      );
    }
    await tills.untilMore(20);
    await tills.end();
    await tills.assertWhole();
  });

  test('a database that does not answer in time: 503 within three seconds, the draft kept, and the same key finishes it', async () => {
    token = (await api.restaurant()).token;
    await asOwner(`
      create function dawdle() returns trigger language plpgsql as $$ begin perform pg_sleep(4); return null; end $$;
      create trigger dawdle before update on documents for each statement execute function dawdle()`);
    const key = randomUUID();
    const startedAt = performance.now();
    const refused = await api.post(ISSUE_PATH, BODY, { token, headers: { 'idempotency-key': key } });
    const waitedMs = performance.now() - startedAt;
    assert.deepEqual(
      [refused.status, refused.body.code, refused.headers.get('retry-after')],
      [503, 'database_unavailable', '1'],
    );
    assert.ok(waitedMs > 2_500 && waitedMs < 4_000, `${waitedMs} ms`);
    const [kept] = expectStatus(200, await api.get('/v1/documents', { token })).data;
    assert.deepEqual([kept.status, kept.number], ['draft', null]);
    await asOwner('drop function dawdle cascade');
    const issued = expectStatus(201, await api.post(ISSUE_PATH, BODY, { token, headers: { 'idempotency-key': key } }));
    assert.deepEqual([issued.id, issued.counter], [kept.id, 1]);
  });

  test('restaurants whose counters somebody holds are told to come back, and keep nobody else from a number', async () => {
    const issue = (one: string) => api.post(ISSUE_PATH, BODY, { token: one });
    const held = await Promise.all([1, 2, 3].map(async () => (await api.restaurant()).token));
    for (const one of held) expectStatus(201, await issue(one));
    await withClient(api.database.ownerUrl, async (owner) => {
      await owner.query('begin');
      await owner.query('select from document_counters for update');
      const refused = await Promise.all(held.map(issue));
      assert.deepEqual(
        refused.map(({ status, headers }) => [status, headers.get('retry-after')]),
        held.map(() => [503, '1']),
      );
      expectStatus(201, await issue((await api.restaurant()).token));
      await owner.query('rollback');
    });
    for (const one of held) assert.equal(expectStatus(201, await issue(one)).counter, 2);
  });

  test('one document that the database refuses takes neither the others nor a number with it', async () => {
    token = (await api.restaurant()).token;
    await asOwner(
      `alter table documents add constraint planted check (notes <> 'poison' or status = 'draft') not valid,
         add constraint never check (notes <> 'unwritable') not valid`,
    );
    const notes = ['good', 'poison', 'unwritable', 'good', 'good'];
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) => api.post(ISSUE_PATH, { ...BODY, notes: notes[index % 5] }, { token })),
    );
    await asOwner('alter table documents drop constraint planted, drop constraint never');
    const made = answers.filter(({ status }) => status === 201).map(({ body }) => body.counter);
    assert.deepEqual(
      made.sort((a, b) => a - b),
      Array.from({ length: 18 }, (_, index) => index + 1),
    );
    assert.equal(answers.filter(({ status }) => status === 500).length, 12);
  });

  test('drafts that come together share a transaction, and one that the rules refuse costs the others nothing', async () => {
    const { id, token: till } = await api.restaurant();
    const bad = { ...BODY, lines: [{ ...BODY.lines[0], taxIds: [randomUUID()] }] };
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) => {
        // Every fourth key is sent twice.
        const key = `key-${index - (index % 4 === 1 ? 1 : 0)}`;
        return api.post(ISSUE_PATH, index % 8 === 7 ? bad : BODY, { token: till, ...withKey(key) });
      }),
    );
    const made = answers.filter(({ status }) => status === 201);
    assert.deepEqual(
      answers.flatMap(({ status }, index) => (status === 201 ? [] : [index % 8])),
      Array.from({ length: 5 }, () => 7),
    );
    assert.equal(new Set(made.map(({ body }) => body.id)).size, 25);
    const { rows } = await asOwner(
      `select count(*)::int as drafts, count(distinct xmin::text)::int as commits from events
       where restaurant_id = '${id}' and type = 'document.created'`,
    );
    assert.equal(rows[0].drafts, 25);
    assert.ok(rows[0].commits <= 12, `${rows[0].commits} transactions`);
  });
});

describe('documents of a process that is killed', () => {
  let dataDir: string;
  let server: ServerProcess;
  before(async () => {
    dataDir = await makeDataDir();
    server = await ServerProcess.start(dataDir);
  });
  after(async () => {
    await server.stop();
    await removeDataDir(dataDir);
  });

  test(`killed ${CYCLES} times in mid-issue: no duplicate, no gap, no acknowledged document lost`, async () => {
    const { token } = await server.openRestaurant();
    const startedAt = performance.now();
    const tills = new DocumentTills(TILLS, (method, path, body, key) =>
      server.request(method, path, { token, body, ...withKey(key) }),
    );
    for (let cycle = 0; cycle < CYCLES; cycle += 1) {
      await tills.untilMore(20);
      await server.stop(['SIGKILL']);
      server = await ServerProcess.start(dataDir);
    }
    await tills.untilMore(20);
    await tills.end();
    const seconds = Math.round((performance.now() - startedAt) / 1_000);
    await tills.assertWhole();
    await tills.assertRepeatable();
    if (process.env['DOCUMENT_CYCLES'] !== undefined)
      console.log(
        `killed ${CYCLES} times: ${tills.confirmed.size} documents in ${seconds} s, ${tills.repeats} repeats`,
      );
  });
});
