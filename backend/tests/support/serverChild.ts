/**
 * Servio in its own process, so that its memory can be limited. It is run by its path and imported
 * for the path. It writes its port, and its largest heap when its input ends.
 */
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { createApp } from '../../src/app.js';
import { createLogger } from '../../src/config/logger.js';
import { createContext } from '../../src/context.js';
import { createHttpServer } from '../../src/process/serving/httpServer.js';
import { TEST_SECRET } from './database.js';

export const SERVER_CHILD = fileURLToPath(import.meta.url);

if (process.argv[1] === SERVER_CHILD) {
  const context = createContext({ appUrl: process.argv[2] ?? '', secret: TEST_SECRET, log: createLogger('silent') });
  const options = {
    version: 'test',
    trustProxyHops: 0,
    rateLimitMultiplier: 1000,
    production: false,
    description: '{}',
  };
  const server = createHttpServer(createApp(context, options), { connectionsPerAddress: Infinity });
  let largest = 0;
  setInterval(() => (largest = Math.max(largest, process.memoryUsage().rss)), 20).unref();
  process.stdin.resume().once('end', () => {
    console.log(largest);
    process.exit(0);
  });
  server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
}
