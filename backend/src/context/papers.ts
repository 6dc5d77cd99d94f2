/** The papers wing: reports, documents, prints and the close of a day. */
import { BusinessDayRepository } from '../repositories/BusinessDayRepository.js';
import { DocumentRepository } from '../repositories/DocumentRepository.js';
import { ReportRepository } from '../repositories/ReportRepository.js';
import { BusinessDayService } from '../services/BusinessDayService.js';
import type { CodePoolService } from '../services/CodePoolService.js';
import { DocumentService } from '../services/DocumentService.js';
import { PrintService } from '../services/PrintService.js';
import { ReportService } from '../services/ReportService.js';
import type { TradeServices } from '../services/demo/DemoTrade.js';
import { issueObserver } from '../services/metrics/observers.js';
import { DaySummaries } from '../services/report/DaySummaries.js';
import { Renderer } from '../services/print/Renderer.js';
import type { Releases } from '../utils/releases.js';
import type { People } from './people.js';
import type { Platform } from './platform.js';
import type { Stock } from './stock.js';

export function createPapers(
  { unitOfWork, metrics, log, cursors, clock }: Platform,
  { restaurants }: People,
  { menu, inventory, orders, payments }: TradeServices,
  { purchasing, stockTaking }: Stock,
  codePools: CodePoolService,
  releases: Releases,
) {
  const renderer = releases.own('the printer', new Renderer(), (one) => one.close());
  const reports = new ReportService({
    unitOfWork,
    repository: new ReportRepository(),
    restaurants,
    menu,
    inventory,
    cursors,
    clock,
  });
  const documents = new DocumentService({
    unitOfWork,
    repository: new DocumentRepository(),
    menu,
    restaurants,
    orders,
    payments,
    purchasing,
    stockTaking,
    metrics: issueObserver(metrics),
    log,
    cursors,
    clock,
  });
  const prints = new PrintService({ payments, documents, restaurants, codePools, renderer });
  const businessDays = new BusinessDayService({
    unitOfWork,
    repository: new BusinessDayRepository(),
    restaurants,
    reports,
    documents,
    cursors,
    clock,
  });
  const daySummaries = new DaySummaries({ businessDays, reports, inventory, restaurants });
  return { renderer, reports, documents, prints, businessDays, daySummaries };
}
