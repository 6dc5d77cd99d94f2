import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { formatQuantity, fromMicros, parseQuantity, toMicros } from '../../src/domain/number/quantity.js';
import { compare, ratio, ratioOf, subtract } from '../../src/domain/number/ratio.js';

const BIGGEST = 10n ** 18n - 1n;
const anyMicros = fc.bigInt({ min: -BIGGEST, max: BIGGEST });

describe('parseQuantity', () => {
  test('reads millionths from plain decimals', () => {
    const read: [string, bigint][] = [
      ['0', 0n],
      ['-0', 0n],
      ['3', 3_000_000n],
      ['1.25', 1_250_000n],
      ['1.250000', 1_250_000n],
      ['-0.5', -500_000n],
      ['0.000001', 1n],
      ['007.1', 7_100_000n],
      ['999999999999.999999', BIGGEST],
      ['-999999999999.999999', -BIGGEST],
    ];
    for (const [text, micros] of read) assert.equal(parseQuantity(text), micros, text);
  });

  test('refuses exponents, blanks, signs, bare points, a seventh decimal and 10^12', () => {
    const refused = [
      '',
      '-',
      '1e3',
      '1E3',
      ' 1',
      '1 ',
      '1\n',
      '+1',
      '.5',
      '5.',
      '1,5',
      '1.0000000',
      '0x10',
      '٣',
      '--1',
    ];
    for (const text of [...refused, '1000000000000', '-1000000000000', 'NaN', 'Infinity', '1.5.5']) {
      assert.equal(parseQuantity(text), undefined, text);
    }
  });
});

describe('formatQuantity', () => {
  test('writes the shortest text', () => {
    const written: [bigint, string][] = [
      [0n, '0'],
      [1_250_000n, '1.25'],
      [-500_000n, '-0.5'],
      [3_000_000n, '3'],
      [-1n, '-0.000001'],
      [100_000_000n, '100'],
      [1_010_100n, '1.0101'],
      [-BIGGEST, '-999999999999.999999'],
    ];
    for (const [micros, text] of written) assert.equal(formatQuantity(micros), text);
  });

  test('is read back as what was written, and nothing shorter is', () => {
    fc.assert(
      fc.property(fc.oneof(anyMicros, fc.bigInt({ min: -2_000_000n, max: 2_000_000n })), (micros) => {
        const text = formatQuantity(micros);
        assert.equal(parseQuantity(text), micros);
        assert.doesNotMatch(text, /\.\d*0$|^-?0\d|^-0$/);
      }),
    );
  });
});

describe('toMicros', () => {
  test('rounds half a millionth away from zero', () => {
    assert.equal(toMicros(ratioOf('0.0000005')), 1n);
    assert.equal(toMicros(ratioOf('-0.0000005')), -1n);
    assert.equal(toMicros(ratioOf('0.00000049999')), 0n);
    assert.equal(toMicros(ratioOf('-0.00000049999')), 0n);
    assert.equal(toMicros(ratio(1n, 3n)), 333_333n);
    assert.equal(toMicros(ratio(-2n, 3n)), -666_667n);
  });

  test('takes back what fromMicros gave', () => {
    fc.assert(fc.property(anyMicros, (micros) => assert.equal(toMicros(fromMicros(micros)), micros)));
    assert.deepEqual(fromMicros(1_250_000n), ratio(5n, 4n));
  });

  test('is within half a millionth of the exact quantity, and the mirror of its opposite', () => {
    const half = ratio(1n, 2_000_000n);
    fc.assert(
      fc.property(anyMicros, fc.bigInt({ min: 1n, max: 10n ** 9n }), (numerator, denominator) => {
        const exact = ratio(numerator, denominator);
        const off = subtract(fromMicros(toMicros(exact)), exact);
        assert.ok(compare(off, half) <= 0 && compare(off, ratio(-1n, 2_000_000n)) >= 0);
        assert.equal(toMicros(ratio(-numerator, denominator)), -toMicros(exact));
      }),
    );
  });
});
