/**
 * One import in its own process, so that its memory can be limited. It is run by its path and
 * imported for the path.
 */
import { fileURLToPath } from 'node:url';
import { createLogger } from '../../src/config/logger.js';
import { createContext } from '../../src/context.js';
import { importFile } from '../../src/commands/importFile.js';
import { TEST_SECRET } from './database.js';

export const IMPORT_CHILD = fileURLToPath(import.meta.url);

if (process.argv[1] === IMPORT_CHILD) {
  const [appUrl = '', restaurantId = '', ...args] = process.argv.slice(2);
  const context = createContext({ appUrl, secret: TEST_SECRET, log: createLogger('silent') });
  const findRestaurant = () => Promise.resolve({ id: restaurantId, name: 'Bistro' });
  const streams = { out: process.stdout, err: process.stderr };
  process.exitCode = await importFile(['orders', ...args], { imports: context.imports, findRestaurant }, streams);
  await context.close();
}
