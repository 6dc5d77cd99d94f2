/** PDFs and photos of suppliers: read by their XML, by their text, or by recognition. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { expectStatus, type Json, startApi, type TestApi } from '../support/api.js';
import { DOCUMENTS_MISSING, InvoiceDesk } from '../support/invoiceDesk.js';

/** Drawn with a font of free use, and encoded by heif-enc of libheif 1.15. */
const GERMAN_RECEIPT = fileURLToPath(new URL('../../../backend/tests/samples/german-receipt.heic', import.meta.url));
const RECEIPTS = '1000 1001 1008 1011 1012 1021 1030 1033 1036 1049 1054 1071 1088 1101'.split(' ');

describe('papers of suppliers', { skip: DOCUMENTS_MISSING }, () => {
  let api: TestApi;
  let at: InvoiceDesk;
  before(async () => {
    api = await startApi();
    at = new InvoiceDesk(api, (await api.restaurant({ currency: 'USD' })).token);
  });
  after(() => api.close());

  const truth = (name: string): Json => JSON.parse(at.bytes(`truth/${name}.json`).toString());

  for (const stem of ['de-einfach', 'de-gutschrift', 'de-rechnungskorrektur', 'fr-delicatessen']) {
    test(`the XML in ${stem}.facturx.pdf is read as its truth says`, async () => {
      const read = await at.readShared(`einvoice/${stem}.facturx.pdf`);
      const [expected] = truth(stem).documents;
      assert.equal(read.source.format, 'cii');
      assert.equal(read.number, expected.number);
      assert.equal(read.typeCode, expected.type_code);
      assert.deepEqual(read.totals, expected.totals);
      assert.deepEqual(
        read.lines.map((line: Json) => [line.description, line.quantity, line.unitPrice, line.netAmount, line.taxRate]),
        expected.lines.map((line: Json) => [line.name, line.quantity, line.unit_price, line.net, line.tax_rate]),
      );
      assert.deepEqual(
        read.checks.filter(({ rule }: Json) => rule === 'picture'),
        [],
      );
    });
  }

  test('an XML attachment is read whatever its name', async () => {
    const read = await at.readShared('pdf/AzureInterior.pdf');
    assert.deepEqual(
      [read.source.format, read.number, read.totals.net, read.totals.gross],
      ['ubl', 'INV/2023/03/0008', '262.90', '279.84'],
    );
  });

  const TEXTS: [name: string, number: string, date: string, net: string, gross: string, lines: string[]][] = [
    ['AmazonWebServices', '42183017', '2014-08-03', '4.11', '4.11', ['0.01', '1.87', '2.22', '0.01']],
    ['coolblue1', '993548900', '2014-04-19', '593.36', '717.97', ['399.00', '69.99', '189.00', '14.99', '44.99']],
    ['saeco', 'VF1005193039', '2022-09-08', '41.31', '49.99', ['49.99', '0.00']],
  ];
  for (const [name, number, date, net, gross, lines] of TEXTS) {
    test(`${name}.pdf is read from its text, each amount with its box`, async () => {
      const read = await at.readShared(`pdf/${name}.pdf`);
      assert.equal(read.status, 'review');
      assert.deepEqual([read.number, read.issueDate, read.totals.net, read.totals.gross], [number, date, net, gross]);
      assert.deepEqual(
        read.lines.map(({ netAmount }: Json) => netAmount),
        lines,
      );
      for (const { evidence } of read.lines) assert.equal(evidence.box.length, 4);
    });
  }

  test('photos: amounts as measured or better, each with its box, and nothing posts itself', async () => {
    const score = { lines: 0, allLines: 0, tax: 0, total: 0 };
    const misses: string[] = [];
    for (const name of RECEIPTS) {
      const expected = truth(`receipt-${name}`);
      const read = await at.readShared(`receipts/${name}.jpg`);
      assert.equal(read.status, 'review');
      const left: string[] = read.lines.map(({ netAmount }: Json) => netAmount);
      for (const { amount } of expected.lines) {
        const place = left.indexOf(amount);
        score.allLines += 1;
        if (place >= 0) {
          left.splice(place, 1);
          score.lines += 1;
        } else misses.push(`${name}: line ${amount}`);
      }
      if (read.totals.tax === expected.tax) score.tax += 1;
      else misses.push(`${name}: tax ${expected.tax}, read ${read.totals.tax}`);
      if (read.totals.gross === expected.total) score.total += 1;
      else misses.push(`${name}: total ${expected.total}, read ${read.totals.gross}`);
      for (const { evidence } of read.lines) assert.ok(evidence.box.every((share: number) => share >= 0 && share <= 1));
    }
    assert.deepEqual(score, { lines: 58, allLines: 58, tax: 14, total: 14 }, misses.join('\n'));
  });

  test('a German receipt as HEIC is read, and its names are matched although the recognition knows no ß', async () => {
    const names = ['Weißwürste', 'Süßrahmbutter', 'Käsespätzle', 'Löwenbräu Märzen', 'Grüne Soße', 'Öl kaltgepresst'];
    // Names that share much with the wrong line.
    const others = ['Weinwürze', 'Butter', 'Käse', 'Löwensenf', 'Grüne Bohnen', 'Olivenöl', 'Weißbrot', 'Soße, braun'];
    const german = new InvoiceDesk(api, (await api.restaurant({ currency: 'EUR' })).token);
    for (const name of [...others, ...names])
      expectStatus(201, await api.post('/v1/inventory-items', { name, unit: 'piece' }, { token: german.token }));
    const read = await german.read('IMG_0042.HEIC', readFileSync(GERMAN_RECEIPT));
    assert.deepEqual([read.source.kind, read.source.format, read.number], ['heic', 'ocr', 'RE-2026-55']);
    assert.deepEqual(
      read.lines.map(({ netAmount, match }: Json) => [match?.itemName, match?.source, netAmount]),
      names.map((name, index) => [name, 'name', ['12.50', '4.20', '8.90', '19.40', '3.00', '7.00'][index]]),
    );
    assert.equal(read.totals.gross, '55.00');
  });

  test('a page of a document comes as a picture', async () => {
    const { id } = await at.readShared('pdf/saeco.pdf');
    const response = await fetch(`${api.url}/v1/supplier-invoices/${id}/pages/1.png`, {
      headers: { authorization: `Bearer ${at.token}` },
    });
    assert.equal(response.headers.get('content-type'), 'image/png', response.ok ? '' : await response.text());
    assert.deepEqual([...new Uint8Array(await response.arrayBuffer()).subarray(1, 4)], [0x50, 0x4e, 0x47]);
  });
});
