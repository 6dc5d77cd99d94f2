/**
 * Finds or brings a real redis-server for the tests: REDIS_URL, the PATH, the system's packages (as root), or the same packages
 * unpacked into a cache folder (as anybody). No npm package carries a Redis server.
 */
import { execFile, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import tls from 'node:tls';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = path.resolve(fileURLToPath(import.meta.url), '../../..');
const execute = promisify(execFile);

const READY_TIMEOUT_MS = 5_000;
const STOP_TIMEOUT_MS = 3_000;
const APT_TIMEOUT_MS = 180_000;
const PORT_ATTEMPTS = 3;
/** The server, what it links to, and nothing else. */
const PACKAGES = ['redis-server', 'redis-tools', 'libjemalloc2', 'liblzf1', 'libatomic1'];
const ADVICE = 'Install redis-server with your package manager, or set REDIS_URL to a running Redis.';

/**
 * @param {{ log?: (line: string) => void, folder?: string }} options folder: working folder of a server that has to be
 *   started, where it leaves `redis.pid`; without one, a temporary folder
 * @returns {Promise<{ url: string, stop: () => Promise<void> }>} a Redis that has answered PING
 */
export async function bringRedis({ log = () => undefined, folder } = {}) {
  const given = process.env.REDIS_URL;
  if (given) {
    if (!(await answersPing(given)))
      throw new Error(`REDIS_URL is set, but no Redis answers PING at ${withoutPassword(given)}.`);
    return { url: given, stop: async () => undefined };
  }
  const server = findServer() ?? (await obtainServer(log));
  return launch(server, folder ?? fs.mkdtempSync(path.join(os.tmpdir(), 'servio-redis-')));
}

/** Sends PING over a socket, with AUTH first when the URL holds a password. */
export function answersPing(url, timeoutMs = 1_000) {
  const { protocol, hostname, port, username, password } = new URL(url);
  const login = password
    ? `AUTH ${username ? `${decodeURIComponent(username)} ` : ''}${decodeURIComponent(password)}\r\n`
    : '';
  return new Promise((resolve) => {
    const address = { host: hostname, port: Number(port || 6379) };
    const socket = protocol === 'rediss:' ? tls.connect({ ...address, servername: hostname }) : net.connect(address);
    const finish = (answer) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(finish, timeoutMs, false);
    let received = '';
    socket.once(protocol === 'rediss:' ? 'secureConnect' : 'connect', () => socket.write(`${login}PING\r\n`));
    socket.once('error', () => finish(false));
    socket.once('close', () => finish(false));
    socket.on('data', (chunk) => {
      received += chunk;
      if (received.includes('+PONG')) finish(true);
    });
  });
}

/** @returns {{ command: string, env: Record<string, string> } | undefined} */
function findServer() {
  const places = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/bin', '/usr/local/bin', '/opt/homebrew/bin'];
  const command = places
    .filter(Boolean)
    .map((place) => path.join(place, 'redis-server'))
    .find((file) => fs.existsSync(file));
  return command === undefined ? cacheFolders().map(unpackedServer).find(Boolean) : { command, env: {} };
}

async function obtainServer(log) {
  if (!fs.existsSync('/usr/bin/apt-get')) throw new Error(`There is no redis-server on the PATH. ${ADVICE}`);
  const problems = [];
  // On a machine under systemd an installation would start a service; there the packages are only unpacked.
  const mayInstall = process.getuid?.() === 0 && !fs.existsSync('/run/systemd/system');
  for (const attempt of mayInstall ? [installServer, unpackServer] : [unpackServer]) {
    try {
      await attempt(log);
      const server = findServer();
      if (server !== undefined) return server;
      problems.push('the packages hold no redis-server');
    } catch (error) {
      problems.push((error.stderr || error.message).trim());
    }
  }
  throw new Error(`redis-server could not be brought.\n${problems.join('\n')}\n${ADVICE}`);
}

async function installServer(log) {
  log('Installing redis-server (apt-get) ...');
  const options = {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    timeout: APT_TIMEOUT_MS,
    maxBuffer: 1e8,
  };
  await execute('apt-get', ['update', '-q'], options);
  await withoutServices(() =>
    execute('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'redis-server'], options),
  );
}

/** Debian starts a service on installation unless this file says no. An existing file has its owner's reasons and stays. */
async function withoutServices(work) {
  const policy = '/usr/sbin/policy-rc.d';
  const ours = !fs.existsSync(policy);
  if (ours) fs.writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    return await work();
  } finally {
    if (ours) fs.rmSync(policy, { force: true });
  }
}

/** Needs no root: apt with lists and archives of its own, and `dpkg -x`, which touches nothing else. */
async function unpackServer(log) {
  log('Fetching redis-server (apt-get download) ...');
  const cache = cacheFolders()[0];
  // Finished under another name: a half-unpacked server must not be found next time.
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

/** Folders for an unpacked server, the first writable one in front. */
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

async function launch({ command, env }, folder) {
  fs.mkdirSync(folder, { recursive: true });
  let problem = '';
  for (let attempt = 1; attempt <= PORT_ATTEMPTS; attempt += 1) {
    const port = await freePort();
    const place = ['--dir', folder, '--pidfile', path.join(folder, 'redis.pid')];
    const args = [
      '--port',
      port,
      '--bind',
      '127.0.0.1',
      '--save',
      '',
      '--appendonly',
      'no',
      '--databases',
      '256',
      ...place,
    ];
    // A process group of its own: Ctrl-C must not end it before the tests that use it.
    const child = spawn(command, args.map(String), {
      env: { ...process.env, ...env },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output = `${output}${chunk}`.slice(-4_000)));
    child.stderr.on('data', (chunk) => (output = `${output}${chunk}`.slice(-4_000)));
    const gone = new Promise((resolve) =>
      child.once('error', (error) => resolve((output += error.message))).once('exit', resolve),
    );
    const url = `redis://127.0.0.1:${port}`;
    if (await becomesReady(url, gone)) return { url, stop: () => stop(child, gone, folder) };
    child.kill('SIGKILL');
    problem = output.trim();
  }
  fs.rmSync(folder, { recursive: true, force: true });
  throw new Error(`${command} did not start:\n${problem}\n${ADVICE}`);
}

async function becomesReady(url, gone) {
  let ended = false;
  void gone.then(() => (ended = true));
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (!ended && Date.now() < deadline) {
    if (await answersPing(url)) return !ended;
    await sleep(10);
  }
  return false;
}

async function stop(child, gone, folder) {
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
  await gone;
  clearTimeout(timer);
  fs.rmSync(folder, { recursive: true, force: true });
}

function withoutPassword(url) {
  const shown = new URL(url);
  shown.password = '';
  return shown.href;
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
