/** Documents to print in tests. */
import { labelsOf } from '../../src/formats/labels/documentLabels.js';
import type { PrintedDocument, PrintedLine } from '../../src/formats/printed/printedDocument.js';
import type { PrintLanguage } from '../../src/domain/restaurant/printLanguage.js';

/** Dishes and names in the scripts that must print. */
export const NAMES = {
  polish: 'Żurek z białą kiełbasą, Łódź',
  vietnamese: 'Phở bò tái nạm gầu',
  german: 'Käsespätzle für zwei',
  greek: 'Μουσακάς',
  russian: 'Борщ со сметаной',
  thai: 'สมชาย ใจดี ผัดไทย',
  arabic: 'مطعم السلطان',
  hebrew: 'חומוס גרגירים',
  japanese: '豚骨ラーメン',
  chinese: '宫保鸡丁 臺灣',
  korean: '김치찌개',
};

export function printedLine(fields: Partial<PrintedLine> = {}): PrintedLine {
  return {
    position: '1',
    description: 'Soup',
    details: [],
    quantity: '1',
    unitPrice: '10.00',
    tax: '19%',
    amount: '10.00',
    ...fields,
  };
}

export function printedDocument(language: PrintLanguage, fields: Partial<PrintedDocument> = {}): PrintedDocument {
  const labels = labelsOf(language);
  const { position, description, quantity, unitPrice, tax, amount } = labels;
  return {
    language,
    title: labels.title.invoice,
    number: 'INV-2026-11-0042',
    mark: null,
    seller: { name: 'Test Bistro', details: ['Hauptstraße 1', '10115 Berlin'] },
    buyer: null,
    facts: [{ label: labels.date, value: '22.11.2026' }],
    columns: { position, description, quantity, unitPrice, tax, amount },
    lines: [printedLine()],
    totals: [{ label: labels.total, value: '€10.00', isGrand: true }],
    taxColumns: { name: labels.tax, rate: labels.rate, base: labels.taxBase, amount: labels.taxAmount },
    taxes: [],
    sections: [],
    notes: [],
    footer: [],
    page: labels.page,
    ...fields,
  };
}
