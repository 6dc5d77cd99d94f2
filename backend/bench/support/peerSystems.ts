/**
 * Other shops to measure beside Servio: how they are installed in a folder outside the project,
 * filled and started. The versions are exact, so that a figure names what it was measured against.
 */
import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { withClient } from '../../src/config/database.js';
import { type RunningServer, startServer } from './load.js';
import type { PeerSeed } from './peerLoad.js';

const run = promisify(execFile);
/** Also of other kinds than `.ts`, so they are not in `dist`. */
const SOURCES = fileURLToPath(new URL('../../../backend/bench/peers', import.meta.url));
const SECRET = 'a secret of a server that is only measured';
/** On a busy machine, the first start makes a hundred tables. */
const START_BOUND_MS = 300_000;
const MOST_OUTPUT = 64 * 1_024 * 1_024;

export interface Peer {
  title: string;
  server: RunningServer;
  seed: PeerSeed;
}

interface Place {
  /** Folder for the packages. */
  folder: string;
  /** PostgreSQL, as a superuser. */
  adminUrl: string;
  items: number;
}

/** Vendure's core with its search plugin. */
export async function startVendure({ folder, adminUrl, items }: Place): Promise<Peer> {
  const home = path.join(folder, 'vendure');
  const packages = { '@vendure/core': '3.7.3', pg: '8.23.1' };
  // The registry lacks the version that a dependency asks for.
  await install(home, packages, { '@graphql-tools/batch-execute': '10.2.0' });
  await cp(path.join(SOURCES, 'vendure'), home, { recursive: true });
  const env = await environmentOf(adminUrl, 'bench_vendure', items);
  const first = await start(home, { ...env, VENDURE_SYNC: 'true' });
  const { stdout } = await run(process.execPath, ['seed.cjs'], { cwd: home, env: { ...env, BENCH_URL: first.url } });
  await first.stop();
  const seed = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as PeerSeed; // Printed by seed.cjs.
  return { title: 'Vendure 3.7.3', server: await start(home, env), seed };
}

/** Medusa, with all of its parts in one process. */
export async function startMedusa({ folder, adminUrl, items }: Place): Promise<Peer> {
  const home = path.join(folder, 'medusa');
  const version = '2.21.2';
  await install(home, { '@medusajs/medusa': version, '@medusajs/framework': version, '@medusajs/cli': version }, {});
  await cp(path.join(SOURCES, 'medusa'), home, { recursive: true });
  await cp(path.join(SOURCES, 'medusa/medusa-config.cjs'), path.join(home, 'medusa-config.js'));
  await cp(path.join(SOURCES, 'medusa/seed.cjs'), path.join(home, 'seed.js'));
  const env = await environmentOf(adminUrl, 'bench_medusa', items);
  const medusa = (...words: string[]) =>
    run(process.execPath, ['node_modules/@medusajs/cli/cli.js', ...words], { cwd: home, env, maxBuffer: MOST_OUTPUT });
  await medusa('db:migrate', '--execute-all-links', '--execute-all-search');
  await medusa('exec', './seed.js');
  const seed = JSON.parse(await readFile(path.join(home, 'seed.json'), 'utf8')) as PeerSeed; // Written by seed.cjs.
  return { title: `Medusa ${version}`, server: await start(home, env), seed };
}

/** Installs exact versions, unless they are there. @throws the error of npm. */
async function install(
  home: string,
  packages: Record<string, string>,
  overrides: Record<string, string>,
): Promise<void> {
  const wanted = JSON.stringify({ name: 'bench-peer', private: true, dependencies: packages, overrides }, null, 2);
  const isThere = await readFile(path.join(home, 'installed.json'), 'utf8').then(
    (text) => text === wanted,
    () => false,
  );
  if (isThere) return;
  await rm(home, { recursive: true, force: true });
  await mkdir(home, { recursive: true });
  await writeFile(path.join(home, 'package.json'), wanted);
  console.log(`  installing ${Object.keys(packages).join(', ')} in ${home} …`);
  await run('npm', ['install', '--no-audit', '--no-fund'], { cwd: home, maxBuffer: MOST_OUTPUT });
  await writeFile(path.join(home, 'installed.json'), wanted);
}

/** A database of its own, and a free port. */
async function environmentOf(adminUrl: string, database: string, items: number): Promise<Record<string, string>> {
  await withClient(adminUrl, (client) => client.query(`create database ${database}`));
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '',
    NODE_ENV: 'production',
    DATABASE_URL: url.href,
    PORT: String(await freePort()),
    BENCH_ITEMS: String(items),
    BENCH_SECRET: SECRET,
    JWT_SECRET: SECRET,
    COOKIE_SECRET: SECRET,
    AUTH_MFA_ENCRYPTION_KEY: SECRET,
    VENDURE_DISABLE_TELEMETRY: 'true',
    MEDUSA_DISABLE_TELEMETRY: 'true',
  };
}

function start(home: string, env: Record<string, string>): Promise<RunningServer> {
  const { href } = pathToFileURL(path.join(home, 'server.cjs'));
  return startServer(href, env, { boundMs: START_BOUND_MS, cwd: home });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
