/**
 * Reads a PDF back for tests: which glyphs of which typeface are on which page, and which
 * characters they mean. It knows only the parts of the format that Servio's files use, and shares
 * no code with the writer.
 */
import { inflateSync } from 'node:zlib';

interface PdfObject {
  dictionary: string;
  stream: Buffer | undefined;
}

export interface PdfPage {
  /**
   * In drawing order, which for right-to-left scripts is the visual order. One entry for each run.
   */
  texts: string[];
  /** Glyphs that stand for "no such glyph": boxes on paper. */
  missingGlyphs: number;
}

export interface ReadPdf {
  pages: PdfPage[];
  fonts: string[];
  /** Embedded files by name. */
  files: Map<string, string>;
  metadata: string;
}

export function readPdf(bytes: Uint8Array): ReadPdf {
  const objects = objectsOf(Buffer.from(bytes));
  const all = [...objects.values()];
  const pages = all.filter(({ dictionary }) => /\/Type \/Page\b(?!s)/.test(dictionary));
  const files = new Map<string, string>();
  for (const { dictionary } of all) {
    const name = /\/Type \/Filespec[\s\S]*?\/F \(([^)]*)\)/.exec(dictionary)?.[1];
    const content = name && objects.get(Number(/\/EF <<\s*\/F (\d+) 0 R/.exec(dictionary)?.[1]))?.stream;
    if (name && content) files.set(name, content.toString());
  }
  return {
    pages: pages.map((page) => pageOf(page, objects)),
    fonts: all.flatMap(
      ({ dictionary }) => /\/Type \/FontDescriptor[\s\S]*?\/FontName \/\w+\+(\S+)/.exec(dictionary)?.[1] ?? [],
    ),
    files,
    metadata: all.find(({ dictionary }) => dictionary.includes('/Type /Metadata'))?.stream?.toString() ?? '',
  };
}

function objectsOf(file: Buffer): Map<number, PdfObject> {
  const text = file.toString('latin1');
  const objects = new Map<number, PdfObject>();
  for (const match of text.matchAll(/^(\d+) 0 obj\n/gm)) {
    const start = match.index + match[0].length;
    const end = text.indexOf('\nendobj', start);
    const streamAt = text.indexOf('\nstream\n', start);
    const hasStream = streamAt !== -1 && streamAt < end;
    const dictionary = text.slice(start, hasStream ? streamAt : end);
    const raw = hasStream ? file.subarray(streamAt + 8, text.lastIndexOf('\nendstream', end)) : undefined;
    objects.set(Number(match[1]), {
      dictionary,
      stream: raw && (dictionary.includes('FlateDecode') ? inflateSync(raw) : raw),
    });
  }
  return objects;
}

function pageOf({ dictionary }: PdfObject, objects: Map<number, PdfObject>): PdfPage {
  const content = objects.get(Number(/\/Contents (\d+) 0 R/.exec(dictionary)?.[1]))?.stream?.toString('latin1') ?? '';
  const resources = objects.get(Number(/\/Resources (\d+) 0 R/.exec(dictionary)?.[1]))?.dictionary ?? dictionary;
  const maps = new Map<string, Map<number, string>>();
  for (const [, name = '', number] of resources.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
    const toUnicode = /\/ToUnicode (\d+) 0 R/.exec(objects.get(Number(number))?.dictionary ?? '')?.[1];
    maps.set(name, charactersOf(objects.get(Number(toUnicode))?.stream?.toString('latin1') ?? ''));
  }
  const page: PdfPage = { texts: [], missingGlyphs: 0 };
  let font = '';
  for (const [, name, shown] of content.matchAll(/\/(F\d+) [\d.]+ Tf|\[([^\]]*)\] TJ/g)) {
    if (name) font = name;
    if (!shown) continue;
    const glyphs = [...shown.matchAll(/<([0-9a-f]*)>/g)].flatMap(([, hex = '']) => hex.match(/.{4}/g) ?? []);
    const codes = glyphs.map((hex) => Number.parseInt(hex, 16));
    page.missingGlyphs += codes.filter((code) => code === 0).length;
    page.texts.push(codes.map((code) => maps.get(font)?.get(code) ?? '').join(''));
  }
  return page;
}

/** From `<0000> <00ff> [<0041> <00e9> ...]`, the one form pdfkit writes. */
function charactersOf(cmap: string): Map<number, string> {
  const characters = new Map<number, string>();
  for (const [, first = '', list = ''] of cmap.matchAll(/<([0-9a-f]{4})> <[0-9a-f]{4}> \[([^\]]*)\]/gi)) {
    [...list.matchAll(/<([0-9a-f ]*)>/gi)].forEach(([, hex = ''], index) => {
      const units = hex.match(/[0-9a-f]{4}/gi)?.map((unit) => Number.parseInt(unit, 16)) ?? [];
      characters.set(Number.parseInt(first, 16) + index, String.fromCharCode(...units));
    });
  }
  return characters;
}
