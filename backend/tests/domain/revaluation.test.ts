/** Costs that change after goods came: a second ledger without them says what must be left. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { latePrices, pricedBy } from '../../src/domain/supplierInvoice/latePrices.js';
import { type HeldStock, revalued, withoutRevaluation } from '../../src/domain/stock/revaluation.js';

const unit = 1_000_000n;
const near = (one: bigint, other: bigint): void =>
  assert.ok(one - other <= 2n && other - one <= 2n, `${one}, ${other}`);

/** A moving average: goods that come are averaged, goods that leave take the average. */
function moved(stock: HeldStock, quantity: bigint, cost = 0n): HeldStock {
  const after = stock.quantity + quantity;
  if (quantity < 0n) return { ...stock, quantity: after };
  const held = stock.quantity > 0n ? stock.quantity : 0n;
  return { quantity: after, average: (held * stock.average + quantity * cost) / (held + quantity) };
}

describe('costs that change after goods came', () => {
  test('what is in stock gets the new cost, and the rest is variance', () => {
    const change = { quantity: 10n * unit, change: 10n * unit };
    const all = revalued({ quantity: 10n * unit, average: 100n * unit }, change);
    assert.deepEqual([all.average, all.stockValue, all.variance], [110n * unit, 100, 0]);
    const some = revalued({ quantity: 4n * unit, average: 100n * unit }, change);
    assert.deepEqual([some.average, some.held, some.stockValue, some.variance], [110n * unit, 4n * unit, 40, 60]);
    const mixed = revalued({ quantity: 20n * unit, average: 100n * unit }, change);
    assert.deepEqual([mixed.average, mixed.stockValue, mixed.variance], [105n * unit, 100, 0]);
    for (const quantity of [0n, -3n * unit]) {
      const none = revalued({ quantity, average: 100n * unit }, change);
      assert.deepEqual([none.average, none.held, none.stockValue, none.variance], [100n * unit, 0n, 0, 100]);
    }
    const free = revalued({ quantity: 10n * unit, average: 3n * unit }, { ...change, change: -10n * unit });
    assert.deepEqual([free.average, free.stockValue, free.variance], [0n, -30, -70]);
  });

  test('taken back, the average is as if it had never been, whatever moved meanwhile', () => {
    const moves: [bigint, bigint?][][] = [
      [],
      [[-7n * unit]],
      [[-7n * unit], [5n * unit, 130n * unit]],
      [[5n * unit, 130n * unit], [-12n * unit], [3n * unit, 90n * unit], [-1n]],
      [[-20n * unit], [5n * unit, 130n * unit]],
      [[-25n * unit], [8n * unit, 130n * unit], [-2n * unit]],
    ];
    for (const steps of moves) {
      const before = { quantity: 20n * unit, average: 100n * unit };
      const { average } = revalued(before, { quantity: 10n * unit, change: 7_654_321n });
      let [with_, without] = [{ ...before, average }, before];
      for (const [quantity, cost] of steps)
        [with_, without] = [moved(with_, quantity, cost), moved(without, quantity, cost)];
      const since = steps.map(([quantity]) => quantity);
      near(withoutRevaluation(with_, before, average, since), without.average);
    }
  });

  test('no more goods are priced than came, and no item twice', () => {
    const received = [
      { inventoryItemId: 'a', stockQuantity: '6', unitCost: '100' },
      { inventoryItemId: 'a', stockQuantity: '4', unitCost: '110' },
      { inventoryItemId: 'b', stockQuantity: '1', unitCost: '5' },
    ];
    const invoiced = [
      { inventoryItemId: 'a', stockQuantity: '12', unitCost: '120' },
      { inventoryItemId: 'b', stockQuantity: '1', unitCost: '5' },
      { inventoryItemId: 'c', stockQuantity: '1', unitCost: '5' },
      { inventoryItemId: 'a', stockQuantity: '-1', unitCost: '999' },
    ];
    const first = latePrices(received, invoiced, new Map());
    assert.deepEqual(first, [
      { inventoryItemId: 'a', quantity: 10n * unit, receivedUnitCost: 104n * unit, invoicedUnitCost: 120n * unit },
    ]);
    const stored = { receivedUnitCost: '', invoicedUnitCost: '', heldQuantity: '', stockValue: 0, variance: 0 };
    const rest = { stockQuantity: '', averageBefore: '', averageAfter: '' };
    const priced = pricedBy([{ inventoryItemId: 'a', quantity: '7.5', ...stored, ...rest }]);
    assert.equal(latePrices(received, invoiced, priced)[0]?.quantity, 2_500_000n);
    assert.deepEqual(latePrices(received, invoiced, new Map([['a', 10n * unit]])), []);
  });
});
