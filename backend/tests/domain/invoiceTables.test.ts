/**
 * Invoices of suppliers that are tables: read where their columns are known, else left to people.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ReadInvoice } from '../../src/domain/supplierInvoice/readInvoice.js';
import { verify } from '../../src/domain/supplierInvoice/verify.js';
import { kindOf } from '../../src/formats/received/fileKind.js';
import { readTable } from '../../src/formats/received/table/readTable.js';
import { Unreadable } from '../../src/formats/received/unreadable.js';

function read(text: string | Uint8Array): ReadInvoice {
  const [invoice] = readTable(typeof text === 'string' ? Buffer.from(text) : text);
  assert.ok(invoice);
  return invoice;
}

const told = ({ lines }: ReadInvoice) =>
  lines.map(({ description, quantity, unit, unitPrice, netAmount, taxRate }) => [
    description,
    quantity,
    unit,
    unitPrice,
    netAmount,
    taxRate,
  ]);
const faultsOf = (invoice: ReadInvoice) => verify(invoice).filter(({ ok }) => !ok);

const GERMAN = [
  'Käserei Weiß GmbH;;;;;;',
  'Rechnungsnummer;RE-2026-17;;Rechnungsdatum:;03.11.2026;;',
  'USt-IdNr.: DE123456789;;;;;;',
  '',
  'Pos.;Artikelnr.;Bezeichnung;Menge;Einheit;Einzelpreis (€);Betrag netto',
  '1;B-7;"Bergkäse ""alt"";\n reif";2,5;kg;18,40;46,00',
  '2;M-1;Öl 5 Liter;1.200;ml;0,01;12,00',
  ';;Zwischensumme;;;;58,00',
  'MwSt 7 %;4,06',
  'Rechnungsbetrag;62,06',
].join('\r\n');

const GERMAN_LINES = [
  ['Bergkäse "alt";\n reif', '2.5', 'kg', '18.4', '46.00', null],
  ['Öl 5 Liter', '1200', 'ml', '0.01', '12.00', null],
];

describe('invoices that are tables', () => {
  test('a German table in every encoding is read with its head, its lines and its sums', () => {
    const utf16 = Buffer.from(GERMAN, 'utf16le');
    const bigEndian = Buffer.from(utf16).swap16();
    const files = {
      'UTF-8': Buffer.from(GERMAN),
      'UTF-8 with its mark': Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(GERMAN)]),
      'Latin 1': Buffer.from(GERMAN.replace('€', 'EUR'), 'latin1'),
      'UTF-16': Buffer.concat([Buffer.from([0xff, 0xfe]), utf16]),
      'UTF-16, big end first': Buffer.concat([Buffer.from([0xfe, 0xff]), bigEndian]),
      'UTF-16 without a mark': utf16,
    };
    for (const [name, bytes] of Object.entries(files)) {
      assert.equal(kindOf(bytes, 'Rechnung.CSV'), 'csv', name);
      const invoice = read(bytes);
      assert.deepEqual(told(invoice), GERMAN_LINES, name);
      const { number, issueDate, currency, supplier, totals } = invoice;
      assert.deepEqual(
        [number, issueDate, currency, supplier.vatId],
        ['RE-2026-17', '2026-11-03', 'EUR', 'DE123456789'],
      );
      assert.deepEqual([totals.lines, totals.tax, totals.gross], ['58.00', '4.06', '62.06'], name);
      assert.deepEqual(faultsOf(invoice), [], name);
    }
  });

  test('each line and each sum keeps the line of the file that it came from', () => {
    const { lines, totalEvidence } = read(GERMAN);
    assert.deepEqual(
      lines.map(({ evidence }) => evidence?.row),
      [6, 8],
    );
    assert.match(lines[1]?.evidence?.text ?? '', /M-1 \| Öl 5 Liter \| 1\.200/);
    assert.equal(totalEvidence.gross?.row, 11);
    assert.deepEqual(totalEvidence.gross?.box, [0, 0.9091, 1, 0.0909]);
  });

  const LANGUAGES: [language: string, table: string, unitPrice: string][] = [
    [
      'English',
      'Item code,Description,Qty,Unit,Unit price,Line total,VAT %\nA1,Flour,"1,000",kg,1.25,"1,250.00",5',
      '1.25',
    ],
    [
      'German',
      'Artikelnummer;Bezeichnung;Anzahl;ME;Einzelpreis;Gesamtpreis;MwSt.-Satz\nA1;Flour;1000;kg;1,25;1.250,00;5',
      '1.25',
    ],
    ['French', 'Réf.;Désignation;Qté;Unité;P.U. HT;Montant HT;Taux TVA\nA1;Flour;1 000;kg;1,25;1 250,00;5', '1.25'],
    [
      'Spanish',
      'Código;Descripción;Cantidad;Unidad;Precio unitario;Importe;% IVA\nA1;Flour;1000;kg;1,25;1.250,00;5',
      '1.25',
    ],
    [
      'Italian',
      'Cod. articolo;Descrizione;Quantità;U.M.;Prezzo unitario;Importo;Aliquota IVA\nA1;Flour;1000;kg;1,25;1.250,00;5',
      '1.25',
    ],
    ['Japanese', '商品コード,品名,数量,単位,単価,金額,税率\nA1,Flour,"１,０００",kg,1.25,"¥1,250.00",5%', '1.25'],
    ['Korean', '품목코드,품명,수량,단위,단가,공급가액,세율\nA1,Flour,"1,000",kg,1.25,"1,250.00원",5', '1.25'],
    ['Thai', 'รหัสสินค้า,รายการ,จำนวน,หน่วย,ราคาต่อหน่วย,จำนวนเงิน,อัตราภาษี\nA1,Flour,"๑,๐๐๐",kg,๑.๒๕,"๑,๒๕๐.๐๐",๕', '1.25'],
    ['Chinese', '货号\t商品名称\t数量\t单位\t单价\t金额\t税率\nA1\tFlour\t1000\tkg\t1.25\t1250.00\t5%', '1.25'],
    [
      'Arabic',
      'رقم الصنف|الوصف|الكمية|الوحدة|سعر الوحدة|المبلغ|نسبة الضريبة\nA1|Flour|١٬٠٠٠|kg|١٫٢٥|١٬٢٥٠٫٠٠|٥',
      '1.25',
    ],
    [
      'Dutch',
      'Artikelnr;Omschrijving;Aantal;Eenheid;Stukprijs;Bedrag excl. BTW;BTW %\nA1;Flour;1000;kg;1,25;1250,00;5',
      '1.25',
    ],
  ];
  for (const [language, table, unitPrice] of LANGUAGES)
    test(`headings in ${language} are known`, () => {
      const invoice = read(table);
      assert.deepEqual(told(invoice), [['Flour', '1000', 'kg', unitPrice, '1250.00', '5']]);
      assert.equal(invoice.lines[0]?.articleNumber, 'A1');
      assert.deepEqual(invoice.remarks, []);
    });

  test('dates of many calendars and orders are read, and impossible ones are not', () => {
    const dateOf = (date: string) => read(`Invoice date;${date}\nItem;Qty;Price\nA;1;2`).issueDate;
    for (const [text, date] of [
      ['2026-11-03', '2026-11-03'],
      ['3.11.2026', '2026-11-03'],
      ['2026年11月3日', '2026-11-03'],
      ['2026. 11. 3.', '2026-11-03'],
      ['20261103', '2026-11-03'],
      ['3/11/2569', '2026-11-03'],
      ['٢٠٢٦/١١/٠٣', '2026-11-03'],
      ['2026-11-03T08:00:00', '2026-11-03'],
      ['31.02.2026', null],
    ] as const)
      assert.equal(dateOf(text), date, text);
  });

  test('unknown columns wait for a person, with the reason', () => {
    for (const [table, reason] of [
      ['Foo;Bar;Baz\n1;2;3', /No line of this table has headings that Servio knows/],
      ['Artikel;Farbe;Betrag\nA;rot;3,00', /a quantity is missing in "Artikel", "Farbe", "Betrag"/],
      ['Menge;Betrag\n1;3,00', /a name or article number is missing/],
    ] as const) {
      const invoice = read(table);
      assert.equal(invoice.lines.length, 0);
      assert.match(invoice.remarks.join(), reason);
      assert.ok(faultsOf(invoice).some(({ rule }) => rule === 'read'));
    }
  });

  test('a number that can be read twice is left empty, and faulty lines are named', () => {
    const doubtful = read('Item;Qty;Price;Amount\nRice;1.500;2;3.000');
    assert.deepEqual(told(doubtful), [['Rice', null, null, '2', null, null]]);
    assert.match(doubtful.remarks.join('\n'), /"1\.500" is no certain number/);
    const mixed = read('Item;Qty;Price;Amount\nRice;1,50;2.25;3,38');
    assert.match(mixed.remarks.join('\n'), /Decimal points and decimal commas are mixed/);
    const broken = read('Item;Qty;Price;Amount\nRice;1;2;2\n"Oil;1;2;2\nSalt;1;2;2;9\nfoo;bar');
    assert.deepEqual(
      broken.lines.map(({ description }) => description),
      ['Rice'],
    );
    assert.match(broken.remarks.join('\n'), /Line 3 .*never closed[\s\S]*Line 4 .*5 columns instead of 4[\s\S]*Line 5/);
  });

  test('two columns of one meaning, and discounts, are told', () => {
    const twice = read('Item;Qty;Amount;Total\nRice;1;2,00;2,38');
    assert.match(twice.remarks.join(), /"Amount" and "Total" mean the same/);
    const discount = read('Item;Qty;Price;Discount;Net amount\nRice;3;2,00;10 %;5,40\nOil;1;9,00;1,50;7,50');
    assert.deepEqual(
      discount.lines.map(({ adjustments }) => adjustments[0]?.amount),
      ['0.60', '1.50'],
    );
    assert.deepEqual(
      faultsOf(discount).filter(({ rule }) => rule === 'line'),
      [],
    );
    const computed = read('Item;Qty;Price\nRice;3;2,15');
    assert.equal(computed.lines[0]?.netAmount, '6.45');
    assert.match(computed.remarks.join(), /quantity times price/);
  });

  test('several invoices of one table are several documents, with their own sums', () => {
    const table = [
      'Invoice number,Type,Date,Currency,Supplier,Description,Quantity,Net amount,VAT amount,Invoice total',
      'R1,invoice,2026-11-01,GBP,Farm,Rice,2,10.00,1.00,33.00',
      'R1,invoice,2026-11-01,GBP,Farm,Oil,1,20.00,2.00,33.00',
      'G1,credit note,2026-11-02,GBP,Farm,Rice,1,5.00,0.50,5.50',
    ].join('\n');
    const invoices = readTable(Buffer.from(table));
    assert.deepEqual(
      invoices.map((one) => [
        one.number,
        one.documentType,
        one.currency,
        one.supplier.name,
        one.totals.gross,
        one.totals.tax,
      ]),
      [
        ['R1', 'invoice', 'GBP', 'Farm', '33.00', null],
        ['G1', 'credit_note', 'GBP', 'Farm', '5.50', '0.50'],
      ],
    );
    assert.deepEqual(
      invoices.map(({ lines }) => lines.length),
      [2, 1],
    );
  });

  test('large and hostile tables are refused, or read, each within a second of work', () => {
    const refused = (bytes: Uint8Array, reason: RegExp) =>
      assert.throws(
        () => readTable(bytes),
        (error) => error instanceof Unreadable && reason.test(error.message),
      );
    // Work of this process, not the clock: other processes may have the cores.
    const from = process.cpuUsage();
    refused(Buffer.from(`Item;Qty;Price\n${'Rice;1;2\n'.repeat(1_000_000)}`), /more than 5000 lines/);
    refused(Buffer.from('Item;Qty;Price\nRi\0ce;1;2'), /no text/);
    refused(
      Buffer.from(`Invoice no;Item;Qty;Price\n${Array.from({ length: 200 }, (_, n) => `${n};A;1;2`).join('\n')}`),
      /200 invoices/,
    );
    assert.equal(read(';'.repeat(20_000_000)).lines.length, 0);
    assert.equal(read('"'.repeat(5_000_000)).lines.length, 0);
    assert.equal(read(`Item;Qty;Price\n${'"Rice;1;2\n'.repeat(4_900)}`).lines.length, 0);
    assert.equal(read(`Item;Qty;Price\n${'Rice;1;2\n'.repeat(4_900)}`).lines.length, 4_900);
    const { user } = process.cpuUsage(from);
    assert.ok(user < 7_000_000, `${user} µs for seven files`);
  });
});
