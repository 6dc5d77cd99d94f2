/** Only the list of routers and the order of the middleware. */
import type { RequestListener } from 'node:http';
import express from 'express';
import helmet from 'helmet';
import type { Context } from './context.js';
import { AppError } from './domain/shared/errors.js';
import { CallerLimits } from './middleware/callerLimits.js';
import { errorHandler } from './middleware/errorHandler.js';
import { RateLimits } from './middleware/rateLimit.js';
import { requestContext } from './middleware/requestContext.js';
import { setSecurityHeaders } from './middleware/securityHeaders.js';
import { apiKeyEndpoints } from './routes/apiKeys.js';
import { auditLogEndpoints } from './routes/auditLog.js';
import { accountEndpoints } from './routes/account.js';
import { assistantEndpoints } from './routes/assistant.js';
import { authEndpoints } from './routes/auth.js';
import { businessDayEndpoints } from './routes/businessDays.js';
import { categoryEndpoints } from './routes/categories.js';
import { codePoolEndpoints } from './routes/codePools.js';
import { codeEndpoints } from './routes/codes.js';
import { consoleRouter } from './routes/console.js';
import { demoSessionEndpoints } from './routes/demoSessions.js';
import { depletionEndpoints } from './routes/depletions.js';
import { deviceEndpoints } from './routes/devices.js';
import { documentPrintEndpoints } from './routes/documentPrints.js';
import { documentEndpoints } from './routes/documents.js';
import { documentSeriesEndpoints } from './routes/documentSeries.js';
import { docsRouter, readDescription } from './routes/docs.js';
import { drawerEndpoints } from './routes/drawers.js';
import { eventEndpoints } from './routes/events.js';
import { goodsReceiptEndpoints } from './routes/goodsReceipts.js';
import { healthRouter, probesOf } from './routes/health.js';
import { inventoryItemEndpoints } from './routes/inventoryItems.js';
import { importEndpoints } from './routes/imports.js';
import { jobEndpoints } from './routes/jobs.js';
import { memberEndpoints } from './routes/members.js';
import { messageEndpoints } from './routes/messages.js';
import { menuEndpoints } from './routes/menu.js';
import { pictureEndpoints } from './routes/pictures.js';
import { menuItemEndpoints } from './routes/menuItems.js';
import { modifierGroupEndpoints } from './routes/modifierGroups.js';
import { orderEndpoints } from './routes/orders.js';
import { paymentEndpoints } from './routes/payments.js';
import { preferenceEndpoints } from './routes/preferences.js';
import { linkEndpoints } from './routes/links.js';
import { purchaseOrderEndpoints } from './routes/purchaseOrders.js';
import { recipeEndpoints } from './routes/recipes.js';
import { reportEndpoints } from './routes/reports.js';
import { restaurantEndpoints } from './routes/restaurant.js';
import { stockEndpoints } from './routes/stock.js';
import { stockReportEndpoints } from './routes/stockReports.js';
import { supplierEndpoints } from './routes/suppliers.js';
import { supplierInvoiceEndpoints } from './routes/supplierInvoices.js';
import { supplierMailEndpoints } from './routes/supplierMail.js';
import { stockCountEndpoints } from './routes/stockCounts.js';
import { stockLocationEndpoints } from './routes/stockLocations.js';
import { stockTakingEndpoints } from './routes/stockTaking.js';
import { twilioRouter } from './routes/twilio.js';
import { taxEndpoints } from './routes/taxes.js';
import { webhookEndpoints } from './routes/webhooks.js';
import { type Endpoint } from './routes/support/endpoint.js';
import { hotLane } from './routes/support/hotLane.js';
import { openLinks } from './routes/support/linkedRequests.js';
import { routerOf, serversOf } from './routes/support/router.js';
import { openApiDocument } from './routes/support/openapi.js';

/**
 * In development the page is served over plain http, so its files must not be upgraded to https.
 */
const PAGE_HEADERS = { contentSecurityPolicy: { directives: { 'upgrade-insecure-requests': null } } };
export interface AppOptions {
  version: string;
  /** Number of reverse proxies whose X-Forwarded-For is trusted. */
  trustProxyHops: number;
  /** Multiplies every rate limit. */
  rateLimitMultiplier: number;
  production: boolean;
  /** Opens /health/detailed and /health/metrics in production. */
  operationsToken?: string | undefined;
  /**
   * `/openapi.json`. If absent, it is read from the build, or computed if the build wrote none, which
   * takes a quarter of a second.
   */
  description?: string | undefined;
}

/** In the order in which /openapi.json lists them. */
function endpointsOf(context: Context): Endpoint[] {
  const endpoints = [
    ...menuEndpoints(context),
    ...orderEndpoints(context),
    ...paymentEndpoints(context),
    ...drawerEndpoints(context),
    ...codePoolEndpoints(context),
    ...codeEndpoints(context),
    ...categoryEndpoints(context),
    ...menuItemEndpoints(context),
    ...pictureEndpoints(context),
    ...modifierGroupEndpoints(context),
    ...taxEndpoints(context),
    ...inventoryItemEndpoints(context),
    ...recipeEndpoints(context),
    ...stockEndpoints(context),
    ...depletionEndpoints(context),
    ...stockTakingEndpoints(context),
    ...stockCountEndpoints(context),
    ...stockLocationEndpoints(context),
    ...supplierEndpoints(context),
    ...purchaseOrderEndpoints(context),
    ...goodsReceiptEndpoints(context),
    ...supplierMailEndpoints(context),
    ...supplierInvoiceEndpoints(context),
    ...documentPrintEndpoints(context),
    ...documentEndpoints(context),
    ...documentSeriesEndpoints(context),
    ...businessDayEndpoints(context),
    ...reportEndpoints(context),
    ...stockReportEndpoints(context),
    ...authEndpoints(context),
    ...accountEndpoints(context),
    ...preferenceEndpoints(context),
    ...demoSessionEndpoints(context),
    ...restaurantEndpoints(context),
    ...memberEndpoints(context),
    ...apiKeyEndpoints(context),
    ...deviceEndpoints(context),
    ...auditLogEndpoints(context),
    ...importEndpoints(context),
    ...eventEndpoints(context),
    ...jobEndpoints(context),
    ...webhookEndpoints(context),
    ...assistantEndpoints(context),
    ...messageEndpoints(context),
  ];
  return [...endpoints, ...linkEndpoints(context, endpoints)];
}

/** The API description as JSON text, made from the endpoints. @param version of Servio. */
export function describeApi(context: Context, version: string): string {
  return JSON.stringify(openApiDocument(endpointsOf(context), version));
}

/**
 * The request listener: endpoints that are declared `hot` by a lane of their own, all others by
 * Express.
 */
export function createApp(context: Context, options: AppOptions): RequestListener {
  const rateLimits = new RateLimits({
    redis: context.limitRedis,
    multiplier: options.rateLimitMultiplier,
    onSilent: () => context.cache.suspectRedis(),
    onLimited: (limit) => context.metrics.count('rate_limited_total', { limit }),
  });
  const { metrics } = context;
  const limits = new CallerLimits({ ...context, rateLimits });
  const servers = serversOf(endpointsOf(context), { ...context, limits });
  const inContext = requestContext(context.log, ({ route, method, status, durationMs }) => {
    metrics.count('http_requests_total', { route, method, status });
    if (durationMs !== undefined) metrics.timing('http_request_duration_seconds', { route, method }, durationMs);
  });
  const failed = errorHandler((code) => metrics.count('errors_total', { code }));
  const app = express();
  app.disable('x-powered-by');
  app.set('etag', false);
  app.set('query parser', 'simple');
  app.set('trust proxy', options.trustProxyHops);
  app.use(inContext.enter);
  app.use(healthRouter({ ...context, production: options.production, operationsToken: options.operationsToken }));
  app.use(consoleRouter());
  app.use('/docs', helmet(PAGE_HEADERS));
  const { description, version } = options;
  app.use(docsRouter(async () => description ?? (await readDescription()) ?? describeApi(context, version)));
  app.use((_request, response, next) => {
    setSecurityHeaders(response);
    next();
  });
  app.use(openLinks(context.links));
  app.use(routerOf(servers));
  app.use(twilioRouter({ ...context, limits }));
  app.use(async (request, response) => {
    await limits.lost(request, response);
    throw new AppError('not_found', `There is nothing at ${request.path}. See /docs.`);
  });
  app.use(failed);
  return hotLane(app, servers, {
    context: inContext,
    headers: setSecurityHeaders,
    limits,
    probes: probesOf(context.health),
    failed,
  });
}
