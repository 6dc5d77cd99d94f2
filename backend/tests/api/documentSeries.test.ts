/** Number series of documents over HTTP: which one is taken, and what may be arranged. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { withClient } from '../../src/config/database.js';
import { expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { expectProblem } from '../support/problem.js';

const NOON = new Date('2026-11-22T12:00:00Z');

describe('document series', () => {
  let api: TestApi;
  let now = NOON;
  let token: string;

  before(async () => {
    api = await startApi({ clock: () => now });
  });
  beforeEach(async () => {
    now = NOON;
    token = await api.apiKey((await api.restaurant()).token);
  });
  after(() => api.close());

  const issue = (fields: object) => {
    const lines = [{ description: 'Dinner', quantity: 2, unitPrice: 1_250 }];
    return api.post('/v1/documents?issue=true', { lines, ...fields }, { token });
  };
  const issued = async (fields: object): Promise<Json> => expectStatus(201, await issue(fields));
  const arrange = (fields: object) => api.post('/v1/document-series', fields, { token });

  test('a register has a series of its own; numbers sort as numbers and prefixes stay', async () => {
    const make = (fields: object) => arrange({ type: 'receipt', ...fields });
    const till = expectStatus(201, await make({ register: 'till 2', prefix: 'T2', reset: 'year' }));
    const town = expectStatus(201, await make({ location: 'town', prefix: 'TOWN', reset: 'never' }));
    const number = async (fields: object) => (await issued({ type: 'receipt', ...fields })).number;
    assert.equal(await number({ register: 'till 2' }), 'T2-2026-0001');
    assert.equal(await number({ register: 'till 1' }), 'RCP-2026-11-0001');
    assert.equal(await number({ register: 'till 2', location: 'town' }), 'TOWN-0001');
    assert.equal(await number({ location: 'harbour' }), 'RCP-2026-11-0002');
    expectProblem(409, await make({ register: 'till 3', prefix: 'T2' }));
    // These would draw numbers that other series draw too.
    for (const prefix of ['T2-2026', 'RCP-2026-11', '2026', 'T-2026-11'])
      expectProblem(422, await make({ register: 'till 4', prefix, reset: 'never' }), prefix);
    for (const prefix of ['T-2026X', 'T20-26', 'T-20', 'T-20261'])
      expectStatus(201, await make({ register: prefix, prefix, reset: 'never' }));
    expectProblem(409, await make({ register: 'till 2', prefix: 'T3' }));
    const options = { token, headers: { 'if-match': '"1"' } };
    expectProblem(409, await api.patch(`/v1/document-series/${till.id}`, { prefix: 'T9' }, options));
    expectStatus(200, await api.patch(`/v1/document-series/${till.id}`, { register: 'till 9' }, options));
    expectStatus(204, await api.delete(`/v1/document-series/${till.id}`, undefined, { token }));
    expectProblem(409, await make({ register: 'till 2', prefix: 'T2' }));

    await withClient(api.database.ownerUrl, (owner) =>
      owner.query('update document_counters set last_number = 9998 where series_id = $1', [town.id]),
    );
    assert.equal(await number({ location: 'town' }), 'TOWN-9999');
    assert.equal(await number({ location: 'town' }), 'TOWN-10000');
    const numbers: string[] = [];
    for (let cursor = ''; ; ) {
      const page = expectStatus(200, await api.get(`/v1/documents?limit=2&seriesId=${town.id}${cursor}`, { token }));
      numbers.push(...page.data.map((one: Json) => one.number));
      if (page.nextCursor === null) break;
      cursor = `&cursor=${page.nextCursor}`;
    }
    assert.deepEqual(numbers, ['TOWN-10000', 'TOWN-9999', 'TOWN-0001']);
  });

  test('a series goes on where another system stopped, and its next period begins at 1', async () => {
    const body = { type: 'invoice', prefix: 'RE', reset: 'year', startNumber: 128 };
    const series = expectStatus(201, await arrange(body));
    const correct = (fields: object, version: number) =>
      api.patch(`/v1/document-series/${series.id}`, fields, { token, headers: { 'if-match': `"${version}"` } });
    expectStatus(200, await correct({ startNumber: 1_280 }, 1));
    const numbers = await Promise.all([1, 2, 3].map(async () => (await issued({ type: 'invoice' })).number));
    assert.deepEqual(new Set(numbers), new Set(['RE-2026-1280', 'RE-2026-1281', 'RE-2026-1282']));
    expectProblem(409, await correct({ startNumber: 1 }, 2));
    now = new Date('2027-01-05T12:00:00Z');
    assert.equal((await issued({ type: 'invoice' })).number, 'RE-2027-0001');
    expectProblem(422, await arrange({ ...body, register: 'b', prefix: 'B', startNumber: 0 }));
    const audit = expectStatus(200, await api.get(`/v1/document-series/${series.id}/audit`, { token }));
    assert.deepEqual([audit.clean, audit.first, audit.count, audit.gaps], [true, 'RE-2026-1280', 4, []]);
  });

  test('a prefix that a type begins with is given to no other type, when a series is made and when it is changed', async () => {
    for (const [type, prefix] of [
      ['quotation', 'INV'],
      ['receipt', 'Z'],
    ]) {
      const { errors } = expectProblem(422, await arrange({ type, prefix }));
      const owner = prefix === 'Z' ? 'day_close' : 'invoice';
      assert.deepEqual([errors[0].pointer, errors[0].message.includes(`the type ${owner}`)], ['/prefix', true]);
    }
    const { id } = expectStatus(201, await arrange({ type: 'quotation', prefix: 'OFFER' }));
    const change = (prefix: string) =>
      api.patch(`/v1/document-series/${id}`, { prefix }, { token, headers: { 'if-match': '"1"' } });
    expectProblem(422, await change('INV'));
    assert.equal((await issued({ type: 'invoice' })).number, 'INV-2026-11-0001');
    expectStatus(200, await change('QUO'));
  });

  test('a type whose own prefix went to one of its locations says how to number the others', async () => {
    expectStatus(201, await arrange({ type: 'invoice', location: 'Bar', prefix: 'INV' }));
    const { detail } = expectProblem(409, await issue({ type: 'invoice' }));
    assert.match(
      detail,
      /^No series numbers documents of the type invoice, and the default prefix INV.*POST \/v1\/document-series/,
    );
    assert.equal((await issued({ type: 'invoice', location: 'Bar' })).number, 'INV-2026-11-0001');
    expectStatus(201, await arrange({ type: 'invoice', prefix: 'INV-ALL' }));
    assert.equal((await issued({ type: 'invoice' })).number, 'INV-ALL-2026-11-0001');
  });

  test('what a law looks at is numbered without gaps: no fast series for it, neither made nor changed into one', async () => {
    for (const type of ['invoice', 'receipt', 'credit_note', 'day_close']) {
      const body = { type, location: 'Bar', prefix: `BAR-${type.slice(0, 3).toUpperCase()}` };
      const { errors } = expectProblem(422, await arrange({ ...body, kind: 'fast' }));
      assert.match(errors[0].message, new RegExp(`the type ${type} are numbered without gaps`));
      const { id } = expectStatus(201, await arrange(body));
      const options = { token, headers: { 'if-match': '"1"' } };
      expectProblem(422, await api.patch(`/v1/document-series/${id}`, { kind: 'fast' }, options), type);
    }
    for (const type of ['quotation', 'boq', 'purchase_order', 'goods_receipt', 'stock_count'])
      expectStatus(201, await arrange({ type, kind: 'fast' }));
  });
});
