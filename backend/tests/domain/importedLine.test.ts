import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { importAction } from '../../src/domain/import/import.js';
import { priceByLine, priceByUnit } from '../../src/domain/import/importedLine.js';
import { priceOrder } from '../../src/domain/order/pricing.js';

test('a line price is kept to the minor unit, whatever the quantity', () => {
  assert.deepEqual(priceByLine(1698, 2), { unitPrice: 849, grossAmount: 1698, discountAmount: 0, amount: 1698 });
  assert.deepEqual(priceByLine(1000, 3), { unitPrice: 334, grossAmount: 1002, discountAmount: 2, amount: 1000 });
  assert.deepEqual(priceByLine(0, 3), { unitPrice: 0, grossAmount: 0, discountAmount: 0, amount: 0 });
  assert.deepEqual(priceByUnit(849, 2), { unitPrice: 849, grossAmount: 1698, discountAmount: 0, amount: 1698 });
});

test('the pricing engine comes to the same sums, so an imported order can be priced again', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000_000_000 }), fc.integer({ min: 1, max: 1000 }), (amount, quantity) => {
      const line = priceByLine(amount, quantity);
      assert.ok(line.discountAmount >= 0 && line.discountAmount < quantity);
      const discounts = line.discountAmount === 0 ? [] : [{ name: 'Rounding', amount: line.discountAmount }];
      const priced = priceOrder({
        lines: [{ quantity, unitPrice: line.unitPrice, modifiers: [], discounts, taxes: [] }],
        discounts: [],
        tip: 0,
      });
      assert.deepEqual(
        [priced.subtotal, priced.discountTotal, priced.total],
        [line.grossAmount, line.discountAmount, amount],
      );
    }),
  );
});

test('an order that is stored stays, unless its file was mended and nobody touched it', () => {
  const stored = { isUntouched: true, lines: 3, faultyRows: 2 };
  assert.equal(importAction(undefined, { lines: 1, faultyRows: 0 }), 'create');
  assert.equal(importAction(stored, { lines: 5, faultyRows: 0 }), 'complete');
  assert.equal(importAction(stored, { lines: 4, faultyRows: 1 }), 'complete');
  assert.equal(importAction(stored, { lines: 3, faultyRows: 2 }), 'skip');
  assert.equal(importAction({ ...stored, faultyRows: 0 }, { lines: 9, faultyRows: 0 }), 'skip');
  assert.equal(importAction({ ...stored, isUntouched: false }, { lines: 5, faultyRows: 0 }), 'skip');
  assert.equal(
    importAction(stored, { lines: 2, faultyRows: 0 }),
    'skip',
    'a file with the mended rows alone would lose the others',
  );
});
