/** Readers of exported tables that share nothing with their writers. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';

/** Records of a CSV text by RFC 4180, with the byte order mark that Servio writes. */
export function readCsv(text: string): string[][] {
  assert.ok(text.startsWith('\uFEFF'), 'there is no byte order mark');
  assert.ok(text.endsWith('\r\n'), 'the last record does not end');
  const records: string[][] = [];
  let record: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/gy;
  field.lastIndex = 1;
  for (let at = field.lastIndex; at < text.length; at = field.lastIndex) {
    const found = field.exec(text);
    assert.ok(found, `not CSV at ${at}: ${text.slice(at, at + 50)}`);
    record.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '');
    if (found[3] === ',') continue;
    records.push(record);
    record = [];
  }
  return records;
}

/** Reads each sheet of some workbooks with Python: the archive is checked, the XML is parsed. */
const PYTHON = `
import base64, io, json, re, sys, zipfile
import xml.etree.ElementTree as ET
M = '{http://schemas.openxmlformats.org/spreadsheetml/2006/main}'
R = '{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id'
plain = lambda text: re.sub(r'_x([0-9A-Fa-f]{4})_', lambda found: chr(int(found.group(1), 16)), text)
def cell_of(cell):
    text, number = cell.find(M + 'is/' + M + 't'), cell.find(M + 'v')
    return [float(number.text), number.text] if number is not None else '' if text is None else plain(text.text or '')
def sheets_of(data):
    book = zipfile.ZipFile(io.BytesIO(data))
    assert book.testzip() is None
    for name in ('[Content_Types].xml', '_rels/.rels', 'xl/styles.xml'):
        ET.fromstring(book.read(name))
    links = {one.get('Id'): one.get('Target') for one in ET.fromstring(book.read('xl/_rels/workbook.xml.rels'))}
    for sheet in ET.fromstring(book.read('xl/workbook.xml')).iter(M + 'sheet'):
        rows = ET.fromstring(book.read('xl/' + links[sheet.get(R)])).iter(M + 'row')
        yield {'name': sheet.get('name'), 'rows': [[cell_of(cell) for cell in row] for row in rows]}
json.dump([list(sheets_of(base64.b64decode(line))) for line in sys.stdin], sys.stdout)
`;

/** A number with its text, or a text. */
export type SheetCell = string | [value: number, text: string];

export interface Sheet {
  name: string;
  rows: SheetCell[][];
}

export const hasPython = spawnSync('python3', ['-c', 'import zipfile']).status === 0;

/** @returns the sheets of each workbook. */
export async function readXlsx(...workbooks: readonly Uint8Array[]): Promise<Sheet[][]> {
  const python = spawn('python3', ['-c', PYTHON], { stdio: ['pipe', 'pipe', 'inherit'] });
  const parts: Buffer[] = [];
  python.stdout.on('data', (part: Buffer) => parts.push(part));
  python.stdin.end(workbooks.map((bytes) => `${Buffer.from(bytes).toString('base64')}\n`).join(''));
  const [code] = (await once(python, 'close')) as [number];
  assert.equal(code, 0, 'Python cannot read the workbook');
  return JSON.parse(Buffer.concat(parts).toString()) as Sheet[][];
}
