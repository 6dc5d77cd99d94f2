/** Programs that no npm package contains, from the system's packages. */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const TIMEOUT_MS = 180_000;

/** Under systemd an installation would start a service, and without root there is none. */
export function mayInstall() {
  return fs.existsSync('/usr/bin/apt-get') && process.getuid?.() === 0 && !fs.existsSync('/run/systemd/system');
}

/** @throws Error with the output of apt-get */
export async function installPackage(name, log) {
  log(`Installing ${name} (apt-get) ...`);
  const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, timeout: TIMEOUT_MS, maxBuffer: 1e8 };
  await execute('apt-get', ['update', '-q'], options);
  await withoutServices(() => execute('apt-get', ['install', '-y', '-q', '--no-install-recommends', name], options));
}

/**
 * Debian starts a service on installation unless this file forbids it. An existing file is kept,
 * because its owner has reasons.
 */
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
