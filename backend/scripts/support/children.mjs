/**
 * Child processes that end together with their parent's work, including the processes that they
 * started.
 */
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

const STOP_TIMEOUT_MS = 3_000;
const running = new Set();
let stopped = false;

/**
 * Spawns into a new process group, so that the group can be stopped as one and Ctrl-C reaches only
 * this process.
 * @throws Error after `stopChildren`: work still in progress must not start anything more
 */
export function spawnChild(command, args, options = {}) {
  if (stopped) throw new Error(`${command} is not started: everything is being stopped`);
  const child = spawn(command, args, { ...options, detached: true });
  running.add(child);
  const forget = () => running.delete(child);
  child.once('exit', forget).once('error', forget);
  return child;
}

/**
 * Runs to the end. @returns {Promise<{ ok: boolean, output: string }>} output: stdout and stderr in
 * order of arrival
 */
export function runToEnd([command, ...args], options = {}) {
  return new Promise((resolve) => {
    const child = spawnChild(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (output += text));
    child.once('error', (error) => resolve({ ok: false, output: error.message }));
    child.once('close', (code) => resolve({ ok: code === 0, output }));
  });
}

/** Stops every child that still runs, first with SIGTERM. From now on no child can be started. */
export async function stopChildren() {
  stopped = true;
  signalAll('SIGTERM');
  for (let waitedMs = 0; running.size > 0 && waitedMs < STOP_TIMEOUT_MS; waitedMs += 20) await sleep(20);
  signalAll('SIGKILL');
}

function signalAll(name) {
  for (const child of running) {
    try {
      process.kill(-child.pid, name);
    } catch (error) {
      if (error.code !== 'ESRCH') throw error;
    }
  }
}
