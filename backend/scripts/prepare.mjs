/**
 * Makes a fresh or changed checkout ready to run: a usable Node, installed packages, a current build. Plain JavaScript without
 * dependencies, because it runs before either exists. When nothing changed it costs a few reads.
 *
 * Safe when several commands start at once: one works, the others wait. A failure leaves the last good build in place.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { withFolderLock } from './support/folderLock.mjs';

const root = path.resolve(fileURLToPath(import.meta.url), '../../..');
const at = (...parts) => path.join(root, ...parts);

const NODE_NEEDED = [20, 20];
const BUILD_INPUTS = ['backend/src', 'backend/tests', 'backend/bench', 'tsconfig.json', 'package-lock.json'];
const INSTALL_STAMP = at('node_modules', '.servio-install');
const BUILD_STAMP = at('dist', '.fingerprint');
const FRESH_BUILD = at('dist.building');
const OLD_BUILD = at('dist.old');
const LOCK_FOLDER = at('.servio');

/** A failure that the message alone explains; callers print it without a stack. */
export class PrepareError extends Error {}

/**
 * Installs and builds what is missing or out of date.
 * @param {{ quiet?: boolean }} options quiet: say nothing unless it fails; for commands whose output is read by programs
 * @throws {PrepareError} with the failing tool's own output and what to try
 */
export async function prepare({ quiet = false } = {}) {
  const say = quiet ? () => undefined : (line) => console.log(line);
  checkNode();
  if (isInstalled() && isBuilt()) return;
  await withFolderLock(path.join(LOCK_FOLDER, 'prepare.lock'), async () => {
    // Looked at again: while we waited, another command may have done the work.
    if (!isInstalled()) await install(say);
    if (!isBuilt()) await build(say);
  });
}

/** Runs `prepare`, printing a failure and ending the process with 1. */
export async function prepareOrExit(options) {
  try {
    await prepare(options);
  } catch (error) {
    if (!(error instanceof PrepareError)) throw error;
    console.error(error.message);
    process.exit(1);
  }
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [needMajor, needMinor] = NODE_NEEDED;
  if (major > needMajor || (major === needMajor && minor >= needMinor)) return;
  throw new PrepareError(
    `Servio needs Node ${NODE_NEEDED.join('.')} or newer; this is ${process.version}. Install a current Node and start again.`,
  );
}

function isInstalled() {
  const lock = readOrEmpty(at('package-lock.json'));
  if (lock === '') throw new PrepareError('package-lock.json is missing: restore it from version control.');
  const hash = sha256(lock);
  if (readOrEmpty(INSTALL_STAMP) === hash) return true;
  // Somebody ran `npm ci` by hand: believe npm's own record of what it put there.
  if (!installMatches(lock, readOrEmpty(at('node_modules', '.package-lock.json')))) return false;
  stampInstall(hash);
  return true;
}

/** Compares the lock file with the one npm keeps in node_modules, which leaves out what this platform does not need. */
function installMatches(lockText, installedText) {
  if (installedText === '') return false;
  const { '': _project, ...wanted } = JSON.parse(lockText).packages;
  const installed = JSON.parse(installedText).packages;
  const extra = Object.keys(installed).some((name) => wanted[name] === undefined);
  const missing = Object.entries(wanted).some(([name, entry]) => {
    const found = installed[name];
    return found === undefined
      ? !entry.optional
      : found.version !== entry.version || found.integrity !== entry.integrity;
  });
  return !extra && !missing;
}

async function install(say) {
  say('Installing packages (npm ci, about half a minute) ...');
  fs.rmSync(INSTALL_STAMP, { force: true });
  const npm = process.env.npm_execpath?.endsWith('.js') ? [process.execPath, process.env.npm_execpath] : ['npm'];
  // --include=dev: the compiler is a development package, and NODE_ENV=production would leave it out.
  const result = await run([...npm, 'ci', '--no-audit', '--no-fund', '--include=dev', ...npmCache()]);
  if (result.code !== 0) {
    throw new PrepareError(
      `npm ci failed:\n${result.output.trim()}\n\n` +
        'Check the connection to the package registry and the free disk space, then start again. ' +
        'If it speaks of package-lock.json, restore that file; if of permissions, delete node_modules.',
    );
  }
  stampInstall(sha256(readOrEmpty(at('package-lock.json'))));
}

/** npm fails when it cannot write its cache, as with a read-only home. */
function npmCache() {
  if (process.env.npm_config_cache !== undefined && isWritable(process.env.npm_config_cache)) return [];
  if (isWritable(path.join(process.env.HOME ?? '/nonexistent', '.npm'))) return [];
  return ['--cache', path.join(LOCK_FOLDER, 'npm-cache')];
}

/** @returns true when the folder, or the nearest one above that exists, can be written. */
function isWritable(folder) {
  const existing = fs.existsSync(folder) ? folder : path.dirname(folder);
  try {
    fs.accessSync(existing, fs.constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

function stampInstall(hash) {
  try {
    fs.writeFileSync(INSTALL_STAMP, hash);
  } catch {
    // A read-only node_modules still works; the comparison is made again next time.
  }
}

function isBuilt() {
  const stamp = readOrEmpty(BUILD_STAMP);
  return stamp !== '' && stamp === fingerprint();
}

/** Builds beside `dist` at the same depth, so that source maps stay right, and swaps: a broken build never leaves half a dist. */
async function build(say) {
  say('Building ...');
  clearLeftovers();
  const before = fingerprint();
  fs.mkdirSync(FRESH_BUILD);
  fs.writeFileSync(path.join(FRESH_BUILD, '.gitignore'), '*\n');
  const result = await run([at('node_modules', '.bin', 'tsc'), '-p', '.', '--outDir', FRESH_BUILD]);
  if (result.code !== 0) {
    clearLeftovers();
    throw new PrepareError(`The build failed:\n${result.output.trim()}`);
  }
  await writeDescription();
  fs.writeFileSync(path.join(FRESH_BUILD, '.fingerprint'), before);
  if (fs.existsSync(at('dist'))) fs.renameSync(at('dist'), OLD_BUILD);
  fs.renameSync(FRESH_BUILD, at('dist'));
  clearLeftovers();
}

/** The description of the API, which a start would otherwise make anew each time: a quarter of its work. */
async function writeDescription() {
  const result = await run([process.execPath, path.join(FRESH_BUILD, 'src', 'cli.js'), 'openapi']);
  if (result.code !== 0) {
    clearLeftovers();
    throw new PrepareError(`The description of the API could not be made:\n${result.output.trim()}`);
  }
  fs.writeFileSync(path.join(FRESH_BUILD, 'openapi.json'), result.output);
}

function clearLeftovers() {
  for (const folder of [FRESH_BUILD, OLD_BUILD]) fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

/** Names and contents, not times: a branch switched to and fro needs no build. 300 files take some 20 ms. */
function fingerprint() {
  const hash = createHash('sha256');
  for (const input of BUILD_INPUTS) {
    for (const file of filesUnder(at(input))) {
      hash
        .update(`${path.relative(root, file)}\0`)
        .update(fs.readFileSync(file))
        .update('\0');
    }
  }
  return hash.digest('hex');
}

function filesUnder(place) {
  const found = fs.statSync(place, { throwIfNoEntry: false });
  if (found === undefined) return [];
  if (!found.isDirectory()) return [place];
  const entries = fs.readdirSync(place).sort();
  return entries.flatMap((name) => filesUnder(path.join(place, name)));
}

/** Runs a command in the project. If we are told to stop meanwhile, so is the command. */
function run([command, ...args]) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    const stop = (name) => {
      child.kill(name);
      process.exit(name === 'SIGINT' ? 130 : 143);
    };
    process.on('SIGINT', stop).on('SIGTERM', stop);
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    const finish = (code) => {
      process.off('SIGINT', stop).off('SIGTERM', stop);
      resolve({ code, output });
    };
    child.once('error', (error) => finish(((output += error.message), 127)));
    child.once('close', finish);
  });
}

function readOrEmpty(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function sha256(text) {
  return createHash('sha256').update(text).digest('hex');
}
