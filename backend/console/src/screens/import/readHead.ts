/**
 * The beginning of a file of another till: enough to choose its columns. The server reads it all.
 */

export interface Head {
  delimiter: string;
  headings: readonly string[];
  /** The first rows below the headings. */
  rows: readonly (readonly string[])[];
}

const HEAD_BYTES = 65_536;
const MOST_ROWS = 5;
const DELIMITERS = ['\t', ';', ',', '|'];

export async function readHead(file: Blob): Promise<Head> {
  const bytes = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  const text = textOf(bytes).replace(/^sep=.\r?\n/, '');
  const [first = ''] = text.split(/[\r\n]/, 1);
  const delimiter = DELIMITERS.toSorted((a, b) => first.split(b).length - first.split(a).length)[0] ?? ',';
  const [headings = [], ...rows] = rowsOf(text, delimiter, MOST_ROWS + 1);
  return { delimiter, headings: headings.map((heading) => heading.trim()), rows };
}

/** The encodings that the server detects by itself. */
function textOf(bytes: Uint8Array): string {
  const mark = [...bytes.subarray(0, 2)].join(' ');
  const wide = mark === '255 254' ? 'utf-16le' : mark === '254 255' ? 'utf-16be' : undefined;
  const text = new TextDecoder(wide ?? 'utf-8').decode(bytes, { stream: true });
  return wide === undefined && text.includes('\ufffd') ? new TextDecoder('windows-1252').decode(bytes) : text;
}

function rowsOf(text: string, delimiter: string, most: number): string[][] {
  const rows: string[][] = [];
  let [row, cell, isQuoted]: [string[], string, boolean] = [[], '', false];
  const endRow = (): void => {
    row.push(cell);
    if (row.some((one) => one.trim() !== '')) rows.push(row);
    [row, cell] = [[], ''];
  };
  for (let at = 0; at < text.length && rows.length < most; at += 1) {
    const sign = text.charAt(at);
    if (isQuoted) {
      if (sign !== '"') cell += sign;
      else if (text[at + 1] === '"') cell += text.charAt((at += 1));
      else isQuoted = false;
    } else if (sign === '"' && cell === '') isQuoted = true;
    else if (sign === delimiter) {
      row.push(cell);
      cell = '';
    } else if (sign === '\n' || sign === '\r') endRow();
    else cell += sign;
  }
  if (rows.length < most && (cell !== '' || row.length > 0)) endRow();
  return rows;
}
