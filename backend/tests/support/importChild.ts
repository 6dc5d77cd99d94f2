/** Runs one import in a process of its own, so that its memory can be bounded. Prints the result as JSON. */
import { readFileSync } from 'node:fs';
import { createLogger } from '../../src/config/logger.js';
import { createContext } from '../../src/context.js';
import { importOrders } from '../../src/jobs/importOrders.js';
import { TEST_SECRET } from './database.js';

const [appUrl = '', restaurantId = '', file = '', mapping = ''] = process.argv.slice(2);
const context = createContext({ appUrl, secret: TEST_SECRET, log: createLogger('silent') });
const services = {
  imports: context.imports,
  findRestaurant: () => Promise.resolve({ id: restaurantId, name: 'Bistro' }),
};
const streams = { out: process.stdout, err: process.stderr };
process.exitCode = await importOrders([file, '--mapping', mapping], services, streams);
await context.close();
const memory = readFileSync('/proc/self/status', { encoding: 'utf8', flag: 'r' });
process.stdout.write(`${/VmHWM:.*/.exec(memory)?.[0] ?? ''}\n`);
