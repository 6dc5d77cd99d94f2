import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { AppError } from '../../src/domain/shared/errors.js';
import {
  allocate,
  currencyDecimals,
  formatMinor,
  isCurrency,
  multiplyDivide,
  parseDecimal,
  percentToMillionths,
  shareOf,
  sum,
} from '../../src/domain/number/money.js';

const CURRENCY_OF_DECIMALS = [
  ['JPY', 0],
  ['EUR', 2],
  ['KWD', 3],
] as const;
const BIGGEST = Number.MAX_SAFE_INTEGER;

const isRefused = (error: unknown) => error instanceof AppError && error.code === 'invalid_request';

/** An amount to split and weights that sum to at least as much. */
const splittable = fc
  .array(fc.nat({ max: 1_000_000 }), { minLength: 1, maxLength: 30 })
  .chain((weights) => fc.tuple(fc.integer({ min: 0, max: weights.reduce((a, b) => a + b, 0) }), fc.constant(weights)));

describe('allocate', () => {
  test('gives parts that add up to the amount, none above its weight, each within one unit of its exact share', () => {
    fc.assert(
      fc.property(splittable, ([amount, weights]) => {
        const parts = allocate(amount, weights);
        const total = weights.reduce((a, b) => a + b, 0);
        assert.equal(
          parts.reduce((a, b) => a + b, 0),
          amount,
        );
        parts.forEach((part, index) => {
          assert.ok(Number.isSafeInteger(part) && part >= 0 && part <= weights[index]!);
          // |part - amount x weight / total| < 1, without a division.
          const off = BigInt(part) * BigInt(total) - BigInt(amount) * BigInt(weights[index]!);
          assert.ok(total === 0 || (off < BigInt(total) && -off < BigInt(total)));
        });
      }),
    );
  });

  test('gives a weight the same part wherever it stands, but for the one unit of a tie', () => {
    fc.assert(
      fc.property(splittable, ([amount, weights]) => {
        const forward = allocate(amount, weights);
        const backward = allocate(amount, [...weights].reverse()).reverse();
        forward.forEach((part, index) => assert.ok(Math.abs(part - backward[index]!) <= 1));
        const sorted = (parts: number[]) => [...parts].sort((a, b) => a - b);
        // Without equal remainders nothing is left to the place.
        const total = weights.reduce((a, b) => a + BigInt(b), 0n);
        const remainders = weights.map((weight) => (total === 0n ? 0n : (BigInt(amount) * BigInt(weight)) % total));
        if (new Set(remainders).size === remainders.length) assert.deepEqual(forward, backward);
        else if (new Set(weights).size === 1) assert.deepEqual(sorted(forward), sorted(backward));
      }),
    );
  });

  test('gives a heavier weight no less than a lighter one', () => {
    fc.assert(
      fc.property(splittable, ([amount, weights]) => {
        const parts = allocate(amount, weights);
        const byWeight = weights.map((weight, index) => ({ weight, part: parts[index]! }));
        byWeight.sort((a, b) => a.weight - b.weight || a.part - b.part);
        byWeight.slice(1).forEach((next, index) => {
          assert.ok(next.part >= byWeight[index]!.part || next.weight === byWeight[index]!.weight);
        });
      }),
    );
  });

  test('gives leftover units to the largest remainders, on a tie to the earlier', () => {
    assert.deepEqual(allocate(100, [1, 1, 1]), [34, 33, 33]);
    assert.deepEqual(allocate(10, [3, 3, 5]), [3, 3, 4]);
    assert.deepEqual(allocate(2, [1, 1, 1, 1]), [1, 1, 0, 0]);
  });

  test('gives nothing to a weight of zero and splits nothing over nothing', () => {
    assert.deepEqual(allocate(7, [0, 3, 0, 4]), [0, 3, 0, 4]);
    assert.deepEqual(allocate(5, [0, 1, 0]), [0, 5, 0]);
    assert.deepEqual(allocate(0, [0, 0]), [0, 0]);
    assert.deepEqual(allocate(0, []), []);
    assert.throws(() => allocate(1, [0, 0]), /over nothing/);
    assert.throws(() => allocate(1, []), /over nothing/);
  });

  test('stays exact where a product leaves the safe integers', () => {
    assert.deepEqual(allocate(BIGGEST - 2, [BIGGEST - 1, 1]), [BIGGEST - 3, 1]);
  });

  test('refuses what has no fair split: a negative amount or weight', () => {
    assert.throws(() => allocate(-1, [1, 1]), /negative/);
    assert.throws(() => allocate(100, [-100, 50, 200]), /negative/);
  });
});

describe('multiplyDivide', () => {
  test('is the exact quotient rounded half away from zero', () => {
    const anyInteger = fc.integer({ min: -BIGGEST, max: BIGGEST });
    fc.assert(
      fc.property(
        anyInteger,
        fc.integer({ min: -5000, max: 5000 }),
        fc.integer({ min: 5000, max: 1_000_000 }),
        (a, n, d) => {
          const result = BigInt(multiplyDivide(a, n, d));
          const product = BigInt(a) * BigInt(n);
          const size = product < 0n ? -product : product;
          const divisor = BigInt(d);
          let expected = size / divisor;
          if ((size - expected * divisor) * 2n >= divisor) expected += 1n;
          assert.equal(result, product < 0n ? -expected : expected);
        },
      ),
    );
  });

  test('rounds ties away from zero and nothing else', () => {
    const halves = [-3, -1, 1, 3, 5].map((numerator) => multiplyDivide(numerator, 1, 2));
    assert.deepEqual(halves, [-2, -1, 1, 2, 3]);
    assert.equal(multiplyDivide(1, 1, 3), 0);
    assert.equal(multiplyDivide(2, 1, 3), 1);
    assert.equal(multiplyDivide(1005, 1, 10), 101);
    assert.ok(Object.is(multiplyDivide(-1, 1, 3), 0));
  });

  test('refuses a result that a number cannot hold exactly', () => {
    assert.equal(multiplyDivide(BIGGEST, 1, 1), BIGGEST);
    assert.throws(() => multiplyDivide(BIGGEST, 2, 1), isRefused);
    assert.throws(() => multiplyDivide(-BIGGEST, BIGGEST, 1), isRefused);
  });

  test('refuses a fraction', () => {
    assert.throws(() => multiplyDivide(0.5, 1, 1), RangeError);
  });
});

describe('shares', () => {
  test('takes percentages that no binary fraction holds exactly', () => {
    assert.equal(shareOf(1197, percentToMillionths('8.875')), 106);
    assert.equal(shareOf(100_050, percentToMillionths('1')), 1001);
    assert.equal(shareOf(999, percentToMillionths('0.0001')), 0);
    assert.equal(shareOf(999, percentToMillionths('100')), 999);
  });

  test('refuses what is no percentage', () => {
    for (const text of ['', '1e1', '1,5', '7 %', '0.00001', 'NaN', '٣']) {
      assert.throws(() => percentToMillionths(text), isRefused, text);
    }
  });
});

describe('sum', () => {
  test('adds exactly up to the last safe integer and refuses to go beyond', () => {
    assert.equal(sum([]), 0);
    assert.equal(sum([BIGGEST - 1, 1]), BIGGEST);
    assert.throws(() => sum([BIGGEST, 1]), isRefused);
    assert.throws(() => sum([-BIGGEST, -1]), isRefused);
  });

  test('refuses a way through numbers that are no longer exact, wherever it ends', () => {
    assert.throws(() => sum([BIGGEST, 2, -2]), isRefused);
  });

  test('refuses fractions even when they add up to a whole number', () => {
    assert.throws(() => sum([0.5, 0.5]), isRefused);
    assert.throws(() => sum([Number.NaN]), isRefused);
  });
});

describe('decimal text', () => {
  for (const [currency, decimals] of CURRENCY_OF_DECIMALS) {
    test(`of ${currency} says every amount in ${decimals} decimals and is read back as the same amount`, () => {
      assert.equal(currencyDecimals(currency), decimals);
      fc.assert(
        fc.property(fc.maxSafeInteger(), (amount) => {
          const text = formatMinor(amount, currency);
          assert.match(text, decimals === 0 ? /^-?\d+$/ : new RegExp(`^-?\\d+\\.\\d{${decimals}}$`));
          assert.ok(Object.is(parseDecimal(text, decimals), amount === 0 ? 0 : amount));
        }),
        { examples: [[BIGGEST], [-BIGGEST], [0], [-1], [9], [10], [100], [999], [1000]] },
      );
    });
  }

  test('is written with a leading zero below one', () => {
    assert.equal(formatMinor(5, 'EUR'), '0.05');
    assert.equal(formatMinor(-5, 'EUR'), '-0.05');
    assert.equal(formatMinor(5, 'KWD'), '0.005');
    assert.equal(formatMinor(1234, 'JPY'), '1234');
  });

  test('may leave out decimals or carry needless zeros, but no digit is ever dropped', () => {
    assert.equal(parseDecimal('12', 2), 1200);
    assert.equal(parseDecimal('12.3', 2), 1230);
    assert.equal(parseDecimal('12.3400', 2), 1234);
    assert.equal(parseDecimal('12.345', 2), undefined);
    assert.equal(parseDecimal('12.5', 0), undefined);
    assert.equal(parseDecimal('+1.005', 3), 1005);
  });

  test('that is no plain decimal, or beyond the safe integers, is not read', () => {
    for (const text of ['', ' 1', '1 ', '1,00', '1e3', '0x10', '.5', '--1', 'Infinity', '１２', '1.2.3']) {
      assert.equal(parseDecimal(text, 2), undefined, text);
    }
    assert.equal(parseDecimal('9007199254740992', 0), undefined);
    assert.equal(parseDecimal('90071992547409.92', 2), undefined);
    assert.equal(parseDecimal('9'.repeat(40), 0), undefined);
  });

  test('never yields a negative zero', () => {
    assert.ok(Object.is(parseDecimal('-0.00', 2), 0));
  });
});

test('knows the currencies of ISO 4217 by their capital codes', () => {
  for (const code of ['EUR', 'USD', 'JPY', 'KWD', 'INR']) assert.ok(isCurrency(code), code);
  for (const code of ['eur', 'EURO', 'ZZZ', '']) assert.ok(!isCurrency(code), code);
});
