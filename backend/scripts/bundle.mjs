/**
 * Joins the entry points of the compiled server with the code that a start needs. A start of 1,900
 * files takes 1.2 s of processor time, of which 0.5 s go to finding and opening them, and their
 * comments and wide strings take 20 MB (docs/decisions/0069-few-files-to-start.md).
 *
 *   node backend/scripts/bundle.mjs [folder]    in dist/src unless a folder is given
 *
 * The entry points are replaced; every other compiled file stays, for worker threads and tests.
 */
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { thinned } from './support/thinMap.mjs';

const root = path.resolve(fileURLToPath(import.meta.url), '../../..');
const ENTRIES = ['server.js', 'worker.js', 'cli.js'];
/**
 * Packages that a start needs, all of them plain JavaScript. Others are imported from
 * node_modules: they have binaries, threads or data of their own, or are seldom used.
 */
const JOINED = new Set(
  (
    'express express-rate-limit helmet jose multer node-cache opossum pg pg-boss prom-client ' +
    'rate-limit-redis sms-segments-calculator uuid zod zod-openapi'
  ).split(' '),
);
/** Packages of the joined ones that stay out: tables that are seldom read, and what is optional. */
const LEFT_OUT = new Set(['iconv-lite', 'pg-native', 'pg-cloudflare']);
/** zod's messages in 50 languages: Servio has its own. */
const UNREAD = /zod[\\/]v4[\\/]locales[\\/]index\.js$/;
/** CommonJS packages require Node's own modules. */
const REQUIRE =
  "import { createRequire as makeRequire } from 'node:module';\nconst require = makeRequire(import.meta.url);";

/**
 * @param {string} folder of the compiled source, with `server.js`
 * @returns {Promise<{ name: string, packages: string[] }[]>} the files that were written, with the
 *   packages whose code they have
 * @throws Error with all faults that esbuild found
 */
export async function bundle(folder) {
  // Imported here: prepare.mjs runs before the packages are installed.
  const esbuild = await import('esbuild');
  const { metafile, outputFiles } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: ENTRIES.map((name) => path.join(folder, name)),
    outdir: folder,
    // Written below: the input is read to its end first.
    write: false,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    chunkNames: '[name].part-[hash]',
    minifyWhitespace: true,
    lineLimit: 160,
    sourcemap: 'linked',
    sourcesContent: false,
    legalComments: 'none',
    metafile: true,
    logLevel: 'silent',
    banner: { js: REQUIRE },
    // pg asks whether it runs at Cloudflare. The question makes Node 20 load its fetch: 3 MB.
    define: { Response: 'undefined' },
    plugins: [packagesApart(), placesKept(folder)],
  });
  for (const { path: file, text } of outputFiles)
    fs.writeFileSync(file, file.endsWith('.map') ? thinned(text) : asciiOnly(text));
  return Object.entries(metafile.outputs)
    .filter(([name]) => name.endsWith('.js'))
    .map(([name, { inputs }]) => ({
      name: path.relative(folder, path.join(root, name)),
      packages: [...new Set(Object.keys(inputs).map(packageOf))].filter((one) => one !== '').sort(),
    }));
}

/**
 * esbuild escapes what is not ASCII, except in regular expressions. V8 would keep a script with one
 * such letter in two bytes for each: 2.5 MB more.
 */
function asciiOnly(script) {
  return script.replaceAll(/[^\0-\x7F]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Leaves packages out that are not for a start, and all that they need. */
function packagesApart() {
  return {
    name: 'servio-packages',
    setup(build) {
      build.onLoad({ filter: UNREAD }, () => ({ contents: '' }));
      build.onResolve({ filter: /^[^./]/ }, ({ path: wanted, importer }) => {
        const name = packageOf(`node_modules/${wanted}`);
        const stays = packageOf(importer) === '' ? !JOINED.has(name) : LEFT_OUT.has(name);
        return stays ? { path: wanted, external: true } : undefined;
      });
    },
  };
}

/** `import.meta.url` stays the address of the file in which it was written. */
function placesKept(folder) {
  return {
    name: 'servio-places',
    setup(build) {
      build.onLoad({ filter: /\.js$/ }, ({ path: file }) => {
        if (packageOf(file) !== '') return undefined;
        const text = fs.readFileSync(file, 'utf8');
        const place = JSON.stringify(`./${path.relative(folder, file).replaceAll('\\', '/')}`);
        return {
          contents: text.replaceAll('import.meta.url', `new URL(${place}, import.meta.url).href`),
          loader: 'js',
        };
      });
    },
  };
}

/** @returns the name of the package whose file it is; an empty text for Servio's own files. */
function packageOf(file) {
  return /.*node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(file)?.[1] ?? '';
}

if (process.argv[1] && fs.realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    const files = await bundle(path.resolve(process.argv[2] ?? path.join(root, 'dist/src')));
    console.log(files.map(({ name, packages }) => `${name}: ${packages.join(' ')}`).join('\n'));
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
