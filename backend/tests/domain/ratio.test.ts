import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { AppError } from '../../src/domain/shared/errors.js';
import {
  add,
  bounded,
  compare,
  divide,
  multiply,
  ONE,
  type Ratio,
  ratio,
  ratioOf,
  subtract,
  ZERO,
} from '../../src/domain/number/ratio.js';

const anyRatio = fc
  .tuple(fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }), fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }))
  .filter(([, denominator]) => denominator !== 0n)
  .map(([numerator, denominator]) => ratio(numerator, denominator));

/** Slowly, by trial: no whole number above one divides both. */
function isReduced({ numerator, denominator }: Ratio): boolean {
  for (let divisor = 2n; divisor <= denominator; divisor++) {
    if (numerator % divisor === 0n && denominator % divisor === 0n) return false;
  }
  return denominator > 0n;
}

describe('ratio', () => {
  test('is in lowest terms with the sign above the line', () => {
    assert.deepEqual(ratio(6n, 4n), { numerator: 3n, denominator: 2n });
    assert.deepEqual(ratio(6n, -4n), { numerator: -3n, denominator: 2n });
    assert.deepEqual(ratio(-6n, -4n), { numerator: 3n, denominator: 2n });
    assert.deepEqual(ratio(-5n), { numerator: -5n, denominator: 1n });
    assert.deepEqual(ratio(0n, -7n), { numerator: 0n, denominator: 1n });
    for (let numerator = -12n; numerator <= 12n; numerator++) {
      for (let denominator = -12n; denominator <= 12n; denominator++) {
        if (denominator !== 0n) assert.ok(isReduced(ratio(numerator, denominator)));
      }
    }
  });

  test('has no denominator of zero, and nothing is divided by zero', () => {
    assert.throws(() => ratio(1n, 0n), RangeError);
    assert.throws(() => divide(ONE, ZERO), RangeError);
  });

  test('adds, subtracts, multiplies and divides thirds and sixths', () => {
    const third = ratio(1n, 3n);
    const sixth = ratio(1n, 6n);
    assert.deepEqual(add(third, sixth), ratio(1n, 2n));
    assert.deepEqual(subtract(sixth, third), ratio(-1n, 6n));
    assert.deepEqual(multiply(third, sixth), ratio(1n, 18n));
    assert.deepEqual(divide(third, sixth), ratio(2n));
    assert.deepEqual(divide(third, ratio(-2n)), ratio(-1n, 6n));
  });

  test('keeps the laws of a field, to the last digit', () => {
    fc.assert(
      fc.property(anyRatio, anyRatio, anyRatio, (a, b, c) => {
        assert.deepEqual(add(a, b), add(b, a));
        assert.deepEqual(add(add(a, b), c), add(a, add(b, c)));
        assert.deepEqual(multiply(a, b), multiply(b, a));
        assert.deepEqual(multiply(multiply(a, b), c), multiply(a, multiply(b, c)));
        assert.deepEqual(multiply(a, add(b, c)), add(multiply(a, b), multiply(a, c)));
        assert.deepEqual(subtract(add(a, b), b), a);
        assert.deepEqual(add(a, ZERO), a);
        assert.deepEqual(multiply(a, ONE), a);
        if (b.numerator !== 0n) assert.deepEqual(multiply(divide(a, b), b), a);
      }),
    );
  });

  test('orders like the numbers it stands for', () => {
    assert.equal(compare(ratio(1n, 3n), ratioOf('0.333333')), 1);
    assert.equal(compare(ratio(-1n, 3n), ratioOf('-0.333333')), -1);
    assert.equal(compare(ratio(2n, 4n), ratioOf('0.50')), 0);
    fc.assert(
      fc.property(anyRatio, anyRatio, (a, b) => {
        const sign = subtract(a, b).numerator;
        assert.equal(compare(a, b), sign === 0n ? 0 : sign > 0n ? 1 : -1);
        assert.equal(compare(b, a) + compare(a, b), 0);
      }),
    );
  });
});

describe('ratioOf', () => {
  test('reads plain decimals exactly', () => {
    assert.deepEqual(ratioOf('1.25'), ratio(5n, 4n));
    assert.deepEqual(ratioOf('-0.5'), ratio(-1n, 2n));
    assert.deepEqual(ratioOf('007'), ratio(7n));
    assert.deepEqual(ratioOf('999999999999999999.999999999999999999'), ratio(10n ** 36n - 1n, 10n ** 18n));
  });

  test('refuses everything else', () => {
    for (const text of [
      '',
      '-',
      '.5',
      '5.',
      '+1',
      '1e3',
      ' 1',
      '1 ',
      '1,5',
      '1\n',
      '٣',
      'NaN',
      '1'.repeat(19),
      `0.${'1'.repeat(19)}`,
    ]) {
      assert.throws(
        () => ratioOf(text),
        (error) => error instanceof AppError && error.code === 'invalid_request',
        text,
      );
    }
  });
});

test('a value of unwieldy parts becomes the nearest of 256 digits, and any other stays as it is', () => {
  const near = (value: Ratio, digits: bigint) => compare(value, ratio(1n, 10n ** digits)) < 0;
  fc.assert(fc.property(anyRatio, (value) => assert.equal(bounded(value), value)));
  for (const sign of [1n, -1n]) {
    const exact = ratio(sign * (2n ** 900n + 1n), 3n ** 600n);
    const short = bounded(exact);
    assert.ok(short.denominator < 2n ** 512n);
    const error = divide(subtract(short, exact), exact);
    assert.ok(near(error, 70n) && near(subtract(ZERO, error), 70n));
  }
});
