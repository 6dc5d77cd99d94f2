import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type LowItem, type Offer, packsFor, propose } from '../../src/domain/purchasing/replenishment.js';
import { compare, multiply, ratio, ratioOf } from '../../src/domain/number/ratio.js';

const cola: LowItem = {
  id: 'cola',
  name: 'Cola',
  unit: 'bottle',
  units: [{ unit: 'crate', numerator: '24', denominator: '1' }],
  currentQuantity: '0',
  parLevel: '48',
};
const offer: Offer = {
  supplierId: 'metro',
  inventoryItemId: 'cola',
  packUnit: 'crate',
  orderMultiple: 1,
  lastPrice: 1700,
  isPreferred: true,
};

const GRAIN = { unit: 'grain', numerator: '1', denominator: '100000000000' };
const SHIP = { unit: 'ship', numerator: '1000000000000', denominator: '1' };

/** Crates ordered, or why none are. */
function proposed(item: Partial<LowItem>, offers: readonly Offer[], onOrder: [quantity: string, unit: string][] = []) {
  const outstanding = onOrder.map(([quantity, unit]) => ({ inventoryItemId: 'cola', quantity, unit }));
  const { orders, skipped } = propose([{ ...cola, ...item }], offers, outstanding);
  return orders[0]?.lines[0]?.quantity ?? skipped[0]?.reason;
}

describe('propose', () => {
  for (const [what, item, offers, onOrder, expected] of [
    ['fills up to par exactly', {}, [offer], [], '2'],
    ['rounds a single missing bottle up to a crate', { currentQuantity: '47' }, [offer], [], '1'],
    ['rounds the smallest part of a bottle up as well', { currentQuantity: '23.999999' }, [offer], [], '2'],
    ['makes up for less than nothing', { currentQuantity: '-1' }, [offer], [], '3'],
    ['orders whole multiples', {}, [{ ...offer, orderMultiple: 5 }], [], '5'],
    [
      'counts what is on order in any unit',
      {},
      [offer],
      [
        ['23', 'bottle'],
        ['1', 'crate'],
      ],
      '1',
    ],
    ['orders nothing when enough is on order', {}, [offer], [['2', 'crate']], 'enough_on_order'],
    ['takes the only supplier without a preference', {}, [{ ...offer, isPreferred: false }], [], '2'],
    [
      'takes the preferred one wherever he stands',
      {},
      [{ ...offer, isPreferred: false, orderMultiple: 9 }, offer],
      [],
      '2',
    ],
    [
      'does not choose between equals',
      {},
      [1, 2].map(() => ({ ...offer, isPreferred: false })),
      [],
      'no_preferred_supplier',
    ],
    ['knows no supplier', {}, [], [], 'no_supplier'],
    ['knows no par level', { parLevel: null }, [offer], [], 'no_par_level'],
    ['has reached par', { currentQuantity: '48' }, [offer], [], 'par_level_reached'],
    ['cannot count a pack that the item has no more', {}, [{ ...offer, packUnit: 'keg' }], [], 'unknown_unit'],
    ['orders what one order may come to', {}, [{ ...offer, lastPrice: 50_000_000_000 }], [], '2'],
    ['orders no more than one order may come to', {}, [{ ...offer, lastPrice: 50_000_000_001 }], [], 'too_much'],
    ['orders no more packs than can be counted', { units: [GRAIN] }, [{ ...offer, packUnit: 'grain' }], [], 'too_much'],
    [
      'orders no more of the stock unit than can be counted',
      { units: [SHIP] },
      [{ ...offer, packUnit: 'ship' }],
      [],
      'too_much',
    ],
    ['cannot count an order in a unit that is gone', {}, [offer], [['1', 'keg']], 'unknown_unit'],
  ] as [string, Partial<LowItem>, Offer[], [string, string][], string][])
    test(what, () => assert.equal(proposed(item, offers, onOrder), expected));

  test('groups by supplier in the order of the items', () => {
    const items = ['a', 'b', 'c'].map((id) => ({ ...cola, id }));
    const offers = items.map(({ id }) => ({
      ...offer,
      inventoryItemId: id,
      supplierId: id === 'b' ? 'farm' : 'metro',
    }));
    const { orders } = propose(items, offers, []);
    assert.deepEqual(
      orders.map(({ supplierId, lines }) => [supplierId, lines.map((line) => line.inventoryItemId)]),
      [
        ['metro', ['a', 'c']],
        ['farm', ['b']],
      ],
    );
  });

  test('cuts an order in two where it would come to more than one may', () => {
    const items = ['a', 'b', 'c', 'd'].map((id) => ({ ...cola, id }));
    const prices: Record<string, number | null> = { a: 30_000_000_000, b: 20_000_000_000, c: 1, d: null };
    const offers = items.map(({ id }) => ({ ...offer, inventoryItemId: id, lastPrice: prices[id] ?? null }));
    const { orders } = propose(items, offers, []);
    assert.deepEqual(
      orders.map(({ lines }) => lines.map((line) => line.inventoryItemId)),
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    );
  });
});

test('packs cover what is missing, in whole multiples, and one multiple less would not', () => {
  assert.equal(packsFor(ratioOf('0.000001'), ratio(1n, 3n), 1), 1n);
  fc.assert(
    fc.property(
      fc.bigInt({ min: 1n, max: 10n ** 15n }),
      fc.bigInt({ min: 1n, max: 10n ** 9n }),
      fc.bigInt({ min: 1n, max: 10n ** 9n }),
      fc.integer({ min: 1, max: 1000 }),
      (missing, numerator, denominator, multiple) => {
        const pack = ratio(numerator, denominator);
        const wanted = ratio(missing, 1_000_000n);
        const packs = packsFor(wanted, pack, multiple);
        assert.equal(packs % BigInt(multiple), 0n);
        assert.ok(compare(multiply(ratio(packs), pack), wanted) >= 0);
        assert.ok(compare(multiply(ratio(packs - BigInt(multiple)), pack), wanted) < 0);
      },
    ),
  );
});
