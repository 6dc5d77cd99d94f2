/** Photos as PNG of a width that a person reads and a program recognises. HEIC too, by libheif. */
import { type Canvas, createCanvas, type Image, ImageData, loadImage } from '@napi-rs/canvas';
import decodeHeic from 'heic-decode';
import type { FileKind } from './fileKind.js';
import { Unreadable } from './unreadable.js';

export { createCanvas } from '@napi-rs/canvas';

/** Longest side: print of 2 mm on a receipt of 80 mm has 40 pixels. */
const LONGEST_SIDE = 2_000;

/** Quality of WebP: a dish of 800 pixels takes some 60 kB. */
const WEBP_QUALITY = 80;

type Source = Image | Canvas;

/** @throws Unreadable for a picture that cannot be decoded. */
export async function asPng(bytes: Uint8Array<ArrayBuffer>, kind: FileKind): Promise<Uint8Array> {
  return decoding(async () => drawn(await sourceOf(bytes, kind), LONGEST_SIDE).toBuffer('image/png'));
}

/**
 * The picture in several sizes, upright and without metadata. A moving one has its first frame.
 * @param sides longest sides in pixels; nothing is enlarged.
 * @throws Unreadable for a picture that cannot be decoded.
 */
export async function asWebp(
  bytes: Uint8Array<ArrayBuffer>,
  kind: FileKind,
  sides: readonly number[],
): Promise<Uint8Array[]> {
  return decoding(async () => {
    const source = await sourceOf(bytes, kind);
    return sides.map((side) => drawn(source, side).toBuffer('image/webp', WEBP_QUALITY));
  });
}

async function decoding<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof RangeError) throw error;
    throw new Unreadable('This picture cannot be decoded. Take the photo again.');
  }
}

/** Turned as the camera says. */
async function sourceOf(bytes: Uint8Array<ArrayBuffer>, kind: FileKind): Promise<Source> {
  return kind === 'heic' ? heicCanvas(bytes) : loadImage(Buffer.from(bytes));
}

function drawn(source: Source, longestSide: number): Canvas {
  const scale = Math.min(1, longestSide / Math.max(source.width, source.height));
  const canvas = createCanvas(
    Math.max(1, Math.round(source.width * scale)),
    Math.max(1, Math.round(source.height * scale)),
  );
  canvas.getContext('2d').drawImage(source, 0, 0, canvas.width, canvas.height);
  return canvas;
}

async function heicCanvas(bytes: Uint8Array): Promise<Canvas> {
  const { width, height, data } = await decodeHeic({ buffer: bytes });
  const canvas = createCanvas(width, height);
  canvas.getContext('2d').putImageData(new ImageData(data, width, height), 0, 0);
  return canvas;
}
