import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatMinor } from '../../src/domain/number/money.js';
import { type DecimalSeparator, readMoney, readQuantity } from '../../src/formats/csv/moneyText.js';

function money(text: string, currency = 'USD', separator?: DecimalSeparator): number | string {
  const read = readMoney(text, currency, separator);
  return 'value' in read ? read.value : read.fault;
}

function quantity(text: string, separator?: DecimalSeparator): number | string {
  const read = readQuantity(text, separator);
  return 'value' in read ? read.value : read.fault;
}

test('prices are read as tills and spreadsheets write them', () => {
  const written: [text: string, minor: number, currency?: string][] = [
    ['$16.98 ', 1698],
    ['16.98', 1698],
    ['16.9', 1690],
    ['16', 1600],
    ['16.', 1600],
    ['.5', 50],
    ['+3.20', 320],
    ['0.00', 0],
    ['-0.00', 0],
    ['10.9800', 1098],
    ['USD 12.50', 1250],
    ['12.50 usd', 1250],
    ['US$ 12.50', 1250],
    ['1.234,56 €', 123_456, 'EUR'],
    ['€ 1.234,56', 123_456, 'EUR'],
    ['12,50', 1250, 'EUR'],
    ['1 234,56', 123_456, 'EUR'],
    ['1\u00a0234,56', 123_456, 'EUR'],
    ['1\u202f234,56 €', 123_456, 'EUR'],
    ["CHF 1'234.50", 123_450, 'CHF'],
    ['1’234.50', 123_450, 'CHF'],
    ['12.-', 1200, 'CHF'],
    ['1,234,567.89', 123_456_789],
    ['1,234,567', 123_456_700],
    ['Rs. 250', 25_000, 'INR'],
    ['99 kr', 9900, 'SEK'],
    ['12,00 zł', 1200, 'PLN'],
    ['£3.20', 320, 'GBP'],
    ['¥1,234', 1234, 'JPY'],
    ['1.234', 1234, 'JPY'],
    ['0.500', 50],
    ['1234.500', 123_450],
  ];
  for (const [text, minor, currency] of written) {
    assert.equal(money(text, currency), minor, text);
  }
});

test('what can be read in two ways is refused until the separator is named', () => {
  assert.match(String(money('1.234', 'EUR')), /two ways.*decimalSeparator/);
  assert.match(String(money('1,000')), /two ways/);
  assert.equal(money('1.234', 'EUR', ','), 123_400);
  assert.equal(money('1,000', 'USD', '.'), 100_000);
  assert.equal(money('1.230', 'USD', '.'), 123);
  assert.match(String(money('1.234', 'KWD')), /two ways/);
  assert.equal(money('1.234', 'KWD', '.'), 1234);
});

test('what is no price is refused and says why', () => {
  const wrong: [text: string, reason: RegExp][] = [
    ['', /empty/],
    ['   ', /empty/],
    ['free', /not an amount/],
    ['NaN', /not an amount/],
    ['12 pieces', /not an amount/],
    ['1e3', /not an amount/],
    ['0x10', /not an amount/],
    ['1.2.3', /not a number/],
    ['1,23,456.00', /not a number/],
    ['1 23', /not a number/],
    ['12.345', /two ways/],
    ['16.979999999999997', /more decimals/],
    ['(3.50)', /negative/],
    ['-3.50', /negative/],
    ['$-3.50', /negative/],
    ['-$3.50', /negative/],
    ['3.50-', /negative/],
    ['−3.50', /negative/],
    ['12.00 EUR', /in EUR, not in USD/],
    ['9999999999.99', /too large for a price/],
    ['1'.repeat(40), /too many digits/],
  ];
  for (const [text, reason] of wrong) assert.match(String(money(text)), reason, text);
});

test('every amount is read back from its own text', () => {
  const amounts = fc.integer({ min: 0, max: 100_000_000_000 });
  const currencies = fc.constantFrom('USD', 'EUR', 'JPY', 'KWD');
  fc.assert(
    fc.property(amounts, currencies, (minor, currency) => {
      assert.equal(money(formatMinor(minor, currency), currency, '.'), minor);
    }),
  );
});

test('with its separator named, a grouped amount is read exactly', () => {
  const parts = fc.record({
    minor: fc.integer({ min: 0, max: 10_000_000_000 }),
    locale: fc.constantFrom('en-US', 'de-DE'),
  });
  fc.assert(
    fc.property(parts, ({ minor, locale }) => {
      const [whole = '', cents = ''] = formatMinor(minor, 'EUR').split('.');
      const decimal = locale === 'en-US' ? '.' : ',';
      const text = `${BigInt(whole).toLocaleString(locale)}${decimal}${cents} €`;
      assert.equal(money(text, 'EUR', decimal), minor, text);
      assert.equal(money(text, 'EUR'), minor, text);
    }),
  );
});

test('nothing that is typed makes the reader throw or take long', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 60, unit: 'grapheme' }), (text) => {
      const read = readMoney(text, 'EUR');
      assert.ok('fault' in read || (Number.isSafeInteger(read.value) && read.value >= 0));
    }),
  );
});

test('quantities are whole and above zero', () => {
  assert.equal(quantity('2'), 2);
  assert.equal(quantity(' 15 '), 15);
  assert.equal(quantity('2.0'), 2);
  assert.equal(quantity('2,00'), 2);
  assert.equal(quantity('1 000'), 1000);
  assert.equal(quantity('1.000', ','), 1000);
  assert.equal(quantity('1.000', '.'), 1);
  for (const [text, reason] of [
    ['', /empty/],
    ['0', /not above zero/],
    ['-1', /not above zero/],
    ['0.5', /whole/],
    ['1.000', /two ways/],
    ['two', /not a number/],
    ['2x', /not a number/],
    ['1000000', /too large/],
  ] as const) {
    assert.match(String(quantity(text)), reason, text);
  }
});
