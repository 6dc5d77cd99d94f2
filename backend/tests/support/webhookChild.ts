/**
 * One relay and one sender of webhooks in its own process, so that a test can kill it. It is run by
 * its path and imported for the path.
 */
import { fileURLToPath } from 'node:url';
import { createLogger } from '../../src/config/logger.js';
import { createContext } from '../../src/context.js';
import { keepDeliveringWebhooks } from '../../src/jobs/deliverWebhooks.js';
import { keepRelayingEvents } from '../../src/jobs/relayEvents.js';
import { TEST_SECRET } from './database.js';

export const WEBHOOK_CHILD = fileURLToPath(import.meta.url);

if (process.argv[1] === WEBHOOK_CHILD) {
  const [appUrl = '', allowed = ''] = process.argv.slice(2);
  const log = createLogger('warn');
  const context = createContext({ appUrl, secret: TEST_SECRET, log, egressAllowlist: allowed.split(',') });
  keepRelayingEvents(context);
  keepDeliveringWebhooks(context);
  process.stdout.write('ready\n');
  // The loops keep no process alive.
  setInterval(() => undefined, 60_000);
}
