import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { refundRounding } from '../../src/domain/order/refundedCash.js';
import { cashIncrementOf, cashRoundingOf, inCash, roundingOfRest } from '../../src/domain/restaurant/cashRounding.js';
import { tender } from '../../src/domain/order/payment.js';
import { inputOf, lineOf, orderOf, paymentOf } from './orders.js';

const FIVE = { increment: 5, isHalfDown: false };

function rounded(currency: string, amounts: readonly number[], country: string | null = null): number[] {
  const cashIncrement = cashIncrementOf({ cashRounding: null, currency, country });
  return amounts.map((amount) => inCash(amount, cashRoundingOf({ cashIncrement, currency, country })));
}

describe('cash by currency and country', () => {
  test('is rounded to the smallest coin', () => {
    assert.deepEqual(rounded('CHF', [5_801, 5_802, 5_803, 5_807, 5_808, 2]), [5_800, 5_800, 5_805, 5_805, 5_810, 0]);
    assert.deepEqual(rounded('CAD', [1_092, 1_093]), [1_090, 1_095]);
    assert.deepEqual(rounded('AUD', [1_092, 1_098]), [1_090, 1_100]);
    assert.deepEqual(rounded('NZD', [1_094, 1_095, 1_096]), [1_090, 1_090, 1_100]);
    assert.deepEqual(rounded('DKK', [1_024, 1_025, 1_074, 1_075]), [1_000, 1_050, 1_050, 1_100]);
    assert.deepEqual(rounded('SEK', [1_049, 1_050]), [1_000, 1_100]);
    assert.deepEqual(rounded('NOK', [1_049, 1_050]), [1_000, 1_100]);
    assert.deepEqual(rounded('CZK', [1_049, 1_050]), [1_000, 1_100]);
    assert.deepEqual(rounded('HUF', [100_200, 100_300, 100_249, 100_250]), [100_000, 100_500, 100_000, 100_500]);
  });

  test('of the euro is exact, unless the law of the country says otherwise', () => {
    for (const country of ['FI', 'BE', 'EE', 'IT', 'LT', 'SK'])
      assert.deepEqual(rounded('EUR', [1_002], country), [1_000]);
    for (const country of [null, 'DE', 'NL', 'IE', 'CH']) assert.deepEqual(rounded('EUR', [1_002], country), [1_002]);
    assert.deepEqual(rounded('JPY', [1_002]), [1_002]);
    assert.deepEqual(rounded('PLN', [1_002]), [1_002]);
  });

  test('has the digits that each law names, and its ties', () => {
    const euros = [1_001, 1_002, 1_003, 1_004, 1_005, 1_006, 1_007, 1_008, 1_009];
    const nearest = [1_000, 1_000, 1_005, 1_005, 1_005, 1_005, 1_005, 1_010, 1_010];
    for (const country of ['BE', 'EE', 'FI', 'IT', 'LT', 'SK'])
      assert.deepEqual(rounded('EUR', euros, country), nearest, country);
    for (const currency of ['AUD', 'CAD', 'CHF', 'MYR', 'SGD'])
      assert.deepEqual(rounded(currency, euros), nearest, currency);
    assert.deepEqual(rounded('ILS', [1_004, 1_005, 1_009]), [1_000, 1_010, 1_010]);
    assert.deepEqual(rounded('NZD', [1_004, 1_005, 1_006]), [1_000, 1_000, 1_010]);
    assert.deepEqual(rounded('HUF', [249, 250, 499, 749, 750]), [0, 500, 500, 500, 1_000]);
    // Swedish law: 1 to 49 down, 50 to 99 up.
    for (const currency of ['SEK', 'NOK', 'CZK']) assert.deepEqual(rounded(currency, [49, 50, -50]), [0, 100, -100]);
  });

  test('of one or two cents is a coin in Slovakia, exact in Belgium, and nothing elsewhere', () => {
    assert.deepEqual(rounded('EUR', [0, 1, 2, 4, -1], 'SK'), [0, 5, 5, 5, -5]);
    assert.deepEqual(rounded('EUR', [0, 1, 4, 5, 6], 'BE'), [0, 1, 4, 5, 5]);
    assert.deepEqual(rounded('EUR', [1, 2, 3], 'FI'), [0, 0, 5]);
    // Its own setting is no law.
    assert.deepEqual(inCash(1, cashRoundingOf({ cashIncrement: 10, currency: 'EUR', country: 'SK' })), 0);
  });

  test('is exact in Italy once another part of the bill was paid', () => {
    const italy = cashRoundingOf({ cashIncrement: 5, currency: 'EUR', country: 'IT' });
    assert.equal(inCash(1_002, roundingOfRest(italy, 0)), 1_000);
    assert.equal(inCash(1_002, roundingOfRest(italy, 1)), 1_002);
    assert.equal(inCash(1_002, roundingOfRest(FIVE, 1)), 1_000);
  });

  test('follows the setting of the restaurant before all else', () => {
    assert.equal(cashIncrementOf({ cashRounding: 0, currency: 'CHF', country: 'CH' }), 0);
    assert.equal(cashIncrementOf({ cashRounding: 5, currency: 'EUR', country: 'NL' }), 5);
  });

  test('below zero mirrors that above it', () => {
    assert.deepEqual([inCash(-3, FIVE), inCash(-2, FIVE), inCash(0, FIVE)], [-5, 0, 0]);
  });
});

describe('a payment in cash', () => {
  const orderFor = (total: number) => orderOf(inputOf([lineOf(total)]));
  const cash = (total: number, amount: number, tip = 0) =>
    tender(orderFor(total), { method: 'cash', amount, tip }, FIVE);

  test('pays the bill with the coins that exist', () => {
    assert.deepEqual(cash(5_803, 5_805), { amount: 5_803, rounding: 2, change: 0 });
    assert.deepEqual(cash(5_802, 5_800), { amount: 5_802, rounding: -2, change: 0 });
    assert.deepEqual(cash(5_803, 10_000), { amount: 5_803, rounding: 2, change: 4_195 });
  });

  test('of the exact amount means the coins', () => {
    assert.deepEqual(cash(5_803, 5_803), { amount: 5_803, rounding: 2, change: 0 });
    assert.deepEqual(cash(5_802, 5_802), { amount: 5_802, rounding: -2, change: 0 });
  });

  test('is rounded together with its tip', () => {
    assert.deepEqual(cash(5_803, 5_803, 197), { amount: 5_803, rounding: 0, change: 0 });
    assert.deepEqual(cash(5_803, 5_805, 195), { amount: 5_803, rounding: 2, change: 0 });
  });

  test('of a part, or by another method, is exact', () => {
    assert.deepEqual(cash(5_803, 2_001), { amount: 2_001, rounding: 0, change: 0 });
    assert.deepEqual(cash(5_803, 5_799), { amount: 5_799, rounding: 0, change: 0 });
    const card = tender(orderFor(5_803), { method: 'card', amount: 5_803 }, FIVE);
    assert.deepEqual(card, { amount: 5_803, rounding: 0, change: 0 });
  });
});

test('refunds of a payment in cash, in any number of steps, return the coins that were taken', () => {
  const steps = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 8 });
  const property = fc.property(steps, fc.constantFrom(0, 5, 10, 50), (amounts, increment) => {
    const rounding = { increment, isHalfDown: false };
    const total = amounts.reduce((sum, amount) => sum + amount, 0);
    const payment = paymentOf({ amount: total, rounding: inCash(total, rounding) - total });
    const earlier: { paymentId: string; method: 'cash'; amount: number; rounding: number }[] = [];
    for (const amount of amounts) {
      const refund = { paymentId: payment.id, method: 'cash' as const, amount };
      earlier.push({ ...refund, rounding: refundRounding(payment, refund, earlier, rounding) });
    }
    const handed = earlier.map((one) => one.amount + one.rounding);
    assert.ok(handed.every((one) => one >= 0 && (increment === 0 || one % increment === 0)));
    assert.equal(
      handed.reduce((sum, one) => sum + one, 0),
      payment.tendered,
    );
  });
  fc.assert(property, { numRuns: 300 });
});
