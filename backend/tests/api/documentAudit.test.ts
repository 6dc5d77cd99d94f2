/** The proof of a number series, and that it finds what somebody with all rights has done to it. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { withClient } from '../../src/config/database.js';
import type { Document } from '../../src/domain/document/document.js';
import { canonicalForm } from '../../src/domain/document/documentHash.js';
import { sha256 } from '../../src/utils/secrets.js';
import { expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { Factories } from '../support/factories.js';
import { expectProblem } from '../support/problem.js';

const LINES = [{ description: 'Dinner', quantity: '2', unitPrice: 1_250 }];

describe('the audit of a number series', () => {
  let api: TestApi;
  let now = new Date('2026-11-22T12:00:00Z');
  let token: string;

  before(async () => {
    api = await startApi({ clock: () => now });
  });
  beforeEach(async () => {
    now = new Date('2026-11-22T12:00:00Z');
    token = await api.apiKey((await api.restaurant()).token);
  });
  after(() => api.close());

  const { get, issued } = new Factories(() => ({ api, token }));
  const issue = (fields: object = {}): Promise<Json> => issued({ type: 'invoice', lines: LINES, ...fields });
  const audit = (seriesId: string, query = ''): Promise<Json> => get(`/v1/document-series/${seriesId}/audit${query}`);

  /** Three months of four documents each, in the order of their numbers. */
  async function issueMonths(): Promise<Json[]> {
    const documents: Json[] = [];
    for (const month of ['09', '10', '11'])
      for (let count = 0; count < 4; count += 1) {
        now = new Date(`2026-${month}-15T12:00:00Z`);
        documents.push(await issue());
      }
    return documents;
  }

  /** Follows the cursors. */
  async function auditInParts(seriesId: string, limit: number): Promise<Json[]> {
    const parts: Json[] = [];
    for (let cursor = ''; ; cursor = `&cursor=${parts.at(-1).nextCursor}`) {
      parts.push(await audit(seriesId, `?limit=${limit}${cursor}`));
      if (parts.at(-1).nextCursor === null) return parts;
    }
  }

  /** As the owner, who can take away what protects the rows. */
  async function tamper(sql: string, values: unknown[]): Promise<void> {
    await withClient(api.database.ownerUrl, async (owner) => {
      await owner.query('alter table documents disable trigger documents_keep_issued');
      await owner.query(sql, values);
      await owner.query('alter table documents enable trigger documents_keep_issued');
    });
  }

  test('is clean over months, voided documents included', async () => {
    const documents: Json[] = [];
    for (const month of ['09', '10', '11'])
      for (let count = 0; count < 3; count += 1) {
        now = new Date(`2026-${month}-15T12:00:00Z`);
        documents.push(await issue());
      }
    const reason = { reason: 'twice' };
    expectStatus(200, await api.post(`/v1/documents/${documents[4].id}/void`, reason, { token }));
    const { seriesId } = documents[0];
    assert.deepEqual(await audit(seriesId), {
      seriesId,
      prefix: 'INV',
      kind: 'gapless',
      first: 'INV-2026-09-0001',
      last: 'INV-2026-11-0003',
      count: 9,
      voided: 1,
      gapCount: 0,
      gaps: [],
      duplicates: [],
      chainIntact: true,
      faultCount: 0,
      faults: [],
      clean: true,
      nextCursor: null,
    });
    expectStatus(204, await api.delete(`/v1/document-series/${seriesId}`, undefined, { token }));
    assert.equal((await audit(seriesId)).clean, true);
  });

  test('a document from before there were VAT number, country and language in its seller stays proven', async () => {
    const { id, seriesId } = await issue();
    // Issued by the version before; its hash is over the seller as it was stored then.
    const seller = { name: 'Test Bistro', address: 'Berlin' };
    const stored = expectStatus(200, await api.get(`/v1/documents/${id}`, { token }));
    const { id: restaurantId } = expectStatus(200, await api.get('/v1/restaurant', { token }));
    const hash = sha256(canonicalForm(restaurantId, { ...stored, seller } as Document));
    await tamper('update documents set seller = $2, hash = $3 where id = $1', [id, JSON.stringify(seller), hash]);
    await withClient(api.database.ownerUrl, (owner) =>
      owner.query('update document_counters set last_hash = $2 where series_id = $1', [seriesId, hash]),
    );
    assert.deepEqual(expectStatus(200, await api.get(`/v1/documents/${id}`, { token })).seller, seller);
    await issue();
    assert.equal((await audit(seriesId)).clean, true);
    expectProblem(409, await api.get(`/v1/documents/${id}.xml`, { token }));
    assert.match((await api.get(`/v1/documents/${id}.txt`, { token })).text, /Invoice/);
  });

  for (const [what, sql, expected] of [
    ['a VAT number', `update documents set seller = jsonb_set(seller, '{vatId}', '"DE1"') where id = $1`, [2]],
    ['an amount', 'update documents set subtotal = subtotal + 1, total = total + 1 where id = $1', [2]],
    ['a line', `update documents set lines = jsonb_set(lines, '{0,description}', '"Lunch"') where id = $1`, [2]],
    ['a customer', `update documents set customer = '{"name": "Somebody"}' where id = $1`, [2]],
    ['a hash', `update documents set hash = repeat('0', 64) where id = $1`, [2, 3]],
    ['a number', `update documents set number = 'INV-2026-11-0099' where id = $1`, [2]],
    ['the last one', `update documents set notes = 'x' where counter = 5 and $1::uuid is not null`, [5]],
  ] as const) {
    test(`names what was tampered with: ${what}`, async () => {
      const documents: Json[] = [];
      for (let count = 0; count < 5; count += 1) documents.push(await issue());
      await tamper(`${sql} and restaurant_id = (select restaurant_id from documents where id = $1)`, [documents[1].id]);
      const found = await audit(documents[0].seriesId);
      assert.equal(found.clean, false);
      assert.equal(found.chainIntact, false);
      const named = new Set(
        found.faults.map((fault: Json) => documents.findIndex(({ id }) => id === fault.documentId) + 1),
      );
      assert.deepEqual([...named], expected);
    });
  }

  test('names what was voided, or taken back into force, behind the back of the audit log', async () => {
    const [first, second] = [await issue(), await issue()];
    expectStatus(200, await api.post(`/v1/documents/${first.id}/void`, { reason: 'twice' }, { token }));
    const mark = (id: string, status: string) => tamper('update documents set status = $2 where id = $1', [id, status]);
    await mark(first.id, 'issued');
    await mark(second.id, 'voided');
    const { clean, faults } = await audit(first.seriesId);
    assert.equal(clean, false);
    assert.deepEqual(
      faults.map(({ documentId }: Json) => documentId),
      [first.id, second.id],
    );
  });

  test('names two documents whose numbers were swapped', async () => {
    const documents: Json[] = [];
    for (let count = 0; count < 5; count += 1) documents.push(await issue());
    const [, second, , fourth] = documents;
    const renumber = (document: Json, counter: number, number: string) =>
      tamper('update documents set counter = $2, number = $3 where id = $1', [document.id, counter, number]);
    await renumber(second, 99, fourth.number);
    await renumber(fourth, second.counter, second.number);
    await renumber(second, fourth.counter, fourth.number);
    const found = await audit(second.seriesId);
    assert.deepEqual([found.clean, found.chainIntact, found.gapCount, found.count], [false, false, 0, 5]);
    const rewritten = found.faults.filter(({ problem }: Json) => problem.startsWith('Its content has changed'));
    assert.deepEqual(
      rewritten.map(({ documentId, number }: Json) => [documentId, number]),
      [
        [fourth.id, second.number],
        [second.id, fourth.number],
      ],
    );
  });

  test('names the numbers of documents that are gone, in the middle, at the end, and a whole month', async () => {
    const documents = await issueMonths();
    const remove = (ones: Json[]) => tamper('delete from documents where id = any ($1)', [ones.map(({ id }) => id)]);
    await remove([documents[1], documents[11]]);
    const found = await audit(documents[0].seriesId);
    assert.deepEqual(found.gaps, [
      { period: '2026-09', from: 2, to: 2 },
      { period: '2026-11', from: 4, to: 4 },
    ]);
    assert.deepEqual([found.chainIntact, found.clean], [false, false]);
    await remove(documents.slice(4, 8));
    const later = await audit(documents[0].seriesId);
    assert.ok(later.gaps.some(({ period, from, to }: Json) => period === '2026-10' && from === 1 && to === 4));
  });

  test('names a number that its counter does not know', async () => {
    const documents = [await issue(), await issue(), await issue()];
    await withClient(api.database.ownerUrl, (owner) =>
      owner.query('update document_counters set last_number = 2, last_hash = $2 where series_id = $1', [
        documents[0].seriesId,
        documents[1].hash,
      ]),
    );
    const found = await audit(documents[0].seriesId);
    assert.equal(found.clean, false);
    assert.ok(found.faults.some(({ documentId }: Json) => documentId === documents[2].id));
  });

  test('names a number that stands twice, where somebody took away the index that forbids it', async () => {
    const documents = [await issue(), await issue(), await issue()];
    const setCounter = (counter: number) =>
      tamper('update documents set counter = $2 where id = $1', [documents[2].id, counter]);
    await withClient(api.database.ownerUrl, async (owner) => {
      const index = await owner.query<{ text: string }>(
        `select pg_get_indexdef('documents_counter_key'::regclass) as text`,
      );
      await owner.query('drop index documents_counter_key');
      await setCounter(2);
      const found = await audit(documents[0].seriesId);
      assert.equal(found.duplicates.length, 1);
      assert.deepEqual([found.clean, found.gaps], [false, [{ period: '2026-11', from: 3, to: 3 }]]);
      await setCounter(3);
      await owner.query(index.rows[0]!.text);
    });
  });

  test('in parts finds what it finds in one, each with its own faults and the counts of all so far', async () => {
    const documents = await issueMonths();
    const { seriesId } = documents[0];
    for (const limit of [1, 3, 4, 5, 12, 13]) {
      const parts = await auditInParts(seriesId, limit);
      assert.deepEqual(parts.at(-1), await audit(seriesId), `${limit}`);
      assert.deepEqual(
        parts.slice(0, -1).map(({ clean, count }) => [clean, count]),
        parts.slice(0, -1).map((_, index) => [null, (index + 1) * limit]),
      );
    }
    await tamper('update documents set notes = $2 where id = $1', [documents[1].id, 'x']);
    await tamper('delete from documents where id = any ($1)', [[documents[4].id, documents[11].id]]);
    const whole = await audit(seriesId);
    for (const limit of [1, 2, 3, 4, 5]) {
      const parts = await auditInParts(seriesId, limit);
      for (const list of ['faults', 'gaps'])
        assert.deepEqual(
          parts.flatMap((part) => part[list]),
          whole[list],
          `${limit} ${list}`,
        );
      const { count, faultCount, gapCount, chainIntact, clean } = parts.at(-1);
      assert.deepEqual(
        [count, faultCount, gapCount, chainIntact, clean],
        [10, whole.faultCount, whole.gapCount, false, false],
      );
    }
  });

  test('of one month looks at that month alone, and how it follows on the one before', async () => {
    const documents = await issueMonths();
    const { seriesId } = documents[0];
    const found = await audit(seriesId, '?period=2026-10');
    assert.deepEqual(
      [found.first, found.last, found.count, found.clean],
      ['INV-2026-10-0001', 'INV-2026-10-0004', 4, true],
    );
    assert.equal((await audit(seriesId, '?period=2026-12')).count, 0);
    await tamper('update documents set notes = $2 where id = $1', [documents[1].id, 'x']);
    assert.equal((await audit(seriesId, '?period=2026-10')).clean, true);
    assert.equal((await audit(seriesId, '?period=2026-09')).clean, false);
    await tamper('update documents set hash = $2 where id = $1', [documents[3].id, 'x']);
    const { faults } = await audit(seriesId, '?period=2026-10');
    assert.deepEqual(
      faults.map(({ documentId }: Json) => documentId),
      [documents[4].id],
    );
  });

  test('takes no cursor of another month, and no period that is none', async () => {
    const documents = await issueMonths();
    const { nextCursor } = await audit(documents[0].seriesId, '?limit=1&period=2026-09');
    const path = `/v1/document-series/${documents[0].seriesId}/audit`;
    for (const query of [`cursor=${nextCursor}`, `period=2026-10&cursor=${nextCursor}`, 'period=november', 'limit=0'])
      expectProblem(422, await api.get(`${path}?${query}`, { token }));
    // A monthly series has no period of a whole year. Its audit would check nothing and report it
    // as clean.
    const { errors } = expectProblem(422, await api.get(`${path}?period=2026`, { token }));
    assert.deepEqual(errors, [
      { pointer: '?period', message: 'This series restarts its numbers each month. Give one month as the period.' },
    ]);
  });

  test('sees nothing of what is issued meanwhile, not even the first of a new month', async () => {
    const { seriesId } = await issue();
    const found = await withClient(api.database.ownerUrl, async (owner) => {
      await owner.query('begin');
      // The audit has read its counters when it waits for this.
      await owner.query('lock table documents in access exclusive mode');
      const auditing = audit(seriesId);
      const waiting = `select 1 from pg_locks where not granted and relation = 'documents'::regclass`;
      while ((await owner.query(waiting)).rowCount === 0);
      await owner.query(
        `insert into documents (restaurant_id, id, type, status, series_id, period, counter, number, business_date, issued_at, currency,
           lines, subtotal, discount_total, tax_total, tax_included_total, total, created_by, created_at, updated_at)
         select restaurant_id, gen_random_uuid(), type, status, series_id, '2026-12', 1, 'INV-2026-12-0001', '2026-12-01', issued_at,
           currency, lines, subtotal, discount_total, tax_total, tax_included_total, total, created_by, created_at, updated_at
         from documents where series_id = $1`,
        [seriesId],
      );
      await owner.query('commit');
      return auditing;
    });
    assert.deepEqual([found.clean, found.count, found.last], [true, 1, 'INV-2026-11-0001']);
    assert.equal((await audit(seriesId)).clean, false);
  });

  test('a fast series numbers in order, keeps no chain, and may have gaps', async () => {
    const body = { type: 'quotation', prefix: 'Q', reset: 'never', kind: 'fast' };
    const series = expectStatus(201, await api.post('/v1/document-series', body, { token }));
    const made = await Promise.all(Array.from({ length: 20 }, () => issue({ type: 'quotation' })));
    assert.equal(new Set(made.map(({ number }) => number)).size, 20);
    assert.ok(made.every(({ number, hash }) => /^Q-00\d\d$/.test(number) && hash === null));
    const found = await audit(series.id);
    assert.deepEqual([found.count, found.chainIntact, found.clean, found.gapCount], [20, null, true, 1]);
  });
});
