/** Draws rows on pages. Only this class uses pdfkit. */
import PDFDocument from 'pdfkit';
import { shownText } from '../printed/shownText.js';
import type { DirectedText } from './bidi.js';
import type { Face } from './fontFaces.js';
import { lineHeightOf, type SetRow } from './pageRows.js';
import type { TextStyle, Typesetter } from './Typesetter.js';

/** A file embedded in the PDF (PDF/A-3), such as the XML invoice. */
export interface Attachment {
  name: string;
  content: string;
  mimeType: string;
  description: string;
  /** `Alternative`: the same content in another format (Factur-X 1.07, 6.2.2). */
  relationship: 'Alternative';
  /** Its entry in the document's metadata: `rdf:Description` elements. */
  metadata: string;
}

export interface CanvasOptions {
  title: string;
  author: string;
  language: string;
  isRightToLeft: boolean;
  /**
   * RFC 3339. Written into the file instead of the time of rendering, so that the same document
   * always gives the same bytes.
   */
  at: string;
}

const INK = '#000000';
const MARK_COLOR = '#eff1f2';
/**
 * Distance from the top of a line to its baseline, relative to the text size: leaves room for
 * accents and Thai tone marks.
 */
const BASELINE = 1.04;

export class PdfCanvas {
  readonly #pdf: PDFKit.PDFDocument;
  readonly #typesetter: Typesetter;
  readonly #options: CanvasOptions;
  readonly #chunks: Buffer[] = [];
  readonly #finished: Promise<void>;
  readonly #fonts = new Set<string>();

  constructor(options: CanvasOptions, typesetter: Typesetter) {
    const at = new Date(options.at);
    this.#options = options;
    this.#typesetter = typesetter;
    this.#pdf = new PDFDocument({
      autoFirstPage: false,
      bufferPages: true,
      // Otherwise pdfkit uses its own Helvetica, which is not embedded, and PDF/A requires embedded
      // fonts.
      font: null as unknown as string,
      lang: options.language,
      subset: 'PDF/A-3b',
      pdfVersion: '1.7',
      displayTitle: true,
      info: {
        // pdfkit writes these into XML without escaping.
        Title: withoutMarkup(options.title),
        Author: withoutMarkup(options.author),
        Creator: 'Servio',
        Producer: 'Servio',
        CreationDate: at,
      },
    });
    this.#pdf.on('data', (chunk: Buffer) => this.#chunks.push(chunk));
    this.#finished = new Promise((resolve, reject) => {
      this.#pdf.on('end', resolve);
      this.#pdf.on('error', reject);
    });
  }

  /** @param mark printed large and pale across the page. */
  addPage(width: number, height: number, mark: string | null): void {
    this.#pdf.addPage({ size: [width, height], margin: 0 });
    if (mark !== null) this.#drawMark(mark, width, height);
  }

  pageCount(): number {
    return this.#pdf.bufferedPageRange().count;
  }

  /** @param page from 0. */
  toPage(page: number): void {
    this.#pdf.switchToPage(page);
  }

  /**
   * @param top points from the upper edge.
   * @param margin left and right of rules and fills.
   */
  draw(row: SetRow, top: number, margin: number): void {
    const { width } = this.#pdf.page;
    if (row.fill) this.#pdf.rect(margin, top, width - 2 * margin, row.height).fill(row.fill);
    if (row.rule) {
      const { color, width: thickness } = row.rule;
      const y = row.cells.length === 0 ? top + (row.before ?? 0) : top;
      this.#pdf
        .lineWidth(thickness)
        .moveTo(margin, y)
        .lineTo(width - margin, y)
        .stroke(color);
    }
    row.cells.forEach((cell, index) => {
      row.lines[index]!.forEach((line, number) => {
        const lineTop = top + (row.before ?? 0) + number * lineHeightOf(cell.style);
        this.#pdf.fillColor(cell.style.color);
        this.#drawLine(line, cell.style, lineTop + cell.style.size * BASELINE, (length) => this.#placed(cell, length));
      });
    });
  }

  /**
   * Fills squares, for QR codes.
   * @param isDark says it of each square, by row and column.
   */
  squares(
    left: number,
    top: number,
    size: number,
    count: number,
    isDark: (row: number, column: number) => boolean,
  ): void {
    const side = size / count;
    for (let row = 0; row < count; row += 1)
      for (let column = 0; column < count; column += 1)
        if (isDark(row, column)) this.#pdf.rect(left + column * side, top + row * side, side, side);
    this.#pdf.fill(INK);
  }

  attach({ name, content, mimeType, description, relationship, metadata }: Attachment): void {
    const at = new Date(this.#options.at);
    // The package's types are outdated: they lack `relationship`.
    const options = { name, type: mimeType, description, relationship, creationDate: at, modifiedDate: at };
    this.#pdf.file(Buffer.from(content), options);
    this.#pdf.appendXML(metadata);
  }

  async finish(): Promise<Uint8Array> {
    this.#pdf.end();
    await this.#finished;
    return Buffer.concat(this.#chunks);
  }

  /** Start of a line of this length, from the left edge. */
  #placed({ start, width, align = 'start' }: SetRow['cells'][number], length: number): number {
    const fromStart =
      align === 'center' ? start + (width - length) / 2 : align === 'end' ? start + width - length : start;
    return this.#options.isRightToLeft ? this.#pdf.page.width - fromStart - length : fromStart;
  }

  #drawLine(line: DirectedText, style: TextStyle, baseline: number, place: (length: number) => number): void {
    const runs = this.#typesetter.runsOf(line, style);
    let x = place(runs.reduce((sum, run) => sum + run.width, 0));
    for (const run of runs) {
      this.#useFace(run.face);
      // An empty feature list prevents pdfkit from drawing word by word, which would put Arabic
      // words in the wrong order.
      const options = {
        lineBreak: false,
        baseline: 'alphabetic' as const,
        features: [],
        textWidth: run.width,
        wordCount: 1,
      };
      this.#pdf.fontSize(style.size).text(run.text, x, baseline, options);
      x += run.width;
    }
  }

  #useFace(face: Face): void {
    if (!this.#fonts.has(face.id)) {
      // pdfkit accepts an open fontkit font as well as its bytes; its types only know bytes.
      this.#pdf.registerFont(face.id, this.#withKnownShapes(face) as unknown as Buffer);
      this.#fonts.add(face.id);
    }
    this.#pdf.font(face.id);
  }

  /**
   * The font with a `layout` that reuses measured runs. pdfkit scales the positions that it gets,
   * so they are copied.
   */
  #withKnownShapes(face: Face): Face['font'] {
    const layout = (text: string) => {
      const { glyphs, positions, advanceWidth } = this.#typesetter.shape(face, text);
      const copies = positions.map(({ xAdvance, yAdvance, xOffset, yOffset }) => ({
        xAdvance,
        yAdvance,
        xOffset,
        yOffset,
      }));
      return { glyphs, positions: copies, advanceWidth };
    };
    return Object.create(face.font, { layout: { value: layout } }) as Face['font'];
  }

  #drawMark(mark: string, width: number, height: number): void {
    const style = { size: 100, weight: 'bold' as const };
    const [line] = this.#typesetter.wrap(mark, Number.POSITIVE_INFINITY, style);
    if (!line) return;
    const length = this.#typesetter.runsOf(line, style).reduce((sum, run) => sum + run.width, 0);
    const diagonal = Math.hypot(width, height);
    const size = Math.min((style.size * diagonal * 0.62) / length, width / 3);
    this.#pdf.save();
    this.#pdf.rotate((-Math.atan2(height, width) * 180) / Math.PI, { origin: [width / 2, height / 2] });
    this.#pdf.fillColor(MARK_COLOR);
    this.#drawLine(line, { ...style, size }, height / 2 + size * 0.35, (marked) => width / 2 - marked / 2);
    this.#pdf.restore();
  }
}

function withoutMarkup(text: string): string {
  return shownText(text).replace(/[<>&]/g, ' ').trim();
}
