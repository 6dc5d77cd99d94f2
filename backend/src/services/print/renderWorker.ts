/**
 * The rendering thread: a long document takes seconds of computing, and the server must answer
 * other requests meanwhile.
 */
import { parentPort } from 'node:worker_threads';
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

export type Rendered = { bytes: Uint8Array } | { failure: string };

if (!parentPort) throw new Error('renderWorker runs in a worker thread only: start it through Renderer');
const port = parentPort;

port.on('message', (job: RenderJob) => {
  render(job).then(
    (bytes) => port.postMessage({ bytes } satisfies Rendered),
    (error: unknown) =>
      port.postMessage({ failure: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});

async function render(job: RenderJob): Promise<Uint8Array> {
  if (job.format === 'sheet') return renderSheet(job);
  return job.format === 'text' ? new TextEncoder().encode(printedText(job.document)) : await renderPdf(job);
}
