/** The thread that makes PDFs: a long document takes a second of computing, in which the server must answer others. */
import { parentPort } from 'node:worker_threads';
import { type PdfJob, renderPdf } from './renderPdf.js';

export type Rendered = { bytes: Uint8Array } | { failure: string };

if (!parentPort) throw new Error('renderWorker runs in a worker thread only: start it through PdfRenderer');
const port = parentPort;

port.on('message', (job: PdfJob) => {
  renderPdf(job).then(
    (bytes) => port.postMessage({ bytes } satisfies Rendered),
    (error: unknown) =>
      port.postMessage({ failure: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});
