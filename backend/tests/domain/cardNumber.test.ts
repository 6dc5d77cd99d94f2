import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { holdsCardNumber } from '../../src/domain/order/cardNumber.js';

/** Numbers that card networks and payment providers publish for tests. */
const CARDS = {
  Visa: '4111111111111111',
  'Visa of a provider': '4242424242424242',
  'Visa of 13 digits': '4222222222222',
  Mastercard: '5555555555554444',
  'Mastercard of the 2-series': '2223003122003222',
  'American Express': '378282246310005',
  'Diners Club': '30569309025904',
  Discover: '6011111111111117',
  JCB: '3530111333300000',
  UnionPay: '6200000000000005',
  Maestro: '6759649826438453',
};

const inFours = (digits: string, separator: string) => digits.match(/.{1,4}/g)?.join(separator) ?? '';

describe('a card number', () => {
  for (const [network, digits] of Object.entries(CARDS)) {
    test(`of ${network} is found in every usual spelling`, () => {
      for (const text of [
        digits,
        inFours(digits, ' '),
        inFours(digits, '-'),
        inFours(digits, '.'),
        inFours(digits, '\u00a0'),
        inFours(digits, '  '),
        inFours(digits, ' - '),
        `card ${digits}, please`,
        `card:${digits}.`,
        `Visa${digits}`,
      ]) {
        assert.ok(holdsCardNumber(text), text);
      }
    });

    test(`of ${network} is found beside other digits`, () => {
      for (const text of [
        `${digits} 12/28 123`,
        `${inFours(digits, ' ')} 12 28`,
        `${inFours(digits, ' ')} 123`,
        `7 ${inFours(digits, ' ')}`,
        `table 12 ${digits} 4`,
        `2026-11-22 ${digits}`,
        `+49 30 1234567, ${digits}`,
        `first 0000 0000 0000 0001, then ${digits}`,
      ]) {
        assert.ok(holdsCardNumber(text), text);
      }
    });

    test(`of ${network} with one digit wrong is not taken for one`, () => {
      const last = Number(digits.at(-1));
      assert.ok(!holdsCardNumber(digits.slice(0, -1) + String((last + 1) % 10)));
    });
  }

  test('of American Express is found in its own spacing', () => {
    assert.ok(holdsCardNumber('3782 822463 10005'));
  });
});

describe('what is no card number passes', () => {
  for (const text of [
    '',
    'no onions, sauce on the side',
    '4111',
    '4111 1111 1111',
    '411111111111',
    '0000000000000000',
    // These two would pass as a Visa and a Maestro card but for their plus.
    '+4915112345678',
    '+62 812 3456 7899',
    '+1 (212) 555-0187',
    '0049 30 901820 15',
    '030 901820',
    '+86 138 1234 5678',
    'ORD-2026-11-0001',
    'terminal 64001873 receipt 0042',
    '8815658965652003',
    '20261122183000',
    '2026-11-22 18:30:00',
    '2026-11-22 18:30:00, table 12, guest 4',
    'DE89 3704 0044 0532 0130 00',
    'DE89370400440532013000',
    '41111111111111111111',
    '978-3-16-148410-0',
    'pi_3MtwBwLkdIwHu7ix28a3tqPa',
    'voucher 1234-5678-9012-3452',
    '8ab58f09-4d46-4315-9304-743feae252d9',
    'terminal 58270037-2774-4747-98DA-B04C513C24CD, approved',
  ]) {
    test(JSON.stringify(text), () => {
      assert.ok(!holdsCardNumber(text));
    });
  }
});

test('a card number beside a UUID is found', () => {
  for (const separator of [' ', ', ', '-', '/'])
    for (const text of [
      `58270037-2774-4747-98da-b04c513c24cd${separator}4111111111111111`,
      `4111 1111 1111 1111${separator}58270037-2774-4747-98da-b04c513c24cd`,
    ])
      assert.ok(holdsCardNumber(text), text);
});

test('a long text is searched in no time', () => {
  const started = performance.now();
  for (const text of [
    '1 '.repeat(5000),
    '4-'.repeat(5000),
    '5'.repeat(10_000),
    '  -'.repeat(5000),
    '1234-'.repeat(5000),
  ])
    holdsCardNumber(text);
  assert.ok(performance.now() - started < 500);
});
