/** Actual against theoretical use of stock. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { businessDate } from '../../src/domain/restaurant/localTime.js';
import { formatQuantity, parseQuantity } from '../../src/domain/number/quantity.js';
import { MOVEMENT_KINDS, type MovementKind } from '../../src/domain/stock/stock.js';
import { type Json, startApi, type TestApi } from '../support/api.js';
import { expectProblem } from '../support/problem.js';
import { CUTOFF_HOUR, StoreRoom, TIMEZONE } from '../support/storeRoom.js';

/** A movement with the business date that it falls on. */
interface Moved {
  kind: MovementKind;
  thousandths: number;
  unitCost: number;
  at: string;
  date: string;
}

// The clocks go forward in the night to the 8th, before the cut-off.
const DAYS = ['2026-03-06', '2026-03-07', '2026-03-08', '2026-03-09'];
const STARTS = [
  '2026-03-06T09:00Z',
  '2026-03-07T09:00Z',
  '2026-03-08T08:00Z',
  '2026-03-09T08:00Z',
  '2026-03-10T08:00Z',
];
const instant = fc.oneof(
  fc.date({ min: new Date('2026-03-06'), max: new Date('2026-03-11'), noInvalidDate: true }),
  fc.constantFrom(...STARTS.flatMap((start) => [new Date(start), new Date(Date.parse(start) - 1)])),
);
const movement = fc
  .record({
    kind: fc.constantFrom(...MOVEMENT_KINDS),
    thousandths: fc.integer({ min: -5000, max: 5000 }).filter((quantity) => quantity !== 0),
    unitCost: fc.integer({ min: 0, max: 5000 }),
    instant,
  })
  .map(({ instant: when, ...rest }): Moved => {
    return { ...rest, at: when.toISOString(), date: businessDate(when, TIMEZONE, CUTOFF_HOUR) };
  });
const period = fc.tuple(fc.nat(3), fc.nat(3)).map(([a, b]): [string, string] => {
  return [DAYS[Math.min(a, b)] ?? '', DAYS[Math.max(a, b)] ?? ''];
});

function sumOf(moved: readonly Moved[]): number {
  return moved.reduce((sum, one) => sum + one.thousandths, 0);
}

/** Converts a quantity with at most three decimals. */
function thousandths(quantity: string): number {
  return Number(formatQuantity((parseQuantity(quantity) ?? assert.fail(quantity)) * 1000n));
}

describe('stock variance', () => {
  let api: TestApi;
  let now = new Date('2026-03-10T15:00:00Z');
  before(async () => {
    api = await startApi({ clock: () => now });
  });
  after(() => api.close());

  const at = (instant: string) => {
    now = new Date(instant);
  };

  test('variance is what is gone and was not sold: waste that is written down and what counts find missing', async () => {
    const room = await StoreRoom.open(api);
    at('2026-03-10T15:00:00Z');
    const beef = await room.ingredient({ name: 'Beef', openingQuantity: '10', unitCost: '1000' });
    const bun = await room.ingredient({ name: 'Bun', unit: 'piece', openingQuantity: '50', unitCost: '30' });
    await room.ingredient({ name: 'Never moved' });
    const burger = await room.dish({ name: 'Burger', price: 1500 }, [
      { inventoryItemId: beef.id, quantity: '0.2' },
      { inventoryItemId: bun.id, quantity: '1' },
    ]);
    at('2026-03-11T15:00:00Z');
    await room.post('/v1/stock/movements', {
      inventoryItemId: beef.id,
      kind: 'receipt',
      quantity: '5',
      unitCost: '1300',
    });
    // 5 x 0.2 kg at (10 x 1000 + 5 x 1300) / 15 = 1100 a kilogram; one of them is taken back.
    const order = await room.order([
      { menuItemId: burger.id, quantity: 4 },
      { menuItemId: burger.id, quantity: 1 },
    ]);
    await room.remove(`/v1/orders/${order.id}/lines/${order.lines[1].id}`);
    await room.post('/v1/stock/movements', {
      inventoryItemId: beef.id,
      kind: 'waste',
      quantity: '0.4',
      reason: 'burnt',
    });
    await room.post('/v1/stock/movements', {
      inventoryItemId: bun.id,
      kind: 'correction',
      quantity: '-6',
      reason: 'a lost bag',
    });
    await room.postMovements(beef.id, [
      { kind: 'count', quantity: -0.25, unitCost: 1100, at: '2026-03-12T02:00:00Z' },
      { kind: 'transfer', quantity: -1, unitCost: 1100, at: '2026-03-12T02:00:00Z' },
      { kind: 'transfer', quantity: 1, unitCost: 1100, at: '2026-03-12T02:00:00Z' },
      { kind: 'prep', quantity: -2, unitCost: 1100, at: '2026-03-12T02:00:00Z' },
    ]);
    await room.postMovements(bun.id, [{ kind: 'count', quantity: 3, unitCost: 30, at: '2026-03-12T02:00:00Z' }]);

    const { data, totals, currency, nextCursor } = await room.report('stock-variance?from=2026-03-11&to=2026-03-11');
    assert.deepEqual([currency, nextCursor], ['USD', null]);
    assert.deepEqual(
      data.map((row: Json) => row.name),
      ['Beef', 'Bun', 'Never moved'],
    );
    assert.deepEqual(data[0], {
      inventoryItemId: beef.id,
      name: 'Beef',
      unit: 'kg',
      openingQuantity: '10',
      receipts: '5',
      preparations: '-2',
      transfers: '0',
      corrections: '0',
      theoreticalUse: '0.8',
      waste: '0.4',
      countDifference: '-0.25',
      closingQuantity: '11.55',
      actualUse: '1.45',
      variance: '0.65',
      variancePercent: '81.25',
      theoreticalUseValue: 880,
      varianceValue: 715,
    });
    const { corrections, theoreticalUse, actualUse, variance, variancePercent, varianceValue } = data[1];
    assert.deepEqual([corrections, theoreticalUse, actualUse], ['-6', '4', '1']);
    assert.deepEqual([variance, variancePercent, varianceValue], ['-3', '-75', -90]);
    assert.deepEqual([data[2].variance, data[2].variancePercent, data[2].varianceValue], ['0', null, 0]);
    assert.deepEqual(totals, { theoreticalUseValue: 1000, varianceValue: 625, variancePercent: '62.5' });

    const [quiet] = (await room.report('stock-variance?from=2026-03-12&to=2026-03-20')).data.filter(
      (row: Json) => row.name === 'Beef',
    );
    assert.deepEqual([quiet.openingQuantity, quiet.closingQuantity, quiet.actualUse], ['11.55', '11.55', '0']);
  });

  test('of an item that is sold below nothing, and of one that is deleted since, the ledger adds up', async () => {
    const room = await StoreRoom.open(api);
    at('2026-03-10T15:00:00Z');
    const cream = await room.ingredient({ name: 'Cream', unit: 'l', unitCost: '400' });
    const cake = await room.dish({ name: 'Cake', price: 500 }, [{ inventoryItemId: cream.id, quantity: '0.1' }]);
    await room.order([{ menuItemId: cake.id, quantity: 3 }]);
    const gone = await room.ingredient({ name: 'Gone', openingQuantity: '2', unitCost: '10' });
    const take = { inventoryItemId: gone.id, kind: 'waste', quantity: '2', reason: 'mouldy' };
    await room.post('/v1/stock/movements', take);
    await room.remove(`/v1/inventory-items/${gone.id}`, 204);
    const { data } = await room.report('stock-variance?from=2026-03-10&to=2026-03-10');
    assert.deepEqual(
      data.map((row: Json) => [row.name, row.openingQuantity, row.closingQuantity, row.actualUse, row.variance]),
      [
        ['Gone', '0', '0', '2', '2'],
        ['Cream', '0', '-0.3', '0.3', '0'],
      ],
    );
    const later = await room.report('stock-variance?from=2026-03-11&to=2026-03-11');
    assert.deepEqual(
      later.data.map((row: Json) => row.name),
      ['Cream'],
    );
  });

  test('whatever moves when, opening and movements come to closing, by the business days of the restaurant', async () => {
    const room = await StoreRoom.open(api);
    await fc.assert(
      fc.asyncProperty(fc.array(movement, { minLength: 1, maxLength: 25 }), period, async (moved, [from, to]) => {
        const item = await room.ingredient({ name: `Item ${randomUUID()}` });
        const posted = moved.map((one) => ({ ...one, quantity: one.thousandths / 1000 }));
        await room.postMovements(item.id, posted);
        const { data } = await room.report(`stock-variance?from=${from}&to=${to}&limit=100`);
        const row = data.find((one: Json) => one.inventoryItemId === item.id);
        const shown = (field: string) => thousandths(row[field]);
        const isWithin = ({ date }: Moved) => date >= from && date <= to;
        const within = (...kinds: MovementKind[]) =>
          sumOf(moved.filter((one) => isWithin(one) && kinds.includes(one.kind)));

        assert.equal(shown('openingQuantity'), sumOf(moved.filter(({ date }) => date < from)));
        assert.equal(shown('closingQuantity'), sumOf(moved.filter(({ date }) => date <= to)));
        assert.equal(shown('openingQuantity') + within(...MOVEMENT_KINDS), shown('closingQuantity'));
        assert.equal(shown('theoreticalUse') + within('sale', 'void'), 0);
        assert.equal(shown('variance') + within('waste', 'count'), 0);
        assert.equal(shown('actualUse') - shown('theoreticalUse'), shown('variance'));
        const gone = moved.filter((one) => isWithin(one) && ['waste', 'count'].includes(one.kind));
        const value = gone.reduce((sum, one) => sum - one.thousandths * one.unitCost, 0);
        // With many items, rows are rounded so that they add up: the difference is below one.
        assert.ok(Math.abs(row.varianceValue * 1000 - value) < 1000, `${row.varianceValue} for ${value / 1000}`);
      }),
      { numRuns: 30 },
    );
  });

  test('pages of variances hold each item once, in the order of their values, with the totals of all', async () => {
    const room = await StoreRoom.open(api);
    at('2026-03-10T15:00:00Z');
    for (let n = 1; n <= 7; n += 1) {
      const item = await room.ingredient({ name: `Item ${n}`, openingQuantity: '10', unitCost: `${n * 100}` });
      await room.postMovements(item.id, [
        { kind: 'count', quantity: n % 2 ? 1 : -1, unitCost: n * 100, at: now.toISOString() },
      ]);
    }
    const values: number[] = [];
    const period = 'from=2026-03-10&to=2026-03-10';
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: Json = await room.report(`stock-variance?${period}&limit=3${cursor && `&cursor=${cursor}`}`);
      assert.equal(page.totals.varianceValue, -400);
      values.push(...page.data.map((row: Json) => row.varianceValue));
      cursor = page.nextCursor;
    }
    assert.deepEqual(values, [-700, 600, -500, 400, -300, 200, -100]);
    const { nextCursor } = await room.report(`stock-variance?${period}&limit=3`);
    expectProblem(
      422,
      await api.get(`/v1/reports/stock-variance?from=2026-03-09&to=2026-03-10&cursor=${nextCursor}`, {
        token: room.token,
      }),
    );
  });
});
