/**
 * Processor time of a document that a hundred callers of one restaurant write and issue over HTTP,
 * server and database together, beside an order of as many callers of the same restaurant: a draft
 * and a number are two transactions and two facts, an order is one.
 */
import type { BenchResult } from './result.js';
import { cpuMs, cpuMsOfAll } from './support/cpu.js';
import { applyLoad, interleave, type RunningServer, successes } from './support/load.js';
import { callApi, type Furnished, furnish, setStage, type Stage } from './support/stage.js';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5);
const ANSWERS = Number(process.env['BENCH_ANSWERS'] ?? 5_000);
/** V8 compiles hot code meanwhile: a new server takes twice as much for a document. */
const WARM_UP_ANSWERS = 10_000;
const CALLERS = 100;
const SMALL = { categories: 1, items: 5 };

export async function run(): Promise<BenchResult[]> {
  const stage = await setStage();
  try {
    await stage.servio.stop();
    const servio = await stage.startServio({ BACKGROUND: 'false' });
    const place = await furnish(servio.url, SMALL);
    const document = await documentOf(servio, place);
    const order = { type: 'takeaway', lines: [1, 2, 3].map(() => ({ menuItemId: place.itemId, quantity: 2 })) };
    const ask = (path: string, body: object, answers: number) => costOf(stage, servio, place, { path, body, answers });
    const issue = (answers: number) => ask('/v1/documents?issue=true', document, answers);
    const take = (answers: number) => ask('/v1/orders', order, answers);
    await issue(WARM_UP_ANSWERS);
    await take(WARM_UP_ANSWERS);
    const figures = await interleave(ROUNDS, { document: () => issue(ANSWERS), order: () => take(ANSWERS) });
    const name = `Document of 3 lines written and issued, ${CALLERS} callers`;
    const { document: median, order: baselineMedian } = figures;
    const baseline = 'an order of 3 lines';
    return [{ name, ratio: baselineMedian / median, target: 0.9, baseline, unit: 'us CPU', median, baselineMedian }];
  } finally {
    await stage.close();
  }
}

/** An invoice with the taxes of the restaurant. */
async function documentOf({ url }: RunningServer, { token }: Furnished): Promise<object> {
  const taxes = (await (await callApi(url, token, 'GET', '/v1/taxes')).json()) as { data: { id: string }[] };
  const taxIds = taxes.data.map(({ id }) => id);
  const line = { quantity: '2', unitPrice: 1_250, taxIds };
  return {
    type: 'invoice',
    customer: { name: 'A customer', address: 'Street 1, 10115 Berlin' },
    lines: [1, 2, 3].map((n) => ({ ...line, description: `Dish ${n} with its sauce` })),
  };
}

/** Microseconds of processor time an answer. */
async function costOf(
  stage: Stage,
  servio: RunningServer,
  { token }: Furnished,
  { path, body, answers }: { path: string; body: object; answers: number },
): Promise<number> {
  const before = cpuMs(servio.pid) + cpuMsOfAll(stage.postmasterPid);
  const load = await applyLoad({
    url: `${servio.url}${path}`,
    connections: CALLERS,
    answers,
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const rate = successes(load);
  const us = ((cpuMs(servio.pid) + cpuMsOfAll(stage.postmasterPid) - before) / load.done) * 1000;
  console.log(`  ${path}: ${Math.round(rate)} a second, ${Math.round(us)} us CPU`);
  return us;
}
