import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { percentOf, roundToTotal, sumOf, toMinor, toTotal } from '../../src/domain/number/exactMoney.js';
import { compare, type Ratio, ratio, ratioOf, subtract } from '../../src/domain/number/ratio.js';

const thirds = (...numerators: bigint[]): Ratio[] => numerators.map((numerator) => ratio(numerator, 3n));

describe('exact costs', () => {
  test('are rounded half away from zero, once', () => {
    assert.deepEqual(
      ['0.5', '0.499999', '-0.5', '1.5', '0'].map((text) => toMinor(ratioOf(text))),
      [1, 0, -1, 2, 0],
    );
  });

  test('that are split give the units left over to the largest remainders, the earlier one on a tie', () => {
    assert.deepEqual(roundToTotal(thirds(1n, 1n, 1n), 1), [1, 0, 0]);
    assert.deepEqual(roundToTotal(thirds(1n, 2n, 3n), 2), [0, 1, 1]);
    assert.deepEqual(roundToTotal(thirds(-1n, -2n, -3n), -2), [0, -1, -1]);
    assert.deepEqual(roundToTotal([], 0), []);
  });

  test('add up to their rounded sum, each within one unit of what it is', () => {
    // A third of them beyond what a number holds.
    const most = fc.constantFrom(10n ** 9n, 10n ** 15n, 10n ** 24n);
    const numerator = most.chain((bound) => fc.bigInt(-bound, bound));
    const exact = fc.tuple(numerator, fc.bigInt(1n, 10_000n)).map(([a, b]) => ratio(a, b));
    fc.assert(
      fc.property(fc.array(exact, { maxLength: 30 }), (amounts) => {
        const total = toTotal(sumOf(amounts));
        const parts = roundToTotal(amounts, total);
        assert.equal(
          parts.reduce((sum, part) => sum + BigInt(part), 0n),
          BigInt(total),
        );
        parts.forEach((part, index) => {
          const off = subtract(ratio(BigInt(part)), amounts[index] ?? assert.fail());
          assert.ok(compare(off, ratio(-1n)) > 0 && compare(off, ratio(1n)) <= 0, `${part} is too far off`);
        });
      }),
    );
  });

  test('are shown in percent with two decimals, and of nothing not at all', () => {
    assert.equal(percentOf(ratio(1n), ratio(3n)), '33.33');
    assert.equal(percentOf(ratio(-1n), ratio(8n)), '-12.5');
    assert.equal(percentOf(ratio(3n), ratio(3n)), '100');
    assert.equal(percentOf(ratio(1n), ratio(10n ** 30n)), '0');
    assert.equal(percentOf(ratio(1n), ratio(0n)), null);
    assert.equal(percentOf(ratio(1n), ratio(-5n)), null);
  });
});
