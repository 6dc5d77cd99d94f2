/** The webhooks wing: receivers, what is sent to them, and its log. */
import { DeliveryLog } from '../repositories/webhook/DeliveryLog.js';
import { DeliveryQueue } from '../repositories/webhook/DeliveryQueue.js';
import { WebhookRepository } from '../repositories/WebhookRepository.js';
import { HttpClientService } from '../services/HttpClientService.js';
import { Egress } from '../services/httpClient/egress.js';
import { outsideCallObserver, webhookObserver } from '../services/metrics/observers.js';
import { Dispatcher, MOST_LEASED } from '../services/webhook/Dispatcher.js';
import { EndpointVault } from '../services/webhook/EndpointVault.js';
import { Resends } from '../services/webhook/Resends.js';
import { WebhookAddresses } from '../services/webhook/WebhookAddresses.js';
import { WebhookService } from '../services/WebhookService.js';
import type { Releases } from '../utils/releases.js';
import type { ContextOptions, Platform } from './platform.js';

type Options = Pick<ContextOptions, 'egressAllowlist' | 'publicUrl' | 'resolve'>;

export function createWebhooks(platform: Platform, options: Options, releases: Releases) {
  const { database, unitOfWork, secrets, cursors, clock, log, metrics, webhooksDue } = platform;
  const allowedHosts = options.egressAllowlist ?? [];
  const ownHosts = options.publicUrl === undefined ? [] : [new URL(options.publicUrl).hostname];
  const fromUsers = { ownHosts };
  const addresses = new WebhookAddresses(new Egress({ allowed: allowedHosts, fromUsers }, options.resolve));
  // A client of its own: no receiver takes sockets from other parties, and none waits for one.
  const http = new HttpClientService({
    allowedHosts,
    fromUsers,
    socketsPerOrigin: MOST_LEASED,
    onCall: outsideCallObserver(metrics),
    ...(options.resolve ? { resolve: options.resolve } : {}),
  });
  releases.own('the HTTP client of webhooks', http, (one) => one.close());
  const vault = new EndpointVault(secrets);
  const repository = new WebhookRepository();
  const resends = new Resends({ unitOfWork, repository, log: new DeliveryLog(), cursors, webhooksDue });
  const webhooks = new WebhookService({ unitOfWork, repository, resends, addresses, vault, cursors, clock });
  const webhookDispatcher = new Dispatcher({
    database,
    queue: new DeliveryQueue(),
    vault,
    http,
    clock,
    log,
    observer: webhookObserver(metrics),
    onEnded: () => webhooksDue.give(),
  });
  return { webhooks, webhookResends: resends, webhookDispatcher };
}
