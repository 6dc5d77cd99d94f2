/**
 * The dashboards and alerts of docs/monitoring ask for metrics by name. For a misspelt name
 * Prometheus returns no data, which looks like a calm day. These tests check every expression
 * against the registry.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { METRICS } from '../../src/services/metrics/registry.js';

const MONITORING = fileURLToPath(new URL('../../../docs/monitoring', import.meta.url));
const DASHBOARDS = path.join(MONITORING, 'grafana', 'dashboards');
/** Labels that Prometheus itself adds to every metric. */
const TARGET_LABELS = ['job', 'instance'];
const WORDS = new Set(
  [
    'sum min max avg count topk rate increase histogram_quantile min_over_time max_over_time absent',
    'by without on ignoring group_left group_right and or unless bool offset',
  ].flatMap((line) => line.split(' ')),
);

interface Asked {
  /** Where the expression stands. */
  place: string;
  expr: string;
  /** `{{label}}` of its legend. */
  legend: readonly string[];
}

interface Dashboard {
  uid: string;
  panels: { title: string; type: string; targets: { expr: string; legendFormat: string }[] }[];
}

test('every expression of the dashboards names metrics and labels of the registry', () => {
  const files = readdirSync(DASHBOARDS);
  assert.deepEqual(files.sort(), ['api.json', 'cache.json', 'database.json', 'outside.json']);
  const asked = files.flatMap(readDashboard);
  assert.ok(asked.length >= 30, `only ${asked.length} expressions were found`);
  assert.deepEqual(asked.flatMap(problemsOf), []);
});

test('every alert rule names metrics and labels of the registry', () => {
  const asked = readRules();
  assert.ok(asked.length >= 6, `only ${asked.length} rules were found`);
  assert.deepEqual(asked.flatMap(problemsOf), []);
});

for (const [expr, problem] of [
  ['rate(servio_http_request_total[5m])', 'servio_http_request_total is no metric'],
  ['rate(http_requests_total[5m])', 'http_requests_total is neither'],
  ['rate(servio_http_requests_total{path="/"}[5m])', 'path is no label'],
  ['sum by (restaurant) (rate(servio_http_requests_total[5m]))', 'restaurant is no label'],
  ['rate(servio_orders_total_bucket[5m])', 'servio_orders_total_bucket is no metric'],
  ['servio_db_query_duration_seconds', 'is a timer: ask for its _bucket, _sum or _count'],
  ['servio_orders_total', 'only grows: ask for its rate'],
  ['histogram_quantile(0.95, sum by (query) (rate(servio_db_query_duration_seconds_bucket[5m])))', 'without le'],
] as const) {
  test(`the check itself sees what is wrong with ${expr}`, () => {
    const found = problemsOf({ place: 'here', expr, legend: [] });
    assert.ok(
      found.some((one) => one.includes(problem)),
      `found: ${found.join('; ')}`,
    );
  });
}

test('the check itself sees a legend that names a label which the sum has dropped', () => {
  const expr = 'sum by (type) (rate(servio_orders_total[5m]))';
  assert.equal(problemsOf({ place: 'here', expr, legend: ['type'] }).length, 0);
  assert.match(problemsOf({ place: 'here', expr, legend: ['instance'] }).join(), /instance/);
});

function readDashboard(file: string): Asked[] {
  // The shape is Grafana's; what is missing fails below.
  const { uid, panels } = JSON.parse(readFileSync(path.join(DASHBOARDS, file), 'utf8')) as Dashboard;
  assert.equal(uid, `servio-${file.replace('.json', '')}`);
  return panels.flatMap(({ title, targets }) => {
    assert.ok(targets.length > 0, `${file}: ${title} asks for nothing`);
    return targets.map(({ expr, legendFormat }) => ({
      place: `${file}: ${title}`,
      expr,
      legend: [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? ''),
    }));
  });
}

/** Rules keep their expression on one line, so that no parser of YAML is needed. */
function readRules(): Asked[] {
  const text = readFileSync(path.join(MONITORING, 'alerts.yml'), 'utf8');
  const names = [...text.matchAll(/^ +- alert: (\w+)$/gm)].map((match) => match[1] ?? '');
  const expressions = [...text.matchAll(/^ +expr: (\S.*)$/gm)].map((match) => match[1] ?? '');
  assert.equal(expressions.length, names.length, 'each alert has one expr, on one line');
  return names.map((place, index) => ({ place, expr: expressions[index] ?? '', legend: [] }));
}

function problemsOf({ place, expr, legend }: Asked): string[] {
  const problems: string[] = [];
  const labels = new Set(TARGET_LABELS);
  // Strings and durations hold words of their own.
  const bare = expr.replaceAll(/"[^"]*"/g, '""').replaceAll(/\[[^\]]*\]/g, '[]');
  for (const [, name = '', selector = ''] of bare.matchAll(/\b(servio_\w+|up)\b(?:\{([^}]*)\})?/g)) {
    const known = labelsOf(name);
    if (!known) problems.push(`${name} is no metric`);
    for (const label of known ?? []) labels.add(label);
    for (const label of namesIn(selector))
      if (known && !known.has(label)) problems.push(`${label} is no label of ${name}`);
    problems.push(...kindProblems(name, bare));
  }
  const groups = [...bare.matchAll(/\b(?:by|without|on|ignoring) *\(([^)]*)\)/g)].map((match) =>
    namesIn(match[1] ?? ''),
  );
  for (const label of [...groups.flat(), ...legend])
    if (!labels.has(label)) problems.push(`${label} is no label of what is asked for`);
  const [outer] = groups;
  for (const label of legend) if (outer && !outer.includes(label)) problems.push(`${label} is dropped by the sum`);
  if (bare.includes('histogram_quantile') && !groups.some((group) => group.includes('le')))
    problems.push('a quantile without le');
  const rest = bare.replaceAll(/\{[^}]*\}/g, '').replaceAll(/\b(?:by|without|on|ignoring) *\([^)]*\)/g, '');
  for (const word of rest.match(/[a-zA-Z_]\w*/g) ?? [])
    if (!WORDS.has(word) && !/^(servio_\w+|up)$/.test(word))
      problems.push(`${word} is neither a metric nor a function`);
  return problems.map((problem) => `${place}: ${problem}`);
}

/** @returns undefined for a metric that is not exported under this name. */
function labelsOf(name: string): Set<string> | undefined {
  if (name === 'up') return new Set(TARGET_LABELS);
  const [, base = '', part] = /^servio_(\w+?)(_bucket|_sum|_count)?$/.exec(name) ?? [];
  const spec = specOf(base);
  if (!spec || (part !== undefined && spec.kind !== 'timer')) return undefined;
  return new Set([...spec.tags, ...TARGET_LABELS, ...(part === '_bucket' ? ['le'] : [])]);
}

/** A counter without a rate and a timer by its bare name are drawn, and mean nothing. */
function kindProblems(name: string, expr: string): string[] {
  const kind = specOf(name.replace(/^servio_/, ''))?.kind;
  if (kind === 'timer') return [`${name} is a timer: ask for its _bucket, _sum or _count`];
  const grows = kind === 'counter' || /_(bucket|sum|count)$/.test(name);
  return grows && !new RegExp(`\\b(rate|increase)\\(${name}\\b`).test(expr)
    ? [`${name} only grows: ask for its rate`]
    : [];
}

function specOf(name: string): { kind: string; tags: readonly string[] } | undefined {
  const specs: Record<string, { kind: string; tags: readonly string[] } | undefined> = METRICS;
  return specs[name];
}

function namesIn(text: string): string[] {
  return text.match(/[a-zA-Z_]\w*/g) ?? [];
}
