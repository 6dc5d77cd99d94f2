/** Reads a file whole: exactly where it states its amounts, else by the words on its pages. */
import type { PageText } from '../../domain/supplierInvoice/pageText.js';
import { emptyInvoice, type ReadInvoice } from '../../domain/supplierInvoice/readInvoice.js';
import { readPages } from '../../domain/supplierInvoice/readPages.js';
import type { FileKind } from '../../formats/received/fileKind.js';
import type { FileReading } from './FileReading.js';
import type { Ocr } from './Ocr.js';

interface Dependencies {
  files: FileReading;
  /** Absent: pictures wait for a person who enters their amounts. */
  ocr: Ocr | undefined;
}

export class InvoiceReading {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /** @returns at least one document. @throws Unreadable with the reason; AppError overloaded. */
  async read(
    restaurantId: string,
    bytes: Uint8Array<ArrayBuffer>,
    kind: FileKind,
  ): Promise<{ pages: number | null; invoices: ReadInvoice[] }> {
    const { pages, invoices, text, pictures } = await this.#deps.files.read(restaurantId, bytes, kind);
    if (invoices.length > 0) return { pages, invoices };
    const recognised = await this.#recognise(restaurantId, pictures);
    if (text.length === 0 && !recognised) return { pages, invoices: [emptyInvoice('ocr', this.#reason())] };
    const all = [...text, ...(recognised ?? [])].toSorted((a, b) => a.page - b.page);
    return { pages, invoices: [readPages(all, recognised ? 'ocr' : 'pdf_text')] };
  }

  /** A page as PNG; undefined when the file has no such page. */
  picture(
    restaurantId: string,
    bytes: Uint8Array<ArrayBuffer>,
    kind: FileKind,
    page: number,
  ): Promise<Uint8Array | undefined> {
    return this.#deps.files.picture(restaurantId, bytes, kind, page);
  }

  async #recognise(
    restaurantId: string,
    pictures: readonly { page: number; png: Uint8Array }[],
  ): Promise<PageText[] | undefined> {
    const { ocr } = this.#deps;
    if (!ocr || pictures.length === 0) return undefined;
    const pages: PageText[] = [];
    for (const { page, png } of pictures) pages.push({ page, words: await ocr.words(restaurantId, png) });
    return pages;
  }

  #reason(): string {
    return this.#deps.ocr
      ? 'No text was found on the pages. Enter the amounts.'
      : 'Pictures are not recognised on this server. Enter the amounts beside the picture.';
  }
}
