/** `npm run servio -- <command>`: prepares the checkout silently, then becomes the command line. */
import { prepareOrExit } from './prepare.mjs';

await prepareOrExit({ quiet: true });
process.setSourceMapsEnabled(true);
await import('../../dist/src/cli.js');
