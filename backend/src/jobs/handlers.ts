/** What each kind of job does: its payload, one service call. */
import { type JobKindName, restaurantOf } from '../domain/job/jobKinds.js';
import type { DemoService } from '../services/DemoService.js';
import type { EventService } from '../services/EventService.js';
import type { ImportService } from '../services/ImportService.js';
import type { MessagingService } from '../services/MessagingService.js';
import type { SupplierInvoiceService } from '../services/SupplierInvoiceService.js';
import type { UnitOfWork } from '../services/UnitOfWork.js';
import type { DeferredImports } from '../services/import/DeferredImports.js';
import type { LowStockDigest } from '../services/inventory/LowStockDigest.js';
import type { DaySums } from '../services/report/DaySums.js';
import type { Handler, JobRun } from './dispatcher/running.js';

export interface HandlerServices {
  unitOfWork: Pick<UnitOfWork, 'forgetOldAnswers'>;
  demo: Pick<DemoService, 'removeExpired'>;
  events: Pick<EventService, 'keepPartitions'>;
  imports: Pick<ImportService, 'refreshStatistics'>;
  messaging: Pick<MessagingService, 'forget'>;
  supplierInvoices: Pick<SupplierInvoiceService, 'removeFiles'>;
  deferredImports: Pick<DeferredImports, 'run' | 'forget'>;
  stockDigest: Pick<LowStockDigest, 'sendDue' | 'record'>;
  reports: { daySums: Pick<DaySums, 'makeDue'> };
}

export function handlersOf(services: HandlerServices): Record<JobKindName, Handler> {
  const { unitOfWork, demo, events, imports, messaging, supplierInvoices, deferredImports, stockDigest, reports } =
    services;
  return {
    'import.run': async ({ attempt, payload, signal, progress }) => {
      const { uploadId } = payload;
      const restaurantId = restaurantOf(payload);
      await deferredImports.run({ attempt, restaurantId, uploadId: String(uploadId), signal, progress });
      return 'settled';
    },
    'stock.digest': async ({ attempt, payload }) => {
      await stockDigest.record(attempt, restaurantOf(payload));
      return 'settled';
    },
    'stock.send_digests': untilStopped((isStopping) => stockDigest.sendDue(isStopping)),
    'events.keep_months': untilStopped(() => events.keepPartitions()),
    'talk.forget': untilStopped((isStopping) => messaging.forget(isStopping)),
    'answers.forget': untilStopped((isStopping) => unitOfWork.forgetOldAnswers(isStopping)),
    'uploads.forget': untilStopped((isStopping) => deferredImports.forget(isStopping)),
    'files.remove': untilStopped((isStopping) => supplierInvoices.removeFiles(isStopping)),
    'demos.remove': untilStopped((isStopping) => demo.removeExpired(isStopping)),
    'days.sum': untilStopped((isStopping) => reports.daySums.makeDue(isStopping)),
    'statistics.refresh': untilStopped(() => imports.refreshStatistics()),
  };
}

/** Work in many steps that asks between two of them whether to stop. */
function untilStopped(work: (isStopping: () => boolean) => Promise<unknown>): Handler {
  return async ({ signal }: JobRun) => {
    await work(() => signal.aborted);
    return undefined;
  };
}
