/** Invoices whose goods came before them, and amounts that belong to a whole document. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { InvoiceDesk } from '../support/invoiceDesk.js';
import { expectProblem } from '../support/problem.js';

const UBL = 'urn:oasis:names:specification:ubl:schema:xsd:Invoice-2';

/** @param lines name, kilograms and net amount. */
function invoiceOf(number: string, lines: [string, string, string][], adjustments = ''): string {
  const rows = lines.map(
    ([name, quantity, net], index) =>
      `<InvoiceLine><ID>${index + 1}</ID><InvoicedQuantity unitCode="KGM">${quantity}</InvoicedQuantity>` +
      `<LineExtensionAmount>${net}</LineExtensionAmount><Item><Name>${name}</Name></Item></InvoiceLine>`,
  );
  return (
    `<Invoice xmlns="${UBL}"><ID>${number}</ID><IssueDate>2026-11-01</IssueDate><DocumentCurrencyCode>EUR</DocumentCurrencyCode>` +
    `<AccountingSupplierParty><Party><PartyName><Name>Farm</Name></PartyName></Party></AccountingSupplierParty>${adjustments}` +
    `<LegalMonetaryTotal><PayableAmount>1.00</PayableAmount></LegalMonetaryTotal>${rows.join('')}</Invoice>`
  );
}

describe('costs of documents', () => {
  let api: TestApi;
  let at: InvoiceDesk;
  let farm: string;
  before(async () => {
    api = await startApi({ documents: { ocr: false } });
    at = new InvoiceDesk(api, (await api.restaurant({ currency: 'EUR' })).token);
    farm = (await post('/v1/suppliers', { name: 'Farm' })).id;
  });
  after(() => api.close());

  async function post(path: string, body: object, status = 201): Promise<Json> {
    return expectStatus(status, await api.post(path, body, { token: at.token }));
  }

  const item = async (name: string): Promise<string> => (await post('/v1/inventory-items', { name, unit: 'kg' })).id;

  async function receive(inventoryItemId: string, quantity: string, unitPrice: number): Promise<Json> {
    const lines = [{ inventoryItemId, quantity, unit: 'kg', unitPrice }];
    return post('/v1/goods-receipts', { supplierId: farm, lines });
  }

  const waste = (inventoryItemId: string, quantity: string) =>
    post('/v1/stock/waste', { lines: [{ inventoryItemId, quantity }], reason: 'spoiled' });

  async function approved(number: string, lines: [string, string, string][], goodsReceiptId?: string): Promise<Json> {
    const read = await at.read(`${number}.xml`, invoiceOf(number, lines));
    if (goodsReceiptId !== undefined) await at.change(read.id, { goodsReceiptId });
    return at.act(read.id, 'approve');
  }

  /** What the ledger says that an item is worth, in minor units. */
  async function ledgerValue(inventoryItemId: string): Promise<number> {
    const path = `/v1/stock/movements?inventoryItemId=${inventoryItemId}&limit=100`;
    const { data } = expectStatus(200, await api.get(path, { token: at.token }));
    return data.reduce((sum: number, one: Json) => sum + Number(one.quantity) * Number(one.unitCost), 0);
  }

  async function assertExact(name: string, id: string): Promise<void> {
    const [quantity, cost] = (await at.stock())[name] ?? ['', ''];
    assert.ok(Math.abs((await ledgerValue(id)) - Number(quantity) * Number(cost)) < 0.01, `${name} in the ledger`);
    const audit = expectStatus(200, await api.get('/v1/stock/audit', { token: at.token }));
    assert.deepEqual(audit.faults, []);
  }

  test('freight and rebates of the document are in the costs of its goods, to the cent', async () => {
    const [carrots, leeks] = [await item('Carrots'), await item('Leeks')];
    const adjustment = (isCharge: boolean, amount: string) =>
      `<AllowanceCharge><ChargeIndicator>${isCharge}</ChargeIndicator><Amount>${amount}</Amount></AllowanceCharge>`;
    const xml = invoiceOf(
      'F1',
      [
        ['Carrots', '3', '10.00'],
        ['Leeks', '7', '20.00'],
      ],
      adjustment(true, '5.00'),
    );
    const read = await at.read('f1.xml', xml);
    assert.equal(read.charges[0].amount, '5.00');
    await at.change(read.id, { allowances: [{ amount: '1.01', reason: 'loyal' }] });
    expectProblem(
      422,
      await api.patch(
        `/v1/supplier-invoices/${read.id}`,
        { charges: [{ amount: '-1' }] },
        { token: at.token, headers: { 'if-match': `"${read.version + 1}"` } },
      ),
    );
    await at.act(read.id, 'approve');
    await at.act(read.id, 'post');
    // 3.99 EUR more for goods of 30.00: 1.33 and 2.66.
    const stock = await at.stock();
    assert.deepEqual(
      [stock['Carrots'], stock['Leeks']],
      [
        ['3', '377.666667'],
        ['7', '323.714286'],
      ],
    );
    assert.equal(Math.round((await ledgerValue(carrots)) + (await ledgerValue(leeks))), 3399);
    await at.act(read.id, 'reverse', { reason: 'test' });
    assert.equal((await at.stock())['Carrots']?.[0], '0');
    await assertExact('Carrots', carrots);
  });

  test('goods that came before their invoice get its price, and lose it by reverse', async () => {
    const id = await item('Beets');
    await receive(id, '10', 100);
    const receipt = await receive(id, '10', 200);
    assert.deepEqual((await at.stock())['Beets'], ['20', '150']);
    const document = await approved('B1', [['Beets', '10', '26.00']], receipt.id);
    const posted = await at.act(document.id, 'post');
    assert.deepEqual(posted.revaluations, [
      {
        inventoryItemId: id,
        quantity: '10',
        receivedUnitCost: '200',
        invoicedUnitCost: '260',
        heldQuantity: '10',
        stockValue: 600,
        variance: 0,
      },
    ]);
    assert.deepEqual((await at.stock())['Beets'], ['20', '180']);
    await assertExact('Beets', id);
    const events = expectStatus(200, await api.get('/v1/events?limit=100', { token: at.token }));
    assert.deepEqual(
      events.data.filter(({ type }: Json) => type === 'stock.low'),
      [],
    );
    const early = await api.post(`/v1/goods-receipts/${receipt.id}/reverse`, { reason: 'x' }, { token: at.token });
    assert.match(expectProblem(409, early).detail, /Reverse it first/);
    await waste(id, '12');
    const reversed = await at.act(document.id, 'reverse', { reason: 'test' });
    assert.deepEqual([reversed.status, reversed.revaluations], ['reversed', []]);
    assert.deepEqual((await at.stock())['Beets'], ['8', '150']);
    await at.act(document.id, 'reprocess');
    await api.context.supplierInvoices.readWaiting();
    await at.change(document.id, { goodsReceiptId: receipt.id });
    await at.act(document.id, 'approve');
    const again = await at.act(document.id, 'post');
    assert.deepEqual([again.revaluations[0].heldQuantity, again.revaluations[0].variance], ['8', 120]);
    assert.deepEqual((await at.stock())['Beets'], ['8', '210']);
    await receive(id, '8', 300);
    await waste(id, '4');
    await at.act(document.id, 'reverse', { reason: 'test' });
    // Without it: 8 at 1.50 and 8 at 3.00.
    assert.deepEqual((await at.stock())['Beets'], ['12', '225']);
    expectStatus(200, await api.post(`/v1/goods-receipts/${receipt.id}/reverse`, { reason: 'x' }, { token: at.token }));
  });

  test('goods that are gone leave their difference as variance, and two invoices price no goods twice', async () => {
    const id = await item('Chard');
    const receipt = await receive(id, '10', 100);
    await waste(id, '10');
    const first = await approved('C1', [['Chard', '6', '9.00']], receipt.id);
    assert.equal((await at.act(first.id, 'post')).revaluations[0].variance, 300);
    assert.deepEqual((await at.stock())['Chard'], ['0', '100']);
    const second = await approved('C2', [['Chard', '9', '18.00']], receipt.id);
    const priced = (await at.act(second.id, 'post')).revaluations[0];
    assert.deepEqual([priced.quantity, priced.variance], ['4', 400]);
    await assertExact('Chard', id);
  });

  test('of many who post and reverse at once, the ledger stays exact', async () => {
    const id = await item('Endive');
    const receipt = await receive(id, '10', 100);
    const documents = [
      await approved('E1', [['Endive', '5', '10.00']], receipt.id),
      await approved('E2', [['Endive', '5', '15.00']], receipt.id),
    ];
    const act = (document: Json, action: string, body: object = {}) =>
      api.post(`/v1/supplier-invoices/${document.id}/${action}`, body, { token: at.token });
    const posts = await Promise.all([...documents, ...documents, ...documents].map((one) => act(one, 'post')));
    assert.equal(posts.filter(({ status }) => status === 200).length, 2);
    assert.deepEqual((await at.stock())['Endive'], ['10', '250']);
    await assertExact('Endive', id);
    const takeBacks = await Promise.all(
      [...documents, ...documents].map((one) => act(one, 'reverse', { reason: 'test' })),
    );
    assert.equal(takeBacks.filter(({ status }) => status === 200).length, 2);
    assert.deepEqual((await at.stock())['Endive'], ['10', '100']);
    await assertExact('Endive', id);
    const third = await approved('E3', [['Endive', '10', '20.00']], receipt.id);
    const race = await Promise.all([
      act(third, 'post'),
      api.post(`/v1/goods-receipts/${receipt.id}/reverse`, { reason: 'x' }, { token: at.token }),
    ]);
    assert.deepEqual(
      race.map(({ status }) => status).toSorted((a, b) => a - b),
      [200, 409],
    );
    await assertExact('Endive', id);
  });
});
