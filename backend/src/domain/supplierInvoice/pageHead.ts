/** Supplier, number and date of a paper, by the words around them. */
import { type PageRow, type PageWord, textOf } from './pageText.js';
import { amountIn, dateIn } from './printedAmounts.js';
import type { ReadInvoice } from './readInvoice.js';

const NUMBER =
  /(?:invoice|factuur|rechnungs?|facture|fattura|credit note|document|order|transaction|check|ticket|bi[l1]l|receipt)[-\s]*(?:number|nummer|num|no|nr|n°)?[.:#\s]*#?\s*([A-Z]{0,5}[-/]?\d[A-Z0-9/-]{2,20})\b/i;
const STRONG = /invoice|factuur|rechnung|facture|fattura|credit note/i;
const NUMBER_COLUMN = /^(?:factuur|invoice|rechnung|factuurnummer|rechnungsnr\.?)$/i;
const DATE_LABEL = /invoice date|factuurdatum|rechnungsdatum|date de facture|data fattura/i;
const VAT_ID = /\b((?:AT|BE|DE|DK|ES|FI|FR|IE|IT|LU|NL|PL|PT|SE)[A-Z]?\d{8,11}(?:B\d{2})?)\b/;
const NO_NAME = /^(?:[^\p{L}]*|.*(?:invoice|factuur|rechnung|receipt|guest|server|table|order).*)$/iu;
/** The name of a supplier is among the first rows. */
const HEAD_ROWS = 6;

export function headOfPages(
  rows: readonly PageRow[],
  isMonthFirst: boolean,
): Pick<ReadInvoice, 'number' | 'issueDate' | 'supplier'> {
  const texts = rows.map(({ words }) => textOf(words));
  const labelled = texts.find((text) => DATE_LABEL.test(text) && dateIn(text, isMonthFirst) !== null);
  const dated = labelled ?? texts.find((text) => dateIn(text, isMonthFirst) !== null);
  return {
    number: numberIn(rows, texts),
    issueDate: dated === undefined ? null : dateIn(afterLabel(dated), isMonthFirst),
    supplier: { name: nameIn(rows), vatId: texts.flatMap((text) => VAT_ID.exec(text)?.[1] ?? [])[0] ?? null },
  };
}

function afterLabel(text: string): string {
  const label = DATE_LABEL.exec(text);
  return label ? text.slice(label.index) : text;
}

function numberIn(rows: readonly PageRow[], texts: readonly string[]): string | null {
  const found = (candidates: readonly string[]) => candidates.flatMap((text) => NUMBER.exec(text)?.[1] ?? [])[0];
  const strong = found(texts.filter((text) => STRONG.test(text)));
  return strong ?? inColumn(rows) ?? found(texts) ?? null;
}

/** A heading above its value: `Factuur` over `VF1005193039`. */
function inColumn(rows: readonly PageRow[]): string | undefined {
  for (const [index, { words, page }] of rows.entries()) {
    const heading = words.findLast(({ text }) => NUMBER_COLUMN.test(text));
    const below = rows[index + 1];
    if (!heading || below?.page !== page) continue;
    const value = below.words.find(
      (word) => overlaps(word, heading) && /^[A-Z]{0,5}\d[A-Z0-9/-]{3,20}$/i.test(word.text),
    );
    if (value) return value.text;
  }
  return undefined;
}

function overlaps(one: PageWord, other: PageWord): boolean {
  return one.box[0] < other.box[0] + other.box[2] && other.box[0] < one.box[0] + one.box[2];
}

function nameIn(rows: readonly PageRow[]): string | null {
  const row = rows.slice(0, HEAD_ROWS).find(({ words }) => {
    const text = textOf(words);
    return /\p{L}{3,}/u.test(text) && !NO_NAME.test(text) && !words.some((word) => amountIn(word.text) !== undefined);
  });
  return row ? textOf(row.words).slice(0, 100) : null;
}
