/**
 * `npm run test:clients -- <address of a running Servio>`: two generators of others make clients
 * from `/openapi.json`; the flows in docs/examples type-check with them and run against the server.
 * Needs the package registry, so it is no part of `npm test`. Neither generator runs on the
 * TypeScript of this project, so they are installed in a temporary folder.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(fileURLToPath(import.meta.url), '../../..');
const [address = 'http://127.0.0.1:3000'] = process.argv.slice(2);
const PACKAGES = [
  'openapi-typescript@7.13.0',
  'openapi-fetch@0.17.0',
  '@hey-api/openapi-ts@0.95.0',
  'typescript@5.9.3',
  '@types/node@20.19.43',
];
const COMPILER = [
  '--strict',
  '--skipLibCheck',
  '--module',
  'nodenext',
  '--target',
  'es2022',
  '--lib',
  'es2023,dom,dom.iterable',
];

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'servio-clients-'));
const bin = (name) => path.join(folder, 'node_modules', '.bin', name);
try {
  fs.writeFileSync(path.join(folder, 'package.json'), '{ "type": "module", "private": true }');
  const answer = await fetch(`${address}/openapi.json`);
  if (!answer.ok) throw new Error(`${address} answers ${answer.status}: ${await answer.text()}`);
  fs.writeFileSync(path.join(folder, 'openapi.json'), await answer.text());
  for (const example of ['openapi-typescript', 'hey-api'])
    fs.cpSync(path.join(root, 'docs/examples', example), path.join(folder, example), { recursive: true });
  run('npm', ['install', '--no-audit', '--no-fund', '--silent', ...PACKAGES]);
  run(bin('openapi-typescript'), [
    'openapi.json',
    '--default-non-nullable',
    'false',
    '-o',
    'openapi-typescript/servio.ts',
  ]);
  process.env.SERVIO_DESCRIPTION = path.join(folder, 'openapi.json');
  run(bin('openapi-ts'), ['-f', 'openapi-ts.config.mjs'], path.join(folder, 'hey-api'));
  run(bin('tsc'), [...COMPILER, '--rootDir', '.', '--outDir', 'out', 'openapi-typescript/flow.ts', 'hey-api/flow.ts']);
  for (const example of ['openapi-typescript', 'hey-api']) run(process.execPath, [`out/${example}/flow.js`, address]);
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}

function run(command, args, cwd = folder) {
  const { status, error } = spawnSync(command, args, { cwd, stdio: 'inherit' });
  if (error) throw error;
  if (status !== 0) throw new Error(`${path.basename(command)} ${args.join(' ')} failed`);
}
