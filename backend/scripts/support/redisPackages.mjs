/**
 * Sources of the redis-server for the tests: the PATH, the system's packages (as root), or the same
 * packages unpacked into a cache folder (as any user). No npm package contains a Redis server.
 */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { installPackage, mayInstall } from './aptPackages.mjs';

const root = path.resolve(fileURLToPath(import.meta.url), '../../../..');
const execute = promisify(execFile);

const APT_TIMEOUT_MS = 180_000;
/** The server and the libraries that it links to. */
const PACKAGES = ['redis-server', 'redis-tools', 'libjemalloc2', 'liblzf1', 'libatomic1'];
export const ADVICE = 'Install redis-server with your package manager, or set REDIS_URL to a running Redis.';

/** @returns {{ command: string, env: Record<string, string> } | undefined} */
export function findServer() {
  const places = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/bin', '/usr/local/bin', '/opt/homebrew/bin'];
  const command = places
    .filter(Boolean)
    .map((place) => path.join(place, 'redis-server'))
    .find((file) => fs.existsSync(file));
  return command === undefined ? cacheFolders().map(unpackedServer).find(Boolean) : { command, env: {} };
}

/**
 * Gets a server from the system's packages. @throws Error with the message of each attempt and
 * advice
 */
export async function obtainServer(log) {
  if (!fs.existsSync('/usr/bin/apt-get')) throw new Error(`There is no redis-server on the PATH. ${ADVICE}`);
  const problems = [];
  const installServer = () => installPackage('redis-server', log);
  for (const attempt of mayInstall() ? [installServer, unpackServer] : [unpackServer]) {
    try {
      await attempt(log);
      const server = findServer();
      if (server !== undefined) return server;
      problems.push('the packages contain no redis-server');
    } catch (error) {
      problems.push((error.stderr || error.message).trim());
    }
  }
  throw new Error(`redis-server could not be obtained.\n${problems.join('\n')}\n${ADVICE}`);
}

/** Needs no root: apt uses its own lists and archives, and `dpkg -x` changes nothing else. */
async function unpackServer(log) {
  log('Fetching redis-server (apt-get download) ...');
  const cache = cacheFolders()[0];
  // Unpacked under another name first: the next run must not find an incomplete server.
  const work = `${cache}.${process.pid}`;
  for (const folder of ['lists/partial', 'archives/partial', 'debs', 'root'])
    fs.mkdirSync(path.join(work, folder), { recursive: true });
  const settings = [
    `Dir::State::Lists=${work}/lists`,
    `Dir::Cache=${work}`,
    'APT::Sandbox::User=',
    'Debug::NoLocking=1',
  ];
  const flags = settings.flatMap((setting) => ['-o', setting]);
  const options = { cwd: path.join(work, 'debs'), timeout: APT_TIMEOUT_MS, maxBuffer: 1e8 };
  try {
    await execute('apt-get', [...flags, 'update', '-q'], options);
    await execute('apt-get', [...flags, 'download', ...PACKAGES], options);
    for (const file of fs.readdirSync(options.cwd))
      await execute('dpkg', ['-x', file, path.join(work, 'root')], options);
    fs.rmSync(cache, { recursive: true, force: true });
    fs.mkdirSync(path.dirname(cache), { recursive: true });
    fs.renameSync(path.join(work, 'root'), cache);
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}

/** Folders for an unpacked server, the first writable one first. */
function cacheFolders() {
  const parents = [path.join(root, 'node_modules', '.cache'), path.join(os.homedir(), '.cache'), os.tmpdir()];
  const writable = parents.filter((parent) => {
    try {
      fs.mkdirSync(parent, { recursive: true });
      fs.accessSync(parent, fs.constants.W_OK);
      return true;
    } catch {
      return false;
    }
  });
  return writable.map((parent) => path.join(parent, 'servio-redis'));
}

function unpackedServer(cache) {
  const command = path.join(cache, 'usr/bin/redis-server');
  if (!fs.existsSync(command)) return undefined;
  const lib = path.join(cache, 'usr/lib');
  const folders = [lib, ...fs.readdirSync(lib).map((name) => path.join(lib, name))];
  return { command, env: { LD_LIBRARY_PATH: folders.join(':') } };
}
