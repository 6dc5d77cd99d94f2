import { Track } from '../decorators/Performance.js';
import type { Call } from '../domain/call.js';
import type { PrintLanguage } from '../domain/documentLabels.js';
import { printedReceipt } from '../domain/printedReceipt.js';
import { printedText } from '../domain/printedText.js';
import type { PdfRenderer } from './document/PdfRenderer.js';
import type { PaymentService } from './PaymentService.js';

interface Dependencies {
  payments: PaymentService;
  renderer: PdfRenderer;
}

/** Turns what other nouns hold into files for people: it reads through their services and renders outside of any transaction. */
export class PrintService {
  readonly #deps: Dependencies;

  constructor(deps: Dependencies) {
    this.#deps = deps;
  }

  /**
   * The receipt of an order for a printer of 80 mm that takes plain text.
   * @throws AppError not_found.
   */
  async receiptText(call: Call, orderId: string, language: PrintLanguage): Promise<string> {
    return printedText(printedReceipt(await this.#deps.payments.receipt(call, orderId), language));
  }

  /**
   * The receipt of an order as a PDF for a roll of 80 mm.
   * @throws AppError not_found; overloaded when too many documents are being rendered.
   */
  @Track('print.receiptPdf')
  async receiptPdf(call: Call, orderId: string, language: PrintLanguage): Promise<Uint8Array> {
    const receipt = await this.#deps.payments.receipt(call, orderId);
    return await this.#deps.renderer.render({
      document: printedReceipt(receipt, language),
      format: 'roll',
      // Of the wall clock, as if it were UTC: it only has to be the same each time.
      at: `${receipt.placedAt.replace(' ', 'T')}:00Z`,
      attachments: [],
    });
  }
}
