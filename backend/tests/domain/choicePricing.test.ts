import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  choicesPricedByCounterparts,
  type CounterpartCount,
  nextPricedChoice,
  type PriceCount,
  type PricedChoice,
} from '../../src/domain/import/choicePricing.js';

/** One order line: item, choices, price. */
type Line = readonly [item: string, choices: readonly number[], price: number];

/** The counts that the database makes of lines, made here. */
function counterpartCounts(lines: readonly Line[]): CounterpartCount[] {
  const prices = new Map<string, number[]>();
  for (const [item, choices, price] of lines) {
    const key = `${item} ${choices.join()}`;
    prices.set(key, [...(prices.get(key) ?? []), price]);
  }
  return lines.flatMap(([item, choices, price]) =>
    choices.map((choice) => {
      const others = prices.get(`${item} ${choices.filter((other) => other !== choice).join()}`);
      return { choice, difference: others === undefined ? null : price - Math.max(...others), lines: 1 };
    }),
  );
}

function priceCounts(lines: readonly Line[], known: readonly number[]): PriceCount[] {
  return lines.flatMap(([item, choices, price]) => {
    const group = `${item} ${choices.filter((choice) => known.includes(choice)).join()}`;
    const own = choices.filter((choice) => !known.includes(choice));
    return [null, ...own].map((choice) => ({ group, choice, price, lines: 1 }));
  });
}

/** Alternatives only, round by round, as an import asks. */
function findByAlternatives(lines: readonly Line[]): PricedChoice[] {
  const found: PricedChoice[] = [];
  for (;;) {
    const known = found.map(({ choice }) => choice);
    const next = nextPricedChoice(priceCounts(lines, known));
    if (!next) return found;
    found.push(next);
  }
}

function times(count: number, ...lines: Line[]): Line[] {
  return Array.from({ length: count }, () => lines).flat();
}

describe('choices priced by counterparts', () => {
  test('lines that differ in one choice only tell its price', () => {
    const lines = times(5, ['burger', [], 900], ['burger', [1], 1000]);
    assert.deepEqual(choicesPricedByCounterparts(counterpartCounts(lines)), [{ choice: 1, price: 100 }]);
  });

  test('several extras of one price, taken in any combination, are all found', () => {
    const lines = times(3, ['pizza', [], 900], ['pizza', [1], 1000], ['pizza', [2], 1000], ['pizza', [1, 2], 1100]);
    const found = choicesPricedByCounterparts(counterpartCounts(lines));
    assert.deepEqual(found, [
      { choice: 1, price: 100 },
      { choice: 2, price: 100 },
    ]);
  });

  test('the most common difference is the price', () => {
    const lines = [
      ...times(6, ['bowl', [], 800], ['bowl', [1], 1050]),
      ...times(2, ['salad', [], 800], ['salad', [1], 1039]),
    ];
    assert.deepEqual(choicesPricedByCounterparts(counterpartCounts(lines)), [{ choice: 1, price: 250 }]);
  });

  test('four lines are too few', () => {
    const lines = times(4, ['burger', [], 900], ['burger', [1], 1000]);
    assert.deepEqual(choicesPricedByCounterparts(counterpartCounts(lines)), []);
  });

  test('a choice of which few lines have a counterpart is not judged by those few', () => {
    const counts: CounterpartCount[] = [
      { choice: 1, difference: 56, lines: 10 },
      { choice: 1, difference: null, lines: 1036 },
    ];
    assert.deepEqual(choicesPricedByCounterparts(counts), []);
  });

  test('a choice that is dearer on four lines of five is not clear', () => {
    const counts: CounterpartCount[] = [
      { choice: 1, difference: 100, lines: 80 },
      { choice: 1, difference: 0, lines: 20 },
    ];
    assert.deepEqual(choicesPricedByCounterparts(counts), []);
  });

  test('free and cheaper choices have no price', () => {
    const lines = times(9, ['burger', [], 900], ['burger', [1], 900], ['burger', [2], 800]);
    assert.deepEqual(choicesPricedByCounterparts(counterpartCounts(lines)), []);
  });
});

describe('choices priced by alternatives', () => {
  test('a choice that always replaces another is found by the prices of the others', () => {
    const lines: Line[] = [
      ...times(50, ['latte', [1], 350]),
      ...times(30, ['latte', [2], 410]),
      ...times(20, ['latte', [3], 400]),
    ];
    assert.deepEqual(findByAlternatives(lines), [
      { choice: 2, price: 60 },
      { choice: 3, price: 50 },
    ]);
  });

  test('a rare free choice that was always taken with a priced one stays free', () => {
    const lines: Line[] = [
      ...times(40, ['bowl', [1], 800]),
      ...times(20, ['bowl', [1, 9], 1050]),
      ...times(6, ['bowl', [2, 9], 1050]),
    ];
    assert.deepEqual(findByAlternatives(lines), [{ choice: 9, price: 250 }]);
  });

  test('three price levels do not make the choices of the dearest one priced', () => {
    const levels = (choices: readonly number[], extra: number): Line[] =>
      [819, 849, 875].flatMap((price) => times(10, ['bowl', choices, price + extra]));
    const lines: Line[] = [
      ...levels([1], 0),
      ...levels([2], 0),
      ...times(30, ['bowl', [3], 875]),
      ...levels([1, 9], 249),
      ...levels([2, 9], 249),
      ...times(5, ['bowl', [1, 9], 875 + 249]),
    ];
    // The usual price without the choice is that of the dearest level, so the most common
    // difference is also that of this level.
    assert.deepEqual(findByAlternatives(lines), [{ choice: 9, price: 249 }]);
  });

  test('an item on which the choice costs nothing does not hide that it costs something elsewhere', () => {
    const lines: Line[] = [
      ...times(40, ['bowl', [], 800], ['bowl', [9], 1050]),
      ...times(5, ['bare bowl', [], 740], ['bare bowl', [9], 740]),
    ];
    assert.deepEqual(
      findByAlternatives(lines).map(({ choice }) => choice),
      [],
    );
    const more = [...lines, ...times(20, ['bowl', [9], 1050])];
    assert.deepEqual(findByAlternatives(more), [{ choice: 9, price: 250 }]);
  });

  test('fewer than five lines without the choice are nothing to compare with', () => {
    const lines: Line[] = [...times(4, ['bowl', [], 800]), ...times(40, ['bowl', [9], 1050])];
    assert.deepEqual(findByAlternatives(lines), []);
  });

  test('no lines, no priced choice', () => {
    assert.equal(nextPricedChoice([]), undefined);
    assert.deepEqual(choicesPricedByCounterparts([]), []);
  });
});
