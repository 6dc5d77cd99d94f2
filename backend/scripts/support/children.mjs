/** Child processes that end when their parent's work ends, together with whatever they have started themselves. */
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

const STOP_TIMEOUT_MS = 3_000;
const running = new Set();
let stopped = false;

/**
 * Spawns into a process group of its own, so that the group can be stopped as one and Ctrl-C reaches only us.
 * @throws Error after `stopChildren`: work that was under way then must not start anything more
 */
export function spawnChild(command, args, options = {}) {
  if (stopped) throw new Error(`${command} is not started: everything is being stopped`);
  const child = spawn(command, args, { ...options, detached: true });
  running.add(child);
  const forget = () => running.delete(child);
  child.once('exit', forget).once('error', forget);
  return child;
}

/** Runs to the end. @returns {Promise<{ ok: boolean, output: string }>} output: stdout and stderr as they came */
export function runToEnd([command, ...args], options = {}) {
  return new Promise((resolve) => {
    const child = spawnChild(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.once('error', (error) => resolve({ ok: false, output: error.message }));
    child.once('close', (code) => resolve({ ok: code === 0, output }));
  });
}

/** Stops every child that still runs, politely first. From now on none can be started. */
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
