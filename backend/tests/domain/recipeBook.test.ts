import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { AppError } from '../../src/domain/shared/errors.js';
import { MOST_ITEMS, MOST_PARTS } from '../../src/domain/inventory/explodedRecipes.js';
import { needsBetween, sumNeeds, toStockUse } from '../../src/domain/inventory/needs.js';
import { type Micros, toMicros } from '../../src/domain/number/quantity.js';
import { add, divide, multiply, ONE, ratio, ratioOf, subtract } from '../../src/domain/number/ratio.js';
import type { Recipe } from '../../src/domain/inventory/recipe.js';
import { RecipeBook, type SoldLine } from '../../src/domain/inventory/recipeBook.js';
import { anyKitchen, cookNaively, type Kitchen, part, recipe, stockItem, takes } from './recipes.js';

const ITEMS = [stockItem('beef', 'kg'), stockItem('onion', 'kg'), stockItem('bun', 'piece'), stockItem('milk', 'l')];

/** Sauce: 2 l from 1 kg onion (20 % waste: 1.25 kg) and 1.5 l milk. */
const RECIPES: Recipe[] = [
  recipe('burger', [takes('beef', '180', 'g', '10'), takes('bun', '1', 'piece'), part('sauce', '4', 'cl')], {
    menuItemId: 'burger',
  }),
  recipe('double', [takes('beef', '360', 'g', '10'), takes('bun', '1', 'piece')], {
    menuItemId: 'burger',
    variantId: 'double',
  }),
  recipe('sauce', [takes('onion', '1', 'kg', '20'), takes('milk', '1.5', 'l')], { yield: '2', yieldUnit: 'l' }),
  recipe('extra', [takes('onion', '20', 'g')], { modifierId: 'extraOnion' }),
  recipe('extraHere', [takes('onion', '30', 'g')], { modifierId: 'extraOnion', menuItemId: 'soup' }),
  recipe('without', [takes('onion', '-20', 'g')], { modifierId: 'noOnion' }),
  recipe('soup', [takes('onion', '1', 'kg')], { menuItemId: 'soup', yield: '8' }),
  recipe('big', [takes('milk', '1', 'ml')], { menuItemId: 'shake', variantId: 'big' }),
];
const BOOK = new RecipeBook(ITEMS, RECIPES);

function sold(menuItemId: string, modifiers: Record<string, number> = {}, variantId: string | null = null): SoldLine {
  const chosen = Object.entries(modifiers).map(([modifierId, quantity]) => ({ modifierId, quantity }));
  return { menuItemId, variantId, modifiers: chosen };
}
const useOf = (line: SoldLine, book = BOOK) => toStockUse(book.needsOf(line));

describe('needsOf', () => {
  test('takes a burger apart down to the shelf, with waste and sauce', () => {
    assert.deepEqual(useOf(sold('burger')), { beef: '0.2', bun: '1', onion: '0.025', milk: '0.03' });
  });

  test('takes the recipe of the variant instead of the item, and the item where the variant has none', () => {
    assert.deepEqual(useOf(sold('burger', {}, 'double')), { beef: '0.4', bun: '1' });
    assert.deepEqual(useOf(sold('burger', {}, 'junior')), useOf(sold('burger')));
    assert.deepEqual(useOf(sold('shake', {}, 'big')), { milk: '0.001' });
    assert.deepEqual(useOf(sold('shake')), {});
  });

  test('shares a batch among its portions', () => {
    assert.deepEqual(useOf(sold('soup')), { onion: '0.125' });
  });

  test('adds modifiers times their quantity, the one for this dish before the general one', () => {
    assert.equal(useOf(sold('burger', { extraOnion: 3 }))['onion'], '0.085');
    assert.equal(useOf(sold('soup', { extraOnion: 3 }))['onion'], '0.215');
    assert.deepEqual(useOf(sold('water', { extraOnion: 1 })), { onion: '0.02' });
    assert.deepEqual(useOf(sold('water', { unknown: 1 })), {});
  });

  test('gives back what a dish holds and creates nothing', () => {
    assert.equal(useOf(sold('burger', { noOnion: 1 }))['onion'], '0.005');
    assert.deepEqual(useOf(sold('burger', { noOnion: 2 })), { beef: '0.2', bun: '1', milk: '0.03' });
    assert.deepEqual(useOf(sold('water', { noOnion: 1 })), {});
    assert.deepEqual(useOf(sold('water', { noOnion: 1, extraOnion: 1 })), {});
    // Only the sum is held at zero, so the order of the choices says nothing.
    assert.deepEqual(useOf(sold('water', { noOnion: 2, extraOnion: 3 })), { onion: '0.02' });
    assert.deepEqual(useOf(sold('water', { extraOnion: 3, noOnion: 2 })), { onion: '0.02' });
  });

  test('counts a modifier chosen twice in a list twice', () => {
    const modifiers = [
      { modifierId: 'extraOnion', quantity: 1 },
      { modifierId: 'extraOnion', quantity: 1 },
    ];
    assert.deepEqual(useOf({ menuItemId: 'water', variantId: null, modifiers }), { onion: '0.04' });
  });

  test('rounds once for each item and unit sold, not line by line', () => {
    // 0.4 + 0.4 + 0.2 mg are a millionth of a kilogram; each alone would round to nothing.
    const dust = recipe(
      'dust',
      ['0.4', '0.4', '0.2'].map((mg) => takes('beef', mg, 'mg')),
      { menuItemId: 'dust' },
    );
    assert.deepEqual(useOf(sold('dust'), new RecipeBook(ITEMS, [dust])), { beef: '0.000001' });
    const third = recipe('third', [takes('bun', '1', 'piece')], { menuItemId: 'third', yield: '3' });
    const book = new RecipeBook(ITEMS, [third]);
    const use = toStockUse(book.needsOf(sold('third')));
    assert.deepEqual(use, { bun: '0.333333' });
    assert.deepEqual(toStockUse(book.explode('third', ratio(3n), 'portion')), { bun: '1' });
    const three = sumNeeds([{ stockUse: use, quantity: 3, voided: false }]);
    assert.equal(three.get('bun'), 999_999n);
  });
});

describe('a recipe book', () => {
  test('tells the dishes that use an item by themselves, also through sub-recipes and variants', () => {
    assert.deepEqual([...BOOK.dishesUsing('onion')].sort(), ['burger', 'soup']);
    assert.deepEqual([...BOOK.dishesUsing('milk')].sort(), ['burger', 'shake']);
    assert.deepEqual([...BOOK.dishesUsing('leek')], []);
  });

  test('tells which variants have a recipe of their own, and null for the item', () => {
    assert.deepEqual(new Set(BOOK.targetsOf('burger')), new Set([null, 'double']));
    assert.deepEqual(BOOK.targetsOf('shake'), ['big']);
    assert.deepEqual(BOOK.targetsOf('water'), []);
  });

  test('is empty as long as nothing that is sold has a recipe', () => {
    const only = (id: string) =>
      new RecipeBook(
        ITEMS,
        RECIPES.filter((made) => made.id === id),
      );
    assert.equal(new RecipeBook(ITEMS, []).isEmpty, true);
    assert.equal(only('sauce').isEmpty, true);
    for (const id of ['soup', 'big', 'extra', 'extraHere']) assert.equal(only(id).isEmpty, false);
  });

  test('explodes any amount of a sub-recipe, in any unit that fits', () => {
    assert.deepEqual(toStockUse(BOOK.explode('sauce', ONE, 'gal')), { onion: '2.365882', milk: '2.839059' });
    assert.deepEqual(toStockUse(BOOK.explode('sauce', ratio(-2n), 'l')), { onion: '-1.25', milk: '-1.5' });
    assert.deepEqual(toStockUse(BOOK.explode('sauce', ratioOf('0.0001'), 'ml')), {});
    const isCode = (code: string) => (error: unknown) => error instanceof AppError && error.code === code;
    assert.throws(() => BOOK.explode('gravy', ONE, 'l'), isCode('not_found'));
    assert.throws(() => BOOK.explode('sauce', ONE, 'kg'), isCode('invalid_request'));
  });

  test('is not made of recipes that were never checked', () => {
    const unchecked: Recipe[][] = [
      [recipe('a', [part('b', '1', 'portion')]), recipe('b', [part('a', '1', 'portion')])],
      [recipe('a', [takes('leek', '1', 'kg')])],
      [recipe('a', [takes('beef', '1', 'l')])],
      [recipe('a', [part('b', '1', 'portion')])],
      [recipe('a', [part('b', '1', 'g')]), recipe('b', [])],
    ];
    for (const recipes of unchecked) {
      assert.throws(() => new RecipeBook(ITEMS, recipes), /^Error: recipe(?:s form a circle: a, b| a names)/);
    }
  });

  test('refuses a portion of a billion stock units, so that no sale runs out of digits', () => {
    const tons = (quantity: string) => [recipe('a', [takes('beef', quantity, 'kg')], { menuItemId: 'a' })];
    const isRefused = (error: unknown) => error instanceof AppError && error.code === 'invalid_request';
    assert.throws(() => new RecipeBook(ITEMS, tons('1000000000')), isRefused);
    assert.throws(
      () => new RecipeBook(ITEMS, [recipe('x', [takes('beef', '-1000000000', 'kg')], { modifierId: 'x' })]),
      isRefused,
    );
    assert.deepEqual(useOf(sold('a'), new RecipeBook(ITEMS, tons('999999999.999999'))), { beef: '999999999.999999' });
  });

  test('works out thirty levels that each name the next one three times, and five hundred in a row, at once', {
    timeout: 5000,
  }, () => {
    const levels = Array.from({ length: 30 }, (_, level) =>
      recipe(
        `l${level}`,
        [0, 1, 2].map((half) => part(`l${level + 1}`, half === 2 ? '0.1' : '0.2', 'portion', '37.5')),
        level === 0 ? { menuItemId: 'deep' } : {},
      ),
    );
    const bottom = recipe('l30', [takes('beef', '1', 'kg')]);
    // (0.2 + 0.2 + 0.1) / 0.625 = 0.8, thirty times; 0.8^30 = 0.0012379...
    assert.deepEqual(useOf(sold('deep'), new RecipeBook(ITEMS, [...levels, bottom])), { beef: '0.001238' });
    // 2.7 net are 3 gross, and a batch of 3 gives 1 for each: five hundred levels change nothing.
    const row = Array.from({ length: 500 }, (_, level) =>
      recipe(`l${level}`, [part(`l${level + 1}`, '2.7', 'portion', '10')], {
        yield: '3',
        ...(level === 0 ? { menuItemId: 'deep' } : {}),
      }),
    );
    const last = recipe('l500', [takes('beef', '1', 'g')]);
    assert.deepEqual(useOf(sold('deep'), new RecipeBook(ITEMS, [...row, last])), { beef: '0.001' });
  });
});

/** Needs of a target by the naive cook, rounded once. */
function naiveNeeds({ recipes }: Kitchen, id: string): Map<string, Micros> {
  const made = recipes.find((candidate) => candidate.id === id)!;
  const exact = cookNaively(recipes, made.id, ONE);
  return new Map(
    [...exact].map(([item, needed]) => [item, toMicros(needed)] as const).filter(([, micros]) => micros !== 0n),
  );
}

const sorted = (needs: ReadonlyMap<string, Micros>) => [...needs].sort(([a], [b]) => (a < b ? -1 : 1));

describe('any kitchen', () => {
  const bookOf = ({ items, recipes }: Kitchen) => new RecipeBook(items, recipes);
  const idOf = ({ recipes }: Kitchen, target: Partial<Recipe>) =>
    recipes.find((made) => Object.entries(target).every(([key, value]) => made[key as keyof Recipe] === value))!.id;

  test('takes what a naive cook takes, for dishes, variants, modifiers and batches, in whatever order recipes stand', () => {
    fc.assert(
      fc.property(anyKitchen, (kitchen) => {
        const book = bookOf(kitchen);
        const backward = bookOf({ ...kitchen, recipes: kitchen.recipes.toReversed() });
        const dish = naiveNeeds(kitchen, idOf(kitchen, { menuItemId: 'dish', variantId: null, modifierId: null }));
        const large = naiveNeeds(kitchen, idOf(kitchen, { variantId: 'large' }));
        assert.deepEqual(sorted(book.usesOf('dish', null)), sorted(dish));
        assert.deepEqual(sorted(book.usesOf('dish', 'large')), sorted(large));
        assert.deepEqual(sorted(book.needsOf(sold('dish'))), sorted(dish));
        assert.deepEqual(sorted(backward.usesOf('dish', null)), sorted(dish));
        const extra = naiveNeeds(kitchen, idOf(kitchen, { modifierId: 'extra', menuItemId: null }));
        assert.deepEqual(sorted(book.needsOf(sold('water', { extra: 1 }))), sorted(extra));
        assert.deepEqual(sorted(book.explode('r0', ONE, 'g')), sorted(naiveNeeds(kitchen, 'r0')));
      }),
      { numRuns: 60 },
    );
  });

  test('never takes less than nothing, and takes base plus modifiers wherever that is above it', () => {
    const anyChoice = fc.record({ extra: fc.nat({ max: 3 }), without: fc.nat({ max: 3 }) });
    fc.assert(
      fc.property(anyKitchen, anyChoice, (kitchen, choice) => {
        const book = bookOf(kitchen);
        const needs = book.needsOf(sold('dish', choice));
        const base = book.usesOf('dish', null);
        const extra = naiveNeeds(kitchen, idOf(kitchen, { modifierId: 'extra', menuItemId: 'dish' }));
        const without = naiveNeeds(kitchen, idOf(kitchen, { modifierId: 'without' }));
        for (const { id } of kitchen.items) {
          const plain =
            (base.get(id) ?? 0n) +
            (extra.get(id) ?? 0n) * BigInt(choice.extra) +
            (without.get(id) ?? 0n) * BigInt(choice.without);
          assert.equal(needs.get(id), plain > 0n ? plain : undefined);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('takes n times as much for n, however the n are spread over lines, and voiding them gives all of it back', () => {
    fc.assert(
      fc.property(
        anyKitchen,
        fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 6 }),
        (kitchen, quantities) => {
          const stockUse = toStockUse(bookOf(kitchen).needsOf(sold('dish', { extra: 1 })));
          const lines = quantities.map((quantity) => ({ stockUse, quantity, voided: false }));
          const one = { stockUse, quantity: quantities.reduce((a, b) => a + b, 0), voided: false };
          assert.deepEqual(sumNeeds(lines), sumNeeds([one]));
          assert.equal(needsBetween(lines, [one]).size, 0);
          const given = needsBetween(
            lines,
            lines.map((line) => ({ ...line, voided: true })),
          );
          for (const [id, micros] of sumNeeds(lines)) assert.equal(given.get(id), -micros);
        },
      ),
      { numRuns: 60 },
    );
  });
});

test('recipes of a hundred wastes each, made of each other, are worked out without delay and to the millionth', () => {
  const wastes = Array.from({ length: 100 }, (_, index) => `${(index * 37 + 11) % 90}.${1001 + index * 7}`);
  const chain = Array.from({ length: 12 }, (_, level) =>
    recipe(
      `r${level}`,
      wastes.map((waste) =>
        level === 0 ? takes('beef', '0.01', 'kg', waste) : part(`r${level - 1}`, '0.01', 'portion', waste),
      ),
    ),
  );
  const dish = recipe('dish', [part('r11', '1', 'portion')], { menuItemId: 'dish' });
  // 0.01 net with a waste of w percent takes 1 / (100 - w).
  const each = wastes.map((waste) => divide(ONE, subtract(ratioOf('100'), ratioOf(waste))));
  const one = each.reduce(add);
  let expected = ONE;
  for (let level = 0; level < 12; level += 1) expected = multiply(expected, one);
  const book = new RecipeBook(ITEMS, [...chain, dish]);
  assert.equal(book.needsOf(sold('dish')).get('beef'), toMicros(expected));
});

describe('what is about to be stored is bounded', () => {
  const items = Array.from({ length: 500 }, (_, index) => stockItem(`item${index}`, 'g'));
  /** Each is made of the one before and of one more item. */
  const chain = (length: number) =>
    Array.from({ length }, (_, level) =>
      recipe(`r${level}`, [
        takes(`item${level % items.length}`, '1', 'g'),
        ...(level === 0 ? [] : [part(`r${level - 1}`, '1', 'portion')]),
      ]),
    );
  const stepsOf = (recipes: Recipe[], isBounded = true) => {
    const making = RecipeBook.making(items, recipes, isBounded);
    for (let steps = 0; ; steps += 1) if (making.next().done) return steps;
  };
  const refusal = (recipes: Recipe[]) => {
    try {
      return `made in ${stepsOf(recipes)} steps`;
    } catch (error) {
      assert.ok(error instanceof AppError && error.code === 'invalid_request');
      assert.equal(error.errors?.[0]?.pointer, '/lines');
      return error.message;
    }
  };

  test('in the items that one recipe takes, its preparations included', () => {
    assert.equal(refusal(chain(MOST_ITEMS)), `made in ${2 * MOST_ITEMS - 1} steps`);
    assert.match(refusal(chain(MOST_ITEMS + 1)), /^"Recipe r200" would take more than 200 different inventory items/);
    assert.match(refusal(chain(20_000)), /^"Recipe r200" /);
  });

  test('in the parts that all recipes take together', () => {
    const broad = recipe(
      'broad',
      items.slice(0, MOST_ITEMS).map(({ id }) => takes(id, '1', 'g')),
    );
    const dishes = Array.from({ length: MOST_PARTS / MOST_ITEMS - 1 }, (_, index) =>
      recipe(`dish${index}`, [part('broad', '1', 'portion')], { menuItemId: `dish${index}` }),
    );
    assert.match(refusal([broad, ...dishes]), /^made in/);
    const oneMore = recipe('more', [takes('item0', '1', 'g')]);
    assert.match(
      refusal([broad, ...dishes, oneMore]),
      /^With "Recipe more" all recipes together would take more than 100000/,
    );
  });

  test('and what was stored before there were bounds is still worked out, in steps', () => {
    assert.equal(stepsOf(chain(300), false), 599);
  });
});
