/** Documents as PDF, text and XML over HTTP. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { expectStatus, type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { readInvoice } from '../support/eInvoiceFiles.js';
import { printedDate } from '../../src/formats/printed/printedValues.js';
import { brokenRules } from '../support/en16931.js';
import { type ReadPdf, readPdf } from '../support/pdfText.js';
import { OfficialRules, withoutRules } from '../support/officialRules.js';
import { expectProblem } from '../support/problem.js';

const PROFILE = {
  address: 'Hauptstraße 1\n10115 Berlin',
  vatId: 'DE 123 456 789',
  taxNumber: '29/815/08157',
  country: 'DE',
};
const CUSTOMER = { name: 'สมชาย ใจดี GmbH', address: 'Ring 1\n1010 Wien', vatId: 'ATU 1234 5678' };

describe('printing documents', () => {
  let api: TestApi;
  let restaurant: TestRestaurant;
  let token: string;
  let vat: Json;
  const rules = new OfficialRules();

  before(async () => {
    api = await startApi();
    restaurant = await api.restaurant();
    ({ token } = restaurant);
    await set(PROFILE);
    vat = (await api.post('/v1/taxes', { name: 'MwSt.', rate: '19', inclusive: true }, { token })).body;
  });
  after(() => api.close());

  async function set(settings: object, as = token): Promise<void> {
    const { version } = (await api.get('/v1/restaurant', { token: as })).body;
    const headers = { 'if-match': `"${version}"` };
    expectStatus(200, await api.patch('/v1/restaurant', settings, { token: as, headers }));
  }

  async function create(fields: object = {}, issue = true): Promise<Json> {
    const body = {
      type: 'invoice',
      customer: CUSTOMER,
      lines: [{ description: 'Tom Yam', quantity: '3', unitPrice: 1299, taxIds: [vat.id] }],
      ...fields,
    };
    const answer = await api.post(`/v1/documents${issue ? '?issue=true' : ''}`, body, { token });
    assert.equal(answer.status, 201, answer.text);
    return answer.body;
  }

  /** Binary, so past the helper that reads text. */
  async function pdf(path: string, as = token): Promise<{ file: ReadPdf; bytes: Buffer; headers: Headers }> {
    const response = await fetch(api.url + path, { headers: { authorization: `Bearer ${as}` } });
    assert.equal(response.status, 200);
    const bytes = Buffer.from(await response.arrayBuffer());
    const file = readPdf(bytes);
    const xml = file.files.get('factur-x.xml');
    if (xml !== undefined) rules.add(path, xml);
    return { file, bytes, headers: response.headers };
  }

  async function xmlOf(id: string): Promise<string> {
    const { text } = await api.get(`/v1/documents/${id}.xml`, { token });
    rules.add(id, text);
    return text;
  }

  const shown = ({ pages }: ReadPdf) => pages.map((page) => page.texts.join('')).join('\n');

  test('an issued invoice is a PDF with its number, its names, its amounts and its XML', async () => {
    const invoice = await create();
    const { file, headers } = await pdf(`/v1/documents/${invoice.id}.pdf?language=de`);
    assert.equal(headers.get('content-type'), 'application/pdf');
    assert.match(headers.get('content-disposition') ?? '', new RegExp(`filename="${invoice.number}\\.pdf"`));
    for (const text of ['Rechnung', invoice.number, CUSTOMER.name, 'Tom Yam', '38,97\u00a0€', 'MwSt.'])
      assert.ok(shown(file).includes(text), `${text} is not in ${shown(file)}`);
    const xml = file.files.get('factur-x.xml') ?? '';
    assert.deepEqual(brokenRules(readInvoice(xml)), []);
    assert.equal(readInvoice(xml).totals.payable, '38.97');
    assert.match(file.metadata, /<fx:ConformanceLevel>EN 16931</);
  });

  test('an issued document gives the same bytes each time, also after the settings have changed', async () => {
    const { id } = await create();
    const first = await pdf(`/v1/documents/${id}.pdf`);
    await set({ name: 'Renamed', vatId: 'ATU12345678', country: 'AT', language: 'fr' });
    assert.ok(first.bytes.equals((await pdf(`/v1/documents/${id}.pdf`)).bytes));
    await set({ name: 'Test Bistro', ...PROFILE, language: 'en' });
  });

  test('prints in the language of the restaurant unless another is asked for, with the numbers of both at the tax office', async () => {
    await set({ language: 'de' });
    const documents = [await create(), await create({}, false)];
    for (const { id } of documents) {
      const { text } = await api.get(`/v1/documents/${id}.txt`, { token });
      for (const line of [
        /Rechnung/,
        /USt-IdNr\.: DE123456789/,
        /Steuernummer: 29\/815\/08157/,
        /USt-IdNr\.: ATU12345678/,
      ])
        assert.match(text, line);
      assert.match((await api.get(`/v1/documents/${id}.txt?language=es`, { token })).text, /NIF-IVA: DE123456789/);
      assert.match(shown((await pdf(`/v1/documents/${id}.pdf`)).file), /Rechnung/);
    }
    await set({ language: 'en' });
    const [issued, draft] = await Promise.all(
      documents.map(async ({ id }) => (await api.get(`/v1/documents/${id}.txt`, { token })).text),
    );
    assert.match(issued!, /Rechnung/);
    assert.match(draft!, /Invoice/);
  });

  test('the XML has seller and customer as they were set, and says what to set where', async () => {
    const { id, seller, customer } = await create();
    assert.deepEqual(seller, {
      name: 'Test Bistro',
      ...PROFILE,
      vatId: 'DE123456789',
      language: 'en',
      receiptFooter: null,
      eInvoiceProfile: 'en16931',
    });
    assert.equal(customer.vatId, 'ATU12345678');
    const read = readInvoice(await xmlOf(id));
    assert.deepEqual(
      [read.seller.vatId, read.seller.taxNumber, read.seller.country, read.buyer.vatId, read.buyer.country],
      ['DE123456789', PROFILE.taxNumber, 'DE', 'ATU12345678', 'AT'],
    );
    const swiss = await create({ customer: { ...CUSTOMER, country: 'CH' } });
    assert.equal(readInvoice(await xmlOf(swiss.id)).buyer.country, 'CH');
    for (const [missing, message] of [
      [{ vatId: null, taxNumber: null }, /Set vatId or taxNumber with PATCH \/v1\/restaurant/],
      [{ country: null }, /Set country with PATCH \/v1\/restaurant/],
    ] as const) {
      await set(missing);
      const lacking = await create();
      const problem = expectProblem(409, await api.get(`/v1/documents/${lacking.id}.xml`, { token }));
      assert.equal(problem.code, 'invalid_state');
      assert.match(problem.detail, message);
      await set(PROFILE);
    }
  });

  test('a VAT number or country of a customer that cannot be is named, in new documents and in drafts', async () => {
    const draft = await create({}, false);
    for (const [pointer, fields] of [
      ['/customer/vatId', { vatId: 'DE12' }],
      ['/customer/vatId', { vatId: '12345', country: 'FR' }],
      ['/customer/country', { country: 'XX' }],
    ] as const) {
      const customer = { name: 'Guest', ...fields };
      const body = { type: 'invoice', customer, lines: [{ description: 'Tom Yam', quantity: '1', unitPrice: 1 }] };
      const headers = { 'if-match': `"${draft.version}"` };
      for (const answer of [
        await api.post('/v1/documents', body, { token }),
        await api.patch(`/v1/documents/${draft.id}`, { customer }, { token, headers }),
      ])
        assert.equal(expectProblem(422, answer).errors?.[0]?.pointer, pointer, answer.text);
    }
    const headers = { 'if-match': `"${draft.version}"` };
    const customer = { name: 'Guest', vatId: 'che-123.456.789' };
    const changed = expectStatus(200, await api.patch(`/v1/documents/${draft.id}`, { customer }, { token, headers }));
    assert.equal(changed.customer.vatId, 'CHE123456789');
  });

  test('service charge and tip of an order are named in the language of the document', async () => {
    const item = await api.item(token, { price: 1_000 });
    await set({ serviceCharge: { rate: '10', orderTypes: ['dine_in'], taxIds: [] } });
    const lines = [{ menuItemId: item.id, quantity: 1 }];
    const order = expectStatus(201, await api.post('/v1/orders', { type: 'dine_in', lines, tip: 50 }, { token }));
    await set({ serviceCharge: null });
    const { id } = await create({ lines: undefined, orderId: order.id });
    const { text } = await api.get(`/v1/documents/${id}.txt?language=de`, { token });
    assert.match(text, /^1 × Bedienung +1,00$/m);
    assert.match(text, /^1 × Trinkgeld +0,50$/m);
  });

  test('a receipt of an order says which, how much is left to pay, and ends with the footer of the restaurant', async () => {
    const item = await api.item(token, { price: 1_000 });
    await set({ receiptFooter: 'Bis bald!\nwww.example.org' });
    const lines = [{ menuItemId: item.id, quantity: 2 }];
    const body = { type: 'dine_in', table: 'Terrasse 7', lines };
    const order = expectStatus(201, await api.post('/v1/orders', body, { token }));
    const of = { lines: undefined, orderId: order.id };
    const payment = { method: 'card', amount: 1_500, tip: 100 };
    const unpaid = await create({ ...of, type: 'receipt' });
    expectStatus(201, await api.post(`/v1/orders/${order.id}/payments`, payment, { token }));
    expectStatus(200, await api.post(`/v1/documents/${unpaid.id}/void`, { reason: 'x' }, { token }));
    const partlyPaid = await create({ ...of, type: 'receipt' });
    const invoice = await create(of);
    // Later changes of the settings do not change a document.
    await set({ receiptFooter: null });
    const textOf = async ({ id }: Json) => (await api.get(`/v1/documents/${id}.txt?language=de`, { token })).text;
    const [first, second, third] = await Promise.all([unpaid, partlyPaid, invoice].map(textOf));
    const { placedAt, number } = (await api.get(`/v1/orders/${order.id}/receipt`, { token })).body;
    const about = [
      new RegExp(`^Bestellung +${number}$`, 'm'),
      new RegExp(`^Bestellt am +${printedDate(placedAt, 'de')}$`, 'm'),
      /^Tisch +Terrasse 7$/m,
    ];
    for (const text of [first!, second!, third!]) for (const line of about) assert.match(text, line);
    assert.match(first!, /^Zu zahlen +20,00$/m);
    assert.match(second!, /^Karte +16,00\nZu zahlen +5,00$/m);
    for (const text of [first!, second!]) assert.match(text, /\n +Bis bald!\n +www\.example\.org\n$/);
    assert.match(third!, /^Karte +16,00\nZu zahlen +5,00$/m);
    assert.doesNotMatch(third!, /Bis bald/);
    const { text } = await api.get(`/v1/documents/${(await create({ type: 'receipt' })).id}.txt`, { token });
    assert.doesNotMatch(text, /To pay|Order|Table|Bis bald/);
  });

  test('an invoice of a quotation names it', async () => {
    const { id, number } = await create({ type: 'quotation' });
    const invoice = await create({ lines: undefined, quotationId: id });
    const { text } = await api.get(`/v1/documents/${invoice.id}.txt`, { token });
    assert.match(text, new RegExp(`^Reference +${number}$`, 'm'));
  });

  test('a draft and a void document are marked', async () => {
    const draft = await create({}, false);
    assert.match(shown((await pdf(`/v1/documents/${draft.id}.pdf`)).file), /DRAFT/);
    const invoice = await create();
    assert.doesNotMatch(shown((await pdf(`/v1/documents/${invoice.id}.pdf`)).file), /DRAFT|VOID/);
    assert.equal((await api.post(`/v1/documents/${invoice.id}/void`, { reason: 'typo' }, { token })).status, 200);
    const { file } = await pdf(`/v1/documents/${invoice.id}.pdf`);
    assert.match(shown(file), /VOID/);
    assert.equal(file.files.size, 0);
  });

  test('UBL of an invoice and of its credit note keeps the rules and names the original', async () => {
    const invoice = await create();
    const credit = await api.post(`/v1/documents/${invoice.id}/credit?issue=true`, { reason: 'cold' }, { token });
    assert.equal(credit.status, 201, credit.text);
    const [first, second] = await Promise.all([invoice, credit.body].map(async ({ id }: Json) => xmlOf(id)));
    const [read, corrected] = [readInvoice(first!), readInvoice(second!)];
    assert.deepEqual([brokenRules(read), brokenRules(corrected)], [[], []]);
    assert.deepEqual([read.typeCode, corrected.typeCode, corrected.original], ['380', '381', invoice.number]);
    assert.match(
      shown((await pdf(`/v1/documents/${credit.body.id}.pdf`)).file),
      new RegExp(`Corrects.*${invoice.number}`),
    );
    // Voided, it says why, and still what it was for.
    expectStatus(200, await api.post(`/v1/documents/${credit.body.id}/void`, { reason: 'typo' }, { token }));
    const { text } = await api.get(`/v1/documents/${credit.body.id}.txt`, { token });
    assert.match(text, /^Reason +cold\nVOID +typo$/m);
  });

  test('says why there is no XML', async () => {
    const quotation = await create({ type: 'quotation' });
    assert.equal(
      expectProblem(409, await api.get(`/v1/documents/${quotation.id}.xml`, { token })).code,
      'invalid_state',
    );
    const nameless = await create({ customer: null });
    assert.equal(
      expectProblem(409, await api.get(`/v1/documents/${nameless.id}.xml`, { token })).code,
      'invalid_state',
    );
    assert.equal((await pdf(`/v1/documents/${nameless.id}.pdf`)).file.files.size, 0);
  });

  test('prints text of 42 columns', async () => {
    const { id, number } = await create();
    const { text, status } = await api.get(`/v1/documents/${id}.txt?language=fr`, { token });
    assert.equal(status, 200);
    assert.match(text, new RegExp(`Facture ${number}`));
    assert.match(text, /^TOTAL +38,97\u00a0€$/m);
  });

  test('prints on a roll where asked, and knows no other language or format', async () => {
    const { id } = await create();
    const page = await pdf(`/v1/documents/${id}.pdf`);
    const roll = await pdf(`/v1/documents/${id}.pdf?format=roll`);
    assert.match(page.bytes.toString('latin1'), /\/MediaBox \[0 0 595\.28 841\.89\]/);
    assert.match(roll.bytes.toString('latin1'), /\/MediaBox \[0 0 226\.77 /);
    for (const query of ['language=tlh', 'format=a5', 'size=1'])
      assert.equal((await api.get(`/v1/documents/${id}.pdf?${query}`, { token })).status, 422);
  });

  test("another restaurant's document is not found, whatever its ending", async () => {
    const { id } = await create();
    const other = await api.restaurant();
    for (const ending of ['pdf', 'txt', 'xml']) {
      assert.equal(
        expectProblem(404, await api.get(`/v1/documents/${id}.${ending}`, { token: other.token })).code,
        'not_found',
      );
      assert.equal((await api.get(`/v1/documents/${id}.${ending}`)).status, 401);
      assert.equal((await api.get(`/v1/documents/nonsense.${ending}`, { token })).status, 404);
    }
    assert.equal((await api.post(`/v1/documents/${id}.pdf`, {}, { token })).headers.get('allow'), 'GET, HEAD');
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
