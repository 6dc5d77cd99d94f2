/** `npm run servio -- <command>`: makes the checkout ready without a word, then becomes the command line. */
import { prepareOrExit } from './prepare.mjs';

await prepareOrExit({ quiet: true });
process.setSourceMapsEnabled(true);
await import('../../dist/src/cli.js');
