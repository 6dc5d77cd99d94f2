import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { multiply, ratio, ratioOf } from '../../src/domain/number/ratio.js';
import {
  grossQuantity,
  type Recipe,
  type RecipeLine,
  recipeProblems,
  recipesWithoutUnit,
} from '../../src/domain/inventory/recipe.js';
import { findCycle, makingOrder } from '../../src/domain/inventory/recipeOrder.js';
import { anyKitchen, part, recipe, recipesOf, stockItem, takes } from './recipes.js';

const ONION = stockItem('onion', 'kg', [{ unit: 'piece', numerator: '1', denominator: '8' }]);
const SAUCE = recipe('sauce', [takes('onion', '0.5', 'kg')], { yield: '2', yieldUnit: 'l' });
const BURGER = recipe('burger', [part('sauce', '30', 'ml')], { menuItemId: 'm1' });
const NO_ONION = recipe('noOnion', [takes('onion', '-0.02', 'kg')], { modifierId: 'x1' });

const pointersOf = (made: Recipe, recipes: Recipe[] = [SAUCE, BURGER, NO_ONION]) =>
  recipeProblems(made, [ONION], recipes).map(({ pointer }) => pointer);
const lineProblems = (line: RecipeLine, changes: Partial<Recipe> = {}) => pointersOf(recipe('new', [line], changes));

describe('grossQuantity', () => {
  test('adds the waste as a share of what is taken: 90 g net at 10 % are 100 g', () => {
    assert.deepEqual(grossQuantity(takes('onion', '90', 'g', '10')), ratio(100n));
    assert.deepEqual(grossQuantity(takes('onion', '1', 'g', '99.9999')), ratio(1_000_000n));
    assert.deepEqual(grossQuantity(takes('onion', '-1.5', 'g', '0')), ratio(-3n, 2n));
    fc.assert(
      fc.property(fc.nat({ max: 999_999 }), fc.integer({ min: 1, max: 1_000_000 }), (waste, quantity) => {
        const percent = `${Math.trunc(waste / 10_000)}.${String(waste % 10_000).padStart(4, '0')}`;
        const gross = grossQuantity(takes('onion', String(quantity), 'g', percent));
        assert.deepEqual(multiply(gross, ratio(1_000_000n - BigInt(waste), 1_000_000n)), ratioOf(String(quantity)));
      }),
    );
  });

  test('works with nothing that was never checked', () => {
    assert.throws(() => grossQuantity(takes('onion', 'much', 'g')), /unchecked/);
    assert.throws(() => grossQuantity(takes('onion', '1', 'g', '100')), /unchecked/);
  });
});

describe('recipeProblems', () => {
  test('finds none in a dish, its modifiers, and a change to a sub-recipe that still fits', () => {
    for (const made of [SAUCE, BURGER, NO_ONION]) assert.deepEqual(pointersOf(made), []);
    assert.deepEqual(pointersOf({ ...SAUCE, yield: '1', yieldUnit: 'gal' }), []);
    assert.deepEqual(lineProblems(takes('onion', '3', 'piece', '99.9999'), { menuItemId: 'm1', variantId: 'v1' }), []);
    assert.deepEqual(lineProblems(part('sauce', '-1', 'cup'), { menuItemId: 'm1', modifierId: 'x1' }), []);
  });

  test('finds units that the item or the sub-recipe does not know', () => {
    assert.deepEqual(lineProblems(takes('onion', '1', 'l')), ['/lines/0/unit']);
    assert.deepEqual(lineProblems(part('sauce', '1', 'kg')), ['/lines/0/unit']);
    assert.deepEqual(lineProblems(part('sauce', '1', 'portion')), ['/lines/0/unit']);
  });

  test('finds quantities that are none, nothing, or below zero outside of a modifier', () => {
    for (const quantity of ['', '1e3', '1.0000001', '1000000000000', '0', '-0', '0.000000', '-1']) {
      assert.deepEqual(
        lineProblems(takes('onion', quantity, 'kg'), { menuItemId: 'm1' }),
        ['/lines/0/quantity'],
        quantity,
      );
    }
    assert.deepEqual(lineProblems(takes('onion', '-1', 'kg')), ['/lines/0/quantity']);
    assert.deepEqual(lineProblems(takes('onion', '0', 'kg'), { modifierId: 'x1' }), ['/lines/0/quantity']);
  });

  test('finds waste outside of 0 to below 100, and a yield of nothing', () => {
    for (const waste of ['100', '100.0001', '-1', '', 'x', '1.00001', '1e1']) {
      assert.deepEqual(lineProblems(takes('onion', '1', 'kg', waste)), ['/lines/0/wastePercent'], waste);
    }
    for (const made of ['0', '-1', '', 'x', '0.0000001']) {
      assert.deepEqual(pointersOf(recipe('new', [], { yield: made })), ['/yield'], made);
    }
    assert.deepEqual(pointersOf(recipe('new', [], { yield: '0.000001' })), []);
  });

  test('finds a line of both, of neither, of what nobody has, and of a dish', () => {
    assert.deepEqual(lineProblems({ ...takes('onion', '1', 'kg'), recipeId: 'sauce' }), ['/lines/0']);
    assert.deepEqual(lineProblems({ ...takes('onion', '1', 'kg'), inventoryItemId: null }), ['/lines/0']);
    assert.deepEqual(lineProblems(takes('leek', '1', 'kg')), ['/lines/0/inventoryItemId']);
    assert.deepEqual(lineProblems(part('gravy', '1', 'l')), ['/lines/0/recipeId']);
    assert.deepEqual(lineProblems(part('burger', '1', 'portion')), ['/lines/0/recipeId']);
    assert.deepEqual(lineProblems(part('noOnion', '1', 'portion')), ['/lines/0/recipeId']);
  });

  test('finds a variant without its item, or with a modifier', () => {
    assert.deepEqual(pointersOf(recipe('new', [], { variantId: 'v1' })), ['/variantId']);
    assert.deepEqual(pointersOf(recipe('new', [], { menuItemId: 'm1', variantId: 'v1', modifierId: 'x1' })), [
      '/variantId',
    ]);
  });

  test('finds what other recipes hold this one to', () => {
    assert.deepEqual(pointersOf({ ...SAUCE, yieldUnit: 'kg' }), ['/yieldUnit']);
    assert.deepEqual(pointersOf({ ...SAUCE, menuItemId: 'm2' }), ['/menuItemId']);
    assert.deepEqual(pointersOf({ ...SAUCE, modifierId: 'x2' }), ['/modifierId']);
    assert.deepEqual(pointersOf({ ...SAUCE, yieldUnit: 'kg' }, [SAUCE, NO_ONION]), []);
  });

  test('holds a recipe that names itself to its new yield, and leaves the circle to findCycle', () => {
    const itself = { ...SAUCE, lines: [part('sauce', '1', 'l')] };
    assert.deepEqual(pointersOf(itself), []);
    assert.deepEqual(pointersOf({ ...itself, yieldUnit: 'kg' }, [SAUCE]), ['/lines/0/unit']);
    assert.deepEqual(pointersOf({ ...itself, id: 'new', lines: [part('new', '1', 'l')] }), []);
    assert.deepEqual(findCycle([BURGER, itself]), ['sauce']);
  });

  test('finds everything at once, each at its line', () => {
    const lines = [takes('onion', '1', 'kg'), takes('onion', '0', 'l', '100'), part('gravy', 'x', 'l')];
    const expected = [
      '/yield',
      '/lines/1/quantity',
      '/lines/1/wastePercent',
      '/lines/1/unit',
      '/lines/2/quantity',
      '/lines/2/recipeId',
    ];
    assert.deepEqual(pointersOf(recipe('new', lines, { yield: '0' })), expected);
  });

  test('finds nothing in random kitchens that can be cooked', () => {
    fc.assert(
      fc.property(anyKitchen, ({ items, recipes }) => {
        for (const made of recipes) assert.deepEqual(recipeProblems(made, items, recipes), []);
      }),
      { numRuns: 50 },
    );
  });
});

test('an item that loses a unit names the recipes that need it', () => {
  const byPiece = recipe('byPiece', [takes('leek', '1', 'g'), takes('onion', '1', 'piece')]);
  assert.deepEqual(recipesWithoutUnit(ONION, [SAUCE, byPiece]), []);
  assert.deepEqual(recipesWithoutUnit({ ...ONION, units: [] }, [SAUCE, byPiece]), [byPiece]);
  assert.deepEqual(recipesWithoutUnit(stockItem('onion', 'sack'), [SAUCE, byPiece, BURGER]), [SAUCE, byPiece]);
});

/** By brute force: can a recipe be reached from itself? */
function hasCycle(size: number, edges: readonly (readonly [number, number])[]): boolean {
  const reaches = Array.from(
    { length: size },
    (_, from) => new Set(edges.flatMap(([a, b]) => (a === from ? [b] : []))),
  );
  for (let over = 0; over < size; over++) {
    for (const reached of reaches) if (reached.has(over)) for (const next of reaches[over]!) reached.add(next);
  }
  return reaches.some((reached, from) => reached.has(from));
}

describe('findCycle', () => {
  test('names the recipes along the circle', () => {
    assert.deepEqual(findCycle(recipesOf(1, [[0, 0]])), ['r0']);
    assert.deepEqual(
      findCycle(
        recipesOf(4, [
          [0, 1],
          [1, 2],
          [2, 3],
          [3, 1],
        ]),
      ),
      ['r1', 'r2', 'r3'],
    );
    assert.equal(
      findCycle(
        recipesOf(4, [
          [0, 1],
          [0, 2],
          [1, 3],
          [2, 3],
        ]),
      ),
      undefined,
    );
    assert.equal(findCycle([recipe('a', [part('unknown', '1', 'g'), takes('a', '1', 'g')])]), undefined);
    assert.equal(findCycle([]), undefined);
  });

  test('finds a circle exactly when there is one, and what it names is one', () => {
    const anyGraph = fc
      .integer({ min: 1, max: 7 })
      .chain((size) =>
        fc.tuple(
          fc.constant(size),
          fc.array(fc.tuple(fc.nat({ max: size - 1 }), fc.nat({ max: size - 1 })), { maxLength: 9 }),
        ),
      );
    fc.assert(
      fc.property(anyGraph, ([size, edges]) => {
        const cycle = findCycle(recipesOf(size, edges));
        assert.equal(cycle !== undefined, hasCycle(size, edges));
        if (!cycle) return;
        assert.equal(new Set(cycle).size, cycle.length);
        cycle.forEach((id, index) => {
          const next = cycle[(index + 1) % cycle.length];
          assert.ok(edges.some(([from, to]) => `r${from}` === id && `r${to}` === next));
        });
      }),
      { numRuns: 1000 },
    );
  });

  test('goes down ten thousand recipes, and past a lattice of thirty levels, at once', { timeout: 5000 }, () => {
    const depth = 10_000;
    const chain = Array.from({ length: depth }, (_, index) => [index, index + 1] as const);
    assert.equal(findCycle(recipesOf(depth + 1, chain)), undefined);
    assert.equal(findCycle(recipesOf(depth + 1, [...chain, [depth, 0]]))?.length, depth + 1);
    assert.equal(findCycle(recipesOf(62, lattice(30))), undefined);
  });
});

/** Both recipes of a level name both of the next. */
function lattice(levels: number): [number, number][] {
  return Array.from({ length: levels }, (_, level) => level * 2).flatMap((low) =>
    [low, low + 1].flatMap((from): [number, number][] => [
      [from, low + 2],
      [from, low + 3],
    ]),
  );
}

test('the making order holds every recipe once, parts first', () => {
  const inAnyOrder = anyKitchen.chain(({ recipes }) => fc.shuffledSubarray(recipes, { minLength: recipes.length }));
  fc.assert(
    fc.property(inAnyOrder, (recipes) => {
      const { order = [] } = makingOrder(recipes);
      const seen = new Set<string>();
      for (const made of order) {
        for (const line of made.lines) assert.ok(line.recipeId === null || seen.has(line.recipeId));
        seen.add(made.id);
      }
      assert.equal(seen.size, recipes.length);
      assert.equal(order.length, recipes.length);
    }),
    { numRuns: 50 },
  );
});
