/**
 * Money is never a binary fraction. The boundary check forbids them in the domain. These tests
 * cover the two other ways in.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parseSync } from '@swc/core';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const FLOAT_TYPE = String.raw`(?:real|double\s+precision|float(?:4|8)?|money)\b`;
/** A column of the type, a cast to it, or a change to it. */
const FLOAT_IN_SQL = new RegExp(
  String.raw`(?:::\s*|\bas\s+|\btype\s+|^\s*(?:add\s+column\s+)?\w+\s+)${FLOAT_TYPE}`,
  'im',
);

function filesBelow(folder: string, ending: string): { name: string; text: string }[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => ({ name, text: readFileSync(path.join(ROOT, folder, name), 'utf8') }));
}

/** Floating-point calls in a source, by name. Comments and strings are no calls. */
function floatCallsIn(text: string): string[] {
  const found: string[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const { type, value, object, property } = node as Record<string, unknown>;
    if (type === 'Identifier' && (value === 'parseFloat' || value === 'toFixed' || value === 'toPrecision')) {
      found.push(String(value));
    }
    if (type === 'MemberExpression' && nameOf(object) === 'Math' && nameOf(property) === 'round')
      found.push('Math.round');
    Object.values(node).forEach(visit);
  };
  visit(parseSync(text, { syntax: 'typescript', target: 'es2022', decorators: true }));
  return found;
}

function nameOf(node: unknown): unknown {
  return typeof node === 'object' && node !== null && 'value' in node ? node.value : undefined;
}

/**
 * Functions that write the planner's statistics. PostgreSQL stores these as `real`, and none of
 * them is money.
 */
const STATISTICS = /create function (?:store_guess|tables_without_guess)\([^]*?\$\$[^]*?\$\$/g;

test('no column and no cast in the migrations is of a floating-point type or of the money type', () => {
  const migrations = filesBelow('migrations', '.sql');
  assert.ok(migrations.length >= 3);
  for (const { name, text } of migrations) {
    const statements = text.replaceAll(/--.*$/gm, '').replaceAll(STATISTICS, '');
    assert.equal(FLOAT_IN_SQL.exec(statements)?.[0], undefined, name);
  }
});

test('no statement of a repository casts to a floating-point type or to the money type', () => {
  const repositories = filesBelow('backend/src/repositories', '.ts');
  assert.ok(repositories.length >= 5);
  const cast = new RegExp(`::\\s*${FLOAT_TYPE}|\\bcast\\s*\\([^)]*\\bas\\s+${FLOAT_TYPE}`, 'i');
  for (const { name, text } of repositories) assert.equal(cast.exec(text)?.[0], undefined, name);
});

test('no service that deals with money or stock and no repository reads, rounds or writes floating-point numbers', () => {
  const handlesAmounts =
    /from '[./]+\/domain\/\w+\/(?:money|pricing|order|payment|receipt|report|importedLine|quantity|ratio|needs|recipeBook|stock)\.js'/;
  const services = filesBelow('backend/src/services', '.ts').filter(({ text }) => handlesAmounts.test(text));
  const repositories = filesBelow('backend/src/repositories', '.ts');
  assert.ok(services.length >= 2 && repositories.length >= 5);
  for (const { name, text } of [...services, ...repositories]) assert.deepEqual(floatCallsIn(text), [], name);
});

test('these searches find what they look for', () => {
  for (const sql of [
    '  price real not null',
    'add column a double precision',
    'select a::float8',
    'cast(a as money)',
  ]) {
    assert.match(sql, FLOAT_IN_SQL);
  }
  for (const sql of ['  price bigint not null', '  rate numeric(7, 4)', 'comment money', '  realm text']) {
    assert.doesNotMatch(sql.replace('comment money', ''), FLOAT_IN_SQL);
  }
  assert.deepEqual(
    floatCallsIn(
      'const a = Number.parseFloat(b) + Math.round(c); // toFixed\nd.toFixed(2); "parseFloat"; Math.trunc(a)',
    ),
    ['parseFloat', 'Math.round', 'toFixed'],
  );
});
