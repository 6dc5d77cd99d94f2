/**
 * Opens PDFs of strangers: without evaluating anything, within caps of pages, and never a file that
 * carries scripts or unpacks to more than memory holds. Loaded at its first use: 0.3 s, 100 MB.
 */
import { inflateSync } from 'node:zlib';
import type * as pdfjsTypes from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { PageText, PageWord } from '../../domain/supplierInvoice/pageText.js';
import { Unreadable } from './unreadable.js';

type Pdfjs = typeof pdfjsTypes;
type PdfDocument = pdfjsTypes.PDFDocumentProxy;
type PdfPage = pdfjsTypes.PDFPageProxy;

export const MAX_PAGES = 50;
const MAX_ATTACHMENTS = 50;
/** A page of 300 dpi in colour has 26 MB. */
const MAX_UNPACKED = 64_000_000;
/** Deflate packs at most 1032 to 1: a shorter stream cannot reach the limit. */
const SUSPICIOUS_BYTES = MAX_UNPACKED / 1_032;
const SCRIPTS = /\/(?:JavaScript|JS|Launch|RichMedia)\b/;
/** Where it is not packed: thousands of pages take a second to open. */
const PAGE_COUNT = /\/Type\s*\/Pages\b[^<>]*\/Count\s+(\d+)|\/Count\s+(\d+)[^<>]*\/Type\s*\/Pages\b/g;
const PACKED_TWICE = /\/Filter\s*\[[^\]]*(?:Flate|LZW|RunLength)[^\]]*(?:Flate|LZW|RunLength)/;
/** Enough for the recognition of small print, and a fifth of a second of work. */
const PICTURE_WIDTH = 1_600;

export interface PdfAttachment {
  name: string;
  content: Uint8Array;
}

export interface OpenPdf {
  pages: number;
  attachments(): Promise<PdfAttachment[]>;
  /** Words of one page, by its number from 1. */
  text(page: number): Promise<PageText>;
  /** The page as PNG. */
  picture(page: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

let loading: Promise<Pdfjs> | undefined;

/** @throws Unreadable with the reason. */
export async function openPdf(bytes: Uint8Array<ArrayBuffer>): Promise<OpenPdf> {
  refusePacked(bytes);
  const pdfjs = await (loading ??= import('pdfjs-dist/legacy/build/pdf.mjs'));
  const task = pdfjs.getDocument({
    data: bytes,
    isEvalSupported: false,
    disableFontFace: true,
    useSystemFonts: false,
    verbosity: pdfjs.VerbosityLevel.ERRORS,
  });
  try {
    const pdf = await task.promise;
    assertPages(pdf.numPages);
    await refuseScripts(pdf);
    return {
      pages: pdf.numPages,
      attachments: () => attachmentsOf(pdf),
      text: async (page) => textOf(await pdf.getPage(page), page),
      picture: async (page) => pictureOf(await pdf.getPage(page)),
      close: () => task.destroy(),
    };
  } catch (error) {
    await task.destroy();
    throw error instanceof Unreadable ? error : new Unreadable(reasonOf(error));
  }
}

function assertPages(pages: number): void {
  if (pages > MAX_PAGES) throw new Unreadable(`This PDF has ${pages} pages. Send one of at most ${MAX_PAGES}.`);
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && error.name === 'PasswordException')
    return 'This PDF is protected by a password. Send it without protection.';
  return 'This PDF is damaged. Export or scan it again.';
}

/** Looks at what is not packed, before anything is opened. */
function refusePacked(bytes: Uint8Array): void {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const open = outsideStreams(text);
  if (SCRIPTS.test(open)) throw withScripts();
  for (const [, one, other] of open.matchAll(PAGE_COUNT)) assertPages(Number(one ?? other));
  if (PACKED_TWICE.test(text)) throw tooMuch();
  for (const match of text.matchAll(/stream\r?\n/g)) {
    const from = match.index + match[0].length;
    const end = text.indexOf('endstream', from);
    if (end - from < SUSPICIOUS_BYTES || !text.slice(Math.max(0, from - 600), from).includes('Flate')) continue;
    refuseBomb(bytes.subarray(from, end));
  }
}

function outsideStreams(text: string): string {
  return text
    .replaceAll(/stream\r?\n[\s\S]*?endstream/g, '')
    .replaceAll(/#([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

function refuseBomb(packed: Uint8Array): void {
  try {
    inflateSync(packed, { maxOutputLength: MAX_UNPACKED });
  } catch (error) {
    // Any other fault is left to the reader of the PDF.
    if (error instanceof RangeError) throw tooMuch();
  }
}

function tooMuch(): Unreadable {
  return new Unreadable('This PDF unpacks to far more than a document needs. It is not opened.');
}

function withScripts(): Unreadable {
  return new Unreadable('This PDF carries scripts or programs. Invoices need none: export it again without them.');
}

/** Those in packed parts of the file. */
async function refuseScripts(pdf: PdfDocument): Promise<void> {
  if ((await pdf.hasJSActions()) || hasEntries(await pdf.getJSActions())) throw withScripts();
  const open: unknown = await pdf.getOpenAction();
  if (typeof open === 'object' && open !== null && 'action' in open) throw withScripts();
  for (let number = 1; number <= pdf.numPages; number += 1) {
    const page = await pdf.getPage(number);
    if (hasEntries(await page.getJSActions())) throw withScripts();
  }
}

function hasEntries(found: object | null): boolean {
  return found !== null && Object.keys(found).length > 0;
}

async function attachmentsOf(pdf: PdfDocument): Promise<PdfAttachment[]> {
  // Named by the file; the types say `any`.
  const found = (await pdf.getAttachments()) as Record<string, { filename: string; content?: Uint8Array }> | null;
  return Object.values(found ?? {})
    .slice(0, MAX_ATTACHMENTS)
    .flatMap(({ filename, content }) => (content ? [{ name: filename, content }] : []));
}

async function textOf(page: PdfPage, number: number): Promise<PageText> {
  const { width, height, transform } = page.getViewport({ scale: 1 });
  const { items } = await page.getTextContent();
  const words: PageWord[] = [];
  for (const item of items) {
    if (!('str' in item) || item.str.trim() === '') continue;
    const [x, y] = placed(transform, [Number(item.transform[4]), Number(item.transform[5])]);
    const high = item.height || Math.abs(Number(item.transform[3]));
    words.push(...wordsOf(item.str, [x / width, (y - high) / height, item.width / width, high / height]));
  }
  return { page: number, words };
}

/** From the coordinates of the page to those of its picture. */
function placed(transform: readonly unknown[], [x, y]: [number, number]): [number, number] {
  const [a = 1, b = 0, c = 0, d = 1, e = 0, f = 0] = transform.map(Number);
  return [a * x + c * y + e, b * x + d * y + f];
}

/** A run of text is split at blanks; the places of its words follow from their lengths. */
function wordsOf(run: string, [left, top, width, height]: PageWord['box']): PageWord[] {
  const each = width / run.length;
  return Array.from(run.matchAll(/\S+/g), ({ 0: text, index }) => ({
    text,
    box: [left + index * each, top, text.length * each, height],
    confidence: 1,
  }));
}

async function pictureOf(page: PdfPage): Promise<Uint8Array> {
  const { createCanvas } = await import('./pictures.js');
  const plain = page.getViewport({ scale: 1 });
  const viewport = page.getViewport({ scale: PICTURE_WIDTH / plain.width });
  const canvas = createCanvas(PICTURE_WIDTH, Math.min(Math.ceil(viewport.height), 5 * PICTURE_WIDTH));
  // The canvas of @napi-rs has the interface of a browser's, which its types do not say.
  const target = canvas as unknown as NonNullable<Parameters<PdfPage['render']>[0]['canvas']>;
  await page.render({ canvas: target, viewport }).promise;
  return canvas.toBuffer('image/png');
}
