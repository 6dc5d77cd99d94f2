/** Decodes a file of any encoding to text, one chunk at a time. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';

/**
 * A chunk is split into lines without a pause, which takes some milliseconds for the shortest
 * lines.
 */
const CHUNK_BYTES = 64 * 1024;
const SNIFFED_BYTES = 4096;
const BYTE_ORDER_MARKS: readonly (readonly [label: string, bytes: readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

export interface FileEncoding {
  /** Label of the WHATWG Encoding Standard. */
  label: string;
  /** True when some bytes are invalid in it: they are read as U+FFFD, which marks a damaged row. */
  damaged: boolean;
}

export interface TextChunk {
  text: string;
  /** Bytes of the file read so far. */
  bytesRead: number;
}

/**
 * Detects the encoding. A byte order mark decides first, then `wanted`, then the bytes: a NUL in
 * nearly every second byte means UTF-16, valid UTF-8 means UTF-8, and all else is windows-1252,
 * which old tills on Windows write.
 */
export async function detectEncoding(path: string, wanted: string | undefined): Promise<FileEncoding> {
  const start = await firstBytes(path);
  const marked = markedEncoding(start);
  const label = marked ?? wanted ?? utf16WithoutMark(start) ?? 'utf-8';
  const valid = await isValid(path, label);
  if (!valid && marked === undefined && wanted === undefined && label === 'utf-8')
    return { label: 'windows-1252', damaged: false };
  return { label, damaged: !valid };
}

/** As `detectEncoding` and `readText`, for a small file that is in memory. */
export function textOfBytes(bytes: Uint8Array): { text: string; damaged: boolean } {
  const label = wideEncoding(bytes) ?? 'utf-8';
  try {
    return { text: new TextDecoder(label, { fatal: true }).decode(bytes), damaged: false };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const isMarked = markedEncoding(bytes) !== undefined;
    const isOld = label === 'utf-8' && !isMarked;
    return { text: new TextDecoder(isOld ? 'windows-1252' : label).decode(bytes), damaged: !isOld };
  }
}

/** The encoding of a text whose first bytes tell that it is not plain UTF-8. */
export function wideEncoding(bytes: Uint8Array): string | undefined {
  const start = bytes.subarray(0, SNIFFED_BYTES);
  return markedEncoding(start) ?? utf16WithoutMark(start);
}

function markedEncoding(start: Uint8Array): string | undefined {
  return BYTE_ORDER_MARKS.find(([, mark]) => mark.every((byte, index) => start[index] === byte))?.[0];
}

/** Reads the file as text, in chunks. */
export async function* readText(path: string, label: string): AsyncGenerator<TextChunk> {
  const decoder = new TextDecoder(label);
  let bytesRead = 0;
  for await (const chunk of bytesOf(path)) {
    bytesRead += chunk.length;
    yield { text: decoder.decode(chunk, { stream: true }), bytesRead };
  }
  yield { text: decoder.decode(), bytesRead };
}

async function isValid(path: string, label: string): Promise<boolean> {
  const decoder = new TextDecoder(label, { fatal: true });
  try {
    for await (const chunk of bytesOf(path)) decoder.decode(chunk, { stream: true });
    decoder.decode();
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/** `createReadStream` without an encoding yields Buffers only. */
function bytesOf(path: string): AsyncIterable<Buffer> {
  return createReadStream(path, { highWaterMark: CHUNK_BYTES });
}

async function firstBytes(path: string): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(SNIFFED_BYTES), 0, SNIFFED_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/**
 * In UTF-16, nearly every character of a Western language has a NUL byte, always on the same side.
 */
function utf16WithoutMark(bytes: Uint8Array): string | undefined {
  let even = 0;
  let odd = 0;
  for (const [index, byte] of bytes.entries()) {
    if (byte !== 0) continue;
    if (index % 2 === 0) even += 1;
    else odd += 1;
  }
  const most = bytes.length * 0.4;
  if (odd > most && even === 0) return 'utf-16le';
  return even > most && odd === 0 ? 'utf-16be' : undefined;
}
