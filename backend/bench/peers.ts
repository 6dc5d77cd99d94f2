/**
 * Servio beside other shops with the same work: a catalogue of 32 items, and an order of two lines.
 * CPU of an operation, server and database together, on one machine, with one PostgreSQL. The
 * others are installed by npm in a folder outside the project, which takes minutes and needs the
 * registry; so this runs only when it is named.
 *
 * BENCH_PEERS_FOLDER keeps the installation for the next run. BENCH_PEERS=vendure leaves Medusa out.
 */
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { BenchResult } from './result.js';
import { cpuMs, cpuMsOfAll } from './support/cpu.js';
import { interleave, runGenerator, type RunningServer } from './support/load.js';
import type { PeerDone, PeerSeed, PeerWork } from './support/peerLoad.js';
import { type Peer, startMedusa, startVendure } from './support/peerSystems.js';
import { callApi, furnish, setStage, type Stage } from './support/stage.js';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 10);
const WARM_UP_SECONDS = Number(process.env['BENCH_WARM_UP_SECONDS'] ?? 20);
const FOLDER = process.env['BENCH_PEERS_FOLDER'] ?? path.join(tmpdir(), 'servio-peers');
const WANTED = (process.env['BENCH_PEERS'] ?? 'vendure,medusa').split(',');
const CALLERS = 10;
const ITEMS = 32;
/** How many times as much CPU a peer takes. */
const TARGETS = { order: 10, catalogue: 10 };

interface System {
  title: string;
  name: PeerWork['system'];
  server: RunningServer;
  seed: PeerSeed;
}

export async function run(): Promise<BenchResult[]> {
  const stage = await setStage();
  try {
    const place = { folder: FOLDER, adminUrl: stage.adminUrl, items: ITEMS };
    const starts = { vendure: startVendure, medusa: startMedusa };
    const peers: System[] = [];
    for (const name of ['vendure', 'medusa'] as const)
      if (WANTED.includes(name)) peers.push({ name, ...((await starts[name](place)) satisfies Peer) });
    const own = await ownSystem(stage);
    for (const system of [own, ...peers])
      for (const work of ['catalogue', 'order'] as const) await cost(stage, system, work, WARM_UP_SECONDS);
    return [...(await compare(stage, own, peers, 'order')), ...(await compare(stage, own, peers, 'catalogue'))];
  } finally {
    await stage.close();
  }
}

async function ownSystem(stage: Stage): Promise<System> {
  const { token } = await furnish(stage.servio.url, { categories: 4, items: ITEMS });
  const menu = await (await callApi(stage.servio.url, token, 'GET', '/v1/menu')).text();
  const { categories } = JSON.parse(menu) as { categories: { items: { id: string }[] }[] }; // A menu of the API.
  const variantIds = categories.flatMap(({ items }) => items.map(({ id }) => id));
  if (variantIds.length !== ITEMS) throw new Error(`the menu has ${variantIds.length} items`);
  // A session would end before the last round.
  const made = await callApi(stage.servio.url, token, 'POST', '/v1/api-keys', {
    name: 'bench',
    scopes: ['menu:read', 'orders:write'],
  });
  const { secret } = (await made.json()) as { secret: string }; // A new key of the API.
  await stage.servio.stop();
  const server = await stage.startServio({});
  return { title: 'Servio', name: 'servio', server, seed: { token: secret, variantIds } };
}

async function compare(stage: Stage, own: System, peers: System[], work: PeerWork['work']): Promise<BenchResult[]> {
  const systems = [own, ...peers];
  const figures = await interleave(
    ROUNDS,
    Object.fromEntries(systems.map((system) => [system.name, () => cost(stage, system, work, SECONDS)])),
  );
  const median = figures[own.name] ?? Number.NaN;
  return peers.map(({ name, title }) => {
    const baselineMedian = figures[name] ?? Number.NaN;
    const what = work === 'order' ? 'Order of 2 lines' : `Catalogue of ${ITEMS} items`;
    const result = { name: `${what}, ${CALLERS} callers`, ratio: baselineMedian / median, target: TARGETS[work] };
    return { ...result, baseline: title, unit: 'us CPU', median, baselineMedian };
  });
}

/** Microseconds of processor time an operation. @throws when an order is not what was asked for. */
async function cost(stage: Stage, { name, server, seed }: System, work: PeerWork['work'], seconds: number) {
  const before = cpuMs(server.pid) + cpuMsOfAll(stage.postmasterPid);
  const asked: PeerWork = { system: name, work, url: server.url, seed, callers: CALLERS, seconds };
  const { done, perSecond, requests } = (await runGenerator('./peerLoad.js', asked)) as PeerDone; // Printed by it.
  const us = ((cpuMs(server.pid) + cpuMsOfAll(stage.postmasterPid) - before) / done) * 1000;
  console.log(`  ${name} ${work}: ${perSecond.toFixed(1)} a second, ${Math.round(us)} us CPU, ${requests} requests`);
  return us;
}
