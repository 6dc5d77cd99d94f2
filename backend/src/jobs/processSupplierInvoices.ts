/** Reads uploaded supplier invoices, in the background of every serving process. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { SupplierInvoiceService } from '../services/SupplierInvoiceService.js';

/** How often it looks without a nudge: for files of other processes, and for ended leases. */
const LOOK_EVERY_MS = 500;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;

interface Services {
  supplierInvoices: Pick<SupplierInvoiceService, 'arrived' | 'beginReading' | 'settled' | 'watchBacklog'>;
  log: { warn(fields: object, message: string): void };
}

/** @returns a function that stops the job and resolves when the documents in work have ended. */
export function keepReadingSupplierInvoices({ supplierInvoices, log }: Services): () => Promise<void> {
  let isStopping = false;
  let failures = 0;
  const pass = async (): Promise<void> => {
    try {
      while (!isStopping && (await supplierInvoices.beginReading()) > 0);
      await supplierInvoices.watchBacklog();
      failures = 0;
    } catch (error) {
      const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** failures, LONGEST_PAUSE_MS);
      failures += 1;
      log.warn({ err: error, pauseMs }, 'waiting documents not found, will try again');
      await sleep(pauseMs, undefined, { ref: false });
    }
  };
  const ended = (async () => {
    while (!isStopping) {
      await supplierInvoices.arrived.wait(LOOK_EVERY_MS);
      if (!isStopping) await pass();
    }
  })();
  return async () => {
    isStopping = true;
    supplierInvoices.arrived.give();
    await ended;
    await supplierInvoices.settled();
  };
}
