/**
 * A real Redis for the tests: the one in REDIS_URL, or a temporary server of this run that stores
 * nothing.
 */
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import tls from 'node:tls';
import { ADVICE, findServer, obtainServer } from './support/redisPackages.mjs';

const READY_TIMEOUT_MS = 5_000;
const STOP_TIMEOUT_MS = 3_000;
const PORT_ATTEMPTS = 3;

/**
 * @param {{ log?: (line: string) => void, folder?: string }} options folder: working folder of a
 *   server that must be started, with its `redis.pid`; a temporary folder if absent
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

/** Sends PING over a socket, with AUTH first when the URL has a password. */
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
    // Its own process group: Ctrl-C must not end it before the tests that use it.
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
