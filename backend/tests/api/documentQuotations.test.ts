/** Invoices and receipts that are made from quotations and bills of quantities. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, describe, test } from 'node:test';
import fc from 'fast-check';
import { expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { Factories } from '../support/factories.js';
import { expectProblem } from '../support/problem.js';
import { anyDiscount } from '../domain/orders.js';

const LINES = [{ description: 'Buffet', quantity: '40', unit: 'guests', unitPrice: 2_450 }];
const TAKEN_OVER = [
  'lines',
  'discounts',
  'taxes',
  'subtotal',
  'discountTotal',
  'taxTotal',
  'taxIncludedTotal',
  'total',
];

describe('documents of quotations', () => {
  let api: TestApi;
  let token: string;
  before(async () => {
    api = await startApi();
  });
  after(() => api.close());
  beforeEach(async () => {
    ({ token } = await api.restaurant());
  });

  const { get, post, tax, draft, issued, patch, refused } = new Factories(() => ({ api, token }));
  const amountsOf = (document: Json): Json[] => TAKEN_OVER.map((field) => document[field]);

  test('a quotation becomes an invoice as it was quoted, with its number, whatever a tax has become since', async () => {
    const vat = await tax('19', false, { name: 'VAT' });
    const customer = { name: 'Ada Berg', email: 'ada@berg.example', vatId: 'DE123456788' };
    const place = { location: 'Harbour', register: 'Office', notes: 'Wedding' };
    const lines = [{ ...LINES[0], taxIds: [vat.id], discounts: [{ percent: '3.33' }] }];
    const quotation = await issued({ type: 'boq', lines, discounts: [{ amount: 777 }], customer, ...place });
    await patch(`/v1/taxes/${vat.id}`, { rate: '7' });

    const invoice = await issued({ type: 'invoice', quotationId: quotation.id });
    assert.deepEqual(amountsOf(invoice), amountsOf(quotation));
    assert.equal(invoice.taxes[0].rate, '19');
    assert.deepEqual([invoice.customer, invoice.notes], [customer, 'Wedding']);
    assert.deepEqual([invoice.location, invoice.register], ['Harbour', 'Office']);
    assert.deepEqual(invoice.details, { quotation: { quotationId: quotation.id, number: quotation.number } });
    const path = `/v1/document-series/${invoice.seriesId}/audit`;
    assert.equal((await get(path)).clean, true);
    const credit = await post(`/v1/documents/${invoice.id}/credit?issue=true`, { reason: 'rained off' });
    assert.equal(credit.total, quotation.total);
  });

  test('what the caller says of customer, notes and place comes first, and the lines cannot be written', async () => {
    const { id } = await issued({
      type: 'quotation',
      lines: LINES,
      customer: { name: 'Ada' },
      notes: 'x',
      register: 'a',
    });
    const receipt = await draft({ type: 'receipt', quotationId: id, customer: null, register: 'b' });
    assert.deepEqual([receipt.customer, receipt.notes, receipt.register], [null, 'x', 'b']);
    const options = { token, headers: { 'if-match': '"1"' } };
    expectProblem(409, await api.patch(`/v1/documents/${receipt.id}`, { lines: LINES }, options));
    expectStatus(200, await api.patch(`/v1/documents/${receipt.id}`, { notes: 'y' }, options));
    for (const more of [{ lines: LINES }, { discounts: [] }, { orderId: id }])
      await refused(422, '/v1/documents', { type: 'invoice', quotationId: id, ...more });
  });

  test('whatever lines, discounts and taxes it holds, an invoice and a receipt come to the very amounts of the quotation', async () => {
    const rates = [
      ['19', true],
      ['7', true],
      ['8.875', false],
      ['2.5', false],
    ] as const;
    const taxIds: string[] = [];
    for (const [rate, inclusive] of rates) taxIds.push((await tax(rate, inclusive)).id);
    const anyLine = fc.record({
      description: fc.constant('Dinner'),
      quantity: fc.integer({ min: 1, max: 40_000 }).map((thousandths) => String(thousandths / 1_000)),
      unitPrice: fc.integer({ min: 0, max: 5_000 }),
      taxIds: fc.subarray(taxIds),
      discounts: fc.array(anyDiscount, { maxLength: 2 }),
    });
    const anyQuotation = fc.record({
      type: fc.constantFrom('quotation', 'boq'),
      lines: fc.array(anyLine, { minLength: 1, maxLength: 8 }),
      discounts: fc.array(anyDiscount, { maxLength: 2 }),
    });
    const property = fc.asyncProperty(anyQuotation, async (body) => {
      const quotation = await issued(body);
      for (const type of ['invoice', 'receipt'])
        assert.deepEqual(amountsOf(await issued({ type, quotationId: quotation.id })), amountsOf(quotation));
    });
    await fc.assert(property, { numRuns: 25 });
  });

  test('of one quotation there is one live invoice and one live receipt, however many ask at once', async () => {
    const { id: quotationId } = await issued({ type: 'quotation', lines: LINES });
    const ask = (_: unknown, index: number) => {
      const body = { type: index % 2 ? 'invoice' : 'receipt', quotationId };
      return api.post('/v1/documents?issue=true', body, { token });
    };
    const answers = await Promise.all(Array.from({ length: 12 }, ask));
    const made = answers.filter(({ status }) => status === 201).map(({ body }) => body);
    assert.deepEqual([made.length, new Set(made.map(({ type }) => type)).size], [2, 2]);
    for (const answer of answers.filter(({ status }) => status !== 201))
      assert.equal(expectProblem(409, answer).errors[0].pointer, '/quotationId');
    const invoice = made.find(({ type }) => type === 'invoice');
    await post(`/v1/documents/${invoice?.id}/void`, { reason: 'wrong address' }, 200);
    await draft({ type: 'invoice', quotationId });
    await refused(409, '/v1/documents', { type: 'invoice', quotationId });
  });

  test('only a quotation that stands becomes an invoice, and the answer says what to do with the others', async () => {
    const unsent = await draft({ type: 'quotation', lines: LINES });
    const body = { type: 'invoice', quotationId: unsent.id };
    assert.match((await refused(409, '/v1/documents', body)).detail, /draft\. Issue it/);
    await post(`/v1/documents/${unsent.id}/issue`, {}, 200);
    assert.equal((await refused(422, '/v1/documents', { ...body, type: 'purchase_order' })).errors[0].pointer, '/type');
    await post(`/v1/documents/${unsent.id}/void`, { reason: 'declined' }, 200);
    assert.match((await refused(409, '/v1/documents', body)).detail, /^This quotation is void/);
    const { id: invoiceId } = await issued({ type: 'invoice', lines: LINES });
    const problem = await refused(422, '/v1/documents', { type: 'receipt', quotationId: invoiceId });
    assert.deepEqual(
      [problem.errors[0].pointer, problem.errors[0].message.includes('quotation, boq')],
      ['/quotationId', true],
    );

    const item = await api.item(token, { price: 900 });
    const order = await api.order(token, [{ menuItemId: item.id, quantity: 1 }]);
    const ofOrder = await issued({ type: 'quotation', orderId: order.id });
    assert.ok(
      (await refused(409, '/v1/documents', { ...body, quotationId: ofOrder.id })).detail.includes(
        `orderId, ${order.id}`,
      ),
    );

    const { id: foreign } = await issued({ type: 'quotation', lines: LINES });
    const stranger = await api.restaurant();
    for (const [quotationId, caller] of [
      [foreign, stranger.token],
      [randomUUID(), token],
    ] as const) {
      const answer = await api.post('/v1/documents', { ...body, quotationId }, { token: caller });
      assert.equal(expectProblem(404, answer).errors[0].pointer, '/quotationId');
    }
  });
});
