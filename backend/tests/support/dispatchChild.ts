/**
 * The sending of messages in its own process, so that a test can kill it. It is run by its path.
 */
import { fileURLToPath } from 'node:url';
import { createLogger } from '../../src/config/logger.js';
import { createContext } from '../../src/context.js';
import { keepSendingMessages } from '../../src/jobs/sendMessages.js';
import { TEST_SECRET } from './database.js';
import { TWILIO_FROM, TWILIO_SID, TWILIO_TOKEN } from './fakeTwilio.js';

export const DISPATCH_CHILD = fileURLToPath(import.meta.url);

if (process.argv[1] === DISPATCH_CHILD) {
  const [appUrl = '', baseUrl = '', aheadMs = '0'] = process.argv.slice(2);
  const context = createContext({
    appUrl,
    secret: TEST_SECRET,
    log: createLogger('silent'),
    clock: () => new Date(Date.now() + Number(aheadMs)),
    outside: {
      publicUrl: 'https://bistro.example',
      budget: { restaurant: 1, user: 1 },
      twilio: { accountSid: TWILIO_SID, authToken: TWILIO_TOKEN, from: TWILIO_FROM, baseUrl },
    },
  });
  keepSendingMessages(context);
  // The loop keeps no process alive.
  setInterval(() => undefined, 1_000);
}
