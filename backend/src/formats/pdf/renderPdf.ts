/** Renders a printed document as PDF/A-3: on A4 pages, or on a roll of 80 mm. */
import { isRightToLeft } from '../labels/documentLabels.js';
import type { PrintedDocument } from '../printed/printedDocument.js';
import { PAGE, pageFooter, pageLayout } from './pageLayout.js';
import { type Attachment, PdfCanvas } from './PdfCanvas.js';
import { ROLL, rollLayout } from './rollLayout.js';
import { type Row, type SetRow, setRow } from './pageRows.js';
import { Typesetter } from './Typesetter.js';

export interface PdfJob {
  document: PrintedDocument;
  format: 'page' | 'roll';
  /** RFC 3339: creation time in the file. */
  at: string;
  attachments: Attachment[];
}

interface Setting {
  canvas: PdfCanvas;
  typesetter: Typesetter;
}

/** @returns the file. The same job gives the same bytes. */
export async function renderPdf({ document, format, at, attachments }: PdfJob): Promise<Uint8Array> {
  const { language, title, number, seller } = document;
  const rightToLeft = isRightToLeft(language);
  const typesetter = new Typesetter(language);
  const canvas = new PdfCanvas(
    {
      title: number === null ? title : `${title} ${number}`,
      author: seller.name,
      language,
      isRightToLeft: rightToLeft,
      at,
    },
    typesetter,
  );
  if (format === 'roll') drawRoll(document, { canvas, typesetter });
  else drawPages(document, { canvas, typesetter });
  for (const attachment of attachments) canvas.attach(attachment);
  return await canvas.finish();
}

function drawRoll(document: PrintedDocument, { canvas, typesetter }: Setting): void {
  for (const rows of stripsOf(setAll(rollLayout(document), typesetter))) {
    canvas.addPage(ROLL.width, heightOf(rows), null);
    let y = 0;
    for (const row of rows) {
      canvas.draw(row, y, ROLL.margin);
      y += row.height;
    }
  }
}

/** Maximum page height, five metres (ISO 19005-3, 6.1.13). */
const MAX_STRIP = 14_400;

/** Splits a roll into pages; nearly always one. */
function stripsOf(rows: readonly SetRow[]): SetRow[][] {
  const strips: SetRow[][] = [[]];
  let height = 0;
  for (const row of rows) {
    if (height + row.height > MAX_STRIP) {
      strips.push([]);
      height = 0;
    }
    strips.at(-1)!.push(row);
    height += row.height;
  }
  return strips;
}

function drawPages(document: PrintedDocument, setting: Setting): void {
  const { canvas, typesetter } = setting;
  const layout = pageLayout(document);
  const heading = setRow(layout.heading, typesetter);
  const pages = new PageFlow(canvas, document.mark);
  pages.add(setAll(layout.top, typesetter));
  const lines = setAll(layout.lines, typesetter);
  if (lines.length > 0) pages.add([...heading, ...lines.slice(0, 1)]);
  pages.repeat(heading);
  for (const group of groupsOf(lines.slice(1))) pages.add(group);
  pages.repeat([]);
  for (const block of layout.blocks) pages.add(setAll(block, typesetter));
  drawFooters(document, setting);
}

/** The page count is only known after all pages. */
function drawFooters(document: PrintedDocument, { canvas, typesetter }: Setting): void {
  const pages = canvas.pageCount();
  for (let page = 0; page < pages; page += 1) {
    canvas.toPage(page);
    const text = document.page.replace('{page}', String(page + 1)).replace('{pages}', String(pages));
    for (const row of setRow(pageFooter(document, text), typesetter))
      canvas.draw(row, PAGE.height - PAGE.footer + 16, PAGE.margin);
  }
}

/** Fills pages from the top, and starts the next page when a group of rows does not fit. */
class PageFlow {
  readonly #canvas: PdfCanvas;
  readonly #mark: string | null;
  #repeated: readonly SetRow[] = [];
  #y = 0;

  constructor(canvas: PdfCanvas, mark: string | null) {
    this.#canvas = canvas;
    this.#mark = mark;
    this.#nextPage();
  }

  /** Repeats these rows at the top of every new page from now on. */
  repeat(rows: readonly SetRow[]): void {
    this.#repeated = rows;
  }

  /** Adds rows that stay together, unless they are higher than a page. */
  add(rows: readonly SetRow[]): void {
    const fits = this.#y + heightOf(rows) <= BOTTOM;
    if (!fits && heightOf(rows) + heightOf(this.#repeated) <= BOTTOM - PAGE.margin) this.#nextPage();
    for (const row of rows) {
      if (this.#y + row.height > BOTTOM) this.#nextPage();
      this.#draw(row);
    }
  }

  #nextPage(): void {
    this.#canvas.addPage(PAGE.width, PAGE.height, this.#mark);
    this.#y = PAGE.margin;
    for (const row of this.#repeated) this.#draw(row);
  }

  #draw(row: SetRow): void {
    this.#canvas.draw(row, this.#y, PAGE.margin);
    this.#y += row.height;
  }
}

const BOTTOM = PAGE.height - PAGE.footer;

function setAll(rows: readonly Row[], typesetter: Typesetter): SetRow[] {
  return rows.flatMap((row) => setRow(row, typesetter));
}

function heightOf(rows: readonly SetRow[]): number {
  return rows.reduce((sum, row) => sum + row.height, 0);
}

/** Groups each row that keeps with the next one with that row. */
function groupsOf(rows: readonly SetRow[]): SetRow[][] {
  const groups: SetRow[][] = [];
  let isOpen = false;
  for (const row of rows) {
    if (isOpen) groups.at(-1)!.push(row);
    else groups.push([row]);
    isOpen = row.keepWithNext === true;
  }
  return groups;
}
