/**
 * Builds the console, the pages for a browser: one script for each screen, one file of messages for
 * each language, all of them compressed. Then the start of each page and its doors, which are seen
 * without a session: their parts are the same, on Preact. A page that is too heavy fails the build.
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
/**
 * Kilobytes after gzip. On 1.6 Mbit/s, 120 kB arrive in 0.6 s. `door` is all that a login needs:
 * scripts, style and the messages of a language.
 */
const BUDGETS = { door: 30, firstLoad: 120, css: 15, screen: 45 };
/** Browsers that know light-dark() and nested CSS, from the spring of 2024 on. */
const TARGET = ['chrome123', 'firefox121', 'safari17.5'];
const COMPRESSIBLE = /\.(?:js|css|svg|json|webmanifest)$/;
/** Order of the stylesheets: later files win. The first one is that of the doors. */
const STYLES = {
  door: ['src/styles', 'src/ui/button.css', 'src/ui/field.css', 'src/ui/states.css', 'src/doors'],
  console: ['src/ui', 'src/charts', 'src/app', 'src/screens'],
};
/** Messages that the doors need, by their groups: all of a group, or those of these names. */
const DOOR_MESSAGES = {
  doors: undefined,
  failure: undefined,
  language: undefined,
  refusal: 'wrongLogin badToken session forbidden notFound emailTaken state invalid tooMany busy noMessages internal',
  fault: 'missing text min_chars max_chars email format password wrong_password other_password other',
};
const DOOR_LIBRARIES = {
  react: 'preact/compat',
  'react/jsx-runtime': 'preact/jsx-runtime',
  'react-dom/client': 'preact/compat/client',
  'use-intl': path.join(SOURCE, 'src/doors/words.tsx'),
};

/**
 * @param {string} target the folder of the pages; made anew
 * @returns {Promise<{ name: string, kilobytes: number, most: number }[]>} sizes after gzip
 * @throws Error with all faults of the source, or with the sizes that are over their budgets
 */
export async function buildConsole(target) {
  fs.rmSync(target, { recursive: true, force: true });
  // Imported here: prepare.mjs runs before the packages are installed.
  const esbuild = await import('esbuild');
  const assets = path.join(target, 'assets');
  const rest = await esbuild.build(optionsOf(assets, { console: 'src/main.tsx', style: 'servio:style/console' }));
  const house = outputsOf(rest.metafile, target);
  const first = await esbuild.build({
    ...optionsOf(assets, { start: 'src/start.ts', first: 'servio:style/door' }, namesOf(house)),
    alias: DOOR_LIBRARIES,
    external: ['/console/*'],
  });
  const door = outputsOf(first.metafile, target);
  writePage(target, door);
  copyPublic(target);
  writeWorker(target);
  compress(target);
  const sizes = sizesOf(door, house);
  const heavy = sizes.filter(({ kilobytes, most }) => kilobytes > most);
  if (heavy.length > 0) throw new Error(`Too heavy:\n${heavy.map(describe).join('\n')}`);
  return sizes;
}

function optionsOf(outdir, entries, built) {
  const entryPoints = Object.entries(entries).map(([out, name]) => ({
    out,
    in: name.startsWith('servio:') ? name : path.join(SOURCE, name),
  }));
  return {
    absWorkingDir: root,
    entryPoints,
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
    plugins: [messages(), doorMessages(), styles(), names(built)],
  };
}

/**
 * `servio:messages/de`: the messages of a language, those of a screen under its folder's name. A
 * screen has its own files, so that two people who write screens do not meet in one file. A file
 * that a language does not have yet is taken in English.
 */
function messages() {
  return virtual('messages', (language) => {
    const folders = fs.readdirSync(path.join(SOURCE, 'src/screens')).map((noun) => [noun, `screens/${noun}/messages.`]);
    const found = [['', 'i18n/'], ...folders].map(([noun, start]) => {
      const [own, english] = [language, 'en'].map((one) => path.join(SOURCE, 'src', `${start}${one}.json`));
      return [noun, fs.existsSync(own) ? own : english];
    });
    const parts = found.map(([noun, file]) => {
      const texts = JSON.parse(fs.readFileSync(file, 'utf8'));
      return noun === '' ? texts : { [noun]: texts };
    });
    return moduleOf(Object.assign({}, ...parts));
  });
}

/**
 * `servio:doorMessages/de`: the few of the doors. @throws Error for one that `doors/words.tsx`
 * cannot show.
 */
function doorMessages() {
  return virtual('doorMessages', (language) => {
    const all = JSON.parse(fs.readFileSync(path.join(SOURCE, `src/i18n/${language}.json`), 'utf8'));
    const own = Object.fromEntries(
      Object.entries(DOOR_MESSAGES).map(([group, names]) => [group, names ? pick(all[group], names) : all[group]]),
    );
    const odd = textsOf(own).find((text) => /\{(?!\w+\})|<|''|'\{/.test(text));
    if (odd) throw new Error(`${language}.json: a door can show names in braces and no more: ${odd}`);
    return moduleOf(own);
  });
}

function pick(messages, names) {
  return Object.fromEntries(names.split(' ').map((name) => [name, messages[name]]));
}

function textsOf(messages) {
  return Object.values(messages).flatMap((one) => (typeof one === 'string' ? [one] : textsOf(one)));
}

/** The parser of JSON is faster than that of scripts. */
function moduleOf(messages) {
  return { contents: `export const messages = JSON.parse(${JSON.stringify(JSON.stringify(messages))});`, loader: 'js' };
}

/** `servio:style/door`: stylesheets in the order of their folders; each file is in one alone. */
function styles() {
  return virtual('style', (name) => {
    const filesOf = (one) => STYLES[one].flatMap((place) => filesUnder(path.join(SOURCE, place), '.css'));
    const files = name === 'door' ? filesOf('door') : filesOf(name).filter((file) => !filesOf('door').includes(file));
    return {
      contents: files.map((file) => `@import ${JSON.stringify(file)};`).join('\n'),
      loader: 'css',
      resolveDir: root,
    };
  });
}

/** `servio:built`: the console, by the addresses of its files, for the start of the page. */
function names(built) {
  return virtual('built', () => {
    const { script, files, style, messages } = Object.fromEntries(
      Object.entries(built).map(([name, value]) => [name, JSON.stringify(value)]),
    );
    const filesIn = `(language) => [...${files}, ${messages}[language]]`;
    return {
      contents: `export const console = { load: () => import(${script}), filesIn: ${filesIn}, style: ${style} };`,
      loader: 'js',
    };
  });
}

function virtual(kind, load) {
  return {
    name: `servio-${kind}`,
    setup(build) {
      const filter = new RegExp(`^servio:${kind}(?:/|$)`);
      build.onResolve({ filter }, ({ path: wanted }) => ({ path: wanted.slice(7), namespace: `servio-${kind}` }));
      build.onLoad({ filter: /.*/, namespace: `servio-${kind}` }, ({ path: wanted }) => load(wanted.split('/')[1]));
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

/** Files of the console that a session needs at once, by the addresses of their assets. */
function namesOf(outputs) {
  const entryOf = (end) => [...outputs].find(([, { entry }]) => entry?.endsWith(end))?.[0];
  const languages = [...outputs].flatMap(([name, { entry }]) => {
    const language = /^servio-messages:messages\/(\w+)$/.exec(entry ?? '')?.[1];
    return language === undefined ? [] : [[language, `/console/${name}`]];
  });
  const script = entryOf('src/main.tsx');
  const needed = new Set([...closureOf(outputs, script), ...closureOf(outputs, entryOf('src/app/Shell.tsx'))]);
  return {
    script: `/console/${script}`,
    files: [...needed].map((name) => `/console/${name}`),
    style: `/console/${[...outputs.keys()].find((name) => name.endsWith('.css'))}`,
    messages: Object.fromEntries(languages),
  };
}

function writePage(target, outputs) {
  const named = (start, end) => [...outputs.keys()].find((name) => name.startsWith(start) && name.endsWith(end));
  const script = named('assets/start-', '.js');
  const preloads = [...closureOf(outputs, script)].filter((name) => name !== script);
  const page = fs
    .readFileSync(path.join(SOURCE, 'index.html'), 'utf8')
    .replace('%STYLE%', `/console/${named('assets/first-', '.css')}`)
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

/**
 * The doors, the first load of somebody with a session, both stylesheets, and for each screen its
 * files that the first load has not.
 */
function sizesOf(door, house) {
  const all = new Map([...door, ...house]);
  const sum = (files) => [...files].reduce((bytes, name) => bytes + fs.statSync(`${all.get(name).file}.gz`).size, 0);
  const size = (name, files, most) => ({ name, kilobytes: sum(files) / 1_000, most });
  const entryOf = (end) => [...all].find(([, { entry }]) => entry?.endsWith(end))?.[0];
  const start = closureOf(door, entryOf('src/start.ts'));
  const first = new Set([...start, ...closureOf(house, entryOf('src/main.tsx'))]);
  const styleOf = (outputs) => [...outputs.keys()].filter((name) => name.endsWith('.css'));
  const isLazy = ([name, { entry }]) => entry && name.endsWith('.js') && !first.has(name);
  const inDoor = [...door].filter(isLazy);
  const heaviest = Math.max(
    ...inDoor.filter(([, { entry }]) => /doorMessages/.test(entry)).map(([name]) => sum([name])),
  );
  const opened = closureOf(door, entryOf('src/doors/Doors.tsx'));
  const login = size('the login', new Set([...start, ...opened, ...styleOf(door)]), BUDGETS.door);
  return [
    { ...login, kilobytes: login.kilobytes + heaviest / 1_000 },
    size('first load', first, BUDGETS.firstLoad),
    size('stylesheets', [...styleOf(door), ...styleOf(house)], BUDGETS.css),
    ...[...house].filter(isLazy).map(([name, { entry }]) =>
      size(
        entry.replace(/^servio-|^backend.console.src./, ''),
        [...closureOf(house, name)].filter((part) => !first.has(part)),
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
  if (fs.statSync(folder).isFile()) return [folder];
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
