/** A sheet of cards on A4, each with its QR code and the same code for people to type. */
import qrcode from 'qrcode';
import { groupedCode } from '../../domain/codePool/alphabet.js';
import { PAGE } from './pageLayout.js';
import { PdfCanvas } from './PdfCanvas.js';
import { type CellStyle, setRow } from './pageRows.js';
import { Typesetter } from './Typesetter.js';

export interface SheetCard {
  code: string;
  title: string;
  /** The value, or nothing. */
  note: string;
}

export interface SheetJob {
  format: 'sheet';
  title: string;
  seller: string;
  language: string;
  /** RFC 3339: creation time in the file. */
  at: string;
  cards: readonly SheetCard[];
}

const COLUMNS = 3;
const ROWS = 4;
const CELL = { width: (PAGE.width - 2 * PAGE.margin) / COLUMNS, height: (PAGE.height - 2 * PAGE.margin) / ROWS };
const QR_SIZE = 96;
/** ISO/IEC 18004 demands four light modules around a code. */
const QUIET_MODULES = 4;
const DARK = '#1b1f23';
const TITLE: CellStyle = { size: 11, weight: 'bold', color: DARK };
const NOTE: CellStyle = { size: 9, weight: 'regular', color: DARK };
const CODE: CellStyle = { size: 9, weight: 'regular', color: DARK };

/** @returns the file. The same job gives the same bytes. */
export async function renderSheet({ title, seller, language, at, cards }: SheetJob): Promise<Uint8Array> {
  const typesetter = new Typesetter(language);
  const canvas = new PdfCanvas({ title, author: seller, language, isRightToLeft: false, at }, typesetter);
  if (cards.length === 0) canvas.addPage(PAGE.width, PAGE.height, null);
  cards.forEach((card, index) => {
    const place = index % (COLUMNS * ROWS);
    if (place === 0) canvas.addPage(PAGE.width, PAGE.height, null);
    drawCard(canvas, typesetter, { card, seller }, place);
  });
  return canvas.finish();
}

function drawCard(
  canvas: PdfCanvas,
  typesetter: Typesetter,
  { card, seller }: { card: SheetCard; seller: string },
  place: number,
): void {
  const left = PAGE.margin + (place % COLUMNS) * CELL.width;
  let top = PAGE.margin + Math.trunc(place / COLUMNS) * CELL.height;
  const write = (text: string, style: CellStyle): void => {
    if (text === '') return;
    const cell = { text, start: left, width: CELL.width, style, align: 'center' as const };
    for (const row of setRow({ cells: [cell] }, typesetter).slice(0, 1)) {
      canvas.draw({ ...row, lines: row.lines.map((lines) => lines.slice(0, 2)) }, top, PAGE.margin);
      top += Math.min(row.height, style.size * 3);
    }
  };
  write(card.title, TITLE);
  write([seller, card.note].filter((text) => text !== '').join(' · '), NOTE);
  const { modules } = qrcode.create(card.code, { errorCorrectionLevel: 'M' });
  const quiet = (QR_SIZE / modules.size) * QUIET_MODULES;
  canvas.squares(left + (CELL.width - QR_SIZE) / 2, top + quiet, QR_SIZE, modules.size, (row, column) =>
    Boolean(modules.get(row, column)),
  );
  top += QR_SIZE + 2 * quiet;
  write(isGroupable(card.code) ? groupedCode(card.code) : card.code, CODE);
}

/** Codes of our own alphabets. In a code from elsewhere, every character counts. */
function isGroupable(code: string): boolean {
  return /^[0-9A-Z]{8,32}$/.test(code);
}
