/**
 * A ZIP archive that is written as it is read (APPNOTE 6.3.10): sizes and checksums follow the
 * content, so nothing is kept in memory but the names.
 */
import { once } from 'node:events';
import { pipeline, Readable } from 'node:stream';
import { crc32, createDeflateRaw } from 'node:zlib';

export interface ZipEntry {
  /** ASCII path inside the archive. */
  name: string;
  content: AsyncIterable<string> | Iterable<string>;
}

interface Sizes {
  crc: number;
  packed: number;
  unpacked: number;
}

interface Written extends Sizes {
  name: string;
  offset: number;
}

const VERSION = 20;
/** The sizes follow the content. */
const STREAMED = 0x0008;
const DEFLATED = 8;
/** 1980-01-01: the same tables are the same bytes. */
const FIRST_DATE = 0x0021;
/** Beyond it, an archive needs another format (ZIP64). */
const MAX_BYTES = 0xffff_ffff;
/** Fast: level 6 takes twice the time for files that are a tenth smaller. */
const LEVEL = 3;

/** @throws Error for an archive of more than 4 GiB. */
export async function* zipArchive(entries: AsyncIterable<ZipEntry>): AsyncGenerator<Buffer> {
  const written: Written[] = [];
  let offset = 0;
  for await (const { name, content } of entries) {
    const start = offset;
    const sizes: Sizes = { crc: 0, packed: 0, unpacked: 0 };
    const head = localHeader(name);
    yield head;
    for await (const bytes of deflated(content, sizes)) {
      sizes.packed += bytes.length;
      yield bytes;
    }
    const tail = descriptor(sizes);
    yield tail;
    offset += head.length + sizes.packed + tail.length;
    if (offset > MAX_BYTES || sizes.unpacked > MAX_BYTES) throw new Error('The archive is larger than 4 GiB.');
    written.push({ name, offset: start, ...sizes });
  }
  const directory = Buffer.concat(written.map(directoryEntry));
  yield directory;
  yield endOfDirectory(written.length, directory.length, offset);
}

async function* deflated(content: ZipEntry['content'], sizes: Sizes): AsyncGenerator<Buffer> {
  const deflate = createDeflateRaw({ level: LEVEL });
  // Destroys both ends when one of them fails or is left early; the failure comes out of the loop.
  pipeline(Readable.from(counted(content, sizes)), deflate, () => undefined);
  for await (const bytes of deflate) yield bytes as Buffer; // A stream without an encoding gives bytes.
  if (!deflate.readableEnded) await once(deflate, 'end');
}

async function* counted(content: ZipEntry['content'], sizes: Sizes): AsyncGenerator<Buffer> {
  for await (const text of content) {
    const bytes = Buffer.from(text);
    sizes.crc = crc32(bytes, sizes.crc);
    sizes.unpacked += bytes.length;
    yield bytes;
  }
}

function localHeader(name: string): Buffer {
  return fields(
    [0x0403_4b50, 4],
    [VERSION],
    [STREAMED],
    [DEFLATED],
    [0],
    [FIRST_DATE],
    ...sizesOf(),
    [name.length],
    [0],
    name,
  );
}

function descriptor(sizes: Sizes): Buffer {
  return fields([0x0807_4b50, 4], ...sizesOf(sizes));
}

function directoryEntry({ name, offset, ...sizes }: Written): Buffer {
  const attributes: Field[] = [[0], [0], [0], [0], [0, 4], [offset, 4]];
  const made: Field[] = [[VERSION], [VERSION], [STREAMED], [DEFLATED], [0], [FIRST_DATE]];
  return fields([0x0201_4b50, 4], ...made, ...sizesOf(sizes), [name.length], ...attributes, name);
}

function endOfDirectory(count: number, bytes: number, offset: number): Buffer {
  return fields([0x0605_4b50, 4], [0], [0], [count], [count], [bytes, 4], [offset, 4], [0]);
}

function sizesOf({ crc, packed, unpacked }: Sizes = { crc: 0, packed: 0, unpacked: 0 }): Field[] {
  return [
    [crc, 4],
    [packed, 4],
    [unpacked, 4],
  ];
}

/** A number in so many bytes, two if absent; or ASCII text. */
type Field = readonly [value: number, bytes?: 2 | 4] | string;

function fields(...all: readonly Field[]): Buffer {
  return Buffer.concat(
    all.map((field) => {
      if (typeof field === 'string') return Buffer.from(field, 'ascii');
      const [value, bytes = 2] = field;
      const made = Buffer.alloc(bytes);
      made.writeUIntLE(value, 0, bytes);
      return made;
    }),
  );
}
