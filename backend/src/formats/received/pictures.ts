/** Photos as PNG of a width that a person reads and a program recognises. HEIC too, by libheif. */
import { createCanvas, ImageData, loadImage } from '@napi-rs/canvas';
import decodeHeic from 'heic-decode';
import type { FileKind } from './fileKind.js';
import { Unreadable } from './unreadable.js';

export { createCanvas } from '@napi-rs/canvas';

/** Longest side: print of 2 mm on a receipt of 80 mm has 40 pixels. */
const LONGEST_SIDE = 2_000;

/** @throws Unreadable for a picture that cannot be decoded. */
export async function asPng(bytes: Uint8Array<ArrayBuffer>, kind: FileKind): Promise<Uint8Array> {
  try {
    const source = kind === 'heic' ? await heicCanvas(bytes) : await loadImage(Buffer.from(bytes));
    const scale = Math.min(1, LONGEST_SIDE / Math.max(source.width, source.height));
    const canvas = createCanvas(
      Math.max(1, Math.round(source.width * scale)),
      Math.max(1, Math.round(source.height * scale)),
    );
    canvas.getContext('2d').drawImage(source, 0, 0, canvas.width, canvas.height);
    return canvas.toBuffer('image/png');
  } catch (error) {
    if (error instanceof RangeError) throw error;
    throw new Unreadable('This picture cannot be decoded. Take the photo again.');
  }
}

async function heicCanvas(bytes: Uint8Array) {
  const { width, height, data } = await decodeHeic({ buffer: bytes });
  const canvas = createCanvas(width, height);
  canvas.getContext('2d').putImageData(new ImageData(data, width, height), 0, 0);
  return canvas;
}
