/** Orders, their invoices and receipts, and their credit notes say the same at every moment. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { readInvoice } from '../support/eInvoiceFiles.js';
import { brokenRules } from '../support/en16931.js';
import { Factories } from '../support/factories.js';
import { expectProblem } from '../support/problem.js';

const DAY = '2026-11-20';
const NEXT_DAY = '2026-11-21';
const EVENING = new Date(`${DAY}T19:00:00Z`);
const DAY_MS = 24 * 3_600_000;

describe('an order and its papers', () => {
  let api: TestApi;
  let now = EVENING;
  let token: string;
  let steak: string;
  let wine: string;

  before(async () => {
    api = await startApi({ clock: () => now });
  });
  after(() => api.close());
  beforeEach(async () => {
    now = EVENING;
    token = await api.apiKey((await api.restaurant()).token);
    steak = (await api.item(token, { name: 'Steak', price: 3_000, taxIds: [(await tax('7', true)).id] })).id;
    wine = (await api.item(token, { name: 'Wine', price: 7_000, taxIds: [(await tax('19', true)).id] })).id;
  });

  const { get, post, patch, tax, pay, complete, issued, refused, actOnOrder } = new Factories(() => ({ api, token }));
  const day = (date = DAY): Promise<Json> => get(`/v1/business-days/${date}`);
  const read = (id: string): Promise<Json> => get(`/v1/orders/${id}`);
  const invoice = (orderId: string): Promise<Json> => issued({ type: 'invoice', orderId });
  const credited = (id: string, fields: object = {}): Promise<Json> =>
    post(`/v1/documents/${id}/credit?issue=true`, { reason: 'late', ...fields });
  const close = (date: string): Promise<Json> =>
    post(`/v1/business-days/${date}/close`, { acceptEarly: true, acceptOpenOrders: true });
  const dinner = (quantity = 1): Promise<Json> =>
    api.order(
      token,
      [steak, wine].map((menuItemId) => ({ menuItemId, quantity })),
    );
  const vat = ({ taxes, refundTaxes }: Json): number => {
    const sum = (of: Json[]) => of.reduce((total, { amount }) => total + amount, 0);
    return sum(taxes) - sum(refundTaxes);
  };

  /** Both sides of a day, and of each order. */
  async function assertBalanced(date = DAY): Promise<Json> {
    const figures = await day(date);
    const { salesKept, moneyKept, dueTotal, otherDays } = figures.balance;
    assert.equal(salesKept, moneyKept + dueTotal + otherDays);
    assert.equal(salesKept, figures.total - figures.refundTotal);
    return figures;
  }

  test('a credit note lowers what is due and the VAT on the day of its issue, and in full it settles the order', async () => {
    const { id } = await dinner();
    await complete(id);
    const paper = await invoice(id);
    const frozen = await close(DAY);
    now = new Date(now.getTime() + DAY_MS);
    const part = await credited(paper.id, { lines: [{ position: 2, quantity: '0.2' }] });
    const order = await read(id);
    assert.deepEqual([part.total, order.dueTotal, order.total, order.paymentStatus], [1_400, 8_600, 10_000, 'unpaid']);
    const next = await assertBalanced(NEXT_DAY);
    assert.deepEqual([next.refundTotal, vat(next)], [1_400, -part.taxTotal]);
    assert.deepEqual(next.corrections, [{ kind: 'credit_note', count: 1, amount: 1_400, taxAmount: part.taxTotal }]);
    await credited(paper.id);
    assert.deepEqual([(await read(id)).dueTotal, (await read(id)).paymentStatus], [0, 'paid']);
    const all = await assertBalanced(NEXT_DAY);
    assert.deepEqual([all.refundTotal, vat(all)], [10_000, -vat(frozen)]);
    assert.deepEqual(await day(), frozen);
  });

  test('a credit note of a paid order owes the money to the guest, and the refund takes no sale with it', async () => {
    const { id } = await dinner();
    const payment = await pay(id, 'card', 10_000);
    await complete(id);
    const paper = await invoice(id);
    const refund = { amount: 3_000, reason: 'raw' };
    const problem = await refused(409, `/v1/payments/${payment.id}/refunds`, refund);
    assert.equal(problem.code, 'order_has_documents');
    assert.match(problem.detail, new RegExp(`${paper.number}.*/v1/documents/${paper.id}/credit`));
    await credited(paper.id, { lines: [{ position: 1, quantity: '1' }] });
    const owing = await read(id);
    assert.deepEqual([owing.dueTotal, owing.paymentStatus, owing.unsettled], [-3_000, 'overpaid', true]);
    assert.equal((await post(`/v1/payments/${payment.id}/refunds`, refund)).parts.unsettled, 3_000);
    assert.equal((await read(id)).dueTotal, 0);
    const figures = await assertBalanced();
    assert.deepEqual([figures.refundTotal, vat(figures)], [3_000, 1_118]);
  });

  test('an order does not change behind its invoice or receipt, and may again once that is void or credited', async () => {
    for (const type of ['invoice', 'receipt']) {
      const { id, lines } = await dinner(2);
      const paper = await issued({ type, orderId: id });
      const path = `/v1/orders/${id}`;
      const headers = { 'if-match': `"${(await read(id)).version}"` };
      const attempts = [
        () => api.delete(`${path}/lines/${lines[0].id}`, { reason: 'x' }, { token }),
        () => api.patch(`${path}/lines/${lines[0].id}`, { quantity: 1 }, { token }),
        () => api.patch(`${path}/lines/${lines[0].id}`, { discounts: [{ amount: 1 }] }, { token }),
        () => api.post(`${path}/lines/${lines[0].id}/comp`, { reason: 'x' }, { token }),
        () => api.post(`${path}/lines`, { menuItemId: steak, quantity: 1 }, { token }),
        () => api.post(`${path}/cancel`, { reason: 'x' }, { token }),
        () => api.patch(path, { discounts: [{ percent: '10' }] }, { token, headers }),
        () => api.patch(path, { tip: 5 }, { token, headers }),
        () => api.patch(path, { taxExemption: { reason: 'x', certificate: '1' } }, { token, headers }),
      ];
      for (const attempt of attempts) assert.equal(expectProblem(409, await attempt()).code, 'order_has_documents');
      // Neither its amounts nor its lines.
      expectStatus(200, await api.patch(path, { table: '7' }, { token, headers }));
      await pay(id, 'card', 20_000, 100);
      if (type === 'invoice')
        expectStatus(200, await api.post(`/v1/documents/${paper.id}/void`, { reason: 'x' }, { token }));
      else await credited(paper.id);
      expectStatus(200, await attempts[0]!());
    }
    await assertBalanced();
  });

  test('goods leave the order together with their credit note, in one call or not at all', async () => {
    const { id } = await dinner(2);
    await pay(id, 'cash', 20_000);
    await complete(id);
    const paper = await invoice(id);
    const path = `/v1/documents/${paper.id}/credit`;
    const half = { reason: 'x', applyToOrder: true, lines: [{ position: 1, quantity: '0.5' }] };
    assert.equal((await refused(422, path, half)).errors[0].pointer, '/lines/0/quantity');
    assert.equal((await get(`/v1/documents?originalId=${paper.id}`)).data.length, 0);
    const note = await post(path, { ...half, lines: [{ position: 1, quantity: '1' }] });
    // Half of the line, net and tax rounded each by itself.
    assert.deepEqual([note.status, note.total], ['issued', 3_001]);
    const order = await read(id);
    assert.deepEqual([order.total, order.refundedSaleTotal, order.dueTotal], [17_000, 1, -3_001]);
    assert.equal(order.lines[0].quantity, 1);
    const rest = await post(path, { reason: 'x', applyToOrder: true });
    assert.deepEqual([rest.total, (await read(id)).total, (await read(id)).dueTotal], [16_999, 0, -20_000]);
    const figures = await assertBalanced();
    assert.deepEqual([figures.total, figures.refundTotal, vat(figures)], [0, 0, 0]);
    await close(DAY);
    now = new Date(now.getTime() + DAY_MS);
    expectProblem(409, await api.post(path, { reason: 'x', applyToOrder: true }, { token }));
  });

  test('a credit note that takes a share of the service charge with it must say so', async () => {
    await patch('/v1/restaurant', { serviceCharge: { rate: '10', orderTypes: ['takeaway'], taxIds: [] } });
    const { id } = await dinner();
    await complete(id);
    const paper = await invoice(id);
    const path = `/v1/documents/${paper.id}/credit`;
    const body = { reason: 'x', applyToOrder: true, lines: [{ position: 1, quantity: '1' }] };
    assert.match((await refused(409, path, body)).detail, /service charge/);
    assert.equal((await read(id)).total, 11_000);
    const note = await post(path, { ...body, lines: [...body.lines, { position: 3, quantity: '0.3' }] });
    assert.deepEqual([note.total, (await read(id)).total, (await read(id)).dueTotal], [3_300, 7_700, 7_700]);
    await assertBalanced();
  });

  test('papers after a refund state what is left, with its VAT, and name the refund', async () => {
    const { id, lines } = await dinner();
    const payment = await pay(id, 'card', 10_000);
    await complete(id);
    await patch('/v1/restaurant', { country: 'DE', vatId: 'DE123456789' });
    const named = { lines: [{ lineId: lines[0].id }], reason: 'raw steak', method: 'cash' };
    await post(`/v1/payments/${payment.id}/refunds`, named);
    for (const type of ['invoice', 'receipt']) {
      const paper = await issued({ type, orderId: id, customer: { name: 'Ada', country: 'DE' } });
      assert.deepEqual([paper.total, paper.taxTotal], [7_000, 1_118]);
      assert.deepEqual(
        paper.lines.map(({ grossAmount, amount, taxAmount }: Json) => [grossAmount, amount, taxAmount]),
        [
          [3_000, 0, 0],
          [7_000, 7_000, 1_118],
        ],
      );
      const [refund] = paper.details.refunds;
      assert.deepEqual([refund.amount, refund.method, refund.reason], [3_000, 'cash', 'raw steak']);
      assert.deepEqual(
        refund.taxes.map(({ rate, amount }: Json) => [rate, amount]),
        [['7', 196]],
      );
      const { text } = await api.get(`/v1/documents/${paper.id}.txt`, { token });
      assert.match(text, /Refund: raw steak +-30\.00/);
      assert.doesNotMatch(text, /To pay|To give back/);
      if (type === 'receipt') continue;
      const xml = await api.get(`/v1/documents/${paper.id}.xml`, { token });
      const read = readInvoice(xml.text);
      assert.deepEqual(brokenRules(read), []);
      assert.deepEqual([read.totals.gross, read.totals.paid, read.totals.payable], ['70.00', '70.00', '0.00']);
    }
    const receipt = await get(`/v1/orders/${id}/receipt`);
    assert.deepEqual(receipt.refunds, [{ amount: 3_000, reason: 'raw steak' }]);
    assert.deepEqual(
      receipt.refundTaxes.map(({ rate, amount }: Json) => [rate, amount]),
      [['7', 196]],
    );
  });

  test('of nothing no invoice is made, and no document without a line', async () => {
    const { id } = await dinner();
    const payment = await pay(id, 'card', 10_000, 100);
    await complete(id);
    await post(`/v1/payments/${payment.id}/refunds`, { amount: 10_000, reason: 'all' });
    assert.match((await refused(409, '/v1/documents', { type: 'invoice', orderId: id })).detail, /Nothing is left/);
    const { id: empty, lines } = await api.order(token, [{ menuItemId: steak, quantity: 1 }]);
    expectStatus(200, await api.delete(`/v1/orders/${empty}/lines/${lines[0].id}`, undefined, { token }));
    for (const type of ['invoice', 'receipt', 'quotation'])
      assert.match((await refused(409, '/v1/documents', { type, orderId: empty })).detail, /No line is left/);
  });

  test('an invoice that is made again restores the sale, and so does a credit note that is voided', async () => {
    const { id } = await dinner();
    await complete(id);
    const first = await invoice(id);
    await credited(first.id);
    assert.equal((await read(id)).dueTotal, 0);
    const second = await invoice(id);
    assert.deepEqual([second.total, (await read(id)).dueTotal], [10_000, 10_000]);
    const note = await credited(second.id, { lines: [{ position: 1, quantity: '1' }] });
    assert.equal((await read(id)).dueTotal, 7_000);
    expectStatus(200, await api.post(`/v1/documents/${note.id}/void`, { reason: 'no' }, { token }));
    assert.equal((await read(id)).dueTotal, 10_000);
    const figures = await assertBalanced();
    assert.deepEqual([figures.refundTotal, vat(figures)], [0, second.taxTotal]);
    // The goods of this one have left the order: it stays as it is.
    const applied = await post(`/v1/documents/${second.id}/credit`, {
      reason: 'x',
      applyToOrder: true,
      lines: [{ position: 1, quantity: '1' }],
    });
    expectProblem(409, await api.post(`/v1/documents/${applied.id}/void`, { reason: 'no' }, { token }));
  });

  test('a closed day’s order that is never paid is written off on an open day', async () => {
    const { id } = await dinner();
    const path = `/v1/orders/${id}/write-off`;
    await refused(409, path, { reason: 'gone' });
    await complete(id);
    await pay(id, 'cash', 4_000);
    const frozen = await close(DAY);
    await refused(409, path, { reason: 'gone' });
    now = new Date(now.getTime() + DAY_MS);
    await refused(422, path);
    const { dueTotal, paymentStatus, refundedSaleTotal } = await post(path, { reason: 'gone' }, 200);
    assert.deepEqual([dueTotal, paymentStatus, refundedSaleTotal], [0, 'paid', 6_000]);
    assert.match((await refused(409, path, { reason: 'gone' })).detail, /Nothing is due/);
    const next = await assertBalanced(NEXT_DAY);
    assert.deepEqual(next.corrections, [{ kind: 'write_off', count: 1, amount: 6_000, taxAmount: 788 }]);
    assert.deepEqual([next.refundTotal, vat(next)], [6_000, -788]);
    assert.deepEqual(await day(), frozen);
    const { documentId } = await close(NEXT_DAY);
    const { text } = await api.get(`/v1/documents/${documentId}.txt`, { token });
    assert.match(text, /Written off \(1\) +-60\.00/);
    const { data } = await get(`/v1/orders/${id}/history`);
    assert.ok(data.some(({ action }: Json) => action === 'order.sale_corrected'));
  });

  test('money owed to a guest is listed, and the close waits for it or is told to go on', async () => {
    const { id, lines } = await dinner();
    const payment = await pay(id, 'cash', 10_000);
    expectStatus(200, await api.delete(`/v1/orders/${id}/lines/${lines[0].id}`, undefined, { token }));
    assert.equal((await complete(id)).unsettled, true);
    await dinner().then(({ id: other }) => complete(other));
    const listed = await get('/v1/orders?unsettled=true');
    assert.deepEqual(
      listed.data.map((one: Json) => one.id),
      [id],
    );
    expectProblem(422, await api.get('/v1/orders?unsettled=true&type=takeaway', { token }));
    const figures = await assertBalanced();
    assert.deepEqual([figures.unfinishedOrders.unsettled, figures.unfinishedOrders.orders[0].id], [1, id]);
    const path = `/v1/business-days/${DAY}/close`;
    const problem = await refused(409, path, { acceptEarly: true });
    assert.match(problem.detail, /guests get money back: 1/);
    await post(`/v1/payments/${payment.id}/refunds`, { amount: 3_000, reason: 'x' });
    assert.equal((await get('/v1/orders?unsettled=true')).data.length, 0);
    assert.equal((await post(path, { acceptEarly: true })).unfinishedOrders.unsettled, 0);
    await actOnOrder(id, 'reopen').then(
      () => assert.fail('a closed day was changed'),
      () => undefined,
    );
  });
});
