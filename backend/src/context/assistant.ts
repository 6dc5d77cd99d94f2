/** The assistant wing: a language model over the services of the other wings. */
import { OpenAiClient } from '../clients/OpenAiClient.js';
import { hostAndPortOf, type OutsideParties } from '../config/outsideParties.js';
import { AssistantRepository } from '../repositories/AssistantRepository.js';
import { checkModel } from '../services/assistant/modelCheck.js';
import { AssistantService } from '../services/AssistantService.js';
import type { DocumentService } from '../services/DocumentService.js';
import { HttpClientService } from '../services/HttpClientService.js';
import type { SupplierInvoiceService } from '../services/SupplierInvoiceService.js';
import type { ReportService } from '../services/ReportService.js';
import type { TradeServices } from '../services/demo/DemoTrade.js';
import { assistantObserver, modelObserver, outsideCallObserver } from '../services/metrics/observers.js';
import type { Releases } from '../utils/releases.js';
import type { People } from './people.js';
import type { Platform } from './platform.js';
import type { Stock } from './stock.js';

interface Wings {
  platform: Platform;
  people: People;
  trade: TradeServices;
  stock: Stock;
  papers: { reports: ReportService; documents: DocumentService };
  supplierInvoices: SupplierInvoiceService;
}

/** Tokens a day when nobody sets them. */
const BUDGET = { restaurant: 1_000_000, user: 200_000 };

export function createAssistant(
  { platform, people, trade, stock, papers, supplierInvoices }: Wings,
  outside: OutsideParties | undefined,
  releases: Releases,
) {
  const { unitOfWork, cache, secrets, cursors, clock, metrics } = platform;
  const client = outside?.model && createModel(outside.model, platform, releases);
  const assistant = new AssistantService({
    ...trade,
    ...stock,
    reports: papers.reports,
    documents: papers.documents,
    supplierInvoices,
    restaurants: people.restaurants,
    unitOfWork,
    repository: new AssistantRepository(),
    cache,
    secrets,
    cursors,
    clock,
    metrics: assistantObserver(metrics),
    client,
    budget: outside?.budget ?? BUDGET,
    publicUrl: outside?.publicUrl,
  });
  return { assistant, model: client, checkModel: client && (() => checkModel(client)) };
}

/** The host that the operator named gets an HTTP client of its own, which calls nothing else. */
function createModel(settings: NonNullable<OutsideParties['model']>, { metrics }: Platform, releases: Releases) {
  const http = new HttpClientService({
    allowedHosts: [hostAndPortOf(settings.baseUrl)],
    onlyAllowedHosts: true,
    onCall: outsideCallObserver(metrics),
  });
  releases.own('the HTTP client of the model', http, (one) => one.close());
  return new OpenAiClient({ ...settings, fetch: http.fetchAs('openai'), onCall: modelObserver(metrics) });
}
