/**
 * Prepares a new or changed checkout: a usable Node, installed packages, a current build. Plain
 * JavaScript without dependencies, because it runs before either exists. Without changes it costs a
 * few reads.
 *
 * Safe when several commands start at once: one works, the others wait. A failure keeps the last
 * good build.
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
const BUILD_INPUTS = [
  'backend/src',
  'backend/client/src',
  'backend/console',
  'backend/scripts/bundle.mjs',
  'backend/scripts/console.mjs',
  'backend/scripts/support/thinMap.mjs',
  'backend/tests',
  'backend/bench',
  'tsconfig.json',
  'package-lock.json',
];
const INSTALL_STAMP = at('node_modules', '.servio-install');
const BUILD_STAMP = at('dist', '.fingerprint');
const FRESH_BUILD = at('dist.building');
const OLD_BUILD = at('dist.old');
const LOCK_FOLDER = at('.servio');

/** A failure that its message fully explains; callers print it without a stack. */
export class PrepareError extends Error {}

/**
 * Installs and builds whatever is missing or out of date.
 * @param {{ quiet?: boolean }} options quiet: prints nothing unless it fails; for commands whose
 *   output programs read
 * @throws {PrepareError} with the output of the failing tool and advice
 */
export async function prepare({ quiet = false } = {}) {
  const say = quiet ? () => undefined : (line) => console.log(line);
  checkNode();
  if (isInstalled() && isBuilt()) return;
  await withFolderLock(path.join(LOCK_FOLDER, 'prepare.lock'), async () => {
    // Check again: another command may have done the work while this one waited.
    if (!isInstalled()) await install(say);
    if (!isBuilt()) await build(say);
  });
}

/** Runs `prepare`; prints a failure and ends the process with 1. */
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
  // If `npm ci` was run by hand, npm's own record of the installed packages counts.
  if (!installMatches(lock, readOrEmpty(at('node_modules', '.package-lock.json')))) return false;
  stampInstall(hash);
  return true;
}

/**
 * Compares the lock file with npm's copy in node_modules, which omits packages that this platform
 * does not need.
 */
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
  // --include=dev: the compiler is a development package, and NODE_ENV=production would omit it.
  const result = await run([...npm, 'ci', '--no-audit', '--no-fund', '--include=dev', ...npmCache()]);
  if (result.code !== 0) {
    throw new PrepareError(
      `npm ci failed:\n${result.output.trim()}\n\n` +
        'Check the connection to the package registry and the free disk space, then start again. ' +
        'If npm mentions package-lock.json, restore that file; if it mentions permissions, delete node_modules.',
    );
  }
  stampInstall(sha256(readOrEmpty(at('package-lock.json'))));
}

/** npm fails when it cannot write its cache, for example with a read-only home folder. */
function npmCache() {
  if (process.env.npm_config_cache !== undefined && isWritable(process.env.npm_config_cache)) return [];
  if (isWritable(path.join(process.env.HOME ?? '/nonexistent', '.npm'))) return [];
  return ['--cache', path.join(LOCK_FOLDER, 'npm-cache')];
}

/** @returns true when the folder, or its parent if it does not exist, is writable. */
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
    // A read-only node_modules still works; the comparison just runs again next time.
  }
}

function isBuilt() {
  const stamp = readOrEmpty(BUILD_STAMP);
  return stamp !== '' && stamp === fingerprint();
}

/**
 * Builds in a folder next to `dist`, at the same depth, so that source maps stay right, and then
 * swaps them: a broken build never leaves an incomplete dist.
 */
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
  await Promise.all([writeDescription(), buildPages()]);
  await joinFiles();
  fs.writeFileSync(path.join(FRESH_BUILD, '.fingerprint'), before);
  if (fs.existsSync(at('dist'))) fs.renameSync(at('dist'), OLD_BUILD);
  fs.renameSync(FRESH_BUILD, at('dist'));
  clearLeftovers();
}

/**
 * Writes the description of the API. Each start would otherwise make it again, a quarter of its
 * work.
 */
async function writeDescription() {
  const result = await run([process.execPath, path.join(FRESH_BUILD, 'src', 'cli.js'), 'openapi']);
  if (result.code !== 0) {
    clearLeftovers();
    throw new PrepareError(`The description of the API could not be made:\n${result.output.trim()}`);
  }
  fs.writeFileSync(path.join(FRESH_BUILD, 'openapi.json'), result.output);
}

/** Builds the console. In a process of its own, so that the server's has no compiler in memory. */
async function buildPages() {
  const result = await run([process.execPath, at('backend/scripts/console.mjs'), path.join(FRESH_BUILD, 'console')]);
  if (result.code === 0) return;
  clearLeftovers();
  throw new PrepareError(`The console could not be built:\n${result.output.trim()}`);
}

/** After `cli.js` has run: it is among the files that are joined. */
async function joinFiles() {
  const result = await run([process.execPath, at('backend/scripts/bundle.mjs'), path.join(FRESH_BUILD, 'src')]);
  if (result.code === 0) return;
  clearLeftovers();
  throw new PrepareError(`The files of the server could not be joined:\n${result.output.trim()}`);
}

function clearLeftovers() {
  for (const folder of [FRESH_BUILD, OLD_BUILD]) fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

/**
 * Names and contents, not times: switching to another branch and back needs no build. 300 files
 * take about 20 ms.
 */
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

/** Runs a command in the project. A signal to stop also stops the command. */
function run([command, ...args]) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    const stop = (name) => {
      child.kill(name);
      process.exit(name === 'SIGINT' ? 130 : 143);
    };
    process.on('SIGINT', stop).on('SIGTERM', stop);
    let output = '';
    // Whole characters: a piece may end within one.
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (chunk) => (output += chunk));
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
