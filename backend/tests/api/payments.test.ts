import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { expectStatus, startApi, type TestApi } from '../support/api.js';
import { Factories } from '../support/factories.js';

describe('payments', () => {
  let api: TestApi;
  let token: string;
  let itemId: string;
  before(async () => {
    api = await startApi();
    token = (await api.restaurant()).token;
    const vat = await tax('19', true, { name: 'VAT' });
    itemId = (await api.item(token, { price: 1190, taxIds: [vat.id] })).id;
  });
  after(() => api.close());

  const order = (quantity = 1, fields: object = {}) => api.order(token, [{ menuItemId: itemId, quantity }], fields);
  const pay = (id: string, body: object) => api.post(`/v1/orders/${id}/payments`, body, { token });
  const { tax, complete } = new Factories(() => ({ api, token }));

  test('takes several payments, with tips, and gives change for cash only', async () => {
    const { id } = await order(2);
    expectStatus(201, await pay(id, { method: 'card', amount: 1000, tip: 150, reference: 'T-778' }));
    const refused = expectStatus(409, await pay(id, { method: 'card', amount: 1381 }));
    assert.equal(refused.code, 'amount_exceeds_due');
    assert.match(refused.detail, /Only 13\.80 EUR is due/);
    const cash = expectStatus(201, await pay(id, { method: 'cash', amount: 2000 }));
    assert.deepEqual([cash.amount, cash.change, cash.tendered], [1380, 620, 2000]);
    const paid = expectStatus(200, await api.get(`/v1/orders/${id}`, { token }));
    assert.deepEqual(
      [paid.total, paid.tipTotal, paid.paidTotal, paid.dueTotal, paid.paymentStatus],
      [2530, 150, 2530, 0, 'paid'],
    );
    expectStatus(409, await pay(id, { method: 'cash', amount: 100 }));
    expectStatus(201, await pay(id, { method: 'cash', amount: 0, tip: 70 }));
    assert.equal(expectStatus(200, await api.get(`/v1/orders/${id}`, { token })).dueTotal, 0);
  });

  test('refuses card numbers, payments of nothing and payments of cancelled orders', async () => {
    const { id } = await order();
    expectStatus(422, await pay(id, { method: 'card', amount: 1190, reference: '4111 1111 1111 1111' }));
    expectStatus(422, await pay(id, { method: 'card', amount: 0 }));
    expectStatus(200, await api.post(`/v1/orders/${id}/cancel`, {}, { token }));
    expectStatus(409, await pay(id, { method: 'card', amount: 1190 }));
  });

  test('a refund on an open order makes it due again, and lets it be cancelled', async () => {
    const { id } = await order();
    const payment = expectStatus(201, await pay(id, { method: 'card', amount: 1190 }));
    assert.equal(
      expectStatus(409, await api.post(`/v1/orders/${id}/cancel`, {}, { token })).code,
      'order_has_payments',
    );
    const refund = expectStatus(
      201,
      await api.post(`/v1/payments/${payment.id}/refunds`, { amount: 1190, reason: 'wrong card' }, { token }),
    );
    assert.equal(refund.parts.unsettled, 1190);
    const open = expectStatus(200, await api.get(`/v1/orders/${id}`, { token }));
    assert.deepEqual([open.dueTotal, open.paymentStatus], [1190, 'unpaid']);
    expectStatus(200, await api.post(`/v1/orders/${id}/cancel`, {}, { token }));
  });

  test('a reversed payment takes its tip with it', async () => {
    const { id } = await order();
    const payment = expectStatus(201, await pay(id, { method: 'card', amount: 1190, tip: 200 }));
    const refund = (amount: number) =>
      api.post(`/v1/payments/${payment.id}/refunds`, { amount, reason: 'wrong card' }, { token });
    expectStatus(201, await refund(1290));
    const partly = expectStatus(200, await api.get(`/v1/orders/${id}`, { token }));
    assert.deepEqual([partly.tipTotal, partly.total, partly.dueTotal], [100, 1290, 1190]);
    expectStatus(201, await refund(100));
    const open = expectStatus(200, await api.get(`/v1/orders/${id}`, { token }));
    assert.deepEqual([open.tipTotal, open.total, open.dueTotal], [0, 1190, 1190]);
  });

  test('refunds of a completed order mirror the sale and never exceed the payment', async () => {
    const { id } = await order(1, { tip: 100 });
    const payment = expectStatus(201, await pay(id, { method: 'card', amount: 1290 }));
    await complete(id);
    const refund = (amount: number) =>
      api.post(`/v1/payments/${payment.id}/refunds`, { amount, reason: 'cold soup' }, { token });
    const parts: Record<string, number>[] = [];
    for (const amount of [333, 333, 624]) {
      const { parts: returned, taxes } = expectStatus(201, await refund(amount));
      assert.deepEqual(
        [taxes.length, taxes[0].rate, taxes[0].amount, taxes[0].base],
        [1, '19', returned.tax, returned.goods],
      );
      parts.push(returned);
    }
    assert.equal(expectStatus(409, await refund(1)).code, 'refund_exceeds_payment');
    const total = (part: string) => parts.reduce((sum, one) => sum + (one[part] ?? 0), 0);
    assert.deepEqual(['goods', 'tax', 'tip', 'unsettled'].map(total), [1000, 190, 100, 0]);
    const refunded = expectStatus(200, await api.get(`/v1/orders/${id}`, { token }));
    assert.deepEqual([refunded.refundedTotal, refunded.dueTotal, refunded.paymentStatus], [1290, 0, 'refunded']);
  });

  test('two refunds at once never give back more than was paid', async () => {
    const { id } = await order();
    const payment = expectStatus(201, await pay(id, { method: 'card', amount: 1190 }));
    const answers = await Promise.all(
      Array.from({ length: 8 }, () =>
        api.post(`/v1/payments/${payment.id}/refunds`, { amount: 500, reason: 'race' }, { token }),
      ),
    );
    assert.equal(answers.filter((answer) => answer.status === 201).length, 2);
    assert.equal(expectStatus(200, await api.get(`/v1/orders/${id}`, { token })).refundedTotal, 1000);
  });

  test('two payments at once never take more than is due', async () => {
    const { id } = await order();
    const answers = await Promise.all(Array.from({ length: 8 }, () => pay(id, { method: 'card', amount: 1190 })));
    assert.equal(answers.filter((answer) => answer.status === 201).length, 1);
    assert.equal(answers.filter((answer) => answer.status === 409).length, 7);
  });

  test('prints a receipt as JSON and as text', async () => {
    const { id, number } = await order(2);
    expectStatus(201, await pay(id, { method: 'cash', amount: 5000 }));
    const receipt = expectStatus(200, await api.get(`/v1/orders/${id}/receipt`, { token }));
    assert.deepEqual([receipt.number, receipt.total, receipt.payments[0].change], [number, 2380, 2620]);
    const text = await api.get(`/v1/orders/${id}/receipt`, { token, headers: { accept: 'text/plain' } });
    assert.match(text.text, /^TOTAL +€23\.80$/m);
    assert.match(text.text, /^Included: VAT 19% +3\.80\n {4}Taxable amount 20\.00$/m);
    assert.match(text.text, /^Change +26\.20$/m);
    const asked = await api.get(`/v1/orders/${id}/receipt?language=en`, { token, headers: { accept: 'text/plain' } });
    assert.equal(asked.text, text.text);
  });

  test('prints a receipt as PDF and as text in a language', async () => {
    const { id, number } = await order(2);
    const path = `/v1/orders/${id}/receipt?language=de`;
    const pdf = await api.get(path, { token, headers: { accept: 'application/pdf' } });
    assert.equal(pdf.status, 200);
    assert.equal(pdf.headers.get('content-type'), 'application/pdf');
    assert.match(pdf.text, /^%PDF-1\.7/);
    const text = await api.get(path, { token, headers: { accept: 'text/plain' } });
    assert.match(text.text, new RegExp(`Beleg ${number}`));
    assert.match(text.text, /^GESAMTBETRAG +23,80\u00a0€$/m);
    assert.match(text.text, /^Zu zahlen +23,80$/m);
    assert.equal((await api.get(`/v1/orders/${id}/receipt?language=xx`, { token })).status, 422);
  });

  test('prints a receipt in the language of the restaurant, with its numbers at the tax office', async () => {
    const { id } = await order();
    const { version } = expectStatus(200, await api.get('/v1/restaurant', { token }));
    const settings = { language: 'de', vatId: 'DE123456789', taxNumber: '29/815/08157', country: 'DE' };
    const headers = { 'if-match': `"${version}"` };
    expectStatus(200, await api.patch('/v1/restaurant', settings, { token, headers }));
    const path = `/v1/orders/${id}/receipt`;
    assert.deepEqual(expectStatus(200, await api.get(path, { token })).restaurant, {
      name: 'Test Bistro',
      address: null,
      ...settings,
    });
    const [own, english] = await Promise.all(
      [path, `${path}?language=en`].map(
        async (at) => (await api.get(at, { token, headers: { accept: 'text/plain' } })).text,
      ),
    );
    for (const line of [/Beleg/, /USt-IdNr\.: DE123456789/, /Steuernummer: 29\/815\/08157/]) assert.match(own!, line);
    for (const line of [/Receipt/, /VAT ID: DE123456789/]) assert.match(english!, line);
    const back = { language: 'en', vatId: null, taxNumber: null, country: null };
    const after = { 'if-match': `"${version + 1}"` };
    expectStatus(200, await api.patch('/v1/restaurant', back, { token, headers: after }));
  });

  test('reports sales that add up, by every grouping', async () => {
    const other = await api.restaurant();
    const soup = await api.item(other.token, { name: 'Soup', price: 500 });
    const tart = await api.item(other.token, { name: 'Tart', price: 450 });
    const first = await api.order(
      other.token,
      [
        { menuItemId: soup.id, quantity: 2 },
        { menuItemId: tart.id, quantity: 1 },
      ],
      {
        discounts: [{ percent: '10' }],
        type: 'dine_in',
      },
    );
    const second = await api.order(other.token, [{ menuItemId: soup.id, quantity: 1 }]);
    await api
      .order(other.token, [{ menuItemId: tart.id, quantity: 9 }])
      .then((order) => api.post(`/v1/orders/${order.id}/cancel`, {}, { token: other.token }));
    const day = first.businessDate;
    for (const groupBy of ['day', 'hour', 'item', 'category', 'type']) {
      const report = expectStatus(
        200,
        await api.get(`/v1/reports/sales?from=${day}&to=${second.businessDate}&groupBy=${groupBy}`, {
          token: other.token,
        }),
      );
      assert.deepEqual(
        [report.orders, report.units, report.revenue, report.discountTotal],
        [2, 4, 1305 + 500, 145],
        groupBy,
      );
      const sum = (field: string) =>
        report.data.reduce((total: number, row: Record<string, number>) => total + (row[field] ?? 0), 0);
      assert.deepEqual([sum('units'), sum('revenue')], [4, 1805], groupBy);
    }
    expectStatus(422, await api.get('/v1/reports/sales?from=2026-02-02&to=2026-02-01', { token: other.token }));
    expectStatus(422, await api.get('/v1/reports/sales?from=2026-02-31&to=2026-03-01', { token: other.token }));
  });
});
