/**
 * `npm run bench`: runs the benchmarks of backend/bench and writes their ratios and the machine
 * into docs/performance.md. `npm run bench -- cache http` runs some of them; only a complete run is
 * written.
 */
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { prepareOrExit } from './prepare.mjs';
import { bringRedis } from './redis.mjs';

const BENCHMARKS = [
  'decorators',
  'cache',
  'lane',
  'menus',
  'http',
  'orders',
  'stock',
  'documents',
  'issuing',
  'codes',
  'overload',
  'redisFaults',
  'rolling',
  'hitRate',
  'streams',
  'jobs',
  'events',
  'reports',
  'supplierInvoices',
  'console',
];
/** Takes minutes and needs the registry: it runs only when it is named. */
const ON_REQUEST = ['peers'];
const DOCUMENT = new URL('../../docs/performance.md', import.meta.url);
const START = '<!-- bench:start -->';
const END = '<!-- bench:end -->';

await prepareOrExit({ quiet: true });
const { describeResult } = await import('../../dist/bench/result.js');
const { cleanUp, endWithUs } = await import('../../dist/bench/support/cleanup.js');
const wanted = process.argv.slice(2);
const names = wanted.length > 0 ? [...BENCHMARKS, ...ON_REQUEST].filter((name) => wanted.includes(name)) : BENCHMARKS;
const redisFolder = fs.mkdtempSync(path.join(os.tmpdir(), 'servio-redis-'));
endWithUs({ folder: redisFolder });
const redis = await bringRedis({ log: console.error, folder: redisFolder });
process.env.REDIS_URL = redis.url;
const clearAway = async () => {
  await cleanUp();
  await redis.stop();
};
process.once('SIGINT', () => void clearAway().finally(() => process.exit(130)));
process.once('SIGTERM', () => void clearAway().finally(() => process.exit(143)));
const results = [];
try {
  for (const name of names) {
    console.log(`${name} …`);
    const { run } = await import(`../../dist/bench/${name}.js`);
    for (const result of await run()) {
      results.push(result);
      console.log(`  ${describeResult(result)}`);
    }
  }
} finally {
  await clearAway();
}
if (wanted.length === 0) write(results);
process.exit(0);

function write(all) {
  const text = fs.readFileSync(DOCUMENT, 'utf8');
  const [before, rest] = text.split(START);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Error(`${DOCUMENT.pathname} lacks its markers ${START} and ${END}`);
  const [cpu] = os.cpus();
  const machine = `${os.cpus().length} x ${cpu?.model.trim()}, ${Math.round(os.totalmem() / 2 ** 30)} GiB, Node ${process.version}, ${os.type()} ${os.release().split('-')[0]}`;
  const rows = all.map(
    ({ name, ratio, target, baseline, unit, median, baselineMedian }) =>
      `| ${name} | **${ratio.toFixed(2)}** | ${target} | ${baseline} | ${Math.round(median)} against ${Math.round(baselineMedian)} ${unit} |`,
  );
  const table = ['| what | ratio | must reach | baseline | medians |', '| --- | --- | --- | --- | --- |', ...rows].join(
    '\n',
  );
  fs.writeFileSync(DOCUMENT, `${before}${START}\nMeasured on ${machine}.\n\n${table}\n${END}${after}`);
  console.log('Written to docs/performance.md.');
}
