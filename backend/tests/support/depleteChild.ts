/**
 * One depletion in its own process, so that a test can kill it. It is run by its path and imported
 * for the path.
 */
import { fileURLToPath } from 'node:url';
import { createLogger } from '../../src/config/logger.js';
import { createContext } from '../../src/context.js';
import { depleteStock } from '../../src/commands/depleteStock.js';
import { TEST_SECRET } from './database.js';

export const DEPLETE_CHILD = fileURLToPath(import.meta.url);

if (process.argv[1] === DEPLETE_CHILD) {
  const [appUrl = '', restaurantId = '', ...args] = process.argv.slice(2);
  const context = createContext({ appUrl, secret: TEST_SECRET, log: createLogger('silent') });
  const findRestaurant = () => Promise.resolve({ id: restaurantId, name: 'Bistro' });
  // As on a terminal: each batch writes a line when it is stored.
  const err = { write: (text: string) => process.stderr.write(text), isTTY: true };
  process.exitCode = await depleteStock(
    args,
    { depletions: context.depletions, findRestaurant },
    { out: process.stdout, err },
  );
  await context.close();
}
