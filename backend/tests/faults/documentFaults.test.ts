/**
 * A slow database, lost connections, and a process that is killed in mid-issue: no number twice, none left out, and nothing lost that a
 * caller was told. `DOCUMENT_CYCLES=100` makes it long.
 */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { withClient } from '../../src/config/database.js';
import { expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { makeDataDir, removeDataDir, ServerProcess } from '../support/serverProcess.js';

const CYCLES = Number(process.env['DOCUMENT_CYCLES'] ?? 3);
const TILLS = 8;
const BODY = { type: 'receipt', lines: [{ description: 'Dinner', quantity: '1', unitPrice: 1_000 }] };
const PATH = '/v1/documents?issue=true';

/** What a caller learns of one attempt. */
type Send = (key: string) => Promise<{ status: number; body: Json }>;

/** Callers, each of whom repeats a document under its key until it knows its number. */
class Tills {
  readonly confirmed = new Map<string, number>();
  readonly #work: Promise<unknown>;
  #isOver = false;

  constructor(send: Send) {
    this.#work = Promise.all(Array.from({ length: TILLS }, () => this.#sell(send)));
  }

  async untilMore(count: number): Promise<void> {
    const wanted = this.confirmed.size + count;
    while (this.confirmed.size < wanted) await sleep(5);
  }

  async end(): Promise<void> {
    this.#isOver = true;
    await this.#work;
  }

  async #sell(send: Send): Promise<void> {
    while (!this.#isOver) {
      const key = randomUUID();
      for (;;) {
        const { status, body } = await send(key);
        if (status === 201) this.confirmed.set(key, body.counter);
        if (status === 201) break;
        const isToRepeat = status <= 0 || status === 503 || body.code === 'idempotency_key_in_use';
        assert.ok(isToRepeat, `${status} ${JSON.stringify(body)}`);
        await sleep(20);
      }
    }
  }
}

/** Every confirmed number once, and all of them from 1 on; the audit agrees. */
async function assertWhole(tills: Tills, get: (path: string) => Promise<{ body: Json }>): Promise<void> {
  const numbers = [...tills.confirmed.values()].sort((a, b) => a - b);
  assert.deepEqual(
    numbers,
    Array.from({ length: numbers.length }, (_, index) => index + 1),
  );
  const [series] = (await get('/v1/document-series')).body.data;
  const { body } = await get(`/v1/document-series/${series.id}/audit`);
  assert.deepEqual([body.clean, body.count], [true, numbers.length], JSON.stringify(body));
}

describe('documents on a database in trouble', () => {
  let api: TestApi;
  let token: string;
  before(async () => {
    api = await startApi();
    token = (await api.restaurant()).token;
  });
  after(() => api.close());

  const send: Send = (key) => api.post(PATH, BODY, { token, headers: { 'idempotency-key': key } });
  const asOwner = (sql: string) => withClient(api.database.ownerUrl, (owner) => owner.query(sql));

  test('lost connections lose no document and no number', async () => {
    const tills = new Tills(send);
    for (let cycle = 0; cycle < CYCLES; cycle += 1) {
      await tills.untilMore(20);
      await asOwner(
        `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'servio_app' and datname = current_database()`,
      );
    }
    await tills.untilMore(20);
    await tills.end();
    await assertWhole(tills, (path) => api.get(path, { token }));
  });

  test('a database that does not answer in time: 503 within three seconds, the draft kept, and the same key finishes it', async () => {
    token = (await api.restaurant()).token;
    await asOwner(`
      create function dawdle() returns trigger language plpgsql as $$ begin perform pg_sleep(4); return null; end $$;
      create trigger dawdle before update on documents for each statement execute function dawdle()`);
    const key = randomUUID();
    const startedAt = performance.now();
    const refused = await api.post(PATH, BODY, { token, headers: { 'idempotency-key': key } });
    const waitedMs = performance.now() - startedAt;
    assert.deepEqual(
      [refused.status, refused.body.code, refused.headers.get('retry-after')],
      [503, 'database_unavailable', '1'],
    );
    assert.ok(waitedMs > 2_500 && waitedMs < 4_000, `${waitedMs} ms`);
    const [kept] = expectStatus(200, await api.get('/v1/documents', { token })).data;
    assert.deepEqual([kept.status, kept.number], ['draft', null]);
    await asOwner('drop function dawdle cascade');
    const issued = expectStatus(201, await api.post(PATH, BODY, { token, headers: { 'idempotency-key': key } }));
    assert.deepEqual([issued.id, issued.counter], [kept.id, 1]);
  });

  test('one document that the database refuses takes neither the others nor a number with it', async () => {
    token = (await api.restaurant()).token;
    await asOwner(
      `alter table documents add constraint planted check (notes <> 'poison' or status = 'draft') not valid`,
    );
    const issue = (notes: string) => api.post(PATH, { ...BODY, notes }, { token });
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) => issue(index % 10 === 5 ? 'poison' : 'good')),
    );
    await asOwner('alter table documents drop constraint planted');
    const made = answers.filter(({ status }) => status === 201).map(({ body }) => body.counter);
    assert.deepEqual(
      made.sort((a, b) => a - b),
      Array.from({ length: 27 }, (_, index) => index + 1),
    );
    assert.equal(answers.filter(({ status }) => status === 503).length, 3);
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
    const tills = new Tills((key) =>
      server.request('POST', PATH, { token, body: BODY, headers: { 'idempotency-key': key } }),
    );
    for (let cycle = 0; cycle < CYCLES; cycle += 1) {
      await tills.untilMore(20);
      await server.stop(['SIGKILL']);
      server = await ServerProcess.start(dataDir);
    }
    await tills.untilMore(20);
    await tills.end();
    await assertWhole(tills, (path) => server.request('GET', path, { token }));
  });
});
