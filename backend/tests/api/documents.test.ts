/** Business documents over HTTP: drafts, numbers, what never changes, and what corrects it. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, describe, test } from 'node:test';
import { withClient } from '../../src/config/database.js';
import { DocumentNumbers, type LockedDocument } from '../../src/repositories/document/DocumentNumbers.js';
import { expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { Factories } from '../support/factories.js';
import { expectProblem } from '../support/problem.js';

const NOON = new Date('2026-11-22T12:00:00Z');
const LINES = [{ description: 'Dinner', quantity: 2, unitPrice: 1_250 }];

describe('documents', () => {
  let api: TestApi;
  let now = NOON;
  let token: string;
  let restaurantId: string;

  before(async () => {
    api = await startApi({ clock: () => now });
  });
  beforeEach(async () => {
    now = NOON;
    const restaurant = await api.restaurant();
    restaurantId = restaurant.id;
    token = await api.apiKey(restaurant.token);
  });
  after(() => api.close());

  const { get, patch, tax, pay, complete, ...make } = new Factories(() => ({ api, token }));
  const bodyOf = (fields: object): Json => ({ type: 'invoice', lines: LINES, ...fields });
  const draft = (fields: object = {}): Promise<Json> => make.draft(bodyOf(fields));
  const issued = (fields: object = {}): Promise<Json> => make.issued(bodyOf(fields));
  const read = (id: string): Promise<Json> => get(`/v1/documents/${id}`);

  test('a draft has amounts and no number, and its number comes with the issue', async () => {
    const made = await draft();
    assert.deepEqual([made.status, made.number, made.total], ['draft', null, 2_500]);
    const answer = await api.post(`/v1/documents/${made.id}/issue`, undefined, { token });
    const document = expectStatus(200, answer);
    assert.equal(document.number, 'INV-2026-11-0001');
    assert.deepEqual([document.status, document.businessDate, document.counter], ['issued', '2026-11-22', 1]);
    assert.equal(document.seller.name, 'Test Bistro');
    assert.deepEqual(await read(made.id), document);
    assert.equal(answer.headers.get('etag'), '"2"');
  });

  test('drafts, deleted drafts and refused issues use no number', async () => {
    const lost = await draft();
    await draft();
    expectStatus(204, await api.delete(`/v1/documents/${lost.id}`, undefined, { token }));
    expectProblem(404, await api.post(`/v1/documents/${lost.id}/issue`, undefined, { token }));
    expectProblem(404, await api.post(`/v1/documents/${randomUUID()}/issue`, undefined, { token }));
    const first = await issued();
    expectProblem(409, await api.post(`/v1/documents/${first.id}/issue`, undefined, { token }));
    const stale = await draft();
    const options = { token, headers: { 'if-match': '"9"' } };
    expectProblem(412, await api.post(`/v1/documents/${stale.id}/issue`, undefined, options));
    assert.equal((await issued()).number, 'INV-2026-11-0002');
  });

  test('the month is that of the restaurant’s business date, and each month begins at 1', async () => {
    // 3:59 on 1 December in Berlin is still the evening of 30 November.
    now = new Date('2026-12-01T02:59:00Z');
    assert.equal((await issued()).number, 'INV-2026-11-0001');
    now = new Date('2026-12-01T03:00:00Z');
    assert.equal((await issued()).number, 'INV-2026-12-0001');
    assert.equal((await issued({ type: 'boq' })).number, 'BOQ-2026-12-0001');
  });

  test('dates of a series never go back: a time zone moved west on the first of a month keeps that day until it is over', async () => {
    const move = (timezone: string): Promise<Json> => patch('/v1/restaurant', { timezone });
    now = new Date('2026-11-30T20:00:00Z');
    await move('Pacific/Auckland');
    const first = await issued();
    await move('America/New_York');
    const second = await issued();
    assert.deepEqual([second.number, second.businessDate], ['INV-2026-12-0002', '2026-12-01']);
    assert.equal((await issued({ type: 'receipt' })).businessDate, '2026-11-30');
    now = new Date('2026-12-02T20:00:00Z');
    assert.equal((await issued()).businessDate, '2026-12-02');
    const audit = expectStatus(200, await api.get(`/v1/document-series/${first.seriesId}/audit`, { token }));
    assert.deepEqual([audit.clean, audit.count], [true, 3]);
    // A clock that was a month ahead once does not stop the days.
    now = new Date('2026-10-20T20:00:00Z');
    assert.equal((await issued()).businessDate, '2026-10-20');
  });

  test('times of a series stand in the order of its numbers: who waited for his has the time at which he got it', async () => {
    const { seriesId } = await issued();
    const later = new Date(NOON.getTime() + 1_000);
    await withClient(api.database.ownerUrl, async (owner) => {
      await owner.query('begin');
      await owner.query('select from document_counters where series_id = $1 for update', [seriesId]);
      const waiting = issued();
      const isWaiting = `select exists (
        select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock') as waits`;
      while (!(await owner.query(isWaiting)).rows[0].waits) continue;
      now = later;
      await owner.query('commit');
      assert.equal((await waiting).issuedAt, later.toISOString());
    });
  });

  test('decimal quantities are priced exactly, with taxes and discounts by the engine of orders', async () => {
    const [reduced, standard] = [(await tax('7', true)).id, (await tax('19', false)).id];
    const made = await draft({
      type: 'boq',
      lines: [
        { description: 'Venison', quantity: '12.345', unit: 'kg', unitPrice: 3_999, taxIds: [reduced] },
        { description: 'Waiters', quantity: '0.5', unit: 'h', unitPrice: 4_501, taxIds: [standard] },
      ],
      discounts: [{ percent: '10' }],
    });
    // 12.345 x 39.99 = 493.67655, half an hour of 45.01 is 22.505: both up.
    assert.deepEqual(
      made.lines.map((line: Json) => line.grossAmount),
      [49_368, 2_251],
    );
    assert.equal(made.subtotal, 51_619);
    assert.equal(made.discountTotal, 5_162);
    assert.equal(made.total, made.subtotal - made.discountTotal + made.taxTotal - made.taxIncludedTotal);
    assert.equal(
      made.taxes.reduce((sum: number, one: Json) => sum + one.amount, 0),
      made.taxTotal,
    );
    assert.equal(made.lines[1].quantity, '0.5');
  });

  test('an order becomes a receipt and an invoice of its own total, each once', async () => {
    const [included, added] = [(await tax('19', true)).id, (await tax('2.5', false)).id];
    const charge = { rate: '12.5', orderTypes: ['takeaway'], taxIds: [included] };
    await patch('/v1/restaurant', { serviceCharge: charge });
    const item = await api.item(token, { price: 777, taxIds: [included, added] });
    const lines = [
      { menuItemId: item.id, quantity: 3, discounts: [{ amount: 100 }] },
      { menuItemId: item.id, quantity: 1 },
    ];
    const order = await api.order(token, lines, { tip: 250, discounts: [{ percent: '33.3' }] });
    const payment = { method: 'cash', amount: 5_000, tip: 0 };
    expectStatus(201, await api.post(`/v1/orders/${order.id}/payments`, payment, { token }));
    for (const type of ['receipt', 'invoice']) {
      const made = expectStatus(
        201,
        await api.post('/v1/documents?issue=true', { type, orderId: order.id }, { token }),
      );
      assert.equal(made.total, order.total);
      assert.equal(made.taxTotal, order.taxTotal);
      assert.deepEqual(
        made.taxes.map((one: Json) => one.amount).sort(),
        order.taxes.map((one: Json) => one.amount).sort(),
      );
      assert.deepEqual(
        made.lines.map((line: Json) => line.kind),
        ['item', 'item', 'service_charge', 'tip'],
      );
      expectProblem(409, await api.post('/v1/documents', { type, orderId: order.id }, { token }));
      const paid = { method: 'cash', amount: order.total, tip: 0, tendered: 5_000, change: 5_000 - order.total };
      const { order: of, payments } = made.details;
      assert.deepEqual([of.number, of.table, payments], [order.number, null, [paid]]);
      const body = { reason: 'wrong guest' };
      expectStatus(200, await api.post(`/v1/documents/${made.id}/void`, body, { token }));
      expectStatus(201, await api.post('/v1/documents', { type, orderId: order.id }, { token }));
    }
    expectProblem(422, await api.post('/v1/documents', { type: 'stock_count', orderId: order.id }, { token }));
    const unknown = await api.post('/v1/documents', { type: 'invoice', orderId: randomUUID() }, { token });
    assert.equal(expectProblem(404, unknown).errors[0].pointer, '/orderId');
  });

  test('a receipt names the payments that paid its order, and none that was reversed', async () => {
    const { id } = await api.order(token, [{ menuItemId: (await api.item(token)).id, quantity: 1 }]);
    const giveBack = async (paymentId: string, amount: number) =>
      expectStatus(201, await api.post(`/v1/payments/${paymentId}/refunds`, { amount, reason: 'x' }, { token }));
    await giveBack((await pay(id, 'card', 1_000, 50)).id, 1_050);
    await giveBack((await pay(id, 'voucher', 500, 20)).id, 510);
    const { id: cash } = await pay(id, 'cash', 1_500);
    await complete(id);
    // Takes a part of the sale back, and the receipt says so.
    await giveBack(cash, 100);
    const receipt = await issued({ type: 'receipt', lines: undefined, orderId: id });
    assert.deepEqual(
      [receipt.total, receipt.details.payments],
      [
        910,
        [
          { method: 'voucher', amount: 0, tip: 10, tendered: 10, change: 0 },
          { method: 'cash', amount: 1_000, tip: 0, tendered: 1_500, change: 500 },
        ],
      ],
    );
  });

  test('a draft of an order is issued as long as it says what the order says', async () => {
    const item = await api.item(token, { price: 777 });
    const order = await api.order(token, [{ menuItemId: item.id, quantity: 1 }]);
    const made = (type: string) => draft({ type, lines: undefined, orderId: order.id });
    const issue = (id: string) => api.post(`/v1/documents/${id}/issue`, undefined, { token });
    const [invoice, receipt] = [await made('invoice'), await made('receipt')];
    const payment = { method: 'card', amount: 777 };
    expectStatus(201, await api.post(`/v1/orders/${order.id}/payments`, payment, { token }));
    // A receipt is about its payments. An invoice takes those of the moment: it must not ask twice.
    expectProblem(409, await issue(receipt.id));
    const paid = expectStatus(200, await issue(invoice.id)).details.payments;
    assert.deepEqual(paid, [{ method: 'card', amount: 777, tip: 0, tendered: 777, change: 0 }]);
    const stored = expectStatus(200, await api.get(`/v1/documents/${invoice.id}`, { token }));
    assert.deepEqual(stored.details.payments, paid);
    expectStatus(200, await api.post(`/v1/documents/${invoice.id}/void`, { reason: 'early' }, { token }));
    const second = await made('invoice');
    const lines = [{ menuItemId: item.id, quantity: 1 }];
    expectStatus(201, await api.post(`/v1/orders/${order.id}/lines`, lines[0], { token }));
    const refusal = expectProblem(409, await issue(second.id));
    assert.match(refusal.detail, /has changed/);
    expectStatus(204, await api.delete(`/v1/documents/${second.id}`, undefined, { token }));
    assert.equal((await issued({ type: 'invoice', lines: undefined, orderId: order.id })).total, 2 * 777);
  });

  test('a draft can be edited; an issued document refuses, and so does the database', async () => {
    const made = await draft();
    const lines = [{ description: 'Lunch', quantity: '3', unitPrice: 900 }];
    const options = { token, headers: { 'if-match': '"1"' } };
    const changed = expectStatus(200, await api.patch(`/v1/documents/${made.id}`, { lines, notes: 'late' }, options));
    assert.deepEqual([changed.total, changed.notes, changed.version], [2_700, 'late', 2]);
    const document = expectStatus(200, await api.post(`/v1/documents/${made.id}/issue`, undefined, { token }));
    const again = { token, headers: { 'if-match': `"${document.version}"` } };
    expectProblem(409, await api.patch(`/v1/documents/${made.id}`, { notes: 'later' }, again));
    expectProblem(409, await api.delete(`/v1/documents/${made.id}`, undefined, { token }));
    const remedyFor = async (type: string) => {
      const { id } = await issued({ type });
      return expectProblem(409, await api.post(`/v1/documents/${id}/issue`, undefined, { token })).detail;
    };
    assert.match(await remedyFor('receipt'), /with a credit note/);
    assert.match(await remedyFor('boq'), /Create a new document instead/);
    for (const url of [api.database.appUrl, api.database.ownerUrl]) {
      await withClient(url, async (client) => {
        await client.query(`select set_config('app.restaurant_id', $1, false)`, [restaurantId]);
        for (const sql of [
          'update documents set total = 1, subtotal = 1',
          `update documents set number = 'INV-2026-11-0009', counter = 9`,
          `update documents set status = 'draft'`,
          `update documents set status = 'voided', notes = 'x'`,
          'delete from documents',
          'truncate documents cascade',
        ])
          await assert.rejects(client.query(sql), /never changed|append-only|permission denied/, sql);
      });
    }
    assert.deepEqual(await read(made.id), document);
  });

  test('numbers are stored for all documents of a batch or for none', async () => {
    const [kept, gone] = [await draft(), await issued()];
    const { seriesId, period } = gone;
    const batch = [kept, gone].map((one, index): LockedDocument => {
      return {
        ...gone,
        id: one.id,
        counter: 7 + index,
        number: `INV-2026-11-000${7 + index}`,
        issueToken: randomUUID(),
      };
    });
    const numbers = new DocumentNumbers();
    const store = api.context.database.transaction(restaurantId, async (tx) => {
      tx.defer(numbers.issue(restaurantId, tx, { seriesId, period, lastHash: gone.hash }, batch));
    });
    await assert.rejects(store, /division by zero/);
    assert.equal((await read(kept.id)).status, 'draft');
  });

  test('a voided document keeps its number and everything it says', async () => {
    const first = await issued();
    const voided = expectStatus(200, await api.post(`/v1/documents/${first.id}/void`, { reason: 'twice' }, { token }));
    assert.deepEqual(
      [voided.status, voided.number, voided.voidReason, voided.total, voided.hash],
      ['voided', first.number, 'twice', first.total, first.hash],
    );
    assert.equal((await issued()).number, 'INV-2026-11-0002');
    expectProblem(409, await api.post(`/v1/documents/${first.id}/void`, { reason: 'again' }, { token }));
    expectProblem(409, await api.post(`/v1/documents/${(await draft()).id}/void`, { reason: 'no number' }, { token }));
  });

  test('credit notes take back all of an invoice, each tax to the unit, and never more', async () => {
    const [one, other] = [(await tax('19', true)).id, (await tax('7', false)).id];
    const invoice = await issued({
      lines: [
        { description: 'Menu', quantity: '3', unitPrice: 3_333, taxIds: [one] },
        { description: 'Wine', quantity: '0.7', unitPrice: 4_999, taxIds: [one, other] },
      ],
      discounts: [{ amount: 1_001 }],
    });
    const credit = (body: object, query = '?issue=true') =>
      api.post(`/v1/documents/${invoice.id}/credit${query}`, { reason: 'cold', ...body }, { token });
    const notes = [
      expectStatus(201, await credit({ lines: [{ position: 1, quantity: '1' }] })),
      expectStatus(201, await credit({ lines: [{ position: 2, quantity: '0.333' }] }, '')),
      expectStatus(201, await credit({ lines: [{ position: 1, quantity: '0.5' }] })),
    ];
    assert.equal(notes[0].number, 'CRN-2026-11-0001');
    const tooMuch = expectProblem(422, await credit({ lines: [{ position: 1, quantity: '1.500001' }] }));
    assert.deepEqual(tooMuch.errors[0].pointer, '/lines/0/quantity');
    notes.push(expectStatus(201, await credit({})));
    for (const field of ['subtotal', 'discountTotal', 'taxTotal', 'taxIncludedTotal', 'total'])
      assert.equal(
        notes.reduce((sum, note) => sum + note[field], 0),
        invoice[field],
        field,
      );
    for (const { taxId, amount, base } of invoice.taxes) {
      const credited = notes.flatMap((note) => note.taxes.filter((each: Json) => each.taxId === taxId));
      assert.equal(
        credited.reduce((sum, each) => sum + each.amount, 0),
        amount,
      );
      assert.equal(
        credited.reduce((sum, each) => sum + each.base, 0),
        base,
      );
    }
    expectProblem(409, await credit({}));
    expectProblem(409, await api.post(`/v1/documents/${invoice.id}/void`, { reason: 'no' }, { token }));
    expectProblem(422, await api.post('/v1/documents', { type: 'credit_note', lines: LINES }, { token }));
    expectProblem(409, await api.post(`/v1/documents/${notes[0].id}/credit`, { reason: 'of a credit' }, { token }));
    // A credit note that is voided gives back what it took.
    expectStatus(200, await api.post(`/v1/documents/${notes[0].id}/void`, { reason: 'warm' }, { token }));
    assert.equal(expectStatus(201, await credit({})).total, notes[0].total);
  });

  test('documents are found by number, day, order, original, type and status, and by all of them together', async () => {
    const item = await api.item(token, { price: 777 });
    const order = await api.order(token, [{ menuItemId: item.id, quantity: 1 }]);
    const receipt = await issued({ type: 'receipt', lines: undefined, orderId: order.id });
    const first = await issued();
    const note = expectStatus(
      201,
      await api.post(`/v1/documents/${first.id}/credit?issue=true`, { reason: 'cold' }, { token }),
    );
    const kept = await draft();
    now = new Date('2026-11-23T12:00:00Z');
    const second = await issued();
    expectStatus(200, await api.post(`/v1/documents/${second.id}/void`, { reason: 'twice' }, { token }));
    const found = async (search: string): Promise<string[]> =>
      expectStatus(200, await api.get(`/v1/documents?${search}`, { token })).data.map(({ id }: Json) => id);
    assert.deepEqual(await found(`number=${first.number}`), [first.id]);
    assert.deepEqual(await found('businessDate=2026-11-23'), [second.id]);
    assert.deepEqual(await found(`orderId=${order.id}`), [receipt.id]);
    assert.deepEqual(await found(`originalId=${first.id}`), [note.id]);
    assert.deepEqual(await found('type=invoice'), [second.id, kept.id, first.id]);
    assert.deepEqual(await found('status=draft'), [kept.id]);
    assert.deepEqual(await found('status=voided'), [second.id]);
    assert.deepEqual(await found('status=issued'), [note.id, first.id, receipt.id]);
    assert.deepEqual(await found('businessDate=2026-11-22&type=invoice&status=issued'), [first.id]);
    assert.deepEqual(await found(`number=${first.number}&status=voided`), []);
    expectProblem(422, await api.get(`/v1/documents?seriesId=${first.seriesId}&type=invoice`, { token }));
  });

  test('one key creates and issues once, whatever part of it is repeated', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const body = { type: 'invoice', lines: LINES };
    const first = expectStatus(201, await api.post('/v1/documents?issue=true', body, { token, headers }));
    const second = await api.post('/v1/documents?issue=true', body, { token, headers });
    assert.deepEqual(expectStatus(201, second), first);
    assert.equal(second.headers.get('idempotent-replayed'), 'true');
    const other = { ...body, notes: 'other' };
    expectProblem(422, await api.post('/v1/documents?issue=true', other, { token, headers }));
    expectProblem(422, await api.post('/v1/documents', body, { token, headers }));
    const listed = expectStatus(200, await api.get('/v1/documents', { token }));
    assert.equal(listed.data.length, 1);
  });

  test('a key that made a draft makes no second one when it is sent again to issue', async () => {
    const options = { token, headers: { 'idempotency-key': randomUUID() } };
    const body = { type: 'invoice', lines: LINES };
    const { id } = expectStatus(201, await api.post('/v1/documents', body, options));
    expectProblem(422, await api.post('/v1/documents?issue=true', body, options));
    const listed = expectStatus(200, await api.get('/v1/documents', { token }));
    assert.deepEqual(
      listed.data.map((one: Json) => [one.id, one.status]),
      [[id, 'draft']],
    );
  });

  test('staff write and issue; only managers void, credit and arrange series', async () => {
    const scopes = expectStatus(200, await api.get('/v1/me', { token })).scopes;
    for (const scope of ['documents:read', 'documents:write', 'documents:correct', 'document_series:write'])
      assert.ok(scopes.includes(scope), scope);
    const key = { name: 'till', kind: 'till', scopes: ['documents:read', 'documents:write'] };
    const till = expectStatus(201, await api.post('/v1/api-keys', key, { token })).secret;
    const body = { type: 'receipt', lines: LINES };
    const made = expectStatus(201, await api.post('/v1/documents?issue=true', body, { token: till }));
    expectProblem(403, await api.post(`/v1/documents/${made.id}/void`, { reason: 'x' }, { token: till }));
    expectProblem(403, await api.post(`/v1/documents/${made.id}/credit`, { reason: 'x' }, { token: till }));
    expectProblem(403, await api.post('/v1/document-series', { type: 'receipt' }, { token: till }));
  });
});
