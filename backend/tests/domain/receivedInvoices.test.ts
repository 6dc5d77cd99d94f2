/** Invoices of suppliers, read from XML: each equals its truth to the last digit. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import type { ReadInvoice } from '../../src/domain/supplierInvoice/readInvoice.js';
import { adjustmentSum } from '../../src/domain/supplierInvoice/readUbl.js';
import { readXml } from '../../src/formats/received/readXml.js';
import { Unreadable } from '../../src/formats/received/unreadable.js';
import type { Json } from '../support/api.js';
import { sharedData } from '../support/sharedData.js';

const { file: folder, skip } = sharedData('supplier-documents');
const FORMATS = ['cii.xml', 'ubl.xml', 'fatturapa.xml'];

/** The two files of this invoice differ in the spelling of two lines and in the unit. */
const OWN_WORDS = 'nl-food-wholesale';

function truthOf(stem: string): Json {
  return JSON.parse(readFileSync(path.join(folder, 'truth', `${stem}.json`), 'utf8'));
}

/** In the form of the truth files. */
function told(invoice: ReadInvoice): Json {
  return {
    type_code: invoice.typeCode,
    number: invoice.number,
    issue_date: invoice.issueDate,
    due_date: invoice.dueDate,
    currency: invoice.currency,
    supplier: invoice.supplier.name,
    supplier_vat_id: invoice.supplier.vatId,
    buyer: invoice.buyer.name,
    totals: invoice.totals,
    taxes: invoice.taxes.map(({ category, rate, base, amount }) => ({ category, rate, base, tax: amount })),
    lines: invoice.lines.map((line) => ({
      id: line.id,
      name: line.description,
      seller_item: line.articleNumber,
      gtin: line.gtin,
      quantity: line.quantity,
      unit: line.unit,
      unit_price: line.unitPrice,
      price_base_quantity: line.priceBaseQuantity,
      tax_rate: line.taxRate,
      line_allowances: adjustmentSum(line.adjustments, false),
      line_charges: adjustmentSum(line.adjustments, true),
      net: line.netAmount,
    })),
  };
}

function withoutWords(document: Json): Json {
  return { ...document, lines: document.lines.map(({ name: _name, unit: _unit, ...line }: Json) => line) };
}

describe('invoices of suppliers in XML', { skip }, () => {
  const files = skip === false && existsSync(folder) ? readdirSync(path.join(folder, 'einvoice')) : [];
  for (const name of files.filter((one) => FORMATS.some((format) => one.endsWith(format)))) {
    test(`${name} is read as its truth says, to the last digit`, () => {
      const stem = name.split('.')[0] ?? '';
      const expected = truthOf(stem).documents.map(
        ({ arithmetic: _sums, line_arithmetic: _lines, ...rest }: Json) => rest,
      );
      const found = readXml(readFileSync(path.join(folder, 'einvoice', name))).map(told);
      const compared = stem === OWN_WORDS && name.endsWith('ubl.xml') ? withoutWords : (one: Json) => one;
      assert.deepEqual(found.map(compared), expected.map(compared));
    });
  }
});

const UBL = 'urn:oasis:names:specification:ubl:schema:xsd:Invoice-2';
const refuses = (xml: string | Buffer, reason: RegExp): void => {
  const from = performance.now();
  assert.throws(
    () => readXml(Buffer.from(xml)),
    (error) => error instanceof Unreadable && reason.test(error.message),
  );
  assert.ok(performance.now() - from < 1_000, 'refused within a second');
};

describe('XML that nobody should send', () => {
  test('refuses entities of its own, outside files and ill-formed text', () => {
    const laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>';
    refuses(`${laughs}<Invoice xmlns="${UBL}">&b;</Invoice>`, /DOCTYPE/);
    refuses('<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>', /DOCTYPE/);
    refuses('<a><b></a>', /well-formed/);
    refuses(`<Invoice xmlns="${UBL}">&undeclared;</Invoice>`, /well-formed/);
    refuses('<?xml version="1.0" encoding="utf-8"?><x>\xff</x>', /no invoice|encoding/);
    refuses(Buffer.from([0x3c, 0x78, 0x3e, 0xff, 0xfe, 0x3c, 0x2f, 0x78, 0x3e]), /encoding/);
  });

  test('refuses depth and number of elements without reading all of them', () => {
    refuses('<a>'.repeat(1_000_000), /nested deeper/);
    refuses(`<a>${'<b/>'.repeat(2_000_000)}</a>`, /more than 200000 elements/);
  });

  test('says what an XML is that is no invoice', () => {
    refuses('<Invoice/>', /no invoice/);
    refuses('<rsm:SCRDMCCBDACIOMessageStructure xmlns:rsm="urn:un"/>', /Order-X/);
  });
});
