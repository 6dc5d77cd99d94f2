/**
 * Documents that were issued before sellers had an e-invoice profile. Their files never change:
 * the digests are those of the release that issued them.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { type Document, type LineContent, priceDocument } from '../../src/domain/document/document.js';
import { canonicalForm } from '../../src/domain/document/documentHash.js';
import { PRINT_LANGUAGES } from '../../src/domain/restaurant/printLanguage.js';
import { eInvoiceOf } from '../../src/formats/eInvoice/eInvoice.js';
import { renderCii } from '../../src/formats/eInvoice/renderCii.js';
import { renderUbl } from '../../src/formats/eInvoice/renderUbl.js';
import { printedBusinessDocument } from '../../src/formats/printed/printedBusinessDocument.js';

const VAT19 = { taxId: 'a', name: 'VAT', rate: '19', inclusive: true };
const VAT7 = { taxId: 'b', name: 'VAT', rate: '7', inclusive: false };
const ZERO = { taxId: 'c', name: 'VAT', rate: '0', inclusive: true };

function line(fields: Partial<LineContent>): LineContent {
  const plain = { kind: 'item' as const, quantity: '1', unit: null, discounts: [], originalPosition: null };
  return { ...plain, description: 'Soup', unitPrice: 1000, taxes: [VAT19], ...fields };
}

const SOLD = [
  line({ description: 'Schnitzel & <Pommes>', quantity: '2', unitPrice: 1850, discounts: [{ percent: '10' }] }),
  line({ description: 'Bread', taxes: [VAT7], unitPrice: 450, unit: 'kg', quantity: '1.25' }),
  line({ description: 'Wine', taxes: [ZERO], unitPrice: 99, unit: 'Liter', quantity: '3' }),
  line({ description: 'Buffet', taxes: [VAT19], unitPrice: 2451, unit: 'guests', quantity: '40' }),
  line({ description: 'Room', taxes: [], unit: 'hour' }),
  line({ kind: 'service_charge', description: 'Service charge', unitPrice: 533 }),
  line({ kind: 'tip', description: 'Tip', unitPrice: 300, taxes: [] }),
];

const ISSUED: Document = {
  ...priceDocument(SOLD, []),
  id: 'document',
  type: 'invoice',
  status: 'issued',
  location: '',
  register: '',
  seriesId: 'series',
  period: '2026-11',
  counter: 42,
  number: 'INV-2026-11-0042',
  businessDate: '2026-11-22',
  issuedAt: '2026-11-22T19:00:00.000Z',
  issuedBy: 'user:test',
  seller: {
    name: 'Fish & Chips <Löwen>',
    address: 'Hauptstraße 1\nHinterhaus\n10115 Berlin',
    vatId: 'DE123456789',
    taxNumber: '29/815/08157',
    country: 'DE',
    language: 'de',
    receiptFooter: 'Bis bald!',
  },
  previousHash: '',
  hash: 'hash',
  currency: 'EUR',
  customer: { name: 'Muster GmbH', address: 'Ring 1\n1010 Wien', email: 'a@example.com', vatId: 'ATU12345678' },
  notes: 'Thank you',
  discounts: [],
  details: { order: { number: 'ORD-2026-11-0007', placedAt: '2026-11-21 19:30', table: '7' } },
  orderId: 'order',
  originalId: null,
  reason: null,
  voidReason: null,
  voidedAt: null,
  voidedBy: null,
  version: 2,
  createdBy: 'user:test',
  createdAt: '2026-11-22T18:00:00.000Z',
  updatedAt: '2026-11-22T19:00:00.000Z',
};
const PAYMENTS = [{ method: 'card' as const, amount: 5000, tip: 300, tendered: 5300, change: 0 }];
const CREDIT: Document = {
  ...ISSUED,
  type: 'credit_note',
  number: 'CRN-1',
  reason: 'cold',
  details: null,
  originalId: 'x',
};
const RECEIPT: Document = { ...ISSUED, type: 'receipt', details: { ...ISSUED.details, payments: PAYMENTS } };
const LEAST: Document = {
  ...ISSUED,
  details: null,
  notes: null,
  customer: { name: 'Guest' },
  seller: { name: 'Bistro', address: null, taxNumber: '12', country: 'FR' },
};

const DIGESTS = {
  'invoice hashed': '403ba91036c0f400',
  'invoice paper': '0604ccac981c4403',
  'invoice ubl': 'cfb8957aa9088f50',
  'invoice cii': '2cba1368c039f53c',
  'credit note hashed': '0fc9037b01bf2222',
  'credit note paper': 'd954bdd21c19ceee',
  'credit note ubl': 'a876064efd1a6bdf',
  'credit note cii': 'cf54b4baa6531722',
  'receipt hashed': 'cbe0a545b8a7e2a4',
  'receipt paper': 'e8cc7f743897cc9b',
  'least hashed': '85ec0ace0180ab73',
  'least paper': '2f4340e5f80c3fed',
  'least ubl': 'b1768ec6230610c0',
  'least cii': '49d51fe4bd93ab65',
};

function digestsOf(name: string, document: Document, original: Document | null): Record<string, string> {
  const context = { seller: document.seller!, originalNumber: original?.number ?? null };
  const printed = PRINT_LANGUAGES.map((language) => printedBusinessDocument(document, language, context));
  const texts: Record<string, string> = {
    hashed: canonicalForm('restaurant', document),
    paper: JSON.stringify(printed),
  };
  if (document.type !== 'receipt') {
    texts['ubl'] = renderUbl(eInvoiceOf(document, original));
    texts['cii'] = renderCii(eInvoiceOf(document, original));
  }
  return Object.fromEntries(
    Object.entries(texts).map(([form, text]) => [
      `${name} ${form}`,
      createHash('sha256').update(text).digest('hex').slice(0, 16),
    ]),
  );
}

describe('documents issued before e-invoice profiles', () => {
  test('their papers, XML and hashed forms are those of the release that issued them', () => {
    assert.deepEqual(
      {
        ...digestsOf('invoice', ISSUED, null),
        ...digestsOf('credit note', CREDIT, ISSUED),
        ...digestsOf('receipt', RECEIPT, null),
        ...digestsOf('least', LEAST, null),
      },
      DIGESTS,
    );
  });
});
