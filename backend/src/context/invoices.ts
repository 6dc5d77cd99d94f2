/** The invoices wing: files of suppliers, and what becomes of them. */
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createFileStore } from '../clients/FileStore.js';
import { MeasuredFileStore } from '../clients/fileStore/MeasuredFileStore.js';
import { ClamdScanner } from '../clients/VirusScanner.js';
import { SupplierInvoiceRepository } from '../repositories/SupplierInvoiceRepository.js';
import { SupplierInvoiceService } from '../services/SupplierInvoiceService.js';
import { FileReading } from '../services/supplierInvoice/FileReading.js';
import { Ocr } from '../services/supplierInvoice/Ocr.js';
import { InvoiceReading } from '../services/supplierInvoice/InvoiceReading.js';
import type { TradeServices } from '../services/demo/DemoTrade.js';
import type { Releases } from '../utils/releases.js';
import type { People } from './people.js';
import type { ContextOptions, Platform } from './platform.js';
import type { Stock } from './stock.js';

const DEFAULT_LIMITS = { workflows: 50, io: 50 };

export function createInvoices(
  platform: Platform,
  options: Pick<ContextOptions, 'documents'>,
  wings: People & Stock & TradeServices,
  releases: Releases,
) {
  const { documents: settings = {} } = options;
  const { metrics, log } = platform;
  const files = new MeasuredFileStore(
    createFileStore(settings.files ?? { folder: path.join(tmpdir(), 'servio-files') }),
    (operation, outcome, durationMs) => metrics.timing('storage_duration_seconds', { operation, outcome }, durationMs),
  );
  releases.own('the file store', files, (one) => one.close());
  const scanner = settings.clamd ? new ClamdScanner(settings.clamd) : undefined;
  if (scanner) releases.own('the virus scanner', scanner, (one) => one.close());
  const fileReading = releases.own('the threads that read files', new FileReading({ threads: settings.cpu }), (one) =>
    one.close(),
  );
  const ocr = settings.ocr !== false && Ocr.isInstalled() ? new Ocr() : undefined;
  if (ocr) releases.own('the recognition of pictures', ocr, (one) => one.close());
  const reading = new InvoiceReading({ files: fileReading, ocr });
  const supplierInvoices = new SupplierInvoiceService({
    ...platform,
    ...wings,
    repository: new SupplierInvoiceRepository(),
    files,
    fileReading,
    reading,
    scanner,
    limits: { workflows: settings.workflows ?? DEFAULT_LIMITS.workflows, io: settings.io ?? DEFAULT_LIMITS.io },
    onStep: (step, outcome, durationMs) =>
      metrics.timing('document_step_duration_seconds', { step, outcome }, durationMs),
    onFilesRemoved: (count) => metrics.count('stored_files_removed_total', {}, count),
    onEnd: (outcome) => metrics.count('documents_read_total', { outcome }),
    onBacklog: ({ waiting, oldestSeconds }) => {
      metrics.gauge('document_reading', { state: 'pending' }, waiting);
      metrics.gauge('document_reading', { state: 'oldest_seconds' }, oldestSeconds);
    },
    log,
  });
  metrics.onCollect(() => {
    const { running, waiting, threads } = fileReading.stats();
    metrics.gauge('document_reading', { state: 'in_work' }, supplierInvoices.running);
    metrics.gauge('document_reading', { state: 'threads' }, threads);
    metrics.gauge('document_reading', { state: 'threads_running' }, running);
    metrics.gauge('document_reading', { state: 'waiting_for_thread' }, waiting);
  });
  return { supplierInvoices, pictureTools: { files, fileReading } };
}
