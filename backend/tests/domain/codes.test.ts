/**
 * Letters, check characters and the making of codes: every claim of decision 0036 is computed here.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, test } from 'node:test';
import {
  assertAlphabet,
  groupedCode,
  milliBitsOf,
  SPOKEN_LETTERS,
  spaceOf,
  tidyCode,
  triesForOneHit,
  VALUE_LETTERS,
} from '../../src/domain/codePool/alphabet.js';
import { checkCharacter, checkOf, isChecked, nextState } from '../../src/domain/codePool/checkCharacter.js';
import { bytesFor, type CodeShape, NameOrder, namedCodes, randomCodes } from '../../src/domain/codePool/codeMaking.js';

const SIZE = 32;
const VOUCHER: CodeShape = { letters: VALUE_LETTERS, length: 15, hasCheck: true };
const KEYS = [0x9e3779b9, 0x243f6a88, 0xb7e15162, 0x71374491, 0x3956c25b, 0x59f111f1];

function split(ascii: Uint8Array, width: number): string[] {
  const text = Buffer.from(ascii).toString('latin1');
  return Array.from({ length: text.length / width }, (_, at) => text.slice(at * width, (at + 1) * width));
}

describe('alphabets', () => {
  test('the letters of value are 32 and lack I, L, O and U', () => {
    assert.equal(new Set(VALUE_LETTERS).size, 32);
    assert.doesNotMatch(VALUE_LETTERS, /[ILOU]/);
  });

  test('no word can appear: the spoken letters have no vowel and nothing that is read as one', () => {
    assert.equal(new Set(SPOKEN_LETTERS).size, SPOKEN_LETTERS.length);
    assert.doesNotMatch(SPOKEN_LETTERS, /[AEIOUYVL0134]/);
  });

  test('all letters fit the alphanumeric mode of QR codes', () => {
    assert.match(VALUE_LETTERS + SPOKEN_LETTERS, /^[0-9A-Z]+$/);
  });

  test('a code is the same however it is typed', () => {
    assert.equal(tidyCode(' 0o1i-l2 ab–c '), '001112ABC');
    assert.equal(tidyCode(' bc1qXyl ', false), 'bc1qXyl');
    assert.equal(groupedCode('ABCDEFGHJK'), 'ABCD-EFGH-JK');
  });

  test('an alphabet that would be misread is refused', () => {
    for (const letters of ['', 'ABC', 'AABCDEFGHJ', 'abcdefghjk', '0123456789O', '23456789AI', 'ABCDEFGHJÄ'])
      assert.throws(() => assertAlphabet(letters), { code: 'invalid_request' }, letters);
    assertAlphabet(VALUE_LETTERS);
    assertAlphabet(SPOKEN_LETTERS);
  });

  test('fifteen letters of value are 75 bits: a million live ones take 3.7e16 tries for one hit', () => {
    assert.equal(milliBitsOf(VALUE_LETTERS, 15), 75_000);
    assert.equal(triesForOneHit(VALUE_LETTERS, 15, 1_000_000), 2n ** 75n / 1_000_000n);
    // A hundred tries a second for a year hit with a probability of 8.3e-8.
    const perYear = (100 * 31_557_600) / Number(triesForOneHit(VALUE_LETTERS, 15, 1_000_000));
    assert.ok(perYear > 8e-8 && perYear < 9e-8, String(perYear));
    assert.equal(spaceOf(SPOKEN_LETTERS, 4), 331_776);
  });
});

describe('the check character (ISO 7064, MOD 33,32)', () => {
  test('the published example of the same system with 10 letters: 0794 has the check digit 5', () => {
    assert.equal(checkCharacter('0794', '0123456789'), '5');
  });

  test('a letter maps the states one to one, so no single error can hide behind later letters', () => {
    for (let letter = 0; letter < SIZE; letter += 1) {
      const next = new Set(Array.from({ length: SIZE }, (_, state) => nextState(state + 1, letter, SIZE)));
      assert.equal(next.size, SIZE, `letter ${letter}`);
      assert.ok(!next.has(0));
    }
    assert.equal(new Set(Array.from({ length: SIZE }, (_, state) => checkOf(state + 1, SIZE))).size, SIZE);
  });

  test('every single wrong letter is found: in every state, two letters lead to two states', () => {
    let errors = 0;
    for (let state = 1; state <= SIZE; state += 1)
      for (let right = 0; right < SIZE; right += 1)
        for (let wrong = 0; wrong < SIZE; wrong += 1)
          if (right !== wrong) {
            errors += 1;
            assert.notEqual(nextState(state, right, SIZE), nextState(state, wrong, SIZE));
          }
    assert.equal(errors, 32 * 32 * 31);
  });

  test('all but 64 of 31,744 swaps of neighbours are found, counted over all states', () => {
    let [swaps, missed] = [0, 0];
    for (let state = 1; state <= SIZE; state += 1)
      for (let a = 0; a < SIZE; a += 1)
        for (let b = 0; b < SIZE; b += 1) {
          if (a === b) continue;
          swaps += 1;
          const end = (one: number, two: number) => nextState(nextState(state, one, SIZE), two, SIZE);
          if (end(a, b) === end(b, a)) missed += 1;
        }
    assert.deepEqual({ swaps, missed }, { swaps: 31_744, missed: 64 });
  });

  test('a typing error in a real voucher is found wherever it is', () => {
    const [code = ''] = split(
      randomCodes(VOUCHER, 1, () => randomBytes(256)),
      16,
    );
    assert.ok(isChecked(code, VALUE_LETTERS), code);
    for (let at = 0; at < code.length; at += 1)
      for (const letter of VALUE_LETTERS)
        if (letter !== code[at]) assert.ok(!isChecked(code.slice(0, at) + letter + code.slice(at + 1), VALUE_LETTERS));
    assert.ok(!isChecked(code.replace(/.$/, 'ä'), VALUE_LETTERS));
    assert.ok(!isChecked('', VALUE_LETTERS));
  });
});

describe('making codes', () => {
  test('every letter is equally likely, also where the alphabet does not divide 256', () => {
    for (const letters of [VALUE_LETTERS, SPOKEN_LETTERS]) {
      const shape = { letters, length: 10, hasCheck: false };
      const codes = split(
        randomCodes(shape, 40_000, () => randomBytes(bytesFor(shape, 1_000))),
        10,
      );
      const counts = new Map<string, number>();
      for (const code of codes) for (const letter of code) counts.set(letter, (counts.get(letter) ?? 0) + 1);
      assert.equal(counts.size, letters.length);
      const expected = 400_000 / letters.length;
      let chiSquare = 0;
      for (const count of counts.values()) chiSquare += (count - expected) ** 2 / expected;
      // At 31 degrees of freedom 80 is exceeded once in 300,000 runs; modulo bias would give over
      // 4,000.
      assert.ok(chiSquare < 80, `chi square ${chiSquare}`);
    }
  });

  test('a byte that would be biased is thrown away', () => {
    const shape = { letters: SPOKEN_LETTERS, length: 2, hasCheck: false };
    // 240 is the largest multiple of 24 in a byte.
    assert.deepEqual(
      split(
        randomCodes(shape, 1, () => Uint8Array.of(255, 240, 0, 239)),
        2,
      ),
      ['2Z'],
    );
  });

  test('it asks for more bytes when they are used up', () => {
    let rounds = 0;
    const codes = randomCodes(VOUCHER, 3, () => {
      rounds += 1;
      return Uint8Array.of(rounds);
    });
    assert.equal(codes.length, 48);
    assert.equal(rounds, 45);
  });

  test('names are all different until each was given once, and then begin again', () => {
    for (const [letters, length] of [
      [SPOKEN_LETTERS, 4],
      ['0123456789', 3],
      ['0123456789', 1],
    ] as const) {
      const shape = { letters, length, hasCheck: false };
      const space = spaceOf(letters, length);
      const order = new NameOrder(space, KEYS);
      const names = split(namedCodes(shape, order, 0, space), length);
      assert.equal(new Set(names).size, space);
      assert.deepEqual(split(namedCodes(shape, order, space, 5), length), names.slice(0, 5));
      assert.deepEqual(split(namedCodes(shape, order, 7, 3), length), names.slice(7, 10));
    }
  });

  test('names follow no visible order, and another key gives another one', () => {
    const order = new NameOrder(331_776, KEYS);
    const near = Array.from({ length: 1_000 }, (_, n) => Math.abs(order.at(n + 1) - order.at(n))).filter(
      (gap) => gap < 100,
    );
    assert.ok(near.length < 10, `${near.length} neighbours are near each other`);
    const other = new NameOrder(
      331_776,
      KEYS.map((key) => key ^ 1),
    );
    const same = Array.from({ length: 1_000 }, (_, n) => n).filter((n) => order.at(n) === other.at(n));
    assert.ok(same.length < 10);
    assert.throws(() => new NameOrder(10, [1]), /keys/);
  });
});
