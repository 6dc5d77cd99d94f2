/**
 * The printed Z report: all figures of its day, in every language, on a page, on a roll and as
 * text.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DayReport } from '../../src/domain/report/businessDay.js';
import type { Call } from '../../src/domain/shared/call.js';
import { labelsOf } from '../../src/formats/labels/documentLabels.js';
import { printedBusinessDocument } from '../../src/formats/printed/printedBusinessDocument.js';
import type { PrintedDocument } from '../../src/formats/printed/printedDocument.js';
import { PRINT_LANGUAGES, type PrintLanguage } from '../../src/domain/restaurant/printLanguage.js';
import { printedText } from '../../src/formats/printed/printedText.js';
import { dayCloseOf, draftOf } from '../../src/services/document/drafts.js';
import { type PdfJob, renderPdf } from '../../src/formats/pdf/renderPdf.js';
import { readPdf } from '../support/pdfText.js';

const AT = new Date('2026-11-21T11:00:00Z');
const CALL: Call = {
  restaurantId: 'restaurant',
  actor: { kind: 'user', id: 'test' },
  scopes: new Set(),
  requestId: 'request',
};
const SELLER = { name: 'Test Bistro', address: null };

const QUIET: DayReport = {
  date: '2026-11-20',
  currency: 'EUR',
  orders: 0,
  units: 0,
  grossSales: 0,
  discountTotal: 0,
  revenue: 0,
  serviceChargeTotal: 0,
  taxTotal: 0,
  taxIncludedTotal: 0,
  tipTotal: 0,
  total: 0,
  refundTotal: 0,
  taxes: [],
  payments: [],
  refunds: [],
  cancelledOrders: { count: 0, total: 0 },
  voidedLines: { count: 0, units: 0, amount: 0 },
  unfinishedOrders: { count: 0, open: 0, dueTotal: 0, orders: [] },
  cash: { expected: 0, counted: null, difference: null },
};

const VAT = { taxId: 'vat', name: 'MwSt.', rate: '19', inclusive: true };
const BUSY: DayReport = {
  ...QUIET,
  orders: 1_204,
  units: 3_071,
  grossSales: 123_456_78,
  discountTotal: 1_000_00,
  serviceChargeTotal: 500_00,
  taxTotal: 19_630_17,
  taxIncludedTotal: 19_630_17,
  tipTotal: 2_345_67,
  total: 125_302_45,
  refundTotal: 119_00,
  taxes: [{ ...VAT, base: 103_326_61, amount: 19_630_17 }],
  refundTaxes: [{ ...VAT, base: 100_00, amount: 19_00 }],
  payments: [
    { method: 'card', count: 1_100, amount: 100_000_00, tip: 2_000_00, change: 0 },
    { method: 'cash', count: 104, amount: 22_956_78, tip: 345_67, change: 1_234_00 },
    { method: 'voucher', count: 3, amount: 60_00, tip: 0, change: 0 },
    { method: 'other', count: 1, amount: 10_00, tip: 0, change: 0 },
  ],
  refunds: [{ method: 'other', count: 12, amount: 119_00 }],
  cancelledOrders: { count: 17, total: 987_65 },
  voidedLines: { count: 23, units: 31, amount: 456_78 },
  unfinishedOrders: { count: 5, open: 2, dueTotal: 321_09, orders: [] },
  corrections: [
    { kind: 'credit_note', count: 2, amount: 200_00, taxAmount: 31_93 },
    { kind: 'write_off', count: 1, amount: 50_00, taxAmount: 7_98 },
  ],
  balance: { salesKept: 125_183_45, moneyKept: 125_253_45, dueTotal: 321_09, otherDays: -391_09 },
  cash: { expected: 23_302_45, counted: 23_300_00, difference: -2_45 },
};

const PREPAID: DayReport = {
  ...BUSY,
  corrections: [{ kind: 'deposit_kept', count: 1, amount: -40_00, taxAmount: -6_39 }],
  deposits: {
    taken: { count: 6, amount: 600_00 },
    released: { count: 2, amount: 90_00 },
    deducted: { count: 4, amount: 391_00 },
    taxes: [{ ...VAT, base: 100_00, amount: 19_00 }],
  },
};

function printed(day: DayReport, language: PrintLanguage): PrintedDocument {
  const document = draftOf(CALL, AT, dayCloseOf(day, null));
  return printedBusinessDocument(document, language, { seller: SELLER, originalNumber: null });
}

const textOf = (day: DayReport, language: PrintLanguage) => printedText(printed(day, language));

describe('the Z report in print', () => {
  test('has every figure of the day, those that a till prints in the order of a till', () => {
    const sections = textOf(BUSY, 'de')
      .replaceAll(/ {2,}/g, '  ')
      .replaceAll('\u00a0', ' ')
      .split(/-{42}\n/)
      .slice(1);
    assert.deepEqual(
      sections.map((section) => section.trimEnd().split('\n')),
      [
        [
          'Zwischensumme  123.456,78',
          'Rabatt  -1.000,00',
          'Bedienung  500,00',
          'Trinkgeld  2.345,67',
          'GESAMTBETRAG  125.302,45 €',
          'Erstattung  -119,00',
        ],
        [
          'Karte (1.100)  102.000,00',
          'Bar (104)  23.302,45',
          'Gutschein (3)  60,00',
          'Andere Zahlung (1)  10,00',
          'Erstattung: Andere Zahlung (12)  -119,00',
        ],
        ['Gutschrift (Rechnungskorrektur)', '(2)  -200,00', 'Ausgebucht (1)  -50,00'],
        ['Bargeld, Soll  23.302,45', 'Bargeld, gezählt  23.300,00', 'Kassendifferenz  -2,45'],
        [
          'Bestellungen  1.204',
          'Verkaufte Artikel  3.071',
          'Stornierte Bestellungen (17)  987,65',
          'Stornierte Positionen (23)  456,78',
          'Offene Bestellungen (5): Zu zahlen  321,09',
        ],
        [
          'Umsatz nach Abzug  125.183,45',
          'Geld nach Abzug  125.253,45',
          'Zu zahlen  321,09',
          'Geld anderer Tage  -391,09',
        ],
        [
          'Enthalten: MwSt. 19 %  19.630,17',
          '  Nettobetrag 103.326,61',
          'Erstattung: MwSt. 19 %  -19,00',
          '  Nettobetrag -100,00',
        ],
      ],
    );
  });

  test('has all of it in every language, on paper too', async () => {
    for (const language of PRINT_LANGUAGES) {
      const { dayClose, refund, paymentMethod, includedTax } = labelsOf(language);
      const text = textOf(BUSY, language);
      const document = printed(BUSY, language);
      const { deposits: _deposits, vouchersSold, vouchersRedeemed, ...labels } = dayClose;
      const sold = textOf({ ...BUSY, vouchersSold: 50_00, vouchersRedeemed: 50_00 }, language).split('\n');
      for (const label of [vouchersSold, vouchersRedeemed])
        assert.ok(
          sold.some((line) => line.startsWith(label) && line.includes('50')),
          label,
        );
      for (const label of [...Object.values(labels), `${refund}: ${paymentMethod.other}`])
        assert.ok(
          text.split('\n').some((line) => line.startsWith(label)),
          `${label} is not in ${text}`,
        );
      assert.match(text, new RegExp(`^${includedTax.replace('{tax}', 'MwSt\\. 19.?%')} `, 'm'));
      for (const format of ['page', 'roll'] as const) {
        const job = { document, format, at: AT.toISOString(), attachments: [] };
        const { pages } = readPdf(await renderPdf(job));
        const shown = pages.flatMap((page) => page.texts).join('');
        for (const figure of ['987', '456', '321', '2.45', '119'])
          assert.ok(shown.replaceAll(',', '.').includes(figure), `${language} ${figure} is not in ${shown}`);
        assert.deepEqual([pages.length, pages[0]!.missingGlyphs], [1, 0], language);
      }
    }
  });

  test('has the deposits of the day and their taxes, in every language', async () => {
    const sections = textOf(PREPAID, 'de')
      .replaceAll(/ {2,}/g, '  ')
      .replaceAll('\u00a0', ' ')
      .split(/-{42}\n/)
      .map((section) => section.trimEnd().split('\n'));
    assert.deepEqual(sections[3], ['Anzahlungen einbehalten (1)  40,00']);
    assert.deepEqual(sections[4], [
      'Anzahlungen erhalten (6)  600,00',
      'Anzahlungen aufgelöst (2)  90,00',
      'Anzahlungen verrechnet (4)  391,00',
    ]);
    assert.deepEqual(sections.at(-1)?.slice(-2), ['Anzahlung: MwSt. 19 %  19,00', '  Nettobetrag 100,00']);
    for (const language of PRINT_LANGUAGES) {
      const lines = textOf(PREPAID, language).split('\n');
      for (const label of Object.values(labelsOf(language).dayClose.deposits))
        assert.ok(
          lines.some((line) => line.startsWith(label)),
          `${label} is not in ${language}`,
        );
      const job: PdfJob = {
        document: printed(PREPAID, language),
        format: 'roll',
        at: AT.toISOString(),
        attachments: [],
      };
      assert.equal(readPdf(await renderPdf(job)).pages[0]!.missingGlyphs, 0, language);
    }
  });

  test('of a day on which nothing happened and nobody counted says so', () => {
    const text = textOf(QUIET, 'en');
    for (const row of [
      /^TOTAL +€0\.00$/m,
      /^Cash counted +–$/m,
      /^Cash difference +–$/m,
      /^Orders +0$/m,
      /^Voided lines \(0\) +0\.00$/m,
    ])
      assert.match(text, row);
    assert.doesNotMatch(text, /-{42}\n-{42}/);
  });

  test('says when unfinished orders have money to get back', () => {
    const unfinishedOrders = { count: 1, open: 1, dueTotal: -500, orders: [] };
    assert.match(textOf({ ...QUIET, unfinishedOrders }, 'en'), /^Unfinished orders \(1\): To give back +5\.00$/m);
  });
});
