#!/usr/bin/env node
/**
 * Checks the structure of the source: the five rules of `.dependency-cruiser.cjs`, and a few that
 * the import graph cannot show (`support/sourceRules.mjs`).
 *
 *   node backend/scripts/boundaries.mjs [folder of backend/src]
 *
 * Exit code 0: no violation. 1: a rule is broken, or the check saw fewer files than there are on
 * the disk. A check that sees nothing would report success. So everything is counted twice: the
 * cruiser and this script each read files and imports, and a difference is a failure.
 */
import { readdirSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, join, posix, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from '@swc/core';
import { cruise } from 'dependency-cruiser';
import { bare, importOf, SOURCE_RULES, walk } from './support/sourceRules.mjs';

const PROJECT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const SRC = 'backend/src';
/** Pages for a browser: no layers there, and one rule, `console-by-the-api`. */
const CONSOLE = 'backend/console/src';
const CONSOLE_MAY_USE = ['backend/console/', 'backend/client/src/'];
const DOORS = ['server.ts', 'worker.ts', 'cli.ts'];
const FLOORS =
  'context routes jobs commands middleware services repositories clients formats domain decorators process config utils'.split(
    ' ',
  );
const SINGLE_FILES = [...DOORS, 'app.ts', 'context.ts'];
const SOURCE_FILE = /\.[cm]?tsx?$/;

/** Reasons for the rules about the check itself and about the folders. */
const OWN_RULES = {
  'sees-every-file':
    'The cruiser must see as many modules as there are source files, else its success means nothing. Name files *.ts; ' +
    'if it sees none, its parser (@swc/core, option `parser` in .dependency-cruiser.cjs) is missing or too new.',
  'sees-every-import':
    'The cruiser overlooked this import, so no rule would apply to it. Write it as an `import` or `import type` at the ' +
    'top of the file (or as `await import()` with a plain string).',
  'door-exists':
    'Without an entry point no file is reachable, and no-orphans would always pass. If one was renamed, rename it in ' +
    'DOORS here and in .dependency-cruiser.cjs.',
  'console-by-the-api':
    'The console runs in a browser and knows the server by its API alone: what it needs of the server is in ' +
    'backend/client, whose types are made from the description of the API. Then anybody else can build each screen, too. ' +
    'Call an operation of the client; if one is missing, add the endpoint. Modules of Node are not in a browser.',
  'known-floor':
    `Every file is on a layer: ${FLOORS.join(', ')}, or is one of ${SINGLE_FILES.join(', ')}. No rule applies to ` +
    'other places. Move the file, or add the layer here and in .dependency-cruiser.cjs with a note in docs/decisions.',
};

/**
 * Runs every check over `root`/backend/src.
 *
 * @param {string} root the folder that holds backend/src
 * @param {object} cruiseOptions overrides for the cruiser, so that a test can blind it
 * @returns {Promise<{ moduleCount: number, fileCount: number,
 *   findings: { rule: string, where: string, what?: string, why: string }[] }>}
 */
export async function checkBoundaries(root, cruiseOptions = {}) {
  const files = listSources(join(root, SRC)).map((path) => path.replaceAll('\\', '/'));
  if (files.length === 0) {
    return { moduleCount: 0, fileCount: 0, findings: [finding('sees-every-file', SRC, 'no source file at all')] };
  }
  const { forbidden, options } = createRequire(import.meta.url)(join(PROJECT, '.dependency-cruiser.cjs'));
  const { output } = await cruise([SRC], {
    ...options,
    ...cruiseOptions,
    ruleSet: { forbidden },
    validate: true,
    // The cruiser compares real paths. It would take a temporary folder behind a symbolic link for
    // the outside.
    baseDir: realpathSync(root),
  });
  const modules = new Map(output.modules.map((module) => [module.source, module]));
  const seen = files.filter((path) => modules.has(`${SRC}/${path}`));

  const findings = [
    ...unseenFiles(files, seen),
    ...files.filter((path) => !standsOnFloor(path)).map((path) => finding('known-floor', `${SRC}/${path}`)),
    ...(DOORS.some((door) => files.includes(door)) ? [] : [finding('door-exists', SRC, `none of ${DOORS.join(', ')}`)]),
    ...output.summary.violations.flatMap(fromViolation(forbidden)),
  ];
  for (const path of files) {
    const source = readFileSync(join(root, SRC, path), 'utf8');
    findings.push(...checkSource(path, source, modules.get(`${SRC}/${path}`)));
  }
  findings.push(...listSources(join(root, CONSOLE)).flatMap((path) => checkPage(root, `${CONSOLE}/${path}`)));
  return { moduleCount: seen.length, fileCount: files.length, findings: withoutDuplicates(findings) };
}

function unseenFiles(files, seen) {
  if (seen.length === files.length) return [];
  const missing = files.filter((path) => !seen.includes(path));
  const named = missing.slice(0, 3).join(', ') + (missing.length > 3 ? ', …' : '');
  return [finding('sees-every-file', SRC, `cruised ${seen.length} of ${files.length} files, not ${named}`)];
}

function standsOnFloor(path) {
  if (path.endsWith('.d.ts')) return true;
  const [first] = path.split('/');
  return path.includes('/') ? FLOORS.includes(first) : SINGLE_FILES.includes(first);
}

/**
 * Turns a violation of the cruiser into a finding. A circle is reported once, not once per member.
 */
function fromViolation(forbidden) {
  const circles = new Set();
  const whys = new Map(forbidden.map((rule) => [rule.name, rule.comment]));
  return (violation) => {
    const { rule, from, to, cycle } = violation;
    const why = whys.get(rule.name);
    if (!cycle) {
      return [{ rule: rule.name, where: rule.name === 'no-orphans' ? to : from, what: arrowTo(from, to, rule), why }];
    }
    const members = cycle.map((step) => step.name ?? step);
    const key = [...members].sort((a, b) => a.localeCompare(b)).join();
    if (circles.has(key)) return [];
    circles.add(key);
    return [{ rule: rule.name, where: from, what: members.map((name) => `-> ${name}`).join(' '), why }];
  };
}

function arrowTo(from, to, rule) {
  return rule.name === 'no-orphans' || from === to ? undefined : `-> ${to}`;
}

/**
 * Checks the source rules and reads the imports a second time, in one walk over the syntax tree of
 * a file.
 */
function checkSource(path, source, module) {
  const where = `${SRC}/${path}`;
  const rules = SOURCE_RULES.filter((rule) => rule.applies(path));
  const seenImports = new Set((module?.dependencies ?? []).map((dependency) => bare(dependency.module)));
  const found = [];
  const { tree, lineOf } = parse(path, source);
  walk(tree, (node) => {
    for (const rule of rules) {
      const what = rule.finds(node);
      if (what) found.push({ rule: rule.name, where: `${where}:${lineOf(node)}`, what, why: rule.why });
    }
    const imported = importOf(node);
    if (module && imported && !seenImports.has(bare(imported.specifier))) {
      found.push(finding('sees-every-import', `${where}:${lineOf(node)}`, `-> ${imported.specifier}`));
    }
  });
  return found;
}

/**
 * Reads the imports of a file of the console. The cruiser cannot: its parser knows no JSX in
 * TypeScript.
 */
function checkPage(root, path) {
  const { tree, lineOf } = parse(path, readFileSync(join(root, path), 'utf8'));
  const found = [];
  walk(tree, (node) => {
    const { specifier } = importOf(node) ?? {};
    if (specifier === undefined) return;
    const target = specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : undefined;
    const isAllowed = target ? CONSOLE_MAY_USE.some((folder) => target.startsWith(folder)) : !isBuiltin(specifier);
    if (!isAllowed) found.push(finding('console-by-the-api', `${path}:${lineOf(node)}`, `-> ${target ?? specifier}`));
  });
  return found;
}

/**
 * Positions count from the first statement, so an empty one is added. A #! line keeps its length.
 */
function parse(path, source) {
  const text = `;${source.replace(/^#!/, '//')}`;
  const bytes = Buffer.from(text);
  const tree = parseSync(text, { syntax: 'typescript', tsx: path.endsWith('x'), decorators: true, target: 'es2022' });
  const start = tree.body[0].span.start;
  const lineOf = (node) =>
    bytes
      .subarray(0, (node.span?.start ?? start) - start)
      .toString()
      .split('\n').length;
  return { tree, lineOf };
}

function finding(rule, where, what) {
  return { rule, where, what, why: OWN_RULES[rule] };
}

function withoutDuplicates(findings) {
  return [...new Map(findings.map((found) => [`${found.rule} ${found.where} ${found.what}`, found])).values()];
}

function listSources(folder, base = folder) {
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (error.code === 'ENOENT') return [];
    throw error;
  }
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return listSources(path, base);
    return SOURCE_FILE.test(entry.name) ? [relative(base, path)] : [];
  });
}

/** One block per broken rule: its places, then its reason and what to do. */
function describeFindings(findings) {
  const byRule = new Map();
  for (const found of findings) byRule.set(found.rule, [...(byRule.get(found.rule) ?? []), found]);
  return [...byRule]
    .map(([rule, broken]) => {
      const places = broken.map(({ where, what }) => `  ${where}${what ? `  ${what}` : ''}`);
      return [`${rule} (${broken.length})`, ...places, `  why: ${broken[0].why}`].join('\n');
    })
    .join('\n\n');
}

async function main(root) {
  const { moduleCount, fileCount, findings } = await checkBoundaries(root);
  if (findings.length > 0) {
    console.error(`${describeFindings(findings)}\n`);
    console.error(`boundaries: ${findings.length} broken (${moduleCount} of ${fileCount} files seen)`);
    return 1;
  }
  console.log(`boundaries: ${fileCount} files, all in order`);
  return 0;
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.exitCode = await main(resolve(process.argv[2] ?? PROJECT));
}
