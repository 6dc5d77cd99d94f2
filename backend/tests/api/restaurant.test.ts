import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { withClient } from '../../src/config/database.js';
import { type Answer, expectStatus, type Json, startApi, type TestApi } from '../support/api.js';

let api: TestApi;

before(async () => {
  api = await startApi();
});
after(() => api.close());

function change(token: string, body: object, version: number | undefined = 1): Promise<Answer> {
  return api.patch('/v1/restaurant', body, { token, headers: { 'if-match': `"${version}"` } });
}

async function taxOf(token: string): Promise<string> {
  const tax = { name: 'VAT', rate: '10', inclusive: true };
  return expectStatus(201, await api.post('/v1/taxes', tax, { token })).id;
}

async function audit(token: string, query: string): Promise<Json> {
  return expectStatus(200, await api.get(`/v1/audit-log${query}`, { token }));
}

function expectRefusal(answer: Answer, status: number, code: string): void {
  assert.deepEqual([answer.status, answer.body?.code], [status, code], answer.text);
}

// ---- Settings

test('all settings but the currency can be changed and read back', async () => {
  const { id, token } = await api.restaurant({ currency: 'CHF' });
  const taxId = await taxOf(token);
  const pool = expectStatus(201, await api.post('/v1/code-pools', { name: 'Counter', kind: 'pickup' }, { token }));
  const settings = {
    name: 'Limone',
    timezone: 'America/New_York',
    businessDayCutoffHour: 6,
    openingHours: [
      { days: ['mon', 'tue'], from: '11:30', to: '24:00' },
      { days: ['fri', 'sat'], from: '18:00', to: '02:00' },
    ],
    serviceCharge: { rate: '12.5', orderTypes: ['dine_in'], taxIds: [taxId] },
    pickupCodes: { poolId: pool.id, orderTypes: ['takeaway', 'delivery'] },
    isAssistantOn: false,
    address: 'Seestrasse 1\n8000 Zürich',
    vatId: 'CHE123456789MWST',
    taxNumber: '12-345',
    country: 'CH',
    language: 'it',
    receiptFooter: 'Grazie!',
    cashRounding: 10,
    postalAddress: { street: 'Seestrasse 1', additional: '2. Stock', city: 'Zürich', postcode: '8000', region: 'ZH' },
    contact: { name: 'Anna', phone: '+41 44 123 45 67', email: 'anna@limone.example' },
    electronicAddress: { scheme: '0088', id: '4006381333931' },
    companyId: { scheme: '0183', id: 'CHE123456789' },
    paymentAccount: { iban: 'CH9300762011623852957', bic: 'UBSWCHZH80A', holder: 'Limone AG' },
    eInvoiceProfile: 'peppol',
  };
  const answer = await change(token, settings);
  assert.deepEqual(expectStatus(200, answer), {
    id,
    currency: 'CHF',
    cashIncrement: 10,
    demoExpiresAt: null,
    version: 2,
    ...settings,
  });
  assert.equal(answer.headers.get('etag'), '"2"');
  const read = await api.get('/v1/restaurant', { token });
  assert.deepEqual(expectStatus(200, read), answer.body);
  assert.equal(read.headers.get('etag'), '"2"');
  const cleared = expectStatus(
    200,
    await change(
      token,
      {
        serviceCharge: null,
        pickupCodes: null,
        isAssistantOn: true,
        address: null,
        vatId: null,
        taxNumber: null,
        country: null,
        receiptFooter: null,
        postalAddress: null,
        contact: null,
        electronicAddress: null,
        companyId: null,
        paymentAccount: null,
        openingHours: [],
      },
      2,
    ),
  );
  assert.deepEqual(
    [cleared.serviceCharge, cleared.address, cleared.postalAddress, cleared.paymentAccount, cleared.openingHours],
    [null, null, null, null, []],
  );
  assert.deepEqual([cleared.vatId, cleared.taxNumber, cleared.country, cleared.language], [null, null, null, 'it']);
  assert.equal(cleared.name, 'Limone');
});

test('the currency and fields that do not exist are refused', async () => {
  const { token } = await api.restaurant();
  for (const body of [{ currency: 'USD' }, { id: randomUUID() }, { version: 7 }, { stars: 3 }]) {
    const answer = await change(token, body);
    expectRefusal(answer, 422, 'invalid_request');
    assert.equal(answer.body.errors[0].pointer, `/${Object.keys(body)[0]}`);
  }
});

test('a percentage is kept as exact text, sent as text or as a number', async () => {
  const { token } = await api.restaurant();
  let version = 1;
  for (const [sent, kept] of [
    [8.875, '8.875'],
    ['10.50', '10.5'],
    ['0', '0'],
    [100, '100'],
    ['100.0000', '100'],
    ['0.0001', '0.0001'],
  ] as const) {
    const body = expectStatus(200, await change(token, { serviceCharge: { rate: sent, orderTypes: [] } }, version));
    assert.equal(body.serviceCharge.rate, kept);
    version = body.version;
  }
});

test('each setting that is not right is named', async () => {
  const { token } = await api.restaurant();
  const hours = (fields: object) => ({ openingHours: [{ days: ['mon'], from: '10:00', to: '22:00', ...fields }] });
  const charge = (fields: object) => ({ serviceCharge: { rate: '10', orderTypes: ['dine_in'], ...fields } });
  for (const [pointer, body] of [
    ['/name', { name: '' }],
    ['/name', { name: null }],
    ['/timezone', { timezone: 'Europe/Atlantis' }],
    ['/businessDayCutoffHour', { businessDayCutoffHour: 24 }],
    ['/businessDayCutoffHour', { businessDayCutoffHour: 3.5 }],
    ['/openingHours/0/days', hours({ days: [] })],
    ['/openingHours/0/days/0', hours({ days: ['monday'] })],
    ['/openingHours/0/from', hours({ from: '24:00' })],
    ['/openingHours/0/to', hours({ to: '24:30' })],
    ['/openingHours/0/note', hours({ note: 'x' })],
    ['/serviceCharge/rate', charge({ rate: '100.1' })],
    ['/serviceCharge/rate', charge({ rate: -1 })],
    ['/serviceCharge/rate', charge({ rate: '1.23456' })],
    ['/serviceCharge/rate', charge({ rate: 0.00001 })],
    ['/serviceCharge/rate', charge({ rate: '1e1' })],
    ['/serviceCharge/orderTypes/0', charge({ orderTypes: ['banquet'] })],
    ['/serviceCharge/taxIds/0', charge({ taxIds: ['x'] })],
    ['/address', { address: 'x'.repeat(501) }],
    ['/vatId', { vatId: 'x'.repeat(31) }],
    ['/vatId', { vatId: '' }],
    ['/vatId', { vatId: 'DE12345' }],
    ['/vatId', { vatId: '123456789', country: 'AT' }],
    ['/taxNumber', { taxNumber: 'x'.repeat(31) }],
    ['/country', { country: 'de' }],
    ['/country', { country: 'XX' }],
    ['/country', { country: 'DEU' }],
    ['/language', { language: 'tlh' }],
    ['/language', { language: null }],
  ] as const) {
    const answer = await change(token, body);
    expectRefusal(answer, 422, 'invalid_request');
    assert.equal(answer.body.errors[0].pointer, pointer, answer.text);
  }
  assert.equal(expectStatus(200, await api.get('/v1/restaurant', { token })).version, 1);
});

test("a service charge cannot carry a tax that is unknown, deleted or another restaurant's", async () => {
  const [{ token }, stranger] = [await api.restaurant(), await api.restaurant()];
  const [known, deleted, foreign] = [await taxOf(token), await taxOf(token), await taxOf(stranger.token)];
  expectStatus(204, await api.delete(`/v1/taxes/${deleted}`, undefined, { token }));
  const details = new Set<string>();
  for (const taxId of [randomUUID(), deleted, foreign]) {
    const answer = await change(token, {
      serviceCharge: { rate: '10', orderTypes: ['dine_in'], taxIds: [known, taxId] },
    });
    expectRefusal(answer, 404, 'not_found');
    assert.equal(answer.body.errors[0].pointer, '/serviceCharge/taxIds/1');
    details.add(answer.body.detail);
  }
  assert.equal(details.size, 1);
});

test('a VAT number is kept in one form, must fit the country whichever of them changes, and stands in the audit log', async () => {
  const { token } = await api.restaurant();
  assert.equal(expectStatus(200, await api.get('/v1/restaurant', { token })).language, 'en');
  const thai = expectStatus(200, await change(token, { vatId: '0105-556000001', country: 'TH' }));
  assert.equal(thai.vatId, '0105-556000001');
  const answer = await change(token, { country: 'DE' }, 2);
  expectRefusal(answer, 422, 'invalid_request');
  assert.equal(answer.body.errors[0].pointer, '/country');
  const german = { vatId: 'de 123.456.789', country: 'DE', language: 'de' };
  assert.equal(expectStatus(200, await change(token, german, 2)).vatId, 'DE123456789');
  // The same number in another spelling changes nothing.
  assert.equal(expectStatus(200, await change(token, { vatId: 'DE-123-456-789' }, 3)).version, 3);
  const { data } = await audit(token, '?action=restaurant.changed');
  assert.deepEqual(data[0].changes, {
    vatId: { from: '0105-556000001', to: 'DE123456789' },
    country: { from: 'TH', to: 'DE' },
    language: { from: 'en', to: 'de' },
  });
});

test('a change needs the version that is stored, and of simultaneous changes one wins', async () => {
  const { token } = await api.restaurant();
  expectRefusal(await api.patch('/v1/restaurant', { name: 'X' }, { token }), 428, 'version_required');
  expectRefusal(await change(token, { name: 'X' }, 9), 412, 'version_mismatch');
  const race = await Promise.all(Array.from({ length: 6 }, (_, index) => change(token, { name: `Name ${index}` })));
  assert.deepEqual(
    race.map((answer) => answer.status).sort((a, b) => a - b),
    [200, 412, 412, 412, 412, 412],
  );
  assert.equal(expectStatus(200, await api.get('/v1/restaurant', { token })).version, 2);
});

test('a change that changes nothing leaves version and audit log alone', async () => {
  const { token } = await api.restaurant();
  const body = {
    openingHours: [{ days: ['mon'], from: '10:00', to: '22:00' }],
    serviceCharge: { rate: '10', orderTypes: ['dine_in'], taxIds: [] },
  };
  assert.equal(expectStatus(200, await change(token, body)).version, 2);
  assert.equal(expectStatus(200, await change(token, body, 2)).version, 2);
  assert.equal(expectStatus(200, await change(token, {}, 2)).version, 2);
  assert.equal((await audit(token, '?action=restaurant.changed')).data.length, 1);
});

test('a repeated change under its Idempotency-Key replays instead of meeting its own new version', async () => {
  const { token } = await api.restaurant();
  const headers = { 'if-match': '"1"', 'idempotency-key': randomUUID() };
  const first = await api.patch('/v1/restaurant', { name: 'Twice' }, { token, headers });
  const second = await api.patch('/v1/restaurant', { name: 'Twice' }, { token, headers });
  assert.deepEqual(expectStatus(200, second), expectStatus(200, first));
  assert.equal(second.headers.get('idempotent-replayed'), 'true');
  assert.equal(second.headers.get('etag'), '"2"');
});

// ---- Audit log

test('the audit log says who changed what, from what, to what, in which request', async () => {
  const { id, token, userId } = await api.restaurant();
  const headers = { 'if-match': '"1"', 'x-request-id': 'renaming' };
  expectStatus(200, await api.patch('/v1/restaurant', { name: 'After', businessDayCutoffHour: 5 }, { token, headers }));
  const { data } = await audit(token, `?subjectId=${id}`);
  assert.deepEqual(
    data.map((row: Json) => row.action),
    ['restaurant.changed', 'restaurant.registered'],
  );
  const { actor, changes, requestId, subject, subjectId } = data[0];
  assert.deepEqual(actor, { kind: 'user', id: userId, name: 'Olga Owner' });
  assert.deepEqual(changes, { name: { from: 'Test Bistro', to: 'After' }, businessDayCutoffHour: { from: 4, to: 5 } });
  assert.deepEqual([requestId, subject, subjectId], ['renaming', 'restaurant', id]);
});

test('the audit log is listed newest first, page by page, within the filter', async () => {
  const { id, token } = await api.restaurant();
  for (let version = 1; version <= 4; version += 1)
    expectStatus(200, await change(token, { name: `Name ${version}` }, version));
  const names: string[] = [];
  let cursor = '';
  for (;;) {
    const page = await audit(token, `?limit=3&subjectId=${id}&action=restaurant.changed${cursor}`);
    names.push(...page.data.map((row: Json) => row.changes.name.to));
    if (page.nextCursor === null) break;
    cursor = `&cursor=${page.nextCursor}`;
  }
  assert.deepEqual(names, ['Name 4', 'Name 3', 'Name 2', 'Name 1']);
  const { nextCursor } = await audit(token, '?limit=1');
  expectRefusal(
    await api.get(`/v1/audit-log?limit=1&subjectId=${id}&cursor=${nextCursor}`, { token }),
    422,
    'invalid_request',
  );
  expectRefusal(await api.get('/v1/audit-log?action=world.ended', { token }), 422, 'invalid_request');
  expectRefusal(await api.get('/v1/audit-log?subjectId=7', { token }), 422, 'invalid_request');
  expectRefusal(await api.get('/v1/audit-log?limit=101', { token }), 422, 'invalid_request');
});

test("another restaurant's story is not told", async () => {
  const [owner, stranger] = [await api.restaurant(), await api.restaurant()];
  assert.deepEqual((await audit(stranger.token, `?subjectId=${owner.id}`)).data, []);
  const all = await audit(stranger.token, '?limit=100');
  assert.deepEqual(new Set(all.data.map((row: Json) => row.actor.id)), new Set([stranger.userId]));
});

test('the audit log cannot be rewritten, not even by the owner of the tables', async () => {
  const { token, id } = await api.restaurant();
  const before = await audit(token, '');
  for (const [url, statement] of [
    [api.database.appUrl, 'update audit_log set actor_id = $1'],
    [api.database.appUrl, 'delete from audit_log where subject_id::text = $1'],
    [api.database.ownerUrl, 'update audit_log set actor_id = $1'],
    [api.database.ownerUrl, 'delete from audit_log where subject_id::text = $1'],
  ] as const) {
    await assert.rejects(
      withClient(url, (client) => client.query(statement, [id])),
      /permission denied|append-only/,
    );
  }
  await assert.rejects(
    withClient(api.database.ownerUrl, (client) => client.query('truncate audit_log')),
    /append-only/,
  );
  assert.deepEqual(await audit(token, ''), before);
});
