/**
 * E-invoices of orders that were refunded, credited, written off or free of tax, of each profile.
 */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { type Json, startApi, type TestApi } from '../support/api.js';
import { type ReadInvoice, readInvoice } from '../support/eInvoiceFiles.js';
import { brokenRules } from '../support/en16931.js';
import { Factories } from '../support/factories.js';
import { OfficialRules, withoutRules } from '../support/officialRules.js';

const SETTINGS = {
  vatId: 'DE123456789',
  country: 'DE',
  postalAddress: { street: 'Hauptstraße 1', city: 'Berlin', postcode: '10115' },
  contact: { name: 'Anna Löwe', phone: '+49 30 123456', email: 'rechnung@loewen.example' },
  electronicAddress: { scheme: '9930', id: 'DE123456789' },
  paymentAccount: { iban: 'DE02120300000000202051' },
};
const CUSTOMER = {
  name: 'Stadt Musterhausen',
  postalAddress: { street: 'Ring 1', city: 'Hamburg', postcode: '20095' },
  country: 'DE',
  electronicAddress: { scheme: '0204', id: '04011000-12345-03' },
};

describe('e-invoices of corrected orders', () => {
  let api: TestApi;
  let token: string;
  let steak: string;
  let wine: string;
  const rules = new OfficialRules();

  before(async () => {
    api = await startApi();
  });
  after(() => api.close());
  beforeEach(async () => {
    token = (await api.restaurant()).token;
    steak = (await api.item(token, { name: 'Steak', price: 3_000, taxIds: [(await tax('7', true)).id] })).id;
    wine = (await api.item(token, { name: 'Wine', price: 7_000, taxIds: [(await tax('19', true)).id] })).id;
    await patch('/v1/restaurant', SETTINGS);
  });

  const { post, patch, tax, pay, complete, issued } = new Factories(() => ({ api, token }));
  const invoiceOf = (orderId: string) => ({
    type: 'invoice',
    orderId,
    customer: CUSTOMER,
    eInvoice: { buyerReference: '04011000-12345-03' },
  });
  const dinner = (fields: object = {}): Promise<Json> =>
    api.order(
      token,
      [steak, wine].map((menuItemId) => ({ menuItemId, quantity: 1 })),
      fields,
    );

  /** Both files of a document: one model, without a broken rule. */
  async function read({ id }: Json): Promise<ReadInvoice> {
    const files: ReadInvoice[] = [];
    for (const syntax of ['ubl', 'cii']) {
      const { text } = await api.get(`/v1/documents/${id}.xml?syntax=${syntax}`, { token });
      rules.add(`${syntax} of ${id}`, text);
      files.push(readInvoice(text));
      assert.deepEqual(brokenRules(files.at(-1)!), []);
    }
    const [ubl, cii] = files.map(({ totals, taxes }) => [totals.gross, totals.paid, totals.payable, taxes]);
    assert.deepEqual(ubl, cii);
    return files[0]!;
  }

  const sums = ({ totals: { gross, paid, payable } }: ReadInvoice) => [gross, paid, payable];

  for (const eInvoiceProfile of ['en16931', 'xrechnung', 'peppol']) {
    const set = () => patch('/v1/restaurant', { eInvoiceProfile });

    test(`${eInvoiceProfile}: a draft is issued with the payments of its issue, less the refunds of its sale`, async () => {
      await set();
      const { id, lines } = await dinner();
      const payment = await pay(id, 'card', 6_000);
      await complete(id);
      const late = { lines: [{ lineId: lines[1].id, amount: 700 }], reason: 'late' };
      await post(`/v1/payments/${payment.id}/refunds`, late);
      const draft = await post('/v1/documents', invoiceOf(id));
      await pay(id, 'cash', 3_000);
      const paper = await post(`/v1/documents/${draft.id}/issue`, undefined, 200);
      assert.equal(paper.details.payments.length, 2);
      assert.deepEqual(sums(await read(paper)), ['93.00', '83.00', '10.00']);
      const { text } = await api.get(`/v1/documents/${paper.id}.txt`, { token });
      assert.match(text, /Refund: late +-7\.00\n.*To pay +10\.00/s);
    });

    test(`${eInvoiceProfile}: goodwill, a dish, and nothing of a dish left`, async () => {
      await set();
      const { id, lines } = await dinner();
      const payment = await pay(id, 'card', 10_000, 500);
      await complete(id);
      const refund = (fields: object) => post(`/v1/payments/${payment.id}/refunds`, { reason: 'x', ...fields });
      await refund({ lines: [{ lineId: lines[0].id }], method: 'cash' });
      await refund({ amount: 777, goodwill: true });
      await refund({ tip: 200 });
      assert.deepEqual(sums(await read(await issued(invoiceOf(id)))), ['65.23', '65.23', '0.00']);
    });

    test(`${eInvoiceProfile}: a debt that was written off is not asked for, and credited invoices are made again`, async () => {
      await set();
      const { id } = await dinner();
      await pay(id, 'card', 6_000);
      await complete(id);
      const first = await issued(invoiceOf(id));
      const credit = { reason: 'wrong name' };
      assert.deepEqual(
        sums(await read(await post(`/v1/documents/${first.id}/credit?issue=true`, credit))).slice(0, 1),
        ['100.00'],
      );
      const again = await issued(invoiceOf(id));
      assert.deepEqual(sums(await read(again)), ['100.00', '60.00', '40.00']);
      const { id: other } = await dinner();
      await pay(other, 'card', 6_000);
      await complete(other);
      await post(`/v1/orders/${other}/write-off`, { reason: 'gone' }, 200);
      const lowered = await issued(invoiceOf(other));
      assert.equal(lowered.total, 6_000);
      // A cent of the shared taxes is a rounding, which the gross does not contain.
      assert.deepEqual(sums(await read(lowered)).slice(1), ['60.00', '0.00']);
    });

    test(`${eInvoiceProfile}: an exempt customer has category E with reason and certificate, refunded and credited too`, async () => {
      await set();
      const taxIds = [(await tax('19', true)).id];
      await patch('/v1/restaurant', { serviceCharge: { rate: '10', taxIds, orderTypes: [] } });
      const { id, total, lines } = await dinner({ taxExemption: { reason: 'Embassy', certificate: 'D-4711' } });
      const payment = await pay(id, 'card', total);
      await complete(id);
      await post(`/v1/payments/${payment.id}/refunds`, { lines: [{ lineId: lines[0].id }], reason: 'raw' });
      const paper = await issued(invoiceOf(id));
      const note = await post(`/v1/documents/${paper.id}/credit?issue=true`, {
        lines: [{ position: 2, quantity: '1' }],
        reason: 'late',
      });
      for (const one of [paper, note]) {
        const found = (await read(one)).taxes.map(({ category, rate, reason }) => [category, Number(rate), reason]);
        assert.deepEqual(found, [['E', 0, 'Embassy (D-4711)']]);
      }
    });
  }

  test('the official rules accept all files of the tests above', async (t) => {
    assert.ok(rules.size > 0);
    if (withoutRules) {
      t.skip(withoutRules);
      return;
    }
    assert.deepEqual(await rules.broken(), []);
  });
});
