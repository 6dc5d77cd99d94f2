/** Invoices and receipts that are made again once they were credited in full. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { type Json, startApi, type TestApi } from '../support/api.js';
import { Factories } from '../support/factories.js';
import { readInvoice } from '../support/eInvoiceFiles.js';
import { brokenRules } from '../support/en16931.js';

describe('documents in the place of others', () => {
  let api: TestApi;
  let token: string;
  let order: Json;
  before(async () => {
    api = await startApi();
  });
  after(() => api.close());
  beforeEach(async () => {
    ({ token } = await api.restaurant());
    const taxIds = [(await tax('19', true)).id, (await tax('2.5', false)).id];
    const item = await api.item(token, { price: 777, taxIds });
    const fields = { tip: 111, discounts: [{ percent: '33.3' }] };
    order = await api.order(token, [{ menuItemId: item.id, quantity: 3 }], fields);
  });

  const { get, post, tax, refused, patch } = new Factories(() => ({ api, token }));
  const made = (fields: Json = {}): Promise<Json> =>
    post('/v1/documents?issue=true', { type: 'invoice', orderId: order.id, ...fields });
  const credited = (id: string, fields: Json = {}): Promise<Json> =>
    post(`/v1/documents/${id}/credit?issue=true`, { reason: 'wrong address', ...fields });

  test('a chain of corrected invoices comes to the total of the order, each naming the one before it', async () => {
    const chain = [await made()];
    for (let step = 0; step < 3; step += 1) {
      const last = chain.at(-1)!;
      await credited(last.id, { lines: [{ position: 1, quantity: '2' }] });
      await credited(last.id);
      // Dishes served since then are on the next one.
      if (step === 1)
        await post(`/v1/orders/${order.id}/lines`, { menuItemId: order.lines[0].menuItemId, quantity: 1 });
      const next = await made({ customer: { name: `Ada ${step}` } });
      assert.deepEqual(next.details.replaces, { documentId: last.id, number: last.number });
      chain.push(next);
    }
    const now = await get(`/v1/orders/${order.id}`);
    assert.ok(now.total > order.total);
    assert.equal(chain.at(-1)!.total, now.total);
    assert.equal(await balance(), now.total);
    assert.equal(chain[0]!.details.replaces, undefined);
    const path = `/v1/document-series/${chain[0]!.seriesId}/audit`;
    assert.equal((await get(path)).clean, true);
  });

  /** Total of the issued invoices less that of the issued credit notes; void ones do not count. */
  async function balance(): Promise<number> {
    const { data } = await get('/v1/documents?status=issued&limit=100');
    const sign = (type: string) => (type === 'credit_note' ? -1 : 1);
    return data.reduce((sum: number, { type, total }: Json) => sum + sign(type) * total, 0);
  }

  test('only what issued credit notes took back in full is replaced, and the answer says what to do with the rest', async () => {
    const body = { type: 'receipt', orderId: order.id };
    const draft = await post('/v1/documents', body);
    const pointed = async (expected: RegExp) => {
      const { detail, errors } = await refused(409, '/v1/documents', body);
      assert.match(detail, expected);
      assert.equal(errors[0].pointer, '/orderId');
    };
    await pointed(new RegExp(`draft ${draft.id} is the receipt of this order. Issue it or delete it`));
    const { number } = await post(`/v1/documents/${draft.id}/issue`, {}, 200);
    await pointed(new RegExp(`${number} is the receipt of this order. Void it, or credit it in full and issue`));
    await credited(draft.id, { lines: [{ position: 1, quantity: '3' }] });
    await pointed(new RegExp(number));
    const note = await post(`/v1/documents/${draft.id}/credit`, { reason: 'cold' });
    await pointed(new RegExp(number));
    await post(`/v1/documents/${note.id}/issue`, {}, 200);
    await made();
    assert.equal((await made({ type: 'receipt' })).details.replaces.number, number);
    const quotation = await made({ type: 'quotation' });
    const { detail } = await refused(409, '/v1/documents', { type: 'quotation', orderId: order.id });
    assert.equal(detail, `${quotation.number} is the quotation of this order. Void it before you make another.`);
  });

  test('a credit note is not voided while something stands in the place of what it took back', async () => {
    const invoice = await made();
    const note = await credited(invoice.id);
    const draft = await post('/v1/documents', { type: 'invoice', orderId: order.id });
    const voiding = { reason: 'after all' };
    const path = `/v1/documents/${note.id}/void`;
    assert.match((await refused(409, path, voiding)).detail, new RegExp(`invoice the draft ${draft.id}. Delete`));
    const { number } = await post(`/v1/documents/${draft.id}/issue`, {}, 200);
    assert.match((await refused(409, path, voiding)).detail, new RegExp(`${number}. Void that first`));
    assert.equal(await balance(), order.total);

    await post(`/v1/documents/${draft.id}/void`, voiding, 200);
    const again = await made();
    assert.equal(again.details.replaces.number, invoice.number);
    await post(`/v1/documents/${again.id}/void`, voiding, 200);
    await post(path, voiding, 200);
    await refused(409, '/v1/documents', { type: 'invoice', orderId: order.id });
    assert.equal(await balance(), order.total);
  });

  test('what was made from a quotation is replaced as it was quoted, and its XML and print name what it replaces', async () => {
    await patch('/v1/restaurant', { country: 'DE', vatId: 'DE123456788', address: 'Ring 1' });
    const lines = [{ description: 'Buffet', quantity: '40', unitPrice: 2_450 }];
    const { id: quotationId, total } = await made({
      orderId: undefined,
      type: 'boq',
      lines,
      customer: { name: 'Ada' },
    });
    const source = { orderId: undefined, quotationId };
    const invoice = await made(source);
    await credited(invoice.id);
    const replacement = await made({ ...source, customer: { name: 'Ada Berg' } });
    assert.deepEqual([replacement.total, replacement.details.quotation.quotationId], [total, quotationId]);
    const problem = await refused(409, '/v1/documents', { type: 'invoice', quotationId });
    assert.equal(problem.errors[0].pointer, '/quotationId');
    const read = readInvoice((await api.get(`/v1/documents/${replacement.id}.xml`, { token })).text);
    assert.deepEqual([read.typeCode, read.original, brokenRules(read)], ['380', invoice.number, []]);
    const { text } = await api.get(`/v1/documents/${replacement.id}.txt`, { token });
    assert.match(text, new RegExp(`^Corrects +${invoice.number}$`, 'm'));
  });
});
