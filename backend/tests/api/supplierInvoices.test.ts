/** Documents of suppliers over HTTP: from the upload to stock, and back. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { DOCUMENTS_MISSING, InvoiceDesk } from '../support/invoiceDesk.js';
import { expectProblem } from '../support/problem.js';

describe('supplier invoices', { skip: DOCUMENTS_MISSING }, () => {
  let api: TestApi;
  before(async () => {
    api = await startApi();
  });
  after(() => api.close());

  async function desk(currency = 'EUR'): Promise<InvoiceDesk> {
    return new InvoiceDesk(api, (await api.restaurant({ currency })).token);
  }

  async function item(at: InvoiceDesk, name: string, unit: string, opening?: [string, string]): Promise<string> {
    const stock = opening ? { openingQuantity: opening[0], unitCost: opening[1] } : {};
    const body = { name, unit, ...stock };
    return expectStatus(201, await api.post('/v1/inventory-items', body, { token: at.token })).id;
  }

  test('an upload answers at once, and the document is read to the last digit', async () => {
    const at = await desk();
    const answer = await at.upload({ 'a.xml': at.bytes('einvoice/nl-food-wholesale.ubl.xml') });
    const { data } = expectStatus(202, answer);
    assert.equal(data[0].status, 'received');
    assert.equal(data[0].isDuplicate, false);
    await api.context.supplierInvoices.readWaiting();
    const document = await at.get(data[0].id);
    assert.equal(document.status, 'review');
    assert.equal(document.number, '12115118');
    assert.equal(document.totals.gross, '250.33');
    assert.equal(document.lines.length, 20);
    assert.deepEqual(
      document.checks
        .filter(({ ok }: Json) => !ok)
        .map(({ rule, position, expected, stated }: Json) => [rule, position, expected, stated]),
      [['line', 20, '109.98', '-109.98']],
    );
  });

  test('the same bytes are the same document, and a second format of it is a duplicate', async () => {
    const at = await desk();
    const xml = at.bytes('einvoice/de-einfach.ubl.xml');
    const { data } = expectStatus(202, await at.upload({ 'a.xml': xml, 'b.xml': xml }));
    assert.equal(data[0].id, data[1].id);
    const again = expectStatus(202, await at.upload({ 'c.xml': xml }));
    assert.deepEqual([again.data[0].id, again.data[0].isDuplicate], [data[0].id, true]);
    await api.context.supplierInvoices.readWaiting();
    const cii = await at.readShared('einvoice/de-einfach.cii.xml');
    assert.deepEqual(
      cii.duplicates.map(({ id }: Json) => id),
      [data[0].id],
    );
    const selfBilled = await at.readShared('einvoice/de-gutschrift.ubl.xml');
    assert.deepEqual(selfBilled.duplicates, [], 'told apart by its type only');
    await at.act(data[0].id, 'approve', { skipUnmatched: true });
    const second = await api.post(
      `/v1/supplier-invoices/${cii.id}/approve`,
      { skipUnmatched: true },
      { token: at.token },
    );
    assert.equal(expectProblem(409, second).code, 'already_exists');
    await at.act(cii.id, 'approve', { skipUnmatched: true, acceptDuplicate: true });
  });

  test('goods go into stock once, and back by reverse, exactly', async () => {
    const at = await desk();
    await item(at, 'Patat frites', 'kg', ['3', '101']);
    await item(at, 'Frituurvet', 'piece', ['10', '1500']);
    const chips = await item(at, 'Ketchup', 'l');
    const before = await at.stock();
    const read = await at.readShared('einvoice/nl-food-wholesale.cii.xml');
    assert.equal(read.lines[0].match.itemName, 'Patat frites');
    assert.equal(read.lines[0].match.packQuantity, '10');
    await at.change(read.id, { match: { inventoryItemId: chips } }, 3);
    const fat = (await at.get(read.id)).lines[19];
    const fatId = expectStatus(200, await api.get('/v1/inventory-items?q=Frituurvet', { token: at.token })).data[0].id;
    if (fat.match === null || fat.match.packQuantity === null)
      await at.change(read.id, { match: { inventoryItemId: fatId, packQuantity: '1' } }, 20);
    await at.change(read.id, { match: { inventoryItemId: fatId, packQuantity: '1' } }, 19);
    for (const { position, match } of (await at.get(read.id)).lines)
      if (match !== null && ![1, 3, 19, 20].includes(position)) await at.change(read.id, { isStock: false }, position);
    expectProblem(422, await api.post(`/v1/supplier-invoices/${read.id}/approve`, {}, { token: at.token }));
    await at.act(read.id, 'approve', { skipUnmatched: true });
    const posted = await at.act(read.id, 'post');
    assert.equal(posted.status, 'posted');
    expectProblem(409, await api.post(`/v1/supplier-invoices/${read.id}/post`, {}, { token: at.token }));
    const receipt = expectStatus(
      200,
      await api.get(`/v1/goods-receipts/${posted.goodsReceiptId}`, { token: at.token }),
    );
    assert.match(receipt.number, /^GR-\d{4}-\d{2}-0001$/);
    assert.equal(receipt.total, 1990 + 829 + 10212 - 10998);
    const stock = await at.stock();
    // 3 kg at 1.01 and 20 kg for 19.90; 10 at 15.00 and 6 for 102.12, of which 6 leave again.
    assert.deepEqual(stock['Patat frites'], ['23', '99.695652']);
    assert.deepEqual(stock['Frituurvet'], ['10', '1575.75']);
    assert.deepEqual(stock['Ketchup'], ['3', '276.333333']);
    const prices = expectStatus(200, await api.get(`/v1/inventory-items/${chips}/prices`, { token: at.token }));
    assert.deepEqual(
      prices.data.map(({ unitCost }: Json) => unitCost),
      ['276.333333'],
    );
    const reversed = await at.act(read.id, 'reverse', { reason: 'not ours' });
    assert.equal(reversed.status, 'reversed');
    const after = await at.stock();
    assert.deepEqual(
      Object.entries(after).map(([name, [quantity]]) => [name, quantity]),
      Object.entries(before).map(([name, [quantity]]) => [name, quantity]),
    );
    assert.deepEqual(after['Patat frites'], before['Patat frites']);
    assert.deepEqual(after['Frituurvet'], before['Frituurvet']);
    const audit = expectStatus(200, await api.get('/v1/stock/audit', { token: at.token }));
    assert.deepEqual(audit.faults, []);
  });

  test('what a person matched is known the next time', async () => {
    const at = await desk();
    const paper = await item(at, 'Stationery', 'piece');
    const first = await at.readShared('einvoice/dk-allowances-prepaid.ubl.xml');
    for (const { position } of first.lines)
      await at.change(first.id, { match: { inventoryItemId: paper, packQuantity: '2' } }, position);
    expectProblem(422, await api.post(`/v1/supplier-invoices/${first.id}/approve`, {}, { token: at.token }));
    await at.change(first.id, { exchangeRate: '0.134' });
    await at.act(first.id, 'approve');
    const twin = at.bytes('einvoice/dk-allowances-prepaid.ubl.xml').toString().replace('TOSL110', 'TOSL111');
    const second = await at.read('twin.xml', twin);
    assert.deepEqual(
      second.lines.map(({ match }: Json) => [match.source, match.packQuantity, match.score]),
      Array.from({ length: 3 }, () => ['learned', '2', '1']),
    );
    assert.equal(second.supplier.id, (await at.get(first.id)).supplier.id);
    const posted = await at.act(first.id, 'post');
    // 1000.00 DKK for 1000 at 0.134 EUR each: 134.00 EUR for 2000 stock units.
    assert.deepEqual(posted.lines[0].posted, { stockQuantity: '2000', unitCost: '6.7' });
  });

  test('a credit note takes goods out only when a person says that they go back', async () => {
    const at = await desk();
    const goods = await item(at, 'Voucher', 'piece', ['5', '9000']);
    const note = await at.readShared('einvoice/be-credit-note.ubl.xml');
    assert.equal(note.documentType, 'credit_note');
    await at.change(note.id, { match: { inventoryItemId: goods } }, 1);
    expectProblem(422, await api.post(`/v1/supplier-invoices/${note.id}/approve`, {}, { token: at.token }));
    await at.change(note.id, { goodsReturned: true });
    await at.act(note.id, 'approve');
    await at.act(note.id, 'post');
    assert.equal((await at.stock())['Voucher']?.[0], '4');
    await at.act(note.id, 'reverse', { reason: 'kept them' });
    assert.deepEqual((await at.stock())['Voucher'], ['5', '9000']);
  });

  test('goods of an order come once, whether they came before the paper or with it', async () => {
    const at = await desk();
    const { token } = at;
    const pen = await item(at, 'Parker pen', 'piece');
    const supplier = expectStatus(201, await api.post('/v1/suppliers', { name: 'SellerCompany' }, { token }));
    const lines = [{ inventoryItemId: pen, quantity: '90', unit: 'piece', unitPrice: 60 }];
    const order = expectStatus(
      201,
      await api.post('/v1/purchase-orders', { supplierId: supplier.id, lines }, { token }),
    );
    const sent = expectStatus(200, await api.post(`/v1/purchase-orders/${order.id}/send`, {}, { token }));
    const came = { lines: [{ lineId: sent.lines[0].id, quantity: '90' }] };
    expectStatus(201, await api.post(`/v1/purchase-orders/${order.id}/receive`, came, { token }));
    const xml = at.bytes('einvoice/dk-allowances-prepaid.ubl.xml').toString();
    const named = xml.replace(/<cac:OrderReference>\s*<cbc:ID>[^<]*/, `<cac:OrderReference><cbc:ID>${sent.number}`);
    const read = await at.read('with order.xml', named);
    assert.equal(read.purchaseOrderId, order.id);
    assert.ok(read.goodsReceiptId);
    await at.change(read.id, { match: { inventoryItemId: pen, packQuantity: '1' } }, 2);
    const compared = await at.change(read.id, { exchangeRate: '0.2' });
    // 100 invoiced at 5 DKK, which is 1.00 EUR; 90 came, agreed at 0.60.
    assert.deepEqual(
      compared.comparison.map(({ ordered, received, invoiced, credit, reasons }: Json) => [
        ordered,
        received,
        invoiced,
        credit,
        reasons,
      ]),
      [['90', '90', '100', 10 * 100 + 90 * 40, ['short', 'dearer']]],
    );
    await at.act(read.id, 'approve');
    await at.act(read.id, 'post');
    assert.equal((await at.stock())['Parker pen']?.[0], '90');
    await at.act(read.id, 'reverse', { reason: 'test' });
    assert.equal((await at.stock())['Parker pen']?.[0], '90');
  });

  test('a file of several invoices makes several documents', async () => {
    const at = await desk();
    const xml = at.bytes('einvoice/it-two-lines.fatturapa.xml').toString();
    const body = /<FatturaElettronicaBody>[\s\S]*<\/FatturaElettronicaBody>/.exec(xml)?.[0] ?? '';
    const first = await at.read('two.xml', xml.replace(body, body + body.replace('<Numero>123<', '<Numero>124<')));
    const list = expectStatus(
      200,
      await api.get(`/v1/supplier-invoices?workflowId=${first.workflowId}`, { token: at.token }),
    );
    assert.deepEqual(
      list.data.map(({ number, part, status }: Json) => [number, part, status]),
      [
        ['124', 2, 'review'],
        ['123', 1, 'review'],
      ],
    );
  });

  test('a table of the supplier goes into stock, and one of unknown columns waits with the reason', async () => {
    const at = await desk();
    await item(at, 'Mehl', 'kg');
    const table =
      'Rechnungsnummer;T-1\nDatum;3.11.2026\nBezeichnung;Menge;Einheit;Einzelpreis €;Betrag netto\nMehl;2,5;kg;1,20;3,00\n';
    const read = await at.read('Rechnung.csv', `${table}Gesamtbetrag;3,00\n`);
    assert.deepEqual([read.source.format, read.number, read.currency], ['csv', 'T-1', 'EUR']);
    assert.equal(read.lines[0].evidence.row, 4);
    await at.change(read.id, { supplierName: 'Mühle' });
    await at.act(read.id, 'approve');
    await at.act(read.id, 'post');
    assert.deepEqual((await at.stock())['Mehl'], ['2.5', '120']);
    const unknown = await at.read('list.csv', 'Farbe;Größe\nrot;XL\n');
    assert.equal(unknown.status, 'review');
    assert.match(unknown.checks.at(-1).message, /No line of this table has headings that Servio knows/);
    const long = await at.read('long.csv', `Item;Qty;Unit;Price;Amount\n${'Mehl;1;kg;2;2.00\n'.repeat(4_900)}`);
    assert.equal(long.status, 'review');
    assert.equal(long.lines.length, 4_900);
    assert.equal((await at.read('longer.csv', `Item;Qty;Price\n${'Mehl;1;2\n'.repeat(5_001)}`)).status, 'failed');
  });

  test('the stored file comes back as it was sent', async () => {
    const at = await desk();
    const sent = at.bytes('einvoice/se-mixed-vat.ubl.xml');
    const { id } = await at.read('x.xml', sent);
    const response = await fetch(`${api.url}/v1/supplier-invoices/${id}/file`, {
      headers: { authorization: `Bearer ${at.token}` },
    });
    assert.equal(response.headers.get('content-disposition'), `attachment; filename="${id}.xml"`);
    assert.ok(sent.equals(Buffer.from(await response.arrayBuffer())));
  });

  test('a mail brings its documents, and leaves out the rest', async () => {
    const at = await desk();
    const { token } = expectStatus(201, await api.post('/v1/supplier-invoices/mailbox', {}, { token: at.token }));
    const form = new FormData();
    form.set('subject', 'Your invoice');
    form.set('attachment-1', new Blob([at.bytes('einvoice/se-mixed-vat.ubl.xml')]), 'invoice.xml');
    form.set('attachment-2', new Blob(['plain text']), 'signature.txt');
    const mail = await api.post(`/v1/inbound/mail/${token}`, undefined, { raw: form });
    const { data, skipped } = expectStatus(202, mail);
    assert.equal(data.length, 1);
    assert.deepEqual(skipped, ['signature.txt']);
    await api.context.supplierInvoices.readWaiting();
    assert.equal((await at.get(data[0].id)).status, 'review');
    expectProblem(404, await api.post(`/v1/inbound/mail/${token.slice(0, -1)}x`, undefined, { raw: form }));
  });
});
