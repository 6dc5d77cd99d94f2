import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  costOf,
  fromStockUse,
  needsBetween,
  sumNeeds,
  toStockUse,
  type UsingLine,
} from '../../src/domain/inventory/needs.js';
import { ratio, ratioOf } from '../../src/domain/number/ratio.js';

const line = (stockUse: UsingLine['stockUse'], quantity: number, voided = false): UsingLine => ({
  stockUse,
  quantity,
  voided,
});

const anyNeeds = fc
  .dictionary(fc.constantFrom('a', 'b', 'c', '__proto__', '1'), fc.bigInt({ min: 1n, max: 10n ** 15n }))
  .map((needs) => new Map(Object.entries(needs)));
const anyLines = fc.array(
  fc.record({
    stockUse: fc.oneof(anyNeeds, anyNeeds.map(toStockUse)),
    quantity: fc.integer({ min: 1, max: 99 }),
    voided: fc.boolean(),
  }),
  { maxLength: 6 },
);

describe('stockUse', () => {
  test('is plain JSON of decimals and comes back as it was', () => {
    assert.deepEqual(
      toStockUse(
        new Map([
          ['a', 1_250_000n],
          ['b', 1n],
        ]),
      ),
      { a: '1.25', b: '0.000001' },
    );
    fc.assert(
      fc.property(anyNeeds, (needs) => {
        assert.deepEqual(fromStockUse(JSON.parse(JSON.stringify(toStockUse(needs)))), needs);
      }),
    );
  });

  test('is not read when a quantity is none', () => {
    assert.throws(() => fromStockUse({ a: '1', b: 'much' }), /"much" of b/);
  });
});

describe('sumNeeds', () => {
  test('multiplies by quantity, adds over lines and passes over voided ones', () => {
    const lines = [line({ a: '0.2', b: '1' }, 3), line(new Map([['a', 1n]]), 2), line({ a: '5', c: '1' }, 1, true)];
    assert.deepEqual(
      sumNeeds(lines),
      new Map([
        ['a', 600_002n],
        ['b', 3_000_000n],
      ]),
    );
    assert.deepEqual(sumNeeds([]), new Map());
    assert.deepEqual(sumNeeds([line({ a: '0' }, 3)]), new Map());
  });
});

describe('needsBetween', () => {
  test('takes what is new, gives back what went, and is silent about the rest', () => {
    const before = [line({ a: '1', b: '1' }, 2), line({ c: '1' }, 1)];
    const after = [line({ a: '1', b: '1' }, 2), line({ c: '1' }, 1, true), line({ a: '0.5' }, 1)];
    assert.deepEqual(
      needsBetween(before, after),
      new Map([
        ['c', -1_000_000n],
        ['a', 500_000n],
      ]),
    );
  });

  test('carries a stock from any state to any other, over any state between', () => {
    fc.assert(
      fc.property(anyLines, anyLines, anyLines, (first, second, third) => {
        const plus = (a: ReadonlyMap<string, bigint>, b: ReadonlyMap<string, bigint>) => {
          const total = new Map(a);
          for (const [id, micros] of b) total.set(id, (total.get(id) ?? 0n) + micros);
          return [...total].filter(([, micros]) => micros !== 0n).sort(([x], [y]) => (x < y ? -1 : 1));
        };
        assert.deepEqual(plus(sumNeeds(first), needsBetween(first, second)), plus(sumNeeds(second), new Map()));
        const over = plus(needsBetween(first, second), needsBetween(second, third));
        assert.deepEqual(over, plus(needsBetween(first, third), new Map()));
        assert.equal(needsBetween(first, first.toReversed()).size, 0);
      }),
    );
  });
});

test('costs are exact, and an item of unknown cost is free', () => {
  const needs = new Map([
    ['a', 200_000n],
    ['b', 1_000_000n],
    ['c', 5n],
  ]);
  // 0.2 kg at 1250 cents and one piece at a third of a cent.
  const costs = new Map([
    ['a', ratioOf('1250')],
    ['b', ratio(1n, 3n)],
  ]);
  assert.deepEqual(costOf(needs, costs), ratio(751n, 3n));
  assert.deepEqual(costOf(new Map(), costs), ratio(0n));
});
