import { Track } from '../decorators/Performance.js';
import type { Call } from '../domain/shared/call.js';
import type { Document } from '../domain/document/document.js';
import { sellerOf } from '../domain/document/parties.js';
import { formatMinor } from '../domain/number/money.js';
import { DEFAULT_PROFILE } from '../domain/restaurant/invoicing.js';
import { DEFAULT_LANGUAGE, type PrintLanguage } from '../domain/restaurant/printLanguage.js';
import { eInvoiceObstacle, eInvoiceOf } from '../formats/eInvoice/eInvoice.js';
import { printedBusinessDocument } from '../formats/printed/printedBusinessDocument.js';
import { charactersOf, type PrintedDocument } from '../formats/printed/printedDocument.js';
import { printedReceipt } from '../formats/printed/printedReceipt.js';
import { printedText } from '../formats/printed/printedText.js';
import type { CodePoolService } from './CodePoolService.js';
import type { DocumentService } from './DocumentService.js';
import type { PaymentService } from './PaymentService.js';
import { facturX } from '../formats/pdf/facturX.js';
import type { Renderer } from './print/Renderer.js';
import type { PdfJob } from '../formats/pdf/renderPdf.js';
import { renderCii } from '../formats/eInvoice/renderCii.js';
import { renderUbl } from '../formats/eInvoice/renderUbl.js';
import type { RestaurantService } from './RestaurantService.js';

interface Dependencies {
  payments: PaymentService;
  documents: DocumentService;
  restaurants: RestaurantService;
  codePools: CodePoolService;
  renderer: Renderer;
}

/** A file and its name without an extension. */
export interface PrintedFile<Content> {
  name: string;
  content: Content;
}

/** Document types that are printed on a roll by default. */
const ON_ROLL: readonly Document['type'][] = ['receipt', 'day_close'];

/** Takes at most 10 ms. */
const MAX_CHARS_AT_ONCE = 10_000;

/**
 * Turns documents and receipts into files for people. It reads through their services and renders
 * outside of any transaction. The default language is the restaurant's; an issued document keeps
 * the language set when it was issued.
 */
export class PrintService {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * A document as PDF/A-3, on A4 or on a roll of 80 mm. After it is issued, the same request
   * returns the same bytes until the document is voided. An invoice or credit note that meets the
   * requirements is a Factur-X: it contains its own XML.
   * @throws AppError not_found; overloaded when too many documents are being rendered;
   *   invalid_state when it is too long.
   */
  @Track('print.documentPdf')
  async documentPdf(
    call: Call,
    id: string,
    language?: PrintLanguage,
    format?: PdfJob['format'],
  ): Promise<PrintedFile<Uint8Array>> {
    const { document, original, printed } = await this.#read(call, id, language);
    const isEInvoice = eInvoiceObstacle(document) === undefined;
    const content = await this.#deps.renderer.render(call.restaurantId, {
      document: printed,
      format: format ?? (ON_ROLL.includes(document.type) ? 'roll' : 'page'),
      at: document.issuedAt ?? document.createdAt,
      // A Factur-X is of the standard itself, whatever profile the XML file has.
      attachments: isEInvoice ? [facturX({ ...eInvoiceOf(document, original), profile: DEFAULT_PROFILE })] : [],
    });
    return { name: nameOf(document), content };
  }

  /**
   * A document for a plain-text printer of 80 mm.
   * @throws AppError not_found; overloaded as `documentPdf`.
   */
  @Track('print.documentText')
  async documentText(call: Call, id: string, language?: PrintLanguage): Promise<string> {
    return await this.#textOf(call, (await this.#read(call, id, language)).printed);
  }

  /**
   * An invoice or credit note as UBL 2.1 or as CII.
   * @throws AppError not_found; invalid_state with the missing data.
   */
  @Track('print.documentXml')
  async documentXml(call: Call, id: string, syntax: 'ubl' | 'cii' = 'ubl'): Promise<PrintedFile<string>> {
    const { document, original } = await this.#find(call, id);
    const invoice = eInvoiceOf(document, original);
    return { name: nameOf(document), content: syntax === 'cii' ? renderCii(invoice) : renderUbl(invoice) };
  }

  /**
   * The receipt of an order for a plain-text printer of 80 mm.
   * @throws AppError not_found; overloaded as `receiptPdf`.
   */
  @Track('print.receiptText')
  async receiptText(call: Call, orderId: string, language?: PrintLanguage): Promise<string> {
    const receipt = await this.#deps.payments.receipt(call, orderId);
    return await this.#textOf(call, printedReceipt(receipt, language ?? receipt.restaurant.language));
  }

  /**
   * The receipt of an order as a PDF for a roll of 80 mm.
   * @throws AppError not_found; overloaded when too many documents are being rendered;
   *   invalid_state when it is too long.
   */
  @Track('print.receiptPdf')
  async receiptPdf(call: Call, orderId: string, language?: PrintLanguage): Promise<Uint8Array> {
    const receipt = await this.#deps.payments.receipt(call, orderId);
    return await this.#deps.renderer.render(call.restaurantId, {
      document: printedReceipt(receipt, language ?? receipt.restaurant.language),
      format: 'roll',
      // The restaurant's local time, treated as UTC: it only has to be the same each time.
      at: `${receipt.placedAt.replace(' ', 'T')}:00Z`,
      attachments: [],
    });
  }

  /**
   * A sheet of cards with QR codes, on A4: tokens of tables, or the codes of an export.
   * @throws AppError not_found, invalid_request; overloaded as `receiptPdf`.
   */
  @Track('print.codeSheetPdf')
  async codeSheetPdf(call: Call, poolId: string, exportId: string | undefined): Promise<Uint8Array> {
    const { pool, codes } = await this.#deps.codePools.sheetCodes(call, poolId, exportId);
    const { name, currency, language } = await this.#deps.restaurants.get(call);
    const cards = codes.map((code) => ({
      code: code.code,
      title: 'table' in code ? code.table : pool.name,
      note: 'value' in code && code.value > 0 ? `${formatMinor(code.value, currency)} ${currency}` : '',
    }));
    return this.#deps.renderer.render(call.restaurantId, {
      format: 'sheet',
      title: pool.name,
      seller: name,
      language,
      at: pool.createdAt,
      cards,
    });
  }

  /**
   * Short texts are laid out at once, because a receipt at a till must not wait. A long one takes a
   * tenth of a second or more.
   */
  async #textOf({ restaurantId }: Call, document: PrintedDocument): Promise<string> {
    if (charactersOf(document) <= MAX_CHARS_AT_ONCE) return printedText(document);
    const bytes = await this.#deps.renderer.render(restaurantId, { document, format: 'text' });
    return new TextDecoder().decode(bytes);
  }

  async #find(call: Call, id: string): Promise<{ document: Document; original: Document | null }> {
    const document = await this.#deps.documents.get(call, id);
    const originalId = document.originalId ?? document.details?.replaces?.documentId;
    const original = originalId === undefined ? null : await this.#deps.documents.get(call, originalId);
    return { document, original };
  }

  async #read(
    call: Call,
    id: string,
    language?: PrintLanguage,
  ): Promise<{ document: Document; original: Document | null; printed: PrintedDocument }> {
    const found = await this.#find(call, id);
    const seller = found.document.seller ?? sellerOf(await this.#deps.restaurants.get(call));
    const own = found.document.customer?.language ?? seller.language;
    const context = { seller, originalNumber: found.original?.number ?? null };
    return {
      ...found,
      printed: printedBusinessDocument(found.document, language ?? own ?? DEFAULT_LANGUAGE, context),
    };
  }
}

/** Numbers contain only letters, digits and hyphens. */
function nameOf({ number, type, id }: Document): string {
  return number ?? `${type}-${id}`;
}
