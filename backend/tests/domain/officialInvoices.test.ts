/**
 * Every kind of invoice in every language, VAT category and profile: both syntaxes say the same,
 * and the official rules accept them when `EINVOICE_RULES` names them.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Document, LineContent } from '../../src/domain/document/document.js';
import { VAT_CATEGORIES, type VatCategory } from '../../src/domain/order/vatCategory.js';
import { E_INVOICE_PROFILES, type EInvoiceProfile } from '../../src/domain/restaurant/invoicing.js';
import { PRINT_LANGUAGES, type PrintLanguage } from '../../src/domain/restaurant/printLanguage.js';
import { assertEInvoice } from '../../src/formats/eInvoice/eInvoiceFaults.js';
import { eInvoiceOf } from '../../src/formats/eInvoice/eInvoice.js';
import { renderCii } from '../../src/formats/eInvoice/renderCii.js';
import { renderUbl } from '../../src/formats/eInvoice/renderUbl.js';
import { readInvoice } from '../support/eInvoiceFiles.js';
import { brokenRules } from '../support/en16931.js';
import { BUYER, creditNotesOf, invoiceOf, itemLine, paidWith, SELLER, taxOf } from '../support/invoiceSamples.js';
import { OfficialRules, withoutRules } from '../support/officialRules.js';

/** Lines of one category, with discount, units, service charge and tip. */
function linesOf(category: VatCategory): LineContent[] {
  const taxes = [taxOf(category)];
  return [
    itemLine({ description: 'Schnitzel', quantity: '3', unitPrice: 1851, discounts: [{ percent: '10' }], taxes }),
    itemLine({ description: 'Wine', quantity: '1.25', unit: 'Liter', unitPrice: 999, taxes }),
    itemLine({ description: 'Buffet', quantity: '40', unit: 'Tischgedecke', unitPrice: 2450, taxes }),
    itemLine({ kind: 'service_charge', description: 'Service charge', unitPrice: 533, taxes }),
    itemLine({ kind: 'tip', description: 'Tip', unitPrice: 300, taxes: [] }),
  ];
}

const MIXED: LineContent[] = VAT_CATEGORIES.filter((category) => category !== 'O').flatMap((category) => [
  ...linesOf(category).slice(0, 2),
  itemLine({
    description: 'Book',
    taxes: [taxOf(category, { name: 'VAT 7', ...(category === 'S' && { rate: '7' }) })],
  }),
]);

/** Due, paid in part, paid, paid too much, and what corrects it. */
function kindsOf(invoice: Document): [kind: string, document: Document, original: Document | null][] {
  const [first, rest] = creditNotesOf(invoice);
  return [
    ['due', invoice, null],
    ['partly paid', paidWith(invoice, 1_000, 'cash'), null],
    ['paid', paidWith(invoice, invoice.total), null],
    ['overpaid', paidWith(invoice, invoice.total + 1, 'voucher'), null],
    ['partial credit note', first, invoice],
    ['final credit note', rest, invoice],
  ];
}

/** Checks both files of a document by our own rules, and keeps them for the official ones. */
function filesOf(rules: OfficialRules, name: string, document: Document, original: Document | null): void {
  assertEInvoice(document);
  const invoice = eInvoiceOf(document, original);
  const [ubl, cii] = [renderUbl(invoice), renderCii(invoice)];
  const [read, other] = [readInvoice(ubl), readInvoice(cii)];
  assert.deepEqual(brokenRules(read), [], name);
  const filled = {
    ...read.totals,
    allowances: read.totals.allowances ?? '0.00',
    charges: read.totals.charges ?? '0.00',
  };
  assert.deepEqual({ ...read, totals: filled }, other, name);
  rules.add(`${name} UBL`, ubl);
  rules.add(`${name} CII`, cii);
}

function inProfile(profile: EInvoiceProfile, language: PrintLanguage, lines: LineContent[]): Document {
  return invoiceOf(lines, { seller: { ...SELLER, eInvoiceProfile: profile }, customer: { ...BUYER, language } });
}

describe('invoices by the official rules', () => {
  test('every kind, language, category and profile validates in both syntaxes', async (t) => {
    const rules = new OfficialRules();
    for (const profile of E_INVOICE_PROFILES)
      for (const language of PRINT_LANGUAGES)
        for (const [category, lines] of [
          ...VAT_CATEGORIES.map((one) => [one, linesOf(one)] as const),
          ['mixed', MIXED] as const,
        ])
          for (const [kind, document, original] of kindsOf(inProfile(profile, language, lines)))
            filesOf(rules, [profile, language, category, kind].join(' '), document, original);
    assert.equal(rules.size, 3 * 10 * 8 * 6 * 2);
    if (withoutRules) {
      t.skip(withoutRules);
      return;
    }
    assert.deepEqual(await rules.broken(), []);
  });
});
