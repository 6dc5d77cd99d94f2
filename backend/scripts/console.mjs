/**
 * Builds the console, the pages for a browser: one script for each screen, one stylesheet, one file
 * of messages for each language, all of them compressed. A page that is too heavy fails the build.
 *
 *   node backend/scripts/console.mjs [folder]    into dist/console unless a folder is given
 */
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const root = path.resolve(fileURLToPath(import.meta.url), '../../..');
const SOURCE = path.join(root, 'backend/console');
/** Kilobytes after gzip. On 1.6 Mbit/s, 120 kB arrive in 0.6 s. */
const BUDGETS = { firstLoad: 120, css: 15, screen: 45 };
/** Browsers that know light-dark() and nested CSS, from the spring of 2024 on. */
const TARGET = ['chrome123', 'firefox121', 'safari17.5'];
const COMPRESSIBLE = /\.(?:js|css|svg|json|webmanifest)$/;
/** Order of the stylesheet: later files win over earlier ones. */
const STYLE_FOLDERS = ['src/styles', 'src/ui', 'src/charts', 'src/app', 'src/screens'];

/**
 * @param {string} target the folder of the pages; made anew
 * @returns {Promise<{ name: string, kilobytes: number, most: number }[]>} sizes after gzip
 * @throws Error with all faults of the source, or with the sizes that are over their budgets
 */
export async function buildConsole(target) {
  fs.rmSync(target, { recursive: true, force: true });
  // Imported here: prepare.mjs runs before the packages are installed.
  const esbuild = await import('esbuild');
  const built = await esbuild.build(optionsOf(path.join(target, 'assets')));
  const outputs = outputsOf(built.metafile, target);
  writePage(target, outputs);
  copyPublic(target);
  writeWorker(target);
  compress(target);
  const sizes = sizesOf(outputs);
  const heavy = sizes.filter(({ kilobytes, most }) => kilobytes > most);
  if (heavy.length > 0) throw new Error(`Too heavy:\n${heavy.map(describe).join('\n')}`);
  return sizes;
}

function optionsOf(outdir) {
  return {
    absWorkingDir: root,
    entryPoints: { console: path.join(SOURCE, 'src/main.tsx'), style: 'servio:style' },
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: TARGET,
    jsx: 'automatic',
    minify: true,
    charset: 'utf8',
    metafile: true,
    sourcemap: false,
    legalComments: 'external',
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    assetNames: '[name]-[hash]',
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'silent',
    plugins: [messages(), styles()],
  };
}

/**
 * `servio:messages/de`: the messages of a language, those of a screen under its folder's name. A
 * screen has its own files, so that two people who write screens do not meet in one file. A file
 * that a language does not have yet is taken in English.
 */
function messages() {
  return virtual('messages', ({ language }) => {
    const folders = fs.readdirSync(path.join(SOURCE, 'src/screens')).map((noun) => [noun, `screens/${noun}/messages.`]);
    const found = [['', 'i18n/'], ...folders].map(([noun, start]) => {
      const [own, english] = [language, 'en'].map((one) => path.join(SOURCE, 'src', `${start}${one}.json`));
      return [noun, fs.existsSync(own) ? own : english];
    });
    const parts = found.map(([noun, file]) => {
      const texts = JSON.parse(fs.readFileSync(file, 'utf8'));
      return noun === '' ? texts : { [noun]: texts };
    });
    const text = JSON.stringify(Object.assign({}, ...parts));
    // The parser of JSON is faster than that of scripts.
    return {
      contents: `export const messages = JSON.parse(${JSON.stringify(text)});`,
      loader: 'js',
      watchFiles: found.map(([, file]) => file),
    };
  });
}

/** `servio:style`: all stylesheets, in the order of their folders. */
function styles() {
  return virtual('style', () => {
    const files = STYLE_FOLDERS.flatMap((folder) => filesUnder(path.join(SOURCE, folder), '.css'));
    return {
      contents: files.map((file) => `@import ${JSON.stringify(file)};`).join('\n'),
      loader: 'css',
      resolveDir: root,
    };
  });
}

function virtual(kind, load) {
  return {
    name: `servio-${kind}`,
    setup(build) {
      const filter = new RegExp(`^servio:${kind}(?:/|$)`);
      build.onResolve({ filter }, ({ path: wanted }) => ({ path: wanted.slice(7), namespace: `servio-${kind}` }));
      build.onLoad({ filter: /.*/, namespace: `servio-${kind}` }, ({ path: wanted }) =>
        load({ language: wanted.split('/')[1] }),
      );
    },
  };
}

/** The files that esbuild wrote, by their names relative to the folder of the pages. */
function outputsOf(metafile, target) {
  return new Map(
    Object.entries(metafile.outputs).map(([file, output]) => [
      path.relative(target, path.join(root, file)).replaceAll('\\', '/'),
      {
        file: path.join(root, file),
        entry: output.entryPoint,
        imports: output.imports.map((one) => ({
          name: path.relative(target, path.join(root, one.path)).replaceAll('\\', '/'),
          isLazy: one.kind === 'dynamic-import',
        })),
      },
    ]),
  );
}

function writePage(target, outputs) {
  const named = (start, end) => [...outputs.keys()].find((name) => name.startsWith(start) && name.endsWith(end));
  const script = named('assets/console-', '.js');
  const preloads = [...closureOf(outputs, script)].filter((name) => name !== script);
  const page = fs
    .readFileSync(path.join(SOURCE, 'index.html'), 'utf8')
    .replace('%STYLE%', `/console/${named('assets/style-', '.css')}`)
    .replace('%SCRIPT%', `/console/${script}`)
    .replace('%PRELOADS%', preloads.map((name) => `<link rel="modulepreload" href="/console/${name}">`).join('\n    '));
  fs.writeFileSync(path.join(target, 'index.html'), page);
}

function copyPublic(target) {
  const folder = path.join(SOURCE, 'public');
  if (fs.existsSync(folder)) fs.cpSync(folder, target, { recursive: true });
}

/** The service worker, with the names of all files that a start without a connection needs. */
function writeWorker(target) {
  const files = filesUnder(target, '').map((file) => `/console/${path.relative(target, file).replaceAll('\\', '/')}`);
  const needed = files.filter((name) => /\.(?:js|css|svg)$/.test(name));
  const source = fs.readFileSync(path.join(SOURCE, 'serviceWorker.js'), 'utf8');
  const build = createHash('sha256').update(source).update(needed.join('\n')).digest('hex').slice(0, 16);
  fs.writeFileSync(
    path.join(target, 'sw.js'),
    source
      .replace('%BUILD%', `servio-${build}`)
      .replace("'%FILES%'", needed.map((name) => JSON.stringify(name)).join(', ')),
  );
}

/** Best compression: a build is made once and read often. */
function compress(target) {
  for (const file of filesUnder(target, '')) {
    if (!COMPRESSIBLE.test(file)) continue;
    const bytes = fs.readFileSync(file);
    const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
    fs.writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params }));
    fs.writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
  }
}

/** The first load, the stylesheet, and for each screen its files that the first load has not. */
function sizesOf(outputs) {
  const sum = (names) => [...names].reduce((all, name) => all + fs.statSync(`${outputs.get(name).file}.gz`).size, 0);
  const size = (name, names, most) => ({ name, kilobytes: sum(names) / 1_000, most });
  const script = [...outputs.keys()].find((name) => /^assets\/console-.*\.js$/.test(name));
  const first = closureOf(outputs, script);
  const styles = [...outputs.keys()].filter((name) => name.endsWith('.css'));
  const lazy = [...outputs].filter(([name, { entry }]) => entry && name.endsWith('.js') && !first.has(name));
  return [
    size('first load', first, BUDGETS.firstLoad),
    size('stylesheet', styles, BUDGETS.css),
    ...lazy.map(([name, { entry }]) =>
      size(
        entry.replace(/^servio-|^backend.console.src./, ''),
        [...closureOf(outputs, name)].filter((part) => !first.has(part)),
        BUDGETS.screen,
      ),
    ),
  ];
}

/** A script and all that it imports at once. */
function closureOf(outputs, name, found = new Set()) {
  if (found.has(name) || !outputs.has(name)) return found;
  found.add(name);
  for (const one of outputs.get(name).imports) if (!one.isLazy) closureOf(outputs, one.name, found);
  return found;
}

function filesUnder(folder, end) {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(end))
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

function describe({ name, kilobytes, most }) {
  return `${kilobytes.toFixed(1).padStart(6)} of ${most} kB  ${name}`;
}

if (process.argv[1] && fs.realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    const sizes = await buildConsole(path.resolve(process.argv[2] ?? path.join(root, 'dist/console')));
    console.log(sizes.map(describe).join('\n'));
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
