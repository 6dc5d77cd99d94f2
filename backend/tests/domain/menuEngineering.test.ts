import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type DishSales, engineerMenu, type MenuClass } from '../../src/domain/report/menuEngineering.js';
import { ratio } from '../../src/domain/number/ratio.js';

/** `cost` of all units. */
function dish(menuItemId: string, units: number, netRevenue: number, cost: bigint | null): DishSales {
  const exact = cost === null ? null : ratio(cost);
  return { menuItemId, name: menuItemId, units, netRevenue, cost: exact, unitsInLedger: units };
}

function classesOf(...dishes: DishSales[]): Record<string, MenuClass | null> {
  return Object.fromEntries(engineerMenu(dishes).rows.map((row) => [row.menuItemId, row.class]));
}

describe('menu engineering', () => {
  test('tells stars, plowhorses, puzzles and dogs apart', () => {
    // 400 units: popular from 70 % of a quarter, 70 units. Margins are 600, 200, 800 and 100:
    // 180000 in total, 450 a unit on average.
    const { rows, menu } = engineerMenu([
      dish('schnitzel', 200, 200_000, 80_000n),
      dish('fries', 150, 45_000, 15_000n),
      dish('lobster', 35, 70_000, 42_000n),
      dish('tripe', 15, 6_000, 4_000n),
    ]);
    assert.deepEqual(
      rows.map((row) => [row.menuItemId, row.class, row.popularityPercent, row.contributionMargin, row.totalMargin]),
      [
        ['schnitzel', 'star', '50', 600, 120_000],
        ['fries', 'plowhorse', '37.5', 200, 30_000],
        ['lobster', 'puzzle', '8.75', 800, 28_000],
        ['tripe', 'dog', '3.75', 133, 2_000],
      ],
    );
    assert.deepEqual(menu, {
      dishes: 4,
      units: 400,
      netRevenue: 321_000,
      cost: 141_000,
      margin: 180_000,
      popularityThresholdPercent: '17.5',
      marginThreshold: 450,
    });
  });

  test('counts a dish that just reaches a line as above it, and one just short of it as below', () => {
    // Ten dishes with the same margin: popular from exactly 7 % of the units.
    const alike = (name: string, units: number) => dish(name, units, units * 100, BigInt(units));
    const others = Array.from({ length: 8 }, (_, n) => alike(`other ${n}`, 100));
    assert.equal(classesOf(alike('edge', 70), alike('filler', 130), ...others)['edge'], 'star');
    assert.equal(classesOf(alike('edge', 69), alike('filler', 131), ...others)['edge'], 'puzzle');
    // All alike: each has the average margin and an even share.
    assert.deepEqual(classesOf(dish('a', 3, 10, 1n), dish('b', 3, 10, 1n)), { a: 'star', b: 'star' });
  });

  test('leaves out what it cannot judge, and says why', () => {
    const { rows, menu } = engineerMenu([
      dish('soup', 10, 5_000, 1_000n),
      dish('special', 90, 90_000, null),
      dish('water', 50, 0, 0n),
      dish('new', 0, 0, null),
    ]);
    assert.deepEqual(
      rows.map((row) => [row.menuItemId, row.class, row.unclassedReason, row.popularityPercent, row.totalMargin]),
      [
        ['soup', 'star', null, '100', 4_000],
        ['special', null, 'no_recipe', null, null],
        ['water', null, 'no_cost', null, null],
        ['new', null, 'not_sold', null, null],
      ],
    );
    assert.deepEqual([menu.dishes, menu.units, menu.netRevenue], [1, 10, 5_000]);
    assert.deepEqual(engineerMenu([]), {
      rows: [],
      menu: {
        dishes: 0,
        units: 0,
        netRevenue: 0,
        cost: 0,
        margin: 0,
        popularityThresholdPercent: null,
        marginThreshold: null,
      },
    });
  });

  test('judges a dish that is given away by what it costs', () => {
    assert.deepEqual(classesOf(dish('bread', 100, 0, 2_000n), dish('steak', 10, 30_000, 9_000n)), {
      steak: 'puzzle',
      bread: 'plowhorse',
    });
  });

  test('always has a dish that reaches the average margin and one that is popular, whatever the order of the dishes', () => {
    const sold = fc.record({
      units: fc.integer({ min: 1, max: 10_000 }),
      revenue: fc.nat(10_000_000),
      cost: fc.integer({ min: 1, max: 10_000_000 }),
    });
    fc.assert(
      fc.property(fc.array(sold, { minLength: 1, maxLength: 30 }), (sales) => {
        const dishes = sales.map(({ units, revenue, cost }, n) => dish(`${n}`, units, revenue, BigInt(cost)));
        const classes = classesOf(...dishes);
        assert.ok(Object.values(classes).some((one) => one === 'star' || one === 'puzzle'));
        assert.ok(Object.values(classes).some((one) => one === 'star' || one === 'plowhorse'));
        assert.deepEqual(classesOf(...dishes.toReversed()), classes);
      }),
    );
  });
});
