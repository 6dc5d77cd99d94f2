/** Reads a file whole: exactly where it states its amounts, else by the words on its pages. */
import { NO_TOTALS, type ReadInvoice } from '../../domain/supplierInvoice/readInvoice.js';
import type { FileKind } from '../../formats/received/fileKind.js';
import type { FileReading } from './FileReading.js';

interface Dependencies {
  files: FileReading;
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
    const content = await this.#deps.files.read(restaurantId, bytes, kind);
    if (content.invoices.length > 0) return { pages: content.pages, invoices: content.invoices };
    return { pages: content.pages, invoices: [emptyInvoice('The amounts of this file are not read. Enter them.')] };
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
}

/** A document that a person fills in, beside its picture. */
function emptyInvoice(remark: string): ReadInvoice {
  return {
    format: 'ocr',
    typeCode: null,
    documentType: 'invoice',
    number: null,
    issueDate: null,
    dueDate: null,
    currency: null,
    supplier: { name: null, vatId: null },
    buyer: { name: null, vatId: null },
    orderReference: null,
    precedingNumber: null,
    lines: [],
    adjustments: [],
    taxes: [],
    totals: NO_TOTALS,
    totalEvidence: {},
    remarks: [remark],
  };
}
