/**
 * Reads QR codes from a PDF: as pixels from pdftoppm where it is installed, and from the filled
 * squares of the file itself, drawn here. Both are read by jsqr, which knows nothing of the writer.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { inflateSync } from 'node:zlib';
import jsqr from 'jsqr';

const run = promisify(execFile);
const PAGE = { width: 596, height: 842 };
const SCALE = 4;

interface Picture {
  width: number;
  height: number;
  /** One byte a pixel, 0 is black. */
  grey: Uint8Array;
}

/** Texts of the QR codes of each page, in the cells of a grid, row by row. */
export function qrOfSquares(pdf: Uint8Array, grid: { columns: number; rows: number }): string[] {
  return contentsOf(Buffer.from(pdf)).flatMap((content) => readGrid(draw(content), grid));
}

/** The same through pdftoppm; undefined where it is not installed. */
export async function qrOfPixels(
  pdf: Uint8Array,
  grid: { columns: number; rows: number },
): Promise<string[] | undefined> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'qr-'));
  try {
    const file = path.join(folder, 'sheet.pdf');
    await writeFile(file, pdf);
    await run('pdftoppm', ['-gray', '-r', '200', file, path.join(folder, 'page')]);
    const pages = (await readdir(folder)).filter((name) => name.endsWith('.pgm')).sort();
    const pictures = await Promise.all(pages.map(async (name) => pgm(await readFile(path.join(folder, name)))));
    return pictures.flatMap((picture) => readGrid(picture, grid));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Content streams of pages: those that fill rectangles. */
function contentsOf(file: Buffer): string[] {
  const text = file.toString('latin1');
  const contents: string[] = [];
  for (const match of text.matchAll(/\nstream\n/g)) {
    const raw = file.subarray(match.index + 8, text.indexOf('\nendstream', match.index));
    if (!text.slice(Math.max(0, match.index - 200), match.index).includes('FlateDecode')) continue;
    const content = inflateSync(raw).toString('latin1');
    if (/ re\b/.test(content)) contents.push(content);
  }
  return contents;
}

/** pdfkit turns the page upside down first, so its rectangles count from the upper edge. */
function draw(content: string): Picture {
  const [width, height] = [PAGE.width * SCALE, PAGE.height * SCALE];
  const grey = new Uint8Array(width * height).fill(255);
  for (const [, x, y, w, h] of content.matchAll(/([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) re\b/g)) {
    const [left, top] = [Math.round(Number(x) * SCALE), Math.round(Number(y) * SCALE)];
    const [right, bottom] = [Math.round((Number(x) + Number(w)) * SCALE), Math.round((Number(y) + Number(h)) * SCALE)];
    for (let row = top; row < bottom; row += 1) grey.fill(0, row * width + left, row * width + right);
  }
  return { width, height, grey };
}

function readGrid({ width, height, grey }: Picture, { columns, rows }: { columns: number; rows: number }): string[] {
  const found: string[] = [];
  const [w, h] = [Math.trunc(width / columns), Math.trunc(height / rows)];
  for (let cell = 0; cell < columns * rows; cell += 1) {
    const [left, top] = [(cell % columns) * w, Math.trunc(cell / columns) * h];
    const rgba = new Uint8ClampedArray(w * h * 4).fill(255);
    for (let row = 0; row < h; row += 1)
      for (let column = 0; column < w; column += 1)
        rgba.fill(grey[(top + row) * width + left + column] ?? 255, (row * w + column) * 4, (row * w + column) * 4 + 3);
    const code = jsqr.default(rgba, w, h);
    if (code) found.push(code.data);
  }
  return found;
}

function pgm(file: Buffer): Picture {
  const [head = '', width, height] = /^P5\s+(\d+)\s+(\d+)\s+\d+\s/.exec(file.subarray(0, 100).toString('latin1')) ?? [];
  return { width: Number(width), height: Number(height), grey: file.subarray(head.length) };
}
