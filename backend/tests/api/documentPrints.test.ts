/** Documents as PDF, text and XML over HTTP. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Json, startApi, type TestApi, type TestRestaurant } from '../support/api.js';
import { readInvoice } from '../support/eInvoiceFiles.js';
import { brokenRules } from '../support/en16931.js';
import { type ReadPdf, readPdf } from '../support/pdfText.js';
import { expectProblem } from '../support/problem.js';

const ADDRESS = 'Hauptstraße 1\n10115 Berlin\nUSt-IdNr. DE123456789';
const CUSTOMER = { name: 'สมชาย ใจดี GmbH', address: 'Ring 1\n1010 Wien' };

describe('printing documents', () => {
  let api: TestApi;
  let restaurant: TestRestaurant;
  let token: string;
  let vat: Json;

  before(async () => {
    api = await startApi();
    restaurant = await api.restaurant();
    ({ token } = restaurant);
    await api.patch('/v1/restaurant', { address: ADDRESS }, { token, headers: { 'if-match': '"1"' } });
    vat = (await api.post('/v1/taxes', { name: 'MwSt.', rate: '19', inclusive: true }, { token })).body;
  });
  after(() => api.close());

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
    return { file: readPdf(bytes), bytes, headers: response.headers };
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
    const { version } = (await api.get('/v1/restaurant', { token })).body;
    const renamed = await api.patch(
      '/v1/restaurant',
      { name: 'Renamed' },
      { token, headers: { 'if-match': `"${version}"` } },
    );
    assert.equal(renamed.status, 200);
    assert.ok(first.bytes.equals((await pdf(`/v1/documents/${id}.pdf`)).bytes));
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
    const [first, second] = await Promise.all(
      [invoice, credit.body].map(async ({ id }: Json) => (await api.get(`/v1/documents/${id}.xml`, { token })).text),
    );
    const [read, corrected] = [readInvoice(first!), readInvoice(second!)];
    assert.deepEqual([brokenRules(read), brokenRules(corrected)], [[], []]);
    assert.deepEqual([read.typeCode, corrected.typeCode, corrected.original], ['380', '381', invoice.number]);
    assert.match(
      shown((await pdf(`/v1/documents/${credit.body.id}.pdf`)).file),
      new RegExp(`Corrects.*${invoice.number}`),
    );
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
});
