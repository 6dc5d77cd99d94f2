/**
 * Checks invoices by the official rules: schemas, and the Schematron of EN 16931, XRechnung and
 * Peppol. They are not part of this project: `EINVOICE_RULES` names a folder of them, which
 * docs/documents.md describes. Without it, tests that need them are skipped.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const FOLDER = process.env['EINVOICE_RULES'];
/** Of one JVM or one xmllint. Rules are compiled once per run, so runs have many files. */
const TIMEOUT_MS = 600_000;
const MAX_OUTPUT = 256 * 1024 * 1024;

/** Reason for skipping, for `t.skip`; undefined when the rules are there. */
export const withoutRules =
  FOLDER === undefined ? 'EINVOICE_RULES names no folder of official rules: see docs/documents.md' : undefined;

export type RuleSet = 'en16931' | 'xrechnung' | 'peppol';

/** Files of one test file, checked together at its end. */
export class OfficialRules {
  readonly #files = new Map<string, string>();

  /** @param name says where the file is from. Equal files are checked once. */
  add(name: string, xml: string): void {
    this.#files.set(xml, name);
  }

  get size(): number {
    return this.#files.size;
  }

  /** @returns the broken rules of each file that breaks any, as `name: rule, rule`. */
  async broken(): Promise<string[]> {
    const work = mkdtempSync(join(tmpdir(), 'invoice-rules-'));
    try {
      const files = [...this.#files].map(([xml, name], at) => ({ xml, name, file: `${String(at)}.xml` }));
      const faults = new Map<string, string[]>();
      for (const syntax of ['ubl', 'cii'] as const)
        for (const rules of ['schema', 'en16931', 'xrechnung', 'peppol'] as const) {
          const wanted = files.filter(({ xml }) => syntaxOf(xml) === syntax && rulesOf(xml).includes(rules));
          if (wanted.length === 0) continue;
          const found = await (rules === 'schema' ? bySchema(work, wanted) : bySchematron(work, rules, syntax, wanted));
          for (const [name, broken] of found) faults.set(name, [...(faults.get(name) ?? []), ...broken]);
        }
      return [...faults].map(([name, broken]) => `${name}: ${broken.join(', ')}`);
    } finally {
      rmSync(work, { recursive: true });
    }
  }
}

interface Checked {
  xml: string;
  name: string;
  file: string;
}

function syntaxOf(xml: string): 'ubl' | 'cii' {
  return xml.includes('CrossIndustryInvoice') ? 'cii' : 'ubl';
}

function rulesOf(xml: string): (RuleSet | 'schema')[] {
  if (xml.includes('kosit:xrechnung')) return ['schema', 'en16931', 'xrechnung'];
  return xml.includes('fdc:peppol.eu:2017:poacc:billing:3.0') ? ['schema', 'en16931', 'peppol'] : ['schema', 'en16931'];
}

/** Fatal rules only: the sets also have recommendations. */
async function bySchematron(
  work: string,
  rules: RuleSet,
  syntax: 'ubl' | 'cii',
  files: readonly Checked[],
): Promise<[string, string[]][]> {
  const [input, output] = [join(work, `${rules}-${syntax}`), join(work, `${rules}-${syntax}-report`)];
  for (const folder of [input, output]) mkdirSync(folder);
  for (const { file, xml } of files) writeFileSync(join(input, file), xml);
  const stylesheet = join(FOLDER ?? '', `${rules}-${syntax}.xslt`);
  const saxon = ['-cp', join(FOLDER ?? '', 'lib', '*'), 'net.sf.saxon.Transform'];
  const options = { timeout: TIMEOUT_MS, maxBuffer: MAX_OUTPUT };
  await run('java', [...saxon, `-s:${input}`, `-xsl:${stylesheet}`, `-o:${output}`], options);
  return files.flatMap(({ name, file }): [string, string[]][] => {
    const report = readFileSync(join(output, file), 'utf8');
    if (!report.includes('fired-rule')) return [[name, [`${rules} did not look at it`]]];
    const failed = [...report.matchAll(/<svrl:failed-assert\b([^>]*)>/g)].map(([, attributes]) => attributes ?? '');
    const fatal = failed.filter((attributes) => !/flag="(?:warning|information)"/.test(attributes));
    return fatal.length === 0 ? [] : [[name, fatal.map((attributes) => /\bid="([^"]*)"/.exec(attributes)?.[1] ?? '?')]];
  });
}

async function bySchema(work: string, files: readonly Checked[]): Promise<[string, string[]][]> {
  const faults: [string, string[]][] = [];
  for (const root of new Set(files.map(rootOf))) {
    const group = files.filter((one) => rootOf(one) === root);
    const input = join(work, `schema-${root}`);
    mkdirSync(input);
    for (const { file, xml } of group) writeFileSync(join(input, file), xml);
    const said = await run(
      xmllint(),
      ['--noout', '--schema', schemaOf(root), ...group.map(({ file }) => join(input, file))],
      {
        timeout: TIMEOUT_MS,
        maxBuffer: MAX_OUTPUT,
      },
    ).then(
      () => '',
      (error: unknown) => (error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error)),
    );
    for (const { name, file } of group)
      if (said !== '' && !said.includes(`${join(input, file)} validates`))
        faults.push([
          name,
          said
            .split('\n')
            .filter((line) => line.includes(`/${file}:`))
            .slice(0, 3),
        ]);
  }
  return faults;
}

function rootOf({ xml }: Checked): string {
  return /<(?:\w+:)?(\w+) xmlns/.exec(xml)?.[1] ?? '';
}

function schemaOf(root: string): string {
  const folder = join(FOLDER ?? '', 'schema', root === 'CrossIndustryInvoice' ? 'cii/data/standard' : 'ubl/maindoc');
  const file = readdirSync(folder).find((name) => new RegExp(`^(?:UBL-)?${root}[-_]\\d[\\w.]*\\.xsd$`).test(name));
  if (file === undefined) throw new Error(`${folder} has no schema of ${root}`);
  return join(folder, file);
}

/** The system's, or the one in the folder. */
function xmllint(): string {
  const own = join(FOLDER ?? '', 'lib', 'xmllint');
  return existsSync(own) ? own : 'xmllint';
}
