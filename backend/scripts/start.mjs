/**
 * `npm start`: prepares the checkout, then becomes the server. One process, so that signals reach
 * it.
 */
import { prepareOrExit } from './prepare.mjs';

await prepareOrExit({ quiet: false });
process.setSourceMapsEnabled(true);
await import('../../dist/src/server.js');
