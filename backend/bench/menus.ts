/**
 * CPU of a menu on the server's core, beside bare Express and bare node:http that send the same
 * bytes. CPU and not requests a second: other programs on the machine change it little.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { BenchResult } from './result.js';
import { cpuMs } from './support/cpu.js';
import { applyLoad, interleave, type RunningServer, startServer, successes } from './support/load.js';
import { callApi, furnish, setStage, type Stage } from './support/stage.js';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 4);
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
  const costOf = (server: RunningServer) => async () => {
    const before = cpuMs(server.pid);
    const headers = { authorization: `Bearer ${token}` };
    const load = { url: `${server.url}/v1/menu`, connections: CONNECTIONS, seconds: SECONDS, headers };
    const answered = successes(await applyLoad(load)) * SECONDS;
    return ((cpuMs(server.pid) - before) * 1_000) / answered;
  };
  try {
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
