/**
 * Cost of taking an order's ingredients from stock, against the same order of a dish without a
 * recipe.
 */
import type { BenchResult } from './result.js';
import { applyLoad, interleave, successes } from './support/load.js';
import { callApi, setStage, type Stage } from './support/stage.js';

const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 4);
const CALLERS = 20;
const HOT_CALLERS = 50;
const INGREDIENTS = 8;

export async function run(): Promise<BenchResult[]> {
  const stage = await setStage();
  try {
    const eight = await dishOf(stage, INGREDIENTS);
    const hot = await dishOf(stage, 1);
    const figures = await interleave(ROUNDS, {
      plain: () => ordersOf(stage, stage.itemId, CALLERS),
      eight: () => ordersOf(stage, eight, CALLERS),
      plainCrowd: () => ordersOf(stage, stage.itemId, HOT_CALLERS),
      hot: () => ordersOf(stage, hot, HOT_CALLERS),
    });
    const baseline = 'the same order of a dish without a recipe';
    const result = (name: string, median: number, baselineMedian: number, target: number): BenchResult => {
      return { name, ratio: median / baselineMedian, target, baseline, unit: 'orders/s', median, baselineMedian };
    };
    return [
      result('POST /v1/orders that takes 8 ingredients', figures.eight, figures.plain, 0.7),
      result('POST /v1/orders, one ingredient in every order, 50 callers', figures.hot, figures.plainCrowd, 0.5),
    ];
  } finally {
    await stage.close();
  }
}

async function ordersOf(
  { servio, token, modifierId }: Stage,
  menuItemId: string,
  connections: number,
): Promise<number> {
  const lines = [
    { menuItemId, quantity: 1, modifiers: [{ modifierId }] },
    { menuItemId, quantity: 2 },
  ];
  const load = await applyLoad({
    url: `${servio.url}/v1/orders`,
    connections,
    seconds: SECONDS,
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'takeaway', lines }),
  });
  return successes(load);
}

/**
 * A dish like that of the stage, with a recipe of the given number of ingredients. Their stock is
 * large but limited.
 */
async function dishOf({ servio, token, itemId }: Stage, ingredients: number): Promise<string> {
  const call = async (method: string, path: string, body?: object) => {
    const response = await callApi(servio.url, token, method, path, body);
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Record<string, unknown>; // Servio answers objects.
  };
  const { name, price, categoryId, taxIds, modifierGroupIds } = await call('GET', `/v1/menu-items/${itemId}`);
  const dish = await call('POST', '/v1/menu-items', { name, price, categoryId, taxIds, modifierGroupIds });
  const lines: object[] = [];
  for (let index = 0; index < ingredients; index += 1) {
    const item = {
      name: `${ingredients}-${index}`,
      unit: 'kg',
      policy: 'forbid',
      openingQuantity: '900000000',
      unitCost: '250',
    };
    const made = await call('POST', '/v1/inventory-items', item);
    lines.push({ inventoryItemId: made['id'], quantity: '150', unit: 'g' });
  }
  await call('POST', '/v1/recipes', { menuItemId: dish['id'], lines });
  return String(dish['id']);
}
