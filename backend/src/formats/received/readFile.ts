/** Reads a file of a supplier as far as it can be read exactly. Pictures are left to the caller. */
import type { PageText } from '../../domain/supplierInvoice/pageText.js';
import type { ReadInvoice } from '../../domain/supplierInvoice/readInvoice.js';
import { pictureRemark } from '../../domain/supplierInvoice/pictureRemark.js';
import { isCut } from './cutPicture.js';
import { type FileKind, kindOf } from './fileKind.js';
import { MAX_PAGES, type OpenPdf, openPdf } from './openPdf.js';
import { parseXml } from './parseXml.js';
import { readXml } from './readXml.js';
import { readTable } from './table/readTable.js';
import { Unreadable } from './unreadable.js';

/** Pages that are looked at for the gross amount that the XML states. */
const COMPARED_PAGES = 3;
/** Pages of a scan that are recognised: 1 s each. */
const RECOGNISED_PAGES = 5;

export interface FileContent {
  pages: number | null;
  invoices: ReadInvoice[];
  /** Text of the pages, where no XML states the invoice. */
  text: PageText[];
  /** PNG of pages without text, for recognition. */
  pictures: { page: number; png: Uint8Array }[];
}

/**
 * Looks at a file before it is stored, so far that nothing hostile is.
 * @throws Unreadable with the reason.
 */
export async function checkFile(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<{ kind: FileKind | null }> {
  const kind = kindOf(bytes, name);
  if (kind === 'xml') parseXml(bytes);
  if (kind === 'pdf') await (await openPdf(bytes)).close();
  return { kind: kind ?? null };
}

/** @throws Unreadable with the reason. */
export async function readFile(bytes: Uint8Array<ArrayBuffer>, kind: FileKind): Promise<FileContent> {
  const content: FileContent = { pages: null, invoices: [], text: [], pictures: [] };
  if (kind === 'xml') return { ...content, invoices: readXml(bytes) };
  if (kind === 'pdf') return readPdf(bytes);
  if (kind === 'csv') return { ...content, invoices: readTable(bytes) };
  const { asPng } = await import('./pictures.js');
  return { ...content, pages: 1, pictures: [{ page: 1, png: await asPng(bytes, kind) }] };
}

/** A page as PNG; undefined when there is no such page, or the kind has none. */
export async function pictureOf(
  bytes: Uint8Array<ArrayBuffer>,
  kind: FileKind,
  page: number,
): Promise<Uint8Array | undefined> {
  if (kind === 'pdf') {
    const pdf = await openPdf(bytes);
    try {
      return page <= pdf.pages ? await pdf.picture(page) : undefined;
    } finally {
      await pdf.close();
    }
  }
  if (page > 1 || kind === 'xml' || kind === 'csv') return undefined;
  // Loaded at its first use, as the reader of PDFs.
  const { asPng } = await import('./pictures.js');
  return asPng(bytes, kind);
}

/**
 * A picture in several sizes as WebP; undefined for a file that is none. @throws Unreadable with
 * the reason, for one with too many pixels or without its end before it is decoded.
 */
export async function resizedPicture(
  bytes: Uint8Array<ArrayBuffer>,
  sides: readonly number[],
): Promise<Uint8Array[] | undefined> {
  const kind = kindOf(bytes, '');
  if (kind === undefined || kind === 'pdf' || kind === 'xml' || kind === 'csv') return undefined;
  if (isCut(bytes, kind)) throw new Unreadable('This picture ends early: a part of it is missing. Send it again.');
  const { asWebp } = await import('./pictures.js');
  return asWebp(bytes, kind, sides);
}

async function readPdf(bytes: Uint8Array<ArrayBuffer>): Promise<FileContent> {
  const pdf = await openPdf(bytes);
  try {
    const { pages } = pdf;
    const invoices = await attachedInvoices(pdf);
    if (invoices.length > 0) return { pages, invoices: await compared(pdf, invoices), text: [], pictures: [] };
    const text: PageText[] = [];
    const pictures: FileContent['pictures'] = [];
    for (let page = 1; page <= Math.min(pages, MAX_PAGES); page += 1) {
      const found = await pdf.text(page);
      if (found.words.length > 0) text.push(found);
      else if (pictures.length < RECOGNISED_PAGES) pictures.push({ page, png: await pdf.picture(page) });
    }
    return { pages, invoices, text, pictures };
  } finally {
    await pdf.close();
  }
}

/** Of every XML attachment, whatever its name. An attached order is refused with the reason. */
async function attachedInvoices(pdf: OpenPdf): Promise<ReadInvoice[]> {
  const faults: Unreadable[] = [];
  const invoices = (await pdf.attachments()).flatMap(({ content }) => {
    if (kindOf(content, '') !== 'xml') return [];
    try {
      return readXml(content);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      faults.push(error);
      return [];
    }
  });
  const order = faults.find(({ message }) => message.includes('Order-X'));
  if (invoices.length === 0 && order) throw order;
  return invoices;
}

/** The XML counts. When the printed pages do not show its gross amount, the review says so. */
async function compared(pdf: OpenPdf, invoices: ReadInvoice[]): Promise<ReadInvoice[]> {
  const pages: PageText[] = [];
  for (let page = 1; page <= Math.min(pdf.pages, COMPARED_PAGES); page += 1) {
    pages.push(await pdf.text(page));
    if (invoices.every((invoice) => pictureRemark(invoice, pages) === undefined)) return invoices;
  }
  return invoices.map((invoice) => {
    const remark = pictureRemark(invoice, pages);
    return remark === undefined ? invoice : { ...invoice, remarks: [...invoice.remarks, remark] };
  });
}
