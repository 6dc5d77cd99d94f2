/** Documents that are made from what was bought: purchase orders and goods receipts. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { withClient } from '../../src/config/database.js';
import { labelsOf } from '../../src/formats/labels/documentLabels.js';
import { PRINT_LANGUAGES } from '../../src/domain/restaurant/printLanguage.js';
import { expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { Factories } from '../support/factories.js';
import { readPdf } from '../support/pdfText.js';
import { expectProblem } from '../support/problem.js';

describe('documents of what was bought', () => {
  let api: TestApi;
  let token: string;
  let milk: Json;
  let rice: Json;
  let serial = 0;

  before(async () => {
    api = await startApi();
    ({ token } = await api.restaurant());
    milk = await ingredient({ name: 'Milk', unit: 'l', units: [{ unit: 'crate', numerator: 12 }] });
    rice = await ingredient({ name: 'Rice' });
  });
  after(() => api.close());

  const { post, ingredient, ...make } = new Factories(() => ({ api, token }));
  const refused = async (status: number, body: Json, pointer: string): Promise<Json> => {
    const problem = await make.refused(status, '/v1/documents', body);
    assert.equal(problem.errors?.[0].pointer ?? '', pointer, problem.detail);
    return problem;
  };
  const supplier = async (fields: Json = {}): Promise<Json> => {
    serial += 1;
    const made = await make.supplier({ name: `Dairy ${serial}`, ...fields });
    const offer = { supplierId: made.id, inventoryItemId: milk.id, packUnit: 'crate', articleNumber: 'M-12' };
    await post('/v1/supplier-items', { ...offer, lastPrice: 1_081 });
    return made;
  };
  const drafted = async (by: Json): Promise<Json> =>
    post('/v1/purchase-orders', {
      supplierId: by.id,
      lines: [
        { inventoryItemId: milk.id, quantity: '2.5', unit: 'crate' },
        { inventoryItemId: rice.id, quantity: '0.125', unit: 'kg', unitPrice: 396 },
      ],
    });
  const sent = async (by: Json): Promise<Json> => {
    const { id } = await drafted(by);
    return post(`/v1/purchase-orders/${id}/send`, {}, 200);
  };
  const received = async (order: Json, reference: string | null): Promise<Json> => {
    const lines = [{ lineId: order.lines[0].id, quantity: '1', unitPrice: 1_100 }];
    const options = { token, headers: { 'if-match': `"${order.version}"` } };
    const path = `/v1/purchase-orders/${order.id}/receive`;
    return expectStatus(201, await api.post(path, { lines, reference }, options)).goodsReceipt;
  };
  const linesOf = (document: Json): Json[] =>
    document.lines.map((line: Json) => [line.description, line.quantity, line.unit, line.unitPrice, line.taxes]);

  test('a purchase order that was sent becomes a document of its own lines and total, for its supplier', async () => {
    const dairy = await supplier({ address: '1 Meadow Lane', phone: '+49 30 1234', customerNumber: 'C-77' });
    const order = await sent(dairy);
    const body = { type: 'purchase_order', purchaseOrderId: order.id };
    const made = await make.issued(body);
    assert.deepEqual(linesOf(made), [
      ['Milk, M-12', '2.5', 'crate', 1_081, []],
      ['Rice', '0.125', 'kg', 396, []],
    ]);
    assert.equal(made.total, order.total);
    // Both stand on the paper: two papers must never bear one number.
    assert.match(order.number, /^PO-\d{4}-\d\d-\d{4}$/);
    assert.match(made.number, /^PUR-\d{4}-\d\d-\d{4}$/);
    assert.deepEqual(made.customer, { name: dairy.name, phone: '+49 30 1234', address: '1 Meadow Lane' });
    const purchase = { purchaseOrderId: order.id, reference: order.number, customerNumber: 'C-77' };
    assert.deepEqual([made.details, made.orderId, made.status], [{ purchase }, null, 'issued']);
    // The source of a document is part of its hash, so the audit finds a change of it.
    const path = `/v1/document-series/${made.seriesId}/audit`;
    assert.equal(expectStatus(200, await api.get(path, { token })).clean, true);
    await withClient(api.database.ownerUrl, async (owner) => {
      await owner.query('alter table documents disable trigger documents_keep_issued');
      const change = `update documents set details = jsonb_set(details, '{purchase,purchaseOrderId}', to_jsonb($2::text)) where id = $1`;
      const { rowCount } = await owner.query(change, [made.id, randomUUID()]);
      assert.equal(rowCount, 1);
      assert.equal(expectStatus(200, await api.get(path, { token })).clean, false);
      await owner.query(change, [made.id, order.id]);
      await owner.query('alter table documents enable trigger documents_keep_issued');
    });
    assert.equal(expectStatus(200, await api.get(path, { token })).clean, true);
  });

  test('a goods receipt becomes a document with the delivery note’s number, whether it was ordered or not', async () => {
    const dairy = await supplier();
    const receipt = await received(await sent(dairy), 'DN-4711');
    const made = await make.draft({ type: 'goods_receipt', goodsReceiptId: receipt.id });
    assert.deepEqual(linesOf(made), [['Milk, M-12', '1', 'crate', 1_100, []]]);
    assert.deepEqual([made.total, made.customer], [receipt.total, { name: dairy.name }]);
    const purchase = { goodsReceiptId: receipt.id, reference: 'DN-4711', customerNumber: null };
    assert.deepEqual(made.details, { purchase });
    const lines = [{ inventoryItemId: rice.id, quantity: '3', unitPrice: 400 }];
    const direct = await post('/v1/goods-receipts', { supplierId: dairy.id, lines });
    const other = await make.draft({
      type: 'goods_receipt',
      goodsReceiptId: direct.id,
      customer: { name: 'D' },
    });
    assert.deepEqual(linesOf(other), [['Rice', '3', 'kg', 400, []]]);
    assert.deepEqual([other.customer, other.details.purchase.reference], [{ name: 'D' }, null]);
  });

  test('in print they name the supplier as such, and the numbers that both sides know them by', async () => {
    const order = await sent(await supplier({ name: 'Dairy Nord', customerNumber: 'C-77' }));
    const receipt = await received(order, 'DN-4711');
    for (const [source, number] of [
      [{ type: 'purchase_order', purchaseOrderId: order.id }, order.number],
      [{ type: 'goods_receipt', goodsReceiptId: receipt.id }, 'DN-4711'],
    ] as const) {
      const { id } = await make.draft(source);
      for (const language of PRINT_LANGUAGES) {
        const { customer, supplier, reference, customerNumber } = labelsOf(language);
        const { text } = await api.get(`/v1/documents/${id}.txt?language=${language}`, { token });
        const lines = text.split('\n').map((line) => line.replace(/ {2,}/, ': '));
        for (const line of [supplier, 'Dairy Nord', `${reference}: ${number}`, `${customerNumber}: C-77`])
          assert.ok(lines.includes(line), `${line} is not in ${text}`);
        assert.ok(!lines.includes(customer), text);
      }
      for (const format of ['page', 'roll']) {
        const headers = { authorization: `Bearer ${token}` };
        const answer = await fetch(`${api.url}/v1/documents/${id}.pdf?format=${format}`, { headers });
        const { pages } = readPdf(new Uint8Array(await answer.arrayBuffer()));
        const texts = pages.flatMap((page) => page.texts);
        for (const word of ['Supplier', 'Dairy Nord', 'Reference', number, 'Customer number', 'C-77'])
          assert.ok(texts.includes(word), `${word} is not in ${texts.join(' | ')}`);
      }
    }
  });

  test('who was deleted since still stands on the paper', async () => {
    const dairy = await supplier({ address: '2 Meadow Lane' });
    const order = await sent(dairy);
    const receipt = await received(order, null);
    const options = { token, headers: { 'if-match': `"${order.version + 1}"` } };
    expectStatus(200, await api.post(`/v1/purchase-orders/${order.id}/close`, {}, options));
    expectStatus(204, await api.delete(`/v1/suppliers/${dairy.id}`, undefined, { token }));
    for (const source of [
      { type: 'purchase_order', purchaseOrderId: order.id },
      { type: 'goods_receipt', goodsReceiptId: receipt.id },
    ])
      assert.deepEqual((await make.draft(source)).customer, { name: dairy.name, address: '2 Meadow Lane' });
  });

  test('what is no order yet, or none any more, becomes no document', async () => {
    const dairy = await supplier();
    const order = await drafted(dairy);
    const body = { type: 'purchase_order', purchaseOrderId: order.id };
    assert.match((await refused(409, body, '')).detail, /draft/);
    await post(`/v1/purchase-orders/${order.id}/cancel`, {}, 200);
    assert.match((await refused(409, body, '')).detail, /cancelled/i);
    const receipt = await received(await sent(dairy), null);
    await post(`/v1/goods-receipts/${receipt.id}/reverse`, { reason: 'wrong door' }, 200);
    const reversed = await refused(409, { type: 'goods_receipt', goodsReceiptId: receipt.id }, '');
    assert.match(reversed.detail, /reversed/);
  });

  test('of one source there is one live document, however many ask at once', async () => {
    const order = await sent(await supplier());
    const receipt = await received(order, null);
    for (const [pointer, body] of [
      ['/purchaseOrderId', { type: 'purchase_order', purchaseOrderId: order.id }],
      ['/goodsReceiptId', { type: 'goods_receipt', goodsReceiptId: receipt.id }],
    ] as const) {
      const answers = await Promise.all(
        Array.from({ length: 6 }, () => api.post('/v1/documents?issue=true', body, { token })),
      );
      assert.deepEqual(
        answers.map(({ status }) => status).sort((one, other) => one - other),
        [201, 409, 409, 409, 409, 409],
      );
      await refused(409, body, pointer);
      const first = answers.find(({ status }) => status === 201)?.body;
      expectStatus(200, await api.post(`/v1/documents/${first.id}/void`, { reason: 'torn' }, { token }));
      const second = await make.draft(body);
      expectStatus(204, await api.delete(`/v1/documents/${second.id}`, undefined, { token }));
      await make.draft(body);
    }
  });

  test('lines of such a draft cannot be written; the rest of it can', async () => {
    const order = await sent(await supplier());
    const made = await make.draft({ type: 'purchase_order', purchaseOrderId: order.id });
    const change = (body: Json) =>
      api.patch(`/v1/documents/${made.id}`, body, { token, headers: { 'if-match': '"1"' } });
    expectProblem(409, await change({ lines: [{ description: 'Tea', quantity: '1', unitPrice: 1 }] }));
    const changed = expectStatus(200, await change({ notes: 'by the back door' }));
    assert.deepEqual([changed.notes, changed.details], ['by the back door', made.details]);
  });

  test('unknown and foreign sources are not found, and one source makes one type', async () => {
    const order = await sent(await supplier());
    const receipt = await received(order, null);
    const stranger = await api.restaurant();
    for (const [type, field, id] of [
      ['purchase_order', 'purchaseOrderId', order.id],
      ['goods_receipt', 'goodsReceiptId', receipt.id],
    ] as const) {
      await refused(404, { type, [field]: randomUUID() }, `/${field}`);
      const foreign = await api.post('/v1/documents', { type, [field]: id }, { token: stranger.token });
      assert.equal(expectProblem(404, foreign).errors[0].pointer, `/${field}`);
      await refused(422, { type: 'invoice', [field]: id }, '/type');
      await refused(422, { type, [field]: id, discounts: [{ percent: '10' }] }, '');
      await refused(422, { type, [field]: id, lines: [{ description: 'Tea', quantity: '1', unitPrice: 1 }] }, '');
    }
    await refused(422, { type: 'purchase_order', purchaseOrderId: order.id, goodsReceiptId: receipt.id }, '');
  });
});
