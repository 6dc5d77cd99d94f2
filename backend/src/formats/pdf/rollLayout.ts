/**
 * Layout of a document on a paper roll of 80 mm: one page, as long as needed. Lengths are points.
 */
import { isRightToLeft } from '../labels/documentLabels.js';
import type { PrintedDocument } from '../printed/printedDocument.js';
import type { Cell, CellStyle, Row } from './pageRows.js';

/** 80 mm wide; printers reach 72 mm of it. */
export const ROLL = { width: 226.77, margin: 12 };

const WIDTH = ROLL.width - 2 * ROLL.margin;
/** Thermal printers only print black. */
const INK = '#000000';
const body: CellStyle = { size: 8.5, weight: 'regular', color: INK };
const strong: CellStyle = { ...body, weight: 'bold' };
const small: CellStyle = { ...body, size: 7.5 };
const RULE = { color: INK, width: 0.6 };

export function rollLayout(document: PrintedDocument): Row[] {
  const { seller, title, number, mark, buyer, facts, lines, totals, sections, taxes, notes, footer } = document;
  // The quantity is at the start of the line, whatever the script of the name after it.
  const direction = isRightToLeft(document.language) ? '\u200f' : '\u200e';
  const marked = mark === null ? [] : [{ ...centred(mark, { ...strong, size: 13 }), before: 4, after: 4 }];
  return [
    { cells: [], before: 10 },
    centred(seller.name, { ...strong, size: 12.5 }),
    ...seller.details.map((text) => centred(text, small)),
    { cells: [], before: 6 },
    centred(number === null ? title : `${title} ${number}`, strong),
    ...marked,
    { cells: [], before: 4 },
    ...facts.map(({ label, value }) => fact(label, value)),
    ...(buyer === null ? [] : [fact(buyer.label, [buyer.name, ...buyer.details].join('\n'))]),
    ...(lines.length === 0 ? [] : [rule()]),
    ...lines.flatMap((line): Row[] => [
      { ...pair(`${direction}${line.quantity} × ${line.description}`, line.amount, body), before: 1.5 },
      ...line.details.map((text) => indented(text)),
    ]),
    rule(),
    ...totals.map(({ label, value, isGrand }) => ({
      ...pair(label, value, isGrand ? { ...strong, size: 12 } : body, isGrand ? 0.5 : 0.34),
      before: isGrand ? 3 : 1,
      after: isGrand ? 3 : 0,
    })),
    ...sections.flatMap((section) => [rule(), ...section.map(({ label, value }) => pair(label, value, body))]),
    ...(taxes.length === 0 ? [] : [rule()]),
    ...taxes.flatMap(({ label, base, amount }) => [
      pair(label, amount, small),
      indented(`${document.taxColumns.base} ${base}`),
    ]),
    ...notes.map((text): Row => ({ ...centred(text, small), before: 6 })),
    ...footer.map((text, index): Row => ({ ...centred(text, body), before: index === 0 ? 10 : 0 })),
    { cells: [], before: 14 },
  ];
}

function centred(text: string, style: CellStyle): Row {
  return { cells: [{ text, start: ROLL.margin, width: WIDTH, style, align: 'center' }] };
}

/** @param share part of the width for the amount. */
function pair(label: string, amount: string, style: CellStyle, share = 0.34): Row {
  const [left, right] = besides(label, amount, style, share);
  return { cells: [left, { ...right, isFigure: true }] };
}

function fact(label: string, value: string): Row {
  return { cells: besides(label, value, small, 0.66) };
}

function besides(label: string, value: string, style: CellStyle, share: number): [Cell, Cell] {
  const width = WIDTH * share;
  return [
    { text: label, start: ROLL.margin, width: WIDTH - width - 4, style },
    { text: value, start: ROLL.margin + WIDTH - width, width, style, align: 'end' },
  ];
}

function indented(text: string): Row {
  return { cells: [{ text, start: ROLL.margin + 14, width: WIDTH * 0.66 - 18, style: small }] };
}

function rule(): Row {
  return { cells: [], before: 5, after: 5, rule: RULE };
}
