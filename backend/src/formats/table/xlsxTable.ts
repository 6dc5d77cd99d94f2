/**
 * Tables as XLSX (ECMA-376), written as their rows come. Texts are written in their cells and not
 * in a shared list, which would have to be kept until the end.
 */
import type { Cell, RowBatches } from './cell.js';
import { zipArchive, type ZipEntry } from './zipArchive.js';

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const CONTENT = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

/** Rows of a sheet, with its header (Excel's limits). A longer table goes on in the next sheet. */
const MAX_ROWS = 1_048_576;
/** Excel's limit of one cell. */
const MAX_CELL_CHARS = 32_767;
const CUT = ' … (cut: a cell has room for 32,767 characters; the CSV has all)';
/** Spreadsheets keep fifteen digits of a number. */
const MAX_DIGITS = 15;
const PIECE_CHARS = 64_000;
/** Index of the format of a number by its decimals, in `STYLES`. */
const STYLE = { any: 0, 0: 1, 2: 2, 3: 3 } as const;
const BOLD = 4;

const STYLES = `${XML}<styleSheet xmlns="${MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="0.000"/></numFmts>\
<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>\
<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>\
<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="5">\
<xf numFmtId="0" xfId="0"/><xf numFmtId="1" xfId="0" applyNumberFormat="1"/><xf numFmtId="2" xfId="0" applyNumberFormat="1"/>\
<xf numFmtId="164" xfId="0" applyNumberFormat="1"/><xf numFmtId="0" fontId="1" xfId="0" applyFont="1"/></cellXfs></styleSheet>`;

/**
 * The bytes of a workbook, in pieces.
 * @param title of the sheet, at most 25 ASCII letters, digits and hyphens.
 */
export function xlsxTable(title: string, header: readonly string[], batches: RowBatches): AsyncGenerator<Buffer> {
  return zipArchive(partsOf(title, header, new RowReader(batches)));
}

async function* partsOf(title: string, header: readonly string[], rows: RowReader): AsyncGenerator<ZipEntry> {
  let sheets = 0;
  do {
    sheets += 1;
    yield { name: `xl/worksheets/sheet${sheets}.xml`, content: sheetOf(header, rows) };
  } while (!rows.isOver);
  const numbers = Array.from({ length: sheets }, (_, index) => index + 1);
  yield { name: 'xl/styles.xml', content: [STYLES] };
  yield { name: 'xl/workbook.xml', content: [workbookOf(title, numbers)] };
  yield { name: 'xl/_rels/workbook.xml.rels', content: [workbookLinks(numbers)] };
  yield { name: '_rels/.rels', content: [links([['officeDocument', 'xl/workbook.xml']])] };
  yield { name: '[Content_Types].xml', content: [contentTypes(numbers)] };
}

/** Reads rows across sheets. */
class RowReader {
  readonly #batches: AsyncIterator<readonly (readonly Cell[])[]>;
  #batch: readonly (readonly Cell[])[] = [];
  #next = 0;
  isOver = false;

  constructor(batches: RowBatches) {
    this.#batches = batches[Symbol.asyncIterator]();
  }

  /** @returns up to `most` rows, none when they are over. */
  async read(most: number): Promise<readonly (readonly Cell[])[]> {
    while (this.#next >= this.#batch.length && !this.isOver) {
      const { done, value } = await this.#batches.next();
      [this.#batch, this.#next, this.isOver] = [done ? [] : value, 0, done ?? false];
    }
    const rows = this.#batch.slice(this.#next, this.#next + most);
    this.#next += rows.length;
    return rows;
  }
}

async function* sheetOf(header: readonly string[], rows: RowReader): AsyncGenerator<string> {
  const pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>';
  const views = `<sheetViews><sheetView workbookViewId="0">${pane}</sheetView></sheetViews>`;
  let text = `${XML}<worksheet xmlns="${MAIN}">${views}<sheetData>`;
  text += `<row>${header.map((name) => textCell(name, ` s="${BOLD}"`)).join('')}</row>`;
  for (let left = MAX_ROWS - 1; left > 0; ) {
    const some = await rows.read(left);
    if (some.length === 0) break;
    left -= some.length;
    for (const row of some) text += `<row>${row.map(cellOf).join('')}</row>`;
    if (text.length < PIECE_CHARS) continue;
    yield text;
    text = '';
  }
  yield `${text}</sheetData></worksheet>`;
}

function cellOf({ text, decimals }: Cell): string {
  if (text === '') return '<c/>';
  if (decimals === undefined || text.replaceAll(/\D/g, '').length > MAX_DIGITS) return textCell(text);
  const style = STYLE[decimals];
  return style === 0 ? `<c><v>${text}</v></c>` : `<c s="${style}"><v>${text}</v></c>`;
}

function textCell(text: string, style = ''): string {
  return `<c${style} t="inlineStr"><is><t xml:space="preserve">${escaped(fitting(text))}</t></is></c>`;
}

function fitting(text: string): string {
  if (text.length <= MAX_CELL_CHARS) return text;
  // No pair of surrogates is cut in half.
  return text.slice(0, MAX_CELL_CHARS - CUT.length).replace(/[\uD800-\uDBFF]$/, '') + CUT;
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '_x000D_' };

/** Characters that XML cannot have are written by their number, as ECMA-376 has it (22.9.2.19). */
function escaped(text: string): string {
  if (!/[&<>\r_\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/.test(text)) return text;
  return text
    .replaceAll(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
    .replaceAll(/[&<>\r]/g, (char) => ENTITIES[char] ?? char)
    .replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, (char) => {
      return `_x${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`;
    });
}

function workbookOf(title: string, sheets: readonly number[]): string {
  const nameOf = (number: number) => (number === 1 ? title : `${title} ${number}`);
  const list = sheets.map((number) => `<sheet name="${nameOf(number)}" sheetId="${number}" r:id="rId${number}"/>`);
  return `${XML}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${list.join('')}</sheets></workbook>`;
}

function workbookLinks(sheets: readonly number[]): string {
  return links([
    ...sheets.map((number) => ['worksheet', `worksheets/sheet${number}.xml`] as const),
    ['styles', 'styles.xml'],
  ]);
}

function links(targets: readonly (readonly [kind: string, target: string])[]): string {
  const list = targets.map(
    ([kind, target], index) => `<Relationship Id="rId${index + 1}" Type="${OFFICE}/${kind}" Target="${target}"/>`,
  );
  return `${XML}<Relationships xmlns="${PACKAGE}/relationships">${list.join('')}</Relationships>`;
}

function contentTypes(sheets: readonly number[]): string {
  const types = [
    ['/xl/workbook.xml', 'sheet.main'],
    ['/xl/styles.xml', 'styles'],
    ...sheets.map((number) => [`/xl/worksheets/sheet${number}.xml`, 'worksheet']),
  ].map(([part, kind]) => `<Override PartName="${part}" ContentType="${CONTENT}.${kind}+xml"/>`);
  const links = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>';
  const xml = '<Default Extension="xml" ContentType="application/xml"/>';
  return `${XML}<Types xmlns="${PACKAGE}/content-types">${links}${xml}${types.join('')}</Types>`;
}
