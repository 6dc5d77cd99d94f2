/**
 * The recognition process: PaddleOCR's models on one core. A process of its own, because its memory
 * (0.7 GB) and its native code must not be the server's. Lines are not joined here: the library
 * joins by height, which mixes the rows of a photo that is not straight.
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { PageWord } from '../../domain/supplierInvoice/pageText.js';
import { straightened } from '../../domain/supplierInvoice/straighten.js';

export interface OcrJob {
  id: number;
  png: Uint8Array;
}

export type OcrResult = { id: number; words: PageWord[] } | { id: number; failure: string };

interface LineImage {
  /** Four corners, clockwise from the upper left one. */
  box: [number, number][];
  image: { width: number; height: number };
}

/** The parts of the library that its main export puts together in its own way. */
interface Models {
  Detection: { create(options: object): Promise<{ run(image: Uint8Array): Promise<LineImage[]> }> };
  Recognition: {
    create(options: object): Promise<{ run(lines: LineImage[]): Promise<{ text: string; mean: number }[]> }>;
  };
}

/** Below it, most letters are wrong. */
const LEAST_CONFIDENCE = 0.5;
const ONE_THREAD = { onnxOptions: { intraOpNumThreads: 1, interOpNumThreads: 1 } };

const ready = load();
process.on('message', (job: OcrJob) => {
  void recognise(job).then((result) => process.send?.(result));
});
process.on('disconnect', () => process.exit(0));

async function load() {
  // Registers its backend: onnxruntime and the models.
  await import('@gutenye/ocr-node');
  const own = createRequire(import.meta.url).resolve('@gutenye/ocr-node');
  const common = path.dirname(createRequire(own).resolve('@gutenye/ocr-common'));
  // The library is pinned: its inner modules have this form.
  const models = (await import(pathToFileURL(path.join(common, 'models/index.js')).href)) as Models;
  return {
    detection: await models.Detection.create(ONE_THREAD),
    recognition: await models.Recognition.create(ONE_THREAD),
  };
}

async function recognise({ id, png }: OcrJob): Promise<OcrResult> {
  try {
    const { detection, recognition } = await ready;
    const size = sizeOf(png);
    const lines = await detection.run(png);
    const found: { line: LineImage; text: string; mean: number }[] = [];
    for (const line of lines) {
      const [read] = await recognition.run([line]);
      if (read && read.mean >= LEAST_CONFIDENCE) found.push({ line, ...read });
    }
    const placed = found.map(({ line, text }) => ({ text, corners: line.box }));
    const middles = straightened(placed, size.height);
    const words = found.flatMap((one, index) => wordsOf(one, size, middles[index] ?? 0));
    return { id, words };
  } catch (error) {
    return { id, failure: error instanceof Error ? error.message : String(error) };
  }
}

/** The detection sees the picture with sides rounded up to 32. */
function sizeOf(png: Uint8Array): { width: number; height: number } {
  const view = new DataView(png.buffer, png.byteOffset, png.byteLength);
  const rounded = (side: number): number => Math.ceil(side / 32) * 32;
  return { width: rounded(view.getUint32(16)), height: rounded(view.getUint32(20)) };
}

function wordsOf(
  { line, text, mean }: { line: LineImage; text: string; mean: number },
  { width, height }: { width: number; height: number },
  middle: number,
): PageWord[] {
  const [xs, ys] = [line.box.map(([x]) => x), line.box.map(([, y]) => y)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  // Brackets of Chinese fonts, and marks that stick to amounts.
  const spaced = text
    .replaceAll('（', '(')
    .replaceAll('）', ')')
    .replaceAll('：', ':')
    .replaceAll(/(?<=[^\s(+-])(?=[$€£]\d)/g, ' ')
    .replaceAll(/(?<=\p{L}:)(?=\S)/gu, ' ');
  const each = (right - left) / spaced.length;
  return Array.from(spaced.matchAll(/\S+/g), ({ 0: word, index }) => ({
    text: word,
    box: [(left + index * each) / width, top / height, (word.length * each) / width, (bottom - top) / height],
    confidence: Math.min(1, mean),
    middle: middle / height,
  }));
}
