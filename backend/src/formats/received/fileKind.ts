/**
 * Which kind of file it is, by its first bytes and never by its name; and what makes a file hostile
 * before anything decodes it: pixels that fill the memory, and files that are two kinds at once.
 */
import { wideEncoding } from '../csv/encoding.js';
import { imageSizeOf } from './imageSize.js';
import { Unreadable } from './unreadable.js';

export const FILE_KINDS = ['pdf', 'jpeg', 'png', 'webp', 'heic', 'xml', 'csv'] as const;
export type FileKind = (typeof FILE_KINDS)[number];

export const MEDIA_TYPES: Record<FileKind, string> = {
  pdf: 'application/pdf',
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  heic: 'image/heic',
  xml: 'application/xml',
  csv: 'text/csv',
};

/** A photo of a phone has 12 to 50 million pixels; a page at 300 dpi has 9. */
const MAX_PIXELS = 50_000_000;
const MAX_SIDE = 20_000;
const HEAD_BYTES = 1_024;
const HEIC_BRANDS = new Set(['heic', 'heix', 'hevc', 'hevx', 'mif1', 'msf1', 'heim', 'heis']);
/** A zip archive ends with its directory: 22 bytes and a comment of up to 64 kB. */
const ZIP_END = [0x50, 0x4b, 0x05, 0x06];
const ZIP_END_BYTES = 22;
const ZIP_TAIL = ZIP_END_BYTES + 65_535;

/**
 * @param name of the file: it only tells a table from another text.
 * @returns undefined for a file of another kind.
 * @throws Unreadable for a file that nobody should open.
 */
export function kindOf(bytes: Uint8Array, name: string): FileKind | undefined {
  const kind = sniff(bytes, name);
  if (kind === undefined) return undefined;
  refuseTwoKinds(bytes, kind);
  if (kind === 'jpeg' || kind === 'png' || kind === 'webp' || kind === 'heic') refuseLarge(bytes, kind);
  return kind;
}

function sniff(bytes: Uint8Array, name: string): FileKind | undefined {
  const head = latin1(bytes.subarray(0, HEAD_BYTES));
  if (head.startsWith('%PDF-')) return 'pdf';
  if (head.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP') return 'webp';
  if (head.slice(4, 8) === 'ftyp' && HEIC_BRANDS.has(head.slice(8, 12))) return 'heic';
  const text = startOfText(bytes);
  if (text === undefined) return undefined;
  if (/^\s*<(?:\?xml\s|!|[A-Za-z_])/.test(text) && !/^\s*<(?:!doctype\s+html|html)/i.test(text)) return 'xml';
  return /\.csv$/i.test(name) && /[,;\t|]/.test(text) ? 'csv' : undefined;
}

/** The first characters of a text file; undefined for other files. */
function startOfText(bytes: Uint8Array): string | undefined {
  const head = bytes.subarray(0, HEAD_BYTES);
  const text = new TextDecoder(wideEncoding(head) ?? 'utf-8').decode(head);
  return text.includes('\0') ? undefined : text;
}

function refuseTwoKinds(bytes: Uint8Array, kind: FileKind): void {
  const head = latin1(bytes.subarray(0, HEAD_BYTES));
  if (endsAsZip(bytes)) throw new Unreadable('This file is also a zip archive. Send the document alone.');
  if (kind !== 'pdf' && head.includes('%PDF-'))
    throw new Unreadable('This file is also a PDF. Send the document alone.');
  if (kind !== 'xml' && kind !== 'csv' && /<(?:!doctype|html|script|svg|\?php)/i.test(head))
    throw new Unreadable('This file is also a web page. Send the document alone.');
}

function endsAsZip(bytes: Uint8Array): boolean {
  const from = Math.max(0, bytes.length - ZIP_TAIL);
  for (let at = bytes.length - ZIP_END_BYTES; at >= from; at -= 1) {
    if (ZIP_END.some((byte, index) => bytes[at + index] !== byte)) continue;
    const comment = (bytes[at + 20] ?? 0) + 256 * (bytes[at + 21] ?? 0);
    if (at + ZIP_END_BYTES + comment === bytes.length) return true;
  }
  return false;
}

function refuseLarge(bytes: Uint8Array, kind: 'jpeg' | 'png' | 'webp' | 'heic'): void {
  const size = imageSizeOf(bytes, kind);
  if (!size) throw new Unreadable('The size of this picture cannot be read. Take the photo again.');
  const { width, height } = size;
  if (width * height > MAX_PIXELS || width > MAX_SIDE || height > MAX_SIDE)
    throw new Unreadable(
      `This picture has ${width} x ${height} pixels. Send one of at most ${MAX_PIXELS / 1_000_000} million pixels.`,
    );
}

/** One character for each byte. TextDecoder's latin1 is windows-1252, which changes some. */
function latin1(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
