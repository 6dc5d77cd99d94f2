/** XRechnung and Peppol from the settings to the file, over HTTP. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { PRINT_LANGUAGES } from '../../src/domain/restaurant/printLanguage.js';
import { type Answer, expectStatus, type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { type ReadInvoice, readInvoice } from '../support/eInvoiceFiles.js';
import { brokenRules } from '../support/en16931.js';
import { OfficialRules, withoutRules } from '../support/officialRules.js';
import { readPdf } from '../support/pdfText.js';
import { expectProblem } from '../support/problem.js';

const SETTINGS = {
  vatId: 'DE123456789',
  country: 'DE',
  language: 'de',
  postalAddress: { street: 'Hauptstraße 1', city: 'Berlin', postcode: '10115' },
  contact: { name: 'Anna Löwe', phone: '+49 30 123456', email: 'rechnung@loewen.example' },
  electronicAddress: { scheme: '9930', id: 'DE123456789' },
  paymentAccount: { iban: 'DE02 1203 0000 0000 2020 51', bic: 'BYLADEM1001' },
};
const CUSTOMER = {
  name: 'Stadt Musterhausen',
  postalAddress: { street: 'Ring 1', additional: 'Zimmer 5', city: 'Hamburg', postcode: '20095' },
  country: 'DE',
  electronicAddress: { scheme: '0204', id: '04011000-12345-03' },
};
const E_INVOICE = { buyerReference: '04011000-12345-03', purchaseOrderReference: 'PO-77' };

describe('invoices of a profile', () => {
  let api: TestApi;
  let restaurant: TestRestaurant;
  let token: string;
  let vat: string;
  const rules = new OfficialRules();

  before(async () => {
    api = await startApi();
    restaurant = await api.restaurant();
    ({ token } = restaurant);
    vat = await taxOf({ rate: '19', inclusive: true });
  });
  after(() => api.close());

  async function set(settings: object): Promise<Answer> {
    const { version } = (await api.get('/v1/restaurant', { token })).body;
    return api.patch('/v1/restaurant', settings, { token, headers: { 'if-match': `"${version}"` } });
  }

  async function taxOf(fields: object): Promise<string> {
    const body = { name: 'MwSt.', rate: '0', inclusive: true, ...fields };
    return expectStatus(201, await api.post('/v1/taxes', body, { token })).id;
  }

  function send(fields: object = {}, issue = true): Promise<Answer> {
    const lines = [{ description: 'Buffet', quantity: '2.5', unit: 'Stunden', unitPrice: 9_999, taxIds: [vat] }];
    const body = { type: 'invoice', customer: CUSTOMER, eInvoice: E_INVOICE, lines, ...fields };
    return api.post(`/v1/documents${issue ? '?issue=true' : ''}`, body, { token });
  }

  async function issued(fields: object = {}): Promise<Json> {
    return expectStatus(201, await send(fields));
  }

  /** Both files of a document, which say the same. */
  async function filesOf(id: string): Promise<ReadInvoice> {
    const [ubl, cii] = await Promise.all(
      ['', '?syntax=cii'].map(async (query) => (await api.get(`/v1/documents/${id}.xml${query}`, { token })).text),
    );
    for (const xml of [ubl!, cii!]) rules.add(id, xml);
    const [read, other] = [readInvoice(ubl!), readInvoice(cii!)];
    assert.deepEqual(brokenRules(read), []);
    const { allowances = '0.00', charges = '0.00' } = read.totals;
    assert.deepEqual({ ...read, totals: { ...read.totals, allowances, charges } }, other);
    return read;
  }

  const textOf = async (id: string, query = '') => (await api.get(`/v1/documents/${id}.txt${query}`, { token })).text;

  async function paidOrder(taxIds: string[], paid: number, method = 'card'): Promise<Json> {
    const item = await api.item(token, { price: 10_000, taxIds });
    const order = await api.order(token, [{ menuItemId: item.id, quantity: 1 }]);
    if (paid > 0)
      expectStatus(201, await api.post(`/v1/orders/${order.id}/payments`, { method, amount: paid }, { token }));
    return order;
  }

  test('settings that cannot be are refused at their place, and change nothing', async () => {
    const cases: [string, object][] = [
      ['/paymentAccount/iban', { paymentAccount: { iban: 'DE02120300000000202052' } }],
      ['/paymentAccount/bic', { paymentAccount: { iban: SETTINGS.paymentAccount.iban, bic: 'XX' } }],
      ['/electronicAddress/scheme', { electronicAddress: { scheme: '1234', id: 'x' } }],
      ['/electronicAddress/id', { electronicAddress: { scheme: '0088', id: '4006381333932' } }],
      ['/companyId/scheme', { companyId: { scheme: 'EM', id: 'x' } }],
      ['/postalAddress/city', { postalAddress: { street: 'Ring 1' } }],
      ['/contact/email', { contact: { name: 'A', phone: '123', email: 'nobody' } }],
      ['/eInvoiceProfile', { eInvoiceProfile: 'zugferd' }],
    ];
    for (const [pointer, settings] of cases)
      assert.equal(expectProblem(422, await set(settings)).errors?.[0]?.pointer, pointer);
    assert.equal((await api.get('/v1/restaurant', { token })).body.paymentAccount, null);
    for (const [pointer, settings] of cases.slice(2, 4)) {
      const answer = await send({ customer: { ...CUSTOMER, ...settings } }, false);
      assert.equal(expectProblem(422, answer).errors?.[0]?.pointer, `/customer${pointer}`);
    }
  });

  test('an XRechnung is refused with all that it lacks, kept as a draft, completed and issued', async () => {
    expectStatus(200, await set({ country: 'DE', vatId: SETTINGS.vatId, eInvoiceProfile: 'xrechnung' }));
    const lacking = expectProblem(409, await send({ customer: { name: 'Stadt' }, eInvoice: undefined }));
    assert.equal(lacking.code, 'invalid_state');
    assert.deepEqual(lacking.errors?.map((one: { pointer: string }) => one.pointer).sort(), [
      '/customer/electronicAddress',
      '/customer/postalAddress',
      '/details/eInvoice/buyerReference',
      '/seller/contact',
      '/seller/electronicAddress',
      '/seller/paymentAccount',
      '/seller/postalAddress',
    ]);
    assert.match(lacking.detail, /cannot be issued as an XRechnung\. Set electronicAddress.*PATCH \/v1\/documents/);
    expectStatus(200, await set(SETTINGS));
    const [draft] = (await api.get('/v1/documents?status=draft', { token })).body.data;
    const headers = { 'if-match': `"${draft.version}"` };
    const body = { customer: CUSTOMER, eInvoice: E_INVOICE, supplyDate: '2026-01-31' };
    const changed = expectStatus(200, await api.patch(`/v1/documents/${draft.id}`, body, { token, headers }));
    assert.deepEqual(changed.details, { supplyDate: '2026-01-31', eInvoice: E_INVOICE });
    const document = expectStatus(200, await api.post(`/v1/documents/${draft.id}/issue`, undefined, { token }));
    const read = await filesOf(document.id);
    assert.match(read.specification ?? '', /xrechnung_3\.0$/);
    assert.deepEqual(
      [read.buyerReference, read.purchaseOrder, read.supplyDate, read.payment?.[3], read.lines[0]?.unit],
      [E_INVOICE.buyerReference, 'PO-77', '2026-01-31', 'DE02120300000000202051', 'HUR'],
    );
    assert.deepEqual(read.buyer.address, ['Ring 1', 'Zimmer 5', 'Hamburg', '20095', undefined]);
    const text = await textOf(document.id);
    for (const line of [
      /^Leistungsdatum +31\.01\.2026$/m,
      /^Ihr Zeichen +04011000-12345-03$/m,
      /10115 Berlin/,
      /20095 Hamburg/,
    ])
      assert.match(text, line);
    assert.match(text, /IBAN DE02 1203 0000 0000 2020 51/);
    // A Factur-X has a profile of its own.
    const pdf = await fetch(`${api.url}/v1/documents/${document.id}.pdf`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const attached = readPdf(Buffer.from(await pdf.arrayBuffer())).files.get('factur-x.xml') ?? '';
    rules.add(`PDF of ${String(document.id)}`, attached);
    assert.equal(readInvoice(attached).specification, 'urn:cen.eu:en16931:2017');
  });

  test('the profile can be chosen for one document, and null in a draft removes what was sent', async () => {
    const plain = await issued({ customer: { name: 'Guest' }, eInvoice: { profile: 'en16931' } });
    assert.equal((await filesOf(plain.id)).specification, 'urn:cen.eu:en16931:2017');
    const peppol = await issued({ eInvoice: { ...E_INVOICE, profile: 'peppol' } });
    assert.match((await filesOf(peppol.id)).specification ?? '', /peppol/);
    const draft = expectStatus(201, await send({ supplyDate: '2026-01-31' }, false));
    const headers = { 'if-match': `"${draft.version}"` };
    const change = { eInvoice: { purchaseOrderReference: null }, supplyDate: null };
    const changed = expectStatus(200, await api.patch(`/v1/documents/${draft.id}`, change, { token, headers }));
    assert.deepEqual(changed.details, { eInvoice: { buyerReference: E_INVOICE.buyerReference } });
    const stored = expectStatus(200, await api.get(`/v1/documents/${draft.id}`, { token }));
    assert.deepEqual(stored.details, changed.details);
    expectStatus(204, await api.delete(`/v1/documents/${draft.id}`, undefined, { token }));
    const lines = [{ description: 'Buffet', quantity: '1', unitPrice: 1 }];
    for (const [pointer, fields] of [
      ['/eInvoice', { type: 'quotation' }],
      ['/supplyDate', { type: 'boq', eInvoice: undefined, supplyDate: '2026-01-31' }],
      ['/supplyDate', { lines: undefined, orderId: (await paidOrder([vat], 0)).id, supplyDate: '2026-01-31' }],
    ] as const)
      assert.equal(expectProblem(422, await send({ lines, ...fields }, false)).errors?.[0]?.pointer, pointer);
  });

  test('an invoice of an order says what was paid, how, and what is still due', async () => {
    const cases = [
      { paid: 0, method: 'card', expected: [undefined, '100.00', '58'] },
      { paid: 4_000, method: 'cash', expected: ['40.00', '60.00', '58'] },
      { paid: 10_000, method: 'cash', expected: ['100.00', '0.00', '10'] },
      // The rules of XRechnung want the number of a card with its code.
      { paid: 10_000, method: 'card', expected: ['100.00', '0.00', '1'] },
    ];
    for (const { paid, method, expected } of cases) {
      const order = await paidOrder([vat], paid, method);
      const { id } = await issued({ lines: undefined, orderId: order.id });
      const { totals, payment, terms, supplyDate } = await filesOf(id);
      assert.deepEqual([totals.paid, totals.payable, payment?.[0]], expected);
      assert.equal(terms, paid < 10_000 ? 'Zahlbar bei Erhalt' : undefined);
      assert.equal(supplyDate, order.businessDate);
      const text = await textOf(id);
      assert.equal(/IBAN/.test(text), paid < 10_000);
      if (paid > 0) assert.match(text, method === 'card' ? /^Karte +100,00$/m : /^Bar +/m);
    }
    const order = await paidOrder([vat], 10_000);
    const plain = await issued({ lines: undefined, orderId: order.id, eInvoice: { profile: 'en16931' } });
    assert.deepEqual((await filesOf(plain.id)).payment?.slice(0, 2), ['48', 'Karte']);
  });

  test('a draft is issued with the payments and the day that its order has by then', async () => {
    const dayAfter = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();
    const item = await api.item(token, { price: 10_000, taxIds: [vat] });
    const lines = [{ menuItemId: item.id, quantity: 1 }];
    const body = { type: 'catering', lines, scheduledFor: dayAfter(10) };
    const order = expectStatus(201, await api.post('/v1/orders', body, { token }));
    const made = expectStatus(201, await send({ lines: undefined, orderId: order.id }, false));
    assert.deepEqual([made.details.payments, made.details.order.businessDate], [[], order.businessDate]);
    const headers = { 'if-match': `"${order.version}"` };
    const change = { scheduledFor: dayAfter(20) };
    const moved = expectStatus(200, await api.patch(`/v1/orders/${order.id}`, change, { token, headers }));
    assert.notEqual(moved.businessDate, order.businessDate);
    const payment = { method: 'voucher', amount: 2_500 };
    expectStatus(201, await api.post(`/v1/orders/${order.id}/payments`, payment, { token }));
    const { id } = expectStatus(200, await api.post(`/v1/documents/${made.id}/issue`, undefined, { token }));
    const { totals, supplyDate } = await filesOf(id);
    assert.deepEqual([totals.paid, totals.payable, supplyDate], ['25.00', '75.00', moved.businessDate]);
  });

  test('credit notes over a part and over the rest keep profile, references and day of supply', async () => {
    const invoice = await issued({ supplyDate: '2026-01-31' });
    expectStatus(200, await set({ eInvoiceProfile: 'en16931' }));
    const credit = (body: object) => api.post(`/v1/documents/${invoice.id}/credit?issue=true`, body, { token });
    const part = expectStatus(201, await credit({ reason: 'cold', lines: [{ position: 1, quantity: '1' }] }));
    const rest = expectStatus(201, await credit({ reason: 'cold' }));
    for (const { id } of [part, rest]) {
      const read = await filesOf(id);
      assert.match(read.specification ?? '', /xrechnung/);
      assert.deepEqual([read.typeCode, read.original, read.supplyDate], ['381', invoice.number, '2026-01-31']);
      assert.equal(read.buyerReference, E_INVOICE.buyerReference);
    }
    assert.equal(part.total + rest.total, invoice.total);
    expectStatus(200, await set({ eInvoiceProfile: 'xrechnung' }));
  });

  test('each VAT category gives its reason on paper and in both files, in the language of the customer', async () => {
    const expected: Record<string, [code: string | undefined, english: string]> = {
      E: [undefined, 'Exempt from VAT'],
      AE: ['VATEX-EU-AE', 'Reverse charge'],
      K: ['VATEX-EU-IC', 'Intra-Community supply, exempt from VAT'],
      G: ['VATEX-EU-G', 'Export, exempt from VAT'],
      O: ['VATEX-EU-O', 'Outside the scope of VAT'],
    };
    const customer = { ...CUSTOMER, vatId: 'ATU12345678' };
    for (const [vatCategory, [code, english]] of Object.entries(expected)) {
      const taxId = await taxOf({ vatCategory });
      const order = await paidOrder([taxId], 0);
      const said = new Set<string>();
      for (const language of PRINT_LANGUAGES) {
        const { id } = await issued({ lines: undefined, orderId: order.id, customer: { ...customer, language } });
        const [tax] = (await filesOf(id)).taxes;
        assert.deepEqual([tax?.category, tax?.code], [vatCategory, code]);
        const compact = (text: string) => text.replaceAll(/\s+/g, '');
        assert.ok(compact(await textOf(id)).includes(compact(tax?.reason ?? '?')), `${vatCategory} ${language}`);
        if (language === 'en') assert.equal(tax?.reason, english);
        said.add(tax?.reason ?? '');
        expectStatus(200, await api.post(`/v1/documents/${id}/void`, { reason: 'next language' }, { token }));
      }
      assert.equal(said.size, PRINT_LANGUAGES.length, vatCategory);
    }
  });

  test('a reason and a code of one’s own are used, and a category without its data is refused', async () => {
    const own = { vatCategory: 'E', exemptionCode: 'VATEX-EU-132-1I', exemptionReason: 'Schulessen' };
    const taxId = await taxOf(own);
    const lines = [{ description: 'Essen', quantity: '1', unitPrice: 500, taxIds: [taxId] }];
    const [tax] = (await filesOf((await issued({ lines })).id)).taxes;
    assert.deepEqual([tax?.category, tax?.code, tax?.reason], ['E', 'VATEX-EU-132-1I', 'Schulessen']);
    const reverse = await taxOf({ vatCategory: 'AE' });
    const refused = await send({ lines: [{ ...lines[0], taxIds: [reverse] }], eInvoice: { profile: 'en16931' } });
    assert.match(expectProblem(409, refused).detail, /Reverse charge needs the VAT number/);
    const mixed = await send({ lines: [{ ...lines[0], taxIds: [reverse, vat] }], eInvoice: { profile: 'en16931' } });
    assert.match(expectProblem(409, mixed).detail, /"Essen" has taxes of several VAT categories \(AE, S\)/);
    const { version } = (await api.get(`/v1/taxes/${reverse}`, { token })).body;
    const headers = { 'if-match': `"${version}"` };
    const taxed = await api.patch(`/v1/taxes/${reverse}`, { rate: '19' }, { token, headers });
    assert.equal(expectProblem(422, taxed).errors?.[0]?.pointer, '/vatCategory');
    const both = { rate: '19', vatCategory: null };
    assert.equal(
      expectStatus(200, await api.patch(`/v1/taxes/${reverse}`, both, { token, headers })).vatCategory,
      null,
    );
  });

  test('the series of all these documents is intact', async () => {
    for (const { id } of (await api.get('/v1/document-series', { token })).body.data) {
      const audit = expectStatus(200, await api.get(`/v1/document-series/${id}/audit`, { token }));
      assert.deepEqual([audit.clean, audit.faults], [true, []]);
    }
  });

  test('the official rules accept all XML of the tests above', async (t) => {
    assert.ok(rules.size > 0);
    if (withoutRules) {
      t.skip(withoutRules);
      return;
    }
    assert.deepEqual(await rules.broken(), []);
  });
});
