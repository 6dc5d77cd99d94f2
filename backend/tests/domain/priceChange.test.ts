import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { changedPrice, type PriceRounding, ROUNDING_DIRECTIONS } from '../../src/domain/menu/priceChange.js';
import { MAX_AMOUNT } from '../../src/domain/number/money.js';

describe('changes of prices', () => {
  test('are exact, and end as the rounding says', () => {
    const to = (step: number, ending = 0, direction: PriceRounding['direction'] = 'nearest') => ({
      rounding: { step, ending, direction },
    });
    const cases: [number, Parameters<typeof changedPrice>[1], number][] = [
      [1000, { set: 5 }, 5],
      [1000, { by: -250 }, 750],
      [1000, { byPercent: '3.5' }, 1035],
      [990, { byPercent: '10' }, 1089],
      [5, { byPercent: '10' }, 6],
      [15, { byPercent: '-10' }, 14],
      [1033, { byPercent: '0', ...to(5) }, 1035],
      [1032, { byPercent: '0', ...to(5) }, 1030],
      [1000, { byPercent: '3.33', ...to(100, 90) }, 990],
      [1041, { by: 0, ...to(100, 90) }, 1090],
      [1040, { by: 0, ...to(100, 90) }, 1090],
      [1039, { by: 0, ...to(100, 90) }, 990],
      [1001, { by: 0, ...to(10, 9, 'up') }, 1009],
      [1008, { by: 0, ...to(10, 9, 'down') }, 999],
      [0, { byPercent: '50', ...to(100, 90) }, 0],
      [3, { byPercent: '0', ...to(10) }, 10],
      [500, { byPercent: '-100' }, 0],
    ];
    for (const [price, change, expected] of cases)
      assert.equal(changedPrice(price, change), expected, JSON.stringify([price, change]));
    assert.match(String(Object.values(changedPrice(100, { by: -101 }))), /below zero/);
    assert.match(String(Object.values(changedPrice(MAX_AMOUNT, { by: 1 }))), /exceed/);
  });

  test('round to the nearest price of the form, and never the other way', () => {
    const rounding = fc
      .record({ step: fc.integer({ min: 1, max: 500 }), direction: fc.constantFrom(...ROUNDING_DIRECTIONS) })
      .chain((one) => fc.record({ ...rest(one), ending: fc.integer({ min: 0, max: one.step - 1 }) }));
    fc.assert(
      fc.property(
        fc.integer({ min: 1000, max: 10_000_000 }),
        fc.integer({ min: -999, max: 9999 }),
        rounding,
        (...all) => {
          const [price, tenths, form] = all;
          const sign = tenths < 0 ? '-' : '';
          const byPercent = `${sign}${Math.trunc(Math.abs(tenths) / 100)}.${String(Math.abs(tenths) % 100).padStart(2, '0')}`;
          const changed = changedPrice(price, { byPercent, rounding: form });
          // In parts of ten thousand, all whole.
          const exact = price * (10_000 + tenths);
          assert.ok(typeof changed === 'number');
          assert.equal((changed - form.ending) % form.step, 0);
          const off = changed * 10_000 - exact;
          if (form.direction === 'nearest') assert.ok(2 * Math.abs(off) <= form.step * 10_000);
          else assert.ok(Math.abs(off) < form.step * 10_000 && (off === 0 || off > 0 === (form.direction === 'up')));
        },
      ),
    );
  });
});

function rest(one: { step: number; direction: PriceRounding['direction'] }) {
  return { step: fc.constant(one.step), direction: fc.constant(one.direction) };
}
