/**
 * A year of a restaurant's sales in the format of another till, and the stock they use. Every run
 * makes the same data.
 */
import { type Json, type TestApi } from './api.js';
import { Factories } from './factories.js';
import { ImportClient } from './importClient.js';

export const SALES_MAPPING = {
  source: 'old till',
  orderId: 'order',
  time: { column: 'time' },
  item: 'dish',
  variant: 'size',
  choices: { column: 'extras', shape: 'list', separator: ';' },
  quantity: 'qty',
  unitPrice: 'price',
};
export const YEAR = { from: '2024-01-01', to: '2024-12-31' };

const DISHES = 24;
const EXTRAS = 8;
const INGREDIENTS = 60;
const PREPARATIONS = 12;
/** Kept apart from each other by what they are counted in. */
const STOCK_UNITS = ['kg', 'l', 'piece', 'g'] as const;
const LINE_UNITS = {
  kg: ['g', 'kg', 'lb', 'sack'],
  l: ['ml', 'cl', 'l', 'sack'],
  piece: ['piece', 'dozen', 'sack'],
  g: ['g', 'oz', 'mg'],
} as const;

/**
 * Whole numbers from 0 to below `limit`: Park and Miller's generator, so that every run sells the
 * same.
 */
function dice(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % limit;
  };
}

export function salesFile(orders: number): { file: string; lines: number } {
  const roll = dice(20_240_101);
  const rows = ['order,time,dish,size,extras,qty,price'];
  for (let order = 0; order < orders; order += 1) {
    const day = new Date(Date.UTC(2024, 0, 1) + Math.floor((order * 366) / orders) * 86_400_000);
    const time = `${day.toISOString().slice(0, 10)} ${11 + roll(10)}:${10 + roll(50)}:00`;
    for (let line = 0; line <= roll(4); line += 1) {
      const dish = roll(DISHES);
      const size = dish % 3 === 0 ? ['small', 'large'][roll(2)] : '';
      const extras = Array.from({ length: roll(3) }, () => `Extra ${roll(EXTRAS)}`).join(';');
      rows.push(`${order},${time},Dish ${dish},${size},${extras},${1 + roll(3)},9.50`);
    }
  }
  return { file: `${rows.join('\n')}\n`, lines: rows.length - 1 };
}

/**
 * Stores sixty items, preparations that use each other, and recipes of every kind for the menu of
 * these sales.
 */
export async function stockRoom(api: TestApi, token: string): Promise<void> {
  const { ingredient, recipe } = new Factories(() => ({ api, token }));
  const roll = dice(60);
  const items: Json[] = [];
  for (let number = 0; number < INGREDIENTS; number += 1) {
    const unit = STOCK_UNITS[number % STOCK_UNITS.length] ?? 'kg';
    const sack = { unit: 'sack', numerator: 7 + (number % 5), denominator: 3 };
    const units = unit === 'g' ? [] : [sack];
    items.push(await ingredient({ name: `Ingredient ${number}`, unit, units, unitCost: `${number}.25` }));
  }
  const lineOf = (number: number): Json => {
    const item = items[number % INGREDIENTS];
    const unit: keyof typeof LINE_UNITS = item.unit;
    const units = LINE_UNITS[unit];
    return {
      inventoryItemId: item.id,
      quantity: `${roll(40)}.${1 + roll(999)}`,
      unit: units[roll(units.length)],
      wastePercent: ['0', '12.5', '7', '33.3333'][roll(4)],
    };
  };
  const linesOf = (count: number) => {
    const first = roll(INGREDIENTS);
    return Array.from({ length: count }, (_, index) => lineOf(first + index * 7));
  };
  const preparations: Json[] = [];
  for (let number = 0; number < PREPARATIONS; number += 1) {
    const part = preparations[roll(number + 1) - 1];
    const below = part ? [{ recipeId: part.id, quantity: '0.37', unit: 'l' }] : [];
    const lines = [...linesOf(4), ...below];
    preparations.push(await recipe({ name: `Preparation ${number}`, yield: '7.5', yieldUnit: 'l', lines }));
  }
  const client = new ImportClient(api);
  for (const dish of await client.list(token, '/v1/menu-items')) {
    const part = { recipeId: preparations[roll(PREPARATIONS)].id, quantity: '125', unit: 'ml', wastePercent: '3' };
    await recipe({ menuItemId: dish.id, yield: '3', lines: [...linesOf(6), part] });
    const [large] = dish.variants.filter((variant: Json) => variant.name === 'large');
    if (large) await recipe({ menuItemId: dish.id, variantId: large.id, lines: [...linesOf(5), part] });
  }
  await modifierRecipes(api, token, linesOf, recipe);
}

async function modifierRecipes(
  api: TestApi,
  token: string,
  linesOf: (count: number) => Json[],
  recipe: (fields: Json) => Promise<Json>,
): Promise<void> {
  const client = new ImportClient(api);
  const groups = await client.list(token, '/v1/modifier-groups');
  const [dish] = await client.list(token, '/v1/menu-items');
  for (const [index, modifier] of groups.flatMap((group) => group.modifiers).entries()) {
    const lines = linesOf(2);
    // Every third leaves something out, and may ask for more than the dish has of it.
    if (index % 3 === 0) for (const line of lines) line.quantity = `-${line.quantity}`;
    await recipe({ modifierId: modifier.id, lines });
    if (index % 2 === 0) await recipe({ modifierId: modifier.id, menuItemId: dish.id, lines: linesOf(1) });
  }
}
