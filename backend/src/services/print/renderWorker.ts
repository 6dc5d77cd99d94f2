/**
 * The rendering thread: a long document takes seconds of computing, and the server must answer
 * other requests meanwhile.
 */
import type { PrintedDocument } from '../../formats/printed/printedDocument.js';
import { printedText } from '../../formats/printed/printedText.js';
import { renderSheet, type SheetJob } from '../../formats/pdf/renderSheet.js';
import { type PdfJob, renderPdf } from '../../formats/pdf/renderPdf.js';

/** A document as plain text, in UTF-8. */
export interface TextJob {
  document: PrintedDocument;
  format: 'text';
}

export type RenderJob = PdfJob | SheetJob | TextJob;

/** The task of a thread: piscina calls it by its name. */
export async function render(job: RenderJob): Promise<Uint8Array> {
  if (job.format === 'sheet') return renderSheet(job);
  return job.format === 'text' ? new TextEncoder().encode(printedText(job.document)) : await renderPdf(job);
}
