/**
 * CPU of a menu on the server's core, beside bare Express and bare node:http that send the same
 * body, and neither Servio's 12 headers nor a line of a log. CPU and not requests a second: other
 * programs on the machine change it less.
 *
 * All servers give the same number of answers, first to warm up and then in each round. V8
 * compiles hot code during some 45,000 answers, in threads that count as CPU of the server: 15 of
 * 58 µs after 20,000, 4 of 40 after 45,000. In bursts of two seconds on a busy machine, a new
 * Servio took 239, 186, 74, 64 and 29 µs for a menu, Express 277 to 105 and node:http, which has
 * little code, 28 to 33: the median was compiling.
 *
 * Tried, and no part of the difference: AsyncLocalStorage (none between a server with and one
 * without it), a silent log (36 µs, as one to /dev/null; 40 to a pipe), and system calls (one
 * `read` and one `writev` for an answer of each server, one `write` for the lines of some six).
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { BenchResult } from './result.js';
import { cpuMs } from './support/cpu.js';
import { applyLoad, interleave, type RunningServer, startServer, successes } from './support/load.js';
import { callApi, furnish, setStage, type Stage } from './support/stage.js';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5);
const ANSWERS = 10_000;
const WARM_UP_ANSWERS = 50_000;
const CONNECTIONS = 10;
const SMALL_MENU = 32;

interface Menu {
  items: number;
  token: string;
  file: string;
}

export async function run(): Promise<BenchResult[]> {
  const stage = await setStage();
  try {
    const menus = await menusOf(stage);
    await stage.servio.stop();
    // The background work takes 3 % of a core whatever is asked, which is no part of a menu.
    const servio = await stage.startServio({ BACKGROUND: 'off' });
    const results: BenchResult[] = [];
    for (const menu of menus) results.push(...(await measure(servio, menu)));
    return results;
  } finally {
    await stage.close();
  }
}

/** A restaurant with few dishes beside the stage's own with many. */
async function menusOf(stage: Stage): Promise<Menu[]> {
  const { token } = await furnish(stage.servio.url, { categories: 24, items: SMALL_MENU });
  const file = path.join(path.dirname(stage.menuFile), 'small-menu.json');
  await writeFile(file, await (await callApi(stage.servio.url, token, 'GET', '/v1/menu')).text());
  return [
    { items: SMALL_MENU, token, file },
    { items: stage.items, token: stage.token, file: stage.menuFile },
  ];
}

async function measure(servio: RunningServer, { items, token, file }: Menu): Promise<BenchResult[]> {
  const bare = { BENCH_BODY_FILE: file };
  const express = await startServer('./bareExpress.js', bare);
  const node = await startServer('./bareNode.js', bare);
  const ask = async ({ url }: RunningServer, answers: number): Promise<number> => {
    const headers = { authorization: `Bearer ${token}` };
    const load = await applyLoad({ url: `${url}/v1/menu`, connections: CONNECTIONS, answers, headers });
    successes(load);
    return load.done;
  };
  const costOf = (server: RunningServer) => async () => {
    const before = cpuMs(server.pid);
    const answered = await ask(server, ANSWERS);
    return ((cpuMs(server.pid) - before) * 1_000) / answered;
  };
  try {
    for (const server of [express, node, servio]) await ask(server, WARM_UP_ANSWERS);
    const costs = await interleave(ROUNDS, {
      express: costOf(express),
      node: costOf(node),
      servio: costOf(servio),
    });
    const beside = (baseline: string, baselineMedian: number, target: number): BenchResult => ({
      name: `CPU of GET /v1/menu, ${items} items, 10 clients`,
      ratio: baselineMedian / costs.servio,
      target,
      baseline,
      unit: 'µs',
      median: costs.servio,
      baselineMedian,
    });
    return [
      beside('bare Express 5 sending the same bytes', costs.express, 2),
      beside('bare node:http sending the same bytes', costs.node, 0.45),
    ];
  } finally {
    await express.stop();
    await node.stop();
  }
}
