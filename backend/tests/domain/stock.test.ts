import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { fromMicros } from '../../src/domain/number/quantity.js';
import { add, compare, multiply, ratio, ratioOf } from '../../src/domain/number/ratio.js';
import { averageAfter, crosses, isLow, MOVEMENT_KINDS, STOCK_POLICIES } from '../../src/domain/stock/stock.js';

const UNIT = 1_000_000n;
const anyMicros = fc.bigInt({ min: 1n, max: 10n ** 15n });
const anyCost = fc.bigInt({ min: 0n, max: 10n ** 9n }).map((cost) => ratio(cost, 1000n));

describe('averageAfter', () => {
  test('weighs what lies there against what comes', () => {
    // (10 x 2.00 + 30 x 3.00) / 40 = 2.75
    assert.deepEqual(averageAfter(10n * UNIT, ratio(2n), 30n * UNIT, ratio(3n)), ratioOf('2.75'));
    assert.deepEqual(averageAfter(UNIT, ratio(1n), 2n * UNIT, ratio(2n)), ratio(5n, 3n));
  });

  test('takes the cost of the receipt when nothing, or less, lay there', () => {
    assert.deepEqual(averageAfter(0n, ratio(9n), UNIT, ratio(4n)), ratio(4n));
    assert.deepEqual(averageAfter(-5n * UNIT, ratio(9n), UNIT, ratio(4n)), ratio(4n));
  });

  test('stays when nothing comes or goods go back, also on an empty shelf', () => {
    assert.deepEqual(averageAfter(0n, ratio(9n), 0n, ratio(4n)), ratio(9n));
    assert.deepEqual(averageAfter(UNIT, ratio(9n), -UNIT, ratio(4n)), ratio(9n));
    assert.deepEqual(averageAfter(5n * UNIT, ratio(9n), -UNIT, ratio(4n)), ratio(9n));
  });

  test('neither makes nor loses value, lies between the two costs, and does not care which delivery came first', () => {
    fc.assert(
      fc.property(
        anyMicros,
        anyCost,
        anyMicros,
        anyCost,
        anyMicros,
        anyCost,
        (held, at, first, firstAt, second, secondAt) => {
          const average = averageAfter(held, at, first, firstAt);
          const value = add(multiply(fromMicros(held), at), multiply(fromMicros(first), firstAt));
          assert.deepEqual(multiply(fromMicros(held + first), average), value);
          const [low, high] = compare(at, firstAt) < 0 ? [at, firstAt] : [firstAt, at];
          assert.ok(compare(low, average) <= 0 && compare(average, high) <= 0);
          const oneWay = averageAfter(held + first, average, second, secondAt);
          const other = averageAfter(held + second, averageAfter(held, at, second, secondAt), first, firstAt);
          assert.deepEqual(oneWay, other);
        },
      ),
    );
  });
});

test('stock is low strictly below its reorder point, and never without one', () => {
  assert.equal(isLow(4_999_999n, 5n * UNIT), true);
  assert.equal(isLow(5n * UNIT, 5n * UNIT), false);
  assert.equal(isLow(-UNIT, 0n), true);
  assert.equal(isLow(-UNIT, null), false);
});

test('a line is crossed on the way down only, and once', () => {
  assert.equal(crosses(5n, 4n, 5n), true);
  assert.equal(crosses(6n, 5n, 5n), false);
  assert.equal(crosses(4n, 3n, 5n), false);
  assert.equal(crosses(4n, 6n, 5n), false);
  fc.assert(
    fc.property(
      fc.array(fc.bigInt({ min: -9n, max: 9n }), { minLength: 2 }),
      fc.bigInt({ min: -9n, max: 9n }),
      (levels, line) => {
        const steps = levels.slice(1).map((after, index) => [levels[index]!, after] as const);
        const down = steps.filter(([before, after]) => crosses(before, after, line)).length;
        const up = steps.filter(([before, after]) => crosses(after, before, line)).length;
        // Between two ways down lies one way up.
        assert.equal(down - up, Number(isLow(levels.at(-1)!, line)) - Number(isLow(levels[0]!, line)));
      },
    ),
  );
});

test('policies and kinds of movement are those that the API and the tables know', () => {
  assert.deepEqual(STOCK_POLICIES, ['forbid', 'allow_negative', 'auto_86']);
  assert.deepEqual(MOVEMENT_KINDS, ['sale', 'void', 'receipt', 'count', 'waste', 'transfer', 'prep', 'correction']);
});
