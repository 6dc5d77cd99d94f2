/**
 * Reads a paper without XML by rules: amounts only where a box holds them, and the sums decide
 * which of them belong together. What does not add up is shown to a person.
 */
import { compare, type Ratio, ratioOf } from '../number/ratio.js';
import { moneyOf, sumOf } from './decimals.js';
import { type PageRow, type PageText, type PageWord, rowsOf, textOf } from './pageText.js';
import { headOfPages } from './pageHead.js';
import { amountIn, currencyIn } from './printedAmounts.js';
import {
  type Adjustment,
  type Evidence,
  NO_TOTALS,
  type ReadInvoice,
  type ReadLine,
  type TotalName,
} from './readInvoice.js';
import { kindOfRow, type RowKind } from './rowKinds.js';

/** A label with the amounts behind it. */
interface Entry {
  kind: RowKind;
  label: string;
  words: PageWord[];
  row: PageRow;
  amounts: { value: string; word: PageWord }[];
  /** Of the amount that counts: the last one. */
  value: string;
  evidence: Evidence;
}

/** @param format whether the words are text of the file or recognised. */
export function readPages(pages: readonly PageText[], format: 'pdf_text' | 'ocr'): ReadInvoice {
  const rows = rowsOf(pages);
  const entries = rows.flatMap(entriesOf);
  const currency = currencyIn(rows.map(({ words }) => textOf(words)).join('\n'));
  const sums = sumsOf(entries);
  const items = itemsOf(entries, sums);
  const found = { ...NO_TOTALS, ...sums.totals };
  const tax = found.tax ?? (found.net !== null && found.net === found.gross ? '0.00' : null);
  // Without tax, one amount is both.
  const net = found.net ?? (tax === '0.00' ? found.gross : null);
  const totals = { ...found, net, tax, payable: found.gross };
  return {
    format,
    typeCode: null,
    documentType: rows.some(({ words }) =>
      /credit note|gutschrift|creditnota|nota di credito|avoir/i.test(textOf(words)),
    )
      ? 'credit_note'
      : 'invoice',
    ...headOfPages(rows, currency === 'USD'),
    dueDate: null,
    currency,
    buyer: { name: null, vatId: null },
    orderReference: null,
    precedingNumber: null,
    lines: items.map(lineOf),
    adjustments: sums.charges,
    taxes: totals.tax === null ? [] : [{ rate: sums.rate, category: null, base: found.net, amount: totals.tax }],
    totals,
    totalEvidence: sums.evidence,
    remarks: items.length === 0 && found.gross === null ? ['No amounts were found on the pages. Enter them.'] : [],
  };
}

/** A row may hold several pairs of label and amount: `Excl. VAT 593.36 Subtotal 717.97`. */
function entriesOf(row: PageRow): Entry[] {
  const entries: Entry[] = [];
  let label: PageWord[] = [];
  const words = joined(row.words);
  for (const word of words) {
    const value = amountIn(word.text);
    if (value === undefined) {
      label.push(word);
      continue;
    }
    const text = textOf(label);
    const last = entries.at(-1);
    const isLabelled = /\p{L}{2,}/u.test(text.replace(/\b(?:EUR|USD|GBP|CHF|PCS|ST|STK|KG)\b/gi, ''));
    const amount = { value, word };
    const evidence = evidenceOf(row, word);
    if (last && !isLabelled) {
      last.amounts.push(amount);
      last.words.push(...label);
      Object.assign(last, { value, evidence });
    } else entries.push({ kind: kindOfRow(text), label: text, words: label, row, amounts: [amount], value, evidence });
    label = [];
  }
  return entries;
}

/** A point that was not recognised: `$56 58` at the end of a row of totals. */
function joined(words: readonly PageWord[]): PageWord[] {
  const [before, last] = words.slice(-2);
  if (!before || !last || !/^[$€£]\d{1,6}$/.test(before.text) || !/^\d{2}$/.test(last.text)) return [...words];
  const [left, top, , height] = before.box;
  const right = last.box[0] + last.box[2];
  const confidence = Math.min(before.confidence, last.confidence) / 2;
  return [
    ...words.slice(0, -2),
    { ...before, text: `${before.text}.${last.text}`, box: [left, top, right - left, height], confidence },
  ];
}

function evidenceOf({ page, words }: PageRow, { box, confidence }: PageWord): Evidence {
  const shares = box.map((share) => Number(share.toString().slice(0, 7)));
  const [left = 0, top = 0, width = 0, height = 0] = shares;
  return { page, box: [left, top, width, height], text: textOf(words).slice(0, 300), confidence };
}

interface Sums {
  totals: Partial<ReadInvoice['totals']>;
  evidence: ReadInvoice['totalEvidence'];
  charges: Adjustment[];
  rate: string | null;
}

function sumsOf(entries: readonly Entry[]): Sums {
  const table = entries.find(isTaxRow);
  const of = (kind: RowKind) => entries.filter((one) => one.kind === kind && one !== table);
  const [tax] = of('tax');
  const net = [...of('net'), ...of('subtotal')][0];
  const charges = of('charge');
  const gross = grossOf(of('gross'), net, tax, charges);
  if (table && gross) return fromTable(table, gross);
  const found: [TotalName, Entry | undefined][] = [
    ['net', net],
    ['tax', tax],
    ['gross', gross],
  ];
  return {
    totals: Object.fromEntries(found.flatMap(([name, entry]) => (entry ? [[name, entry.value]] : []))),
    evidence: Object.fromEntries(found.flatMap(([name, entry]) => (entry ? [[name, entry.evidence]] : []))),
    charges: adding(charges, net, tax, gross).map(({ label, value }) => ({
      isCharge: true,
      amount: value,
      reason: label.slice(0, 100),
      taxRate: null,
      taxCategory: null,
    })),
    rate: /(\d{1,2}(?:[.,]\d{1,2})?)\s?%/.exec(tax?.label ?? '')?.[1]?.replace(',', '.') ?? null,
  };
}

/** Rate, base, tax and their sum in one row, as Dutch and German papers show them. */
function isTaxRow({ amounts }: Entry): boolean {
  const [base, tax, gross] = amounts.slice(-3).map(({ value }) => ratioOf(value));
  if (!base || !tax || !gross || tax.numerator <= 0n) return false;
  return compare(sumOf(amounts.slice(-3, -1).map(({ value }) => value)), gross) === 0;
}

function fromTable({ amounts, row, label }: Entry, gross: Entry): Sums {
  const [base, tax] = amounts.slice(-3);
  return {
    totals: { net: base?.value ?? null, tax: tax?.value ?? null, gross: gross.value },
    evidence: {
      ...(base ? { net: evidenceOf(row, base.word) } : {}),
      ...(tax ? { tax: evidenceOf(row, tax.word) } : {}),
      gross: gross.evidence,
    },
    charges: [],
    rate: /(\d{1,2})\s?%/.exec(`${label} ${textOf(row.words)}`)?.[1] ?? null,
  };
}

/** The total that the other sums lead to; else the last one before nothing else is called total. */
function grossOf(totals: readonly Entry[], net: Entry | undefined, tax: Entry | undefined, charges: readonly Entry[]) {
  const plain = sumOf([net?.value ?? null, tax?.value ?? null]);
  const charged = sumOf([net?.value ?? null, tax?.value ?? null, ...charges.map(({ value }) => value)]);
  const is = (wanted: Ratio) => totals.find(({ value }) => compare(ratioOf(value), wanted) === 0);
  return (charges.length > 0 ? is(charged) : undefined) ?? (net ? is(plain) : undefined) ?? totals.at(-1) ?? net;
}

/** Charges that are in the total: suggested tips are not. */
function adding(charges: readonly Entry[], net: Entry | undefined, tax: Entry | undefined, gross: Entry | undefined) {
  if (!gross || charges.length === 0) return [];
  const all = sumOf([net?.value ?? null, tax?.value ?? null, ...charges.map(({ value }) => value)]);
  return compare(all, ratioOf(gross.value)) === 0 ? charges : [];
}

/** The longest run of items whose sum is stated; else the items before the first total. */
function itemsOf(entries: readonly Entry[], { totals }: Sums): Entry[] {
  const items = entries.filter(
    (one, index) => one.kind === 'item' && isItem(one) && !isRepeated(one, entries[index - 1]),
  );
  const wanted = [totals.net, totals.gross].flatMap((text) => (text ? [ratioOf(text)] : []));
  for (let length = items.length; length > 0; length -= 1)
    for (let from = 0; from + length <= items.length; from += 1) {
      const run = items.slice(from, from + length);
      const total = sumOf(run.map(({ value }) => value));
      if (total.numerator !== 0n && wanted.some((one) => compare(one, total) === 0)) return run;
    }
  const end = entries.findIndex(({ kind }) => kind === 'subtotal' || kind === 'gross' || kind === 'net');
  return end < 0 ? items : items.filter((one) => entries.indexOf(one) < end);
}

function isItem({ label }: Entry): boolean {
  return /\p{L}{2,}/u.test(label);
}

/** `Charges 1.87` below `Compute Cloud 1.87`: the same amount once more, further to the right. */
function isRepeated(one: Entry, before: Entry | undefined): boolean {
  if (!before || one.value !== before.value || before.row === one.row) return false;
  return (
    (one.words[0]?.box[0] ?? 0) > (before.words[0]?.box[0] ?? 0) + 0.01 &&
    /^(?:charges?|kosten|betrag)$/i.test(one.label)
  );
}

const LEADING_COUNT = /^(\d{1,3})\s*[xX×]?\s*(?=\p{L})/u;
const TRAILING_COUNT = /\s*[xX×]\s?(\d{1,3})$/;

function lineOf({ label, words, amounts, value, evidence }: Entry): ReadLine {
  const whole = textOf(words);
  const leading = LEADING_COUNT.exec(label);
  const trailing = TRAILING_COUNT.exec(label);
  const unitPrice = amounts.length > 1 ? (amounts.at(-2)?.value ?? null) : null;
  const rate = /(?<![\d.,])(\d{1,2}(?:[.,]\d)?)\s?%/.exec(whole)?.[1]?.replace(',', '.') ?? null;
  const column = /(?<![\d.,/])(\d{1,5})(?:\s+(?:PCS|ST|STK|KG|L|X)\b)?\s*(?:[€$£]|EUR)?\s*$/i.exec(whole)?.[1];
  const stated = leading?.[1] ?? trailing?.[1] ?? (unitPrice === null ? undefined : column);
  return {
    id: null,
    articleNumber: null,
    gtin: null,
    description: label
      .replace(LEADING_COUNT, '')
      .replace(TRAILING_COUNT, '')
      .replace(/[\s*.:]+$/, '')
      .slice(0, 500),
    quantity: stated ?? '1',
    unit: null,
    unitPrice: unitPrice === null ? null : (moneyOf(unitPrice) ?? null),
    priceBaseQuantity: null,
    netAmount: value,
    taxRate: rate,
    taxCategory: null,
    adjustments: [],
    evidence,
  };
}
