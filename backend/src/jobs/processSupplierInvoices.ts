/** Reads uploaded supplier invoices, in the background of a process. */
import type { SupplierInvoiceService } from '../services/SupplierInvoiceService.js';
import { keepAtIt } from './keepAtIt.js';

export interface InvoiceReading {
  supplierInvoices: Pick<SupplierInvoiceService, 'arrived' | 'beginReading' | 'settled' | 'watchBacklog'>;
  log: { warn(fields: object, message: string): void };
}

/** @returns a function that stops the job and resolves when the documents in work have ended. */
export function keepReadingSupplierInvoices({ supplierInvoices, log }: InvoiceReading): () => Promise<void> {
  const pass = async (isStopping: () => boolean): Promise<void> => {
    while (!isStopping() && (await supplierInvoices.beginReading()) > 0);
    await supplierInvoices.watchBacklog();
  };
  const stop = keepAtIt(pass, {
    nudge: supplierInvoices.arrived,
    lookEveryMs: 500,
    log,
    failure: 'waiting documents not found, will try again',
  });
  return async () => {
    await stop();
    await supplierInvoices.settled();
  };
}
