/**
 * Whether a picture ends before its end. Decoders fill what is missing with grey or with nothing.
 */
const IEND = 0x49454e44;
const START_OF_SCAN = 0xda;
const END_OF_IMAGE = Buffer.from([0xff, 0xd9]);

/** @param bytes whose header has been read already. HEIC is refused by its decoder. */
export function isCut(bytes: Uint8Array, kind: 'jpeg' | 'png' | 'webp' | 'heic'): boolean {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    if (kind === 'png') return isPngCut(view);
    if (kind === 'jpeg') return isJpegCut(view);
    return kind === 'webp' && view.readUInt32LE(4) + 8 > view.length;
  } catch (error) {
    if (error instanceof RangeError) return true;
    throw error;
  }
}

/** Each chunk names its length, and the last one its kind. */
function isPngCut(view: Buffer): boolean {
  for (let at = 8; ; at += 12 + view.readUInt32BE(at)) if (view.readUInt32BE(at + 4) === IEND) return false;
}

/**
 * A picture in the metadata has an end of its own, so the end is looked for behind the first scan.
 */
function isJpegCut(view: Buffer): boolean {
  let at = 2;
  while (view.readUInt8(at + 1) !== START_OF_SCAN)
    at += view.readUInt8(at + 1) === 0xff ? 1 : 2 + view.readUInt16BE(at + 2);
  return !view.includes(END_OF_IMAGE, at);
}
