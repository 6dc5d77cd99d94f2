/**
 * Printed content before it is typeset: numbers, dates and labels of every language, and lines of
 * 42 columns.
 */
import assert from 'node:assert/strict';
import { describe, mock, test } from 'node:test';
import { labelsOf } from '../../src/formats/labels/documentLabels.js';
import { PRINT_LANGUAGES } from '../../src/domain/restaurant/printLanguage.js';
import { printedText } from '../../src/formats/printed/printedText.js';
import {
  printedAmount,
  printedDate,
  printedMoney,
  printedPercent,
  printedQuantity,
} from '../../src/formats/printed/printedValues.js';
import { NAMES, printedDocument, printedLine } from '../support/printedSamples.js';

/** Every text of a tree of labels, by its path. */
function textsOf(value: object, path = ''): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [name, inner] of Object.entries(value)) {
    if (typeof inner === 'string') texts.set(path + name, inner);
    else for (const [deeper, text] of textsOf(inner as object, `${path}${name}.`)) texts.set(deeper, text);
  }
  return texts;
}

describe('what is printed', () => {
  test('a text without blanks is taken apart a few times, not once for each of its lines and characters', () => {
    const description = 'e\u0301'.repeat(2000);
    const segment = mock.method(Intl.Segmenter.prototype, 'segment');
    printedText(printedDocument('en', { lines: [printedLine({ description })] }));
    segment.mock.restore();
    const characters = segment.mock.calls.reduce((sum, call) => sum + String(call.arguments[0]).length, 0);
    assert.ok(characters >= description.length && characters < 5 * description.length, `${characters}`);
  });

  test('money follows language and currency', () => {
    assert.equal(printedMoney(123456789, 'EUR', 'de'), '1.234.567,89\u00a0€');
    assert.equal(printedMoney(123456, 'EUR', 'fr'), '1\u00a0234,56\u00a0€');
    assert.equal(printedMoney(123456, 'USD', 'en'), 'USD\u00a01,234.56');
    assert.equal(printedMoney(-5, 'GBP', 'en'), '-£0.05');
    assert.equal(printedMoney(1250, 'JPY', 'ja'), '¥1,250');
    assert.equal(printedMoney(1250, 'KWD', 'ar'), '1.250\u00a0KWD');
    assert.equal(printedAmount(-100000, 'EUR', 'es'), '-1.000,00');
    // A direction mark holds the minus before its number where lines run to the left.
    assert.equal(printedAmount(-100, 'SAR', 'ar'), '\u200e-1.00');
  });

  test('quantities and rates lose zeros that say nothing', () => {
    assert.equal(printedQuantity('1250.500', 'de'), '1.250,5');
    assert.equal(printedQuantity('100', 'en'), '100');
    assert.equal(printedQuantity('2.000000', 'en'), '2');
    assert.equal(printedPercent('8.8750', 'fr'), '8,875\u00a0%');
    assert.equal(printedPercent('20', 'en'), '20%');
  });

  test('dates follow the language, in Thai with the year of the Buddhist era', () => {
    const dates = PRINT_LANGUAGES.map((language) => printedDate('2026-05-04', language));
    assert.deepEqual(dates, [
      '4 May 2026',
      '04.05.2026',
      '04/05/2026',
      '04/05/2026',
      '04/05/2026',
      '04/05/2569',
      '04/05/2026',
      '2026年5月4日',
      '2026年5月4日',
      '2026. 5. 4.',
    ]);
    assert.equal(printedDate('2026-05-04 18:30', 'de'), '04.05.2026 18:30');
  });

  test('every language has every label and keeps its places to fill', () => {
    const english = textsOf(labelsOf('en'));
    for (const language of PRINT_LANGUAGES) {
      for (const [path, text] of textsOf(labelsOf(language))) {
        assert.ok(text.trim() !== '', `${language} ${path}`);
        assert.deepEqual(
          text.match(/\{\w+\}/g)?.sort(),
          english
            .get(path)
            ?.match(/\{\w+\}/g)
            ?.sort(),
          `${language} ${path}`,
        );
      }
      if (language !== 'en') assert.notEqual(labelsOf(language).title.invoice, labelsOf('en').title.invoice);
    }
  });

  test('text for printers keeps to 42 columns, in which East Asian letters take two and combining marks none', () => {
    const lines = Object.values(NAMES).map((name) =>
      printedLine({
        description: `${name} ${name} ${name}`,
        details: [`+ ${name} ${name} ${name}`],
        amount: '1,234.50',
      }),
    );
    const text = printedText(
      printedDocument('ja', { lines, mark: '下書き', footer: [Object.values(NAMES).join(' ')] }),
    );
    for (const line of text.split('\n')) {
      const wide =
        line.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ー]/gu)?.length ?? 0;
      const none = line.normalize('NFC').match(/\p{Mn}/gu)?.length ?? 0;
      assert.ok(Array.from(line.normalize('NFC')).length + wide - none <= 42, line);
    }
    assert.match(text, /^ +\*\*\* 下書き \*\*\*$/m);
    assert.match(text, /1,234\.50$/m);
  });

  test('nothing in a text steers the printer, turns an amount around, or covers other lines', () => {
    const hostile = 'Soup\u001b@\u001d!\u0007\u009bJ \u202e12\u2066 a' + '\u0301'.repeat(50) + '\ufeff Pho\r\nnoodle';
    const lines = [printedLine({ description: hostile, details: [`+ ${hostile}`] })];
    const facts = [{ label: 'Table', value: hostile }];
    const seller = { name: hostile, details: [hostile] };
    const text = printedText(printedDocument('en', { seller, facts, lines, notes: [hostile], footer: [hostile] }));
    assert.doesNotMatch(text, /[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069\ufeff]|\p{M}{5}/u);
    assert.match(text, /^1 × Soup@!J 12 a\u0301{4} Pho noodle +10\.00$/m);
  });

  test('a long reason stands below its label, and keeps to 42 columns too', () => {
    const facts = [
      { label: 'Reason', value: 'The guest left before the soup was served to anybody at all' },
      { label: 'Table', value: 'x'.repeat(50) },
    ];
    const lines = printedText(printedDocument('en', { facts })).split('\n');
    assert.ok(lines.every((line) => line.length <= 42));
    const start = lines.indexOf('Reason');
    assert.deepEqual(lines.slice(start, start + 6), [
      'Reason',
      '    The guest left before the soup was',
      '    served to anybody at all',
      'Table',
      `    ${'x'.repeat(38)}`,
      `    ${'x'.repeat(12)}`,
    ]);
  });
});
