/**
 * Recipes to calculate: builders with defaults for fields that a test does not set, random
 * kitchens, and a simple reference calculation.
 */
import fc from 'fast-check';
import { add, divide, multiply, ONE, type Ratio, ratio, ratioOf, ZERO } from '../../src/domain/number/ratio.js';
import type { Recipe, RecipeLine, StockItem } from '../../src/domain/inventory/recipe.js';

export function stockItem(id: string, unit: string, units: StockItem['units'] = []): StockItem {
  return { id, name: `Item ${id}`, unit, units };
}

export function takes(inventoryItemId: string, quantity: string, unit: string, wastePercent = '0'): RecipeLine {
  return { inventoryItemId, recipeId: null, quantity, unit, wastePercent };
}

export function part(recipeId: string, quantity: string, unit: string, wastePercent = '0'): RecipeLine {
  return { inventoryItemId: null, recipeId, quantity, unit, wastePercent };
}

export function recipe(id: string, lines: RecipeLine[], changes: Partial<Recipe> = {}): Recipe {
  const target = { menuItemId: null, variantId: null, modifierId: null };
  return { id, name: `Recipe ${id}`, ...target, yield: '1', yieldUnit: 'portion', lines, ...changes };
}

/** A recipe of one line of one other each: `edges` as pairs of indices. */
export function recipesOf(size: number, edges: readonly (readonly [number, number])[]): Recipe[] {
  const recipes = Array.from({ length: size }, (_, index) => recipe(`r${index}`, []));
  for (const [from, to] of edges) recipes[from]?.lines.push(part(`r${to}`, '1', 'portion'));
  return recipes;
}

const ITEMS = [stockItem('flour', 'kg'), stockItem('egg', 'piece', [eggGrams()]), stockItem('oil', 'l')];

function eggGrams(): StockItem['units'][number] {
  return { unit: 'g', numerator: '1', denominator: '60' };
}

/** A decimal text above zero with up to six decimals. */
const anyQuantity = fc.integer({ min: 1, max: 5_000_000 }).map((micros) => {
  const digits = String(micros).padStart(7, '0');
  return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
});
/**
 * Batches of 300 to 600 g: with parts of at most 5 oz, no depth of recipes exceeds the largest
 * stock quantity.
 */
const anyYield = fc
  .integer({ min: 300_000, max: 600_000 })
  .map((mg) => `${Math.trunc(mg / 1000)}.${String(mg % 1000).padStart(3, '0')}`);
const anyWaste = fc.constantFrom('0', '5', '12.5', '33.3333', '75');
const anyItemLine = fc
  .tuple(
    fc.constantFrom(['flour', 'g'], ['flour', 'lb'], ['egg', 'piece'], ['egg', 'kg'], ['oil', 'tbsp']),
    anyQuantity,
    anyWaste,
  )
  .map(([[id = '', unit = ''], quantity, waste]) => takes(id, quantity, unit, waste));

export interface Kitchen {
  items: StockItem[];
  /** Each names only earlier ones; the last are of dishes and modifiers. */
  recipes: Recipe[];
}

/**
 * Sub-recipes in grams that use each other, a dish in two variants and three modifiers, one of
 * which gives stock back.
 */
export const anyKitchen: fc.Arbitrary<Kitchen> = fc
  .array(
    fc.record({
      own: fc.array(anyItemLine, { maxLength: 3 }),
      parts: fc.array(fc.nat({ max: 99 }), { maxLength: 3 }),
      amount: anyQuantity,
      waste: anyWaste,
      makes: anyYield,
    }),
    { minLength: 6, maxLength: 12 },
  )
  .map((drafts) => {
    const subRecipes = drafts.length - 5;
    const recipes = drafts.map(({ own, parts, amount, waste, makes }, index): Recipe => {
      const before = Math.min(index, subRecipes);
      const lines = [...own, ...(before === 0 ? [] : parts.map((to) => part(`r${to % before}`, amount, 'oz', waste)))];
      return recipe(`r${index}`, lines, { yield: makes, yieldUnit: 'g', ...TARGETS[index - subRecipes] });
    });
    const last = recipes.at(-1)!;
    // Copies: what is drawn may be drawn again.
    last.lines = last.lines.map((line, index) => (index === 0 ? { ...line, quantity: `-${line.quantity}` } : line));
    return { items: ITEMS, recipes };
  });

const TARGETS: Partial<Recipe>[] = [
  { menuItemId: 'dish' },
  { menuItemId: 'dish', variantId: 'large' },
  { modifierId: 'extra' },
  { modifierId: 'extra', menuItemId: 'dish' },
  { modifierId: 'without' },
];

/** Units in stock units, by hand. */
const SIZES: Record<string, Ratio> = {
  'flour g': ratio(1n, 1000n),
  'flour lb': ratioOf('0.45359237'),
  'egg piece': ONE,
  'egg kg': ratio(1000n, 60n),
  'oil tbsp': divide(ratioOf('3.785411784'), ratio(256n)),
};

/** Stock that this many units of a recipe's yield take, worked out line by line without a cache. */
export function cookNaively(recipes: readonly Recipe[], id: string, times: Ratio): Map<string, Ratio> {
  const total = new Map<string, Ratio>();
  const made = recipes.find((candidate) => candidate.id === id)!;
  for (const line of made.lines) {
    const kept = divide(ratioOf(String(100)), ratio(1_000_000n - percentMillionths(line.wastePercent), 10_000n));
    const amount = divide(multiply(multiply(ratioOf(line.quantity), kept), times), ratioOf(made.yield));
    const taken = line.recipeId
      ? cookNaively(recipes, line.recipeId, multiply(amount, ratioOf('28.349523125')))
      : new Map([[line.inventoryItemId!, multiply(amount, SIZES[`${line.inventoryItemId} ${line.unit}`]!)]]);
    for (const [item, needed] of taken) total.set(item, add(total.get(item) ?? ZERO, needed));
  }
  return total;
}

function percentMillionths(percent: string): bigint {
  const [whole = '', fraction = ''] = percent.split('.');
  return BigInt(whole + fraction.padEnd(4, '0'));
}
