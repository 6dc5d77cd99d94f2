/**
 * `npm run test:nodes`: `npm test` under each Node version that Servio supports, one after the
 * other.
 *
 *   npm run test:nodes                       20, 22, 24 and 26
 *   npm run test:nodes -- 24 26              these major versions
 *   npm run test:nodes -- 24 --only tests x  words that are not numbers are passed to `npm test`
 *
 * The binaries come from npm's package `node` and are installed in .servio/nodes. The machine's own
 * Node stays unchanged.
 */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(fileURLToPath(import.meta.url), '../../..');
const MAJORS = ['20', '22', '24', '26'];

const words = process.argv.slice(2);
const majors = words.filter((word) => /^\d+$/.test(word));
const rest = words.filter((word) => !/^\d+$/.test(word));
const failed = [];
for (const major of majors.length > 0 ? majors : MAJORS) {
  const node = fetchNode(major);
  const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout.trim();
  console.log(`\n=== Node ${version}`);
  // The tools of the checks are scripts that find `node` on the PATH.
  const env = { ...process.env, PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH}` };
  const { status } = spawnSync(node, ['backend/scripts/test.mjs', ...rest], { cwd: root, env, stdio: 'inherit' });
  if (status !== 0) failed.push(version);
}
console.log(failed.length > 0 ? `\nFAILED under ${failed.join(', ')}` : '\nok under all of them');
process.exitCode = failed.length > 0 ? 1 : 0;

/** @returns the path of a Node of this major version, installed once */
function fetchNode(major) {
  const folder = path.join(root, '.servio', 'nodes', major);
  const binary = path.join(folder, 'node_modules', 'node', 'bin', 'node');
  if (fs.existsSync(binary)) return binary;
  fs.mkdirSync(folder, { recursive: true });
  // The package fetches this platform's binary in its own script.
  fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ private: true, allowScripts: { node: true } }));
  const args = ['install', '--no-audit', '--no-fund', `node@${major}`];
  const { status } = spawnSync('npm', args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status === 0 && fs.existsSync(binary)) return binary;
  console.error(`The package node@${major} could not be installed. See npm's message above.`);
  process.exit(1);
}
