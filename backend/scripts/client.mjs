/**
 * `npm run client` writes the types of `servio-client` from the API description that the build
 * wrote. With `--check` it fails when they are out of date.
 */
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { prepareOrExit } from './prepare.mjs';
import { clientTypes } from './support/clientTypes.mjs';

const root = path.resolve(fileURLToPath(import.meta.url), '../../..');
const target = path.join(root, 'backend/client/src/api.ts');

await prepareOrExit({ quiet: true });
const document = JSON.parse(fs.readFileSync(path.join(root, 'dist/openapi.json'), 'utf8'));
const text = clientTypes(document);
if (!process.argv.includes('--check')) fs.writeFileSync(target, text);
else if (!fs.existsSync(target) || fs.readFileSync(target, 'utf8') !== text) {
  console.error('The types of servio-client are not those of the API. Run: npm run client');
  process.exitCode = 1;
}
