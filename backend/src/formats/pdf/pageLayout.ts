/**
 * Layout of a document on A4: seller, buyer, table, totals, notes. Lengths are points, 72 to the
 * inch.
 */
import type { PrintedDocument, PrintedFact, PrintedLine } from '../printed/printedDocument.js';
import type { Cell, CellStyle, Row } from './pageRows.js';

export const PAGE = { width: 595.28, height: 841.89, margin: 50, footer: 64 };

const WIDTH = PAGE.width - 2 * PAGE.margin;
const INK = '#1f2328';
const SOFT = '#667079';
const LINE = '#d5dade';
const SHADE = '#f3f5f6';
const ACCENT = '#0f5c56';

const body: CellStyle = { size: 9.5, weight: 'regular', color: INK };
const strong: CellStyle = { ...body, size: 10.5, weight: 'bold' };
const title: CellStyle = { size: 17, weight: 'bold', color: INK };
const small: CellStyle = { size: 8.5, weight: 'regular', color: SOFT };
const heading: CellStyle = { size: 8, weight: 'bold', color: SOFT };

export interface PageLayout {
  /** Above the table, on the first page. */
  top: Row[];
  /** Above the first line, and repeated on every further page of lines. */
  heading: Row;
  lines: Row[];
  /** Below the table. A block is not split when it fits on a page. */
  blocks: Row[][];
}

export function pageLayout(document: PrintedDocument): PageLayout {
  const columns = columnsFor(document);
  return {
    top: topOf(document),
    heading: {
      cells: columns.map((column) => cellIn(column, document.columns[column.field], heading)),
      before: 5,
      after: 5,
      fill: SHADE,
      keepWithNext: true,
    },
    lines: document.lines.flatMap((line) => lineRows(line, columns)),
    blocks: [totalsBlock(document), taxBlock(document), ...notesBlocks(document)].filter((block) => block.length > 0),
  };
}

/**
 * Footer of every page.
 * @param page text with the page number.
 */
export function pageFooter(document: PrintedDocument, page: string): Row {
  const name = document.number === null ? document.seller.name : `${document.seller.name} · ${document.number}`;
  return {
    cells: [
      { text: name, start: PAGE.margin, width: WIDTH * 0.7, style: small },
      { text: page, start: PAGE.margin + WIDTH * 0.7, width: WIDTH * 0.3, style: small, align: 'end' },
    ],
    rule: { color: LINE, width: 0.5 },
    before: 6,
  };
}

function topOf(document: PrintedDocument): Row[] {
  const { seller, number, buyer, facts } = document;
  const half = WIDTH / 2;
  const left = (text: string, style: CellStyle): Cell => ({ text, start: PAGE.margin, width: half - 10, style });
  const right = (text: string, style: CellStyle): Cell => ({
    text,
    start: PAGE.margin + half,
    width: half,
    style,
    align: 'end',
  });
  const isBrief = ({ value }: PrintedFact) => value.length <= MAX_BRIEF;
  const factRows = facts.filter(isBrief).map(({ label, value }): Cell[] => [
    { text: label, start: PAGE.margin + half, width: 88, style: small },
    { text: value, start: PAGE.margin + half + 92, width: half - 92, style: body, align: 'end' },
  ]);
  return [
    { cells: [left(seller.name, { ...title, color: ACCENT }), right(document.title, title)], after: 2 },
    { cells: [left(seller.details.join('\n'), small), right(number ?? '', { ...body, size: 10.5 })], after: 14 },
    { cells: [], rule: { color: ACCENT, width: 1.5 }, after: 16 },
    ...sideBySide(
      buyer
        ? [[left(buyer.label, heading)], [left(buyer.name, strong)], ...buyer.details.map((line) => [left(line, body)])]
        : [],
      factRows,
    ),
    ...facts.filter((fact) => !isBrief(fact)).map(longFact),
    { cells: [], before: 22 },
  ];
}

/** Over the full width: next to the buyer, a long fact would split the buyer's address. */
function longFact({ label, value }: PrintedFact): Row {
  return {
    cells: [
      { text: label, start: PAGE.margin, width: 88, style: small },
      { text: value, start: PAGE.margin + 92, width: WIDTH - 92, style: body },
    ],
    before: 4,
    after: 1.5,
  };
}

/** Two columns of rows, side by side. */
function sideBySide(left: Cell[][], right: Cell[][]): Row[] {
  return Array.from({ length: Math.max(left.length, right.length) }, (_, index) => ({
    cells: [...(left[index] ?? []), ...(right[index] ?? [])],
    after: 1.5,
  }));
}

interface Column {
  field: keyof PrintedDocument['columns'];
  start: number;
  width: number;
  align: 'start' | 'end';
}

const FIXED_WIDTHS: [Column['field'], number][] = [
  ['position', 32],
  ['quantity', 54],
  ['unitPrice', 70],
  ['tax', 50],
  ['amount', 76],
];
const GAP = 8;
/** Maximum of characters on one line next to the buyer. */
const MAX_BRIEF = 28;

/** The tax column is shown only when a line has a tax. The description gets the remaining width. */
function columnsFor(document: PrintedDocument): Column[] {
  const shown = FIXED_WIDTHS.filter(([field]) => field !== 'tax' || document.lines.some((line) => line.tax !== ''));
  const fixed = shown.reduce((sum, [, width]) => sum + width, 0);
  const description: [Column['field'], number] = ['description', WIDTH - fixed - 2 * GAP];
  let start = PAGE.margin + GAP;
  return [shown[0]!, description, ...shown.slice(1)].map(([field, width]) => {
    const isText = field === 'position' || field === 'description';
    const column: Column = { field, start, width: width - (isText ? GAP : 0), align: isText ? 'start' : 'end' };
    start += width;
    return column;
  });
}

function cellIn({ field, start, width, align }: Column, text: string, style: CellStyle): Cell {
  return { text, start, width, align, style, isFigure: field !== 'description' };
}

function lineRows(line: PrintedLine, columns: readonly Column[]): Row[] {
  const description = columns.find((column) => column.field === 'description')!;
  const styleOf = ({ field }: Column) => (field === 'position' || field === 'tax' ? { ...body, color: SOFT } : body);
  const details = line.details.map((text): Row => ({ cells: [cellIn(description, text, small)] }));
  const rows: Row[] = [
    {
      cells: columns.map((column) => cellIn(column, line[column.field], styleOf(column))),
      rule: { color: LINE, width: 0.5 },
      before: 5,
      keepWithNext: details.length > 0,
    },
    ...details,
  ];
  rows[rows.length - 1] = { ...rows.at(-1)!, after: 5 };
  return rows;
}

function totalsBlock({ totals, sections }: PrintedDocument): Row[] {
  const start = PAGE.margin + WIDTH * 0.48;
  const width = WIDTH * 0.52 - GAP;
  const pair = (label: string, value: string, style: CellStyle): Cell[] => [
    { text: label, start, width: width * 0.6, style },
    { text: value, start: start + width * 0.6, width: width * 0.4, style, align: 'end', isFigure: true },
  ];
  const rows = totals.map(
    ({ label, value, isGrand }): Row =>
      isGrand
        ? {
            cells: pair(label, value, { size: 13, weight: 'bold', color: ACCENT }),
            before: 7,
            after: 7,
          }
        : { cells: pair(label, value, body), before: 2, after: 2 },
  );
  return [
    { cells: [], rule: { color: INK, width: 1 }, after: 6 },
    ...rows,
    ...sections.flatMap((section) =>
      section.map(
        ({ label, value }, index): Row => ({
          cells: pair(label, value, body),
          before: index === 0 ? 8 : 2,
          after: 2,
        }),
      ),
    ),
  ];
}

function taxBlock({ taxes, taxColumns }: PrintedDocument): Row[] {
  if (taxes.length === 0) return [];
  const widths = [150, 60, 100, 90];
  const row = (texts: string[], style: CellStyle): Row => {
    let start = PAGE.margin + GAP;
    const cells = texts.map((text, index): Cell => {
      const isFigure = index > 0;
      const cell: Cell = {
        text,
        start,
        width: widths[index]! - GAP,
        style,
        align: isFigure ? 'end' : 'start',
        isFigure,
      };
      start += widths[index]!;
      return cell;
    });
    return { cells, before: 1.5, after: 1.5 };
  };
  return [
    { ...row([taxColumns.name, taxColumns.rate, taxColumns.base, taxColumns.amount], heading), before: 16 },
    ...taxes.map(({ name, rate, base, amount }) => row([name, rate, base, amount], { ...small, color: INK })),
  ];
}

function notesBlocks({ notes, footer }: PrintedDocument): Row[][] {
  const paragraph = (text: string, style: CellStyle, align: 'start' | 'center'): Row => ({
    cells: [{ text, start: PAGE.margin + GAP, width: WIDTH - 2 * GAP, style, align }],
    after: 2,
  });
  return [
    ...notes.map((text) => [{ ...paragraph(text, body, 'start'), before: 14 }]),
    footer.map((text, index) => ({ ...paragraph(text, small, 'center'), before: index === 0 ? 20 : 0 })),
  ];
}
