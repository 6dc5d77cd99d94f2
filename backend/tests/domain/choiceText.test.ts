import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CHOICE_SHAPES, type ChoiceShape, readChoices } from '../../src/formats/csv/choiceText.js';
import { nameKey, tidyName } from '../../src/domain/shared/names.js';

function choices(text: string, shape: ChoiceShape, separator = ','): string[] | string {
  const read = readChoices(text, { shape, separator });
  return 'value' in read ? read.value : read.fault;
}

test('lists in brackets are read at any depth', () => {
  const shapes: [text: string, names: string[]][] = [
    ['[Apple]', ['Apple']],
    ['[Salsa, [Rice, Cheese]]', ['Salsa', 'Rice', 'Cheese']],
    ['[[Mild, Hot], [Rice]]', ['Mild', 'Hot', 'Rice']],
    ['[[Rice, Beans]]', ['Rice', 'Beans']],
    ['[Tomatillo-Red Chili Salsa (Hot), [Rice]]', ['Tomatillo-Red Chili Salsa (Hot)', 'Rice']],
    ['[Salsa (hot, red), Rice]', ['Salsa (hot, red)', 'Rice']],
    ['[]', []],
    ['[ , ]', []],
    [' [a,  b\u00a0 c] ', ['a', 'b c']],
    ['[\'Rice\', "Beans"]', ['Rice', 'Beans']],
    ['[a, a]', ['a', 'a']],
  ];
  for (const [text, names] of shapes) assert.deepEqual(choices(text, 'brackets'), names, text);
});

test('brackets that do not work out are refused', () => {
  for (const [text, reason] of [
    ['Rice', /not a list in brackets/],
    ['[Rice', /not a list in brackets/],
    ['[Rice], [Beans]', /after its closing bracket/],
    ['[[Rice]', /never closed/],
    ['[Rice]]', /after its closing bracket/],
    [`${'['.repeat(50)}${']'.repeat(50)}`, /nested deeper/],
    [`[${'a,'.repeat(150)}]`, /more than 100/],
  ] as const) {
    assert.match(String(choices(text, 'brackets')), reason, text);
  }
});

test('plain lists are cut at their separator, but not inside parentheses', () => {
  assert.deepEqual(choices('Cheese, Bacon', 'list'), ['Cheese', 'Bacon']);
  assert.deepEqual(choices('Cheese|Bacon (2, crisp)', 'list', '|'), ['Cheese', 'Bacon (2, crisp)']);
  assert.deepEqual(choices('Sauce (hot, red), Rice', 'list'), ['Sauce (hot, red)', 'Rice']);
  assert.deepEqual(choices('Sauce (hot, Rice', 'list'), ['Sauce (hot', 'Rice']);
  assert.deepEqual(choices('Cheese + Bacon', 'list', ' + '), ['Cheese', 'Bacon']);
  assert.deepEqual(choices('Oat milk', 'list'), ['Oat milk']);
});

test('JSON holds texts, and objects with a name and perhaps a quantity', () => {
  assert.deepEqual(choices('["Rice",["Beans"]]', 'json'), ['Rice', 'Beans']);
  assert.deepEqual(choices('[{"name":"Bacon","quantity":2},"Rice"]', 'json'), ['Bacon', 'Bacon', 'Rice']);
  for (const [text, reason] of [
    ['Rice', /not JSON/],
    ['{"name":"Rice"}', /not a JSON array/],
    ['[1]', /neither a text nor/],
    ['[{"title":"Rice"}]', /neither a text nor/],
    ['[{"name":"Rice","quantity":0}]', /not a whole number/],
    ['[{"name":"Rice","quantity":1e9}]', /not a whole number/],
    [`${'['.repeat(5000)}${']'.repeat(5000)}`, /nested deeper/],
  ] as const) {
    assert.match(String(choices(text, 'json')), reason, text.slice(0, 50));
  }
});

test('no text makes the reader throw', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), fc.constantFrom(...CHOICE_SHAPES), (text, shape) => {
      const read = readChoices(text, { shape, separator: ',' });
      assert.ok('fault' in read || read.value.every((name) => name !== '' && name === tidyName(name)));
    }),
  );
});

test('blanks and capitals do not tell two names apart, other letters do', () => {
  assert.equal(nameKey('  Chicken\u00a0  BOWL '), nameKey('chicken bowl'));
  assert.equal(nameKey('Cafe\u0301'), nameKey('CAFÉ'));
  assert.notEqual(nameKey('Cafe'), nameKey('Café'));
  assert.equal(tidyName(' Chicken  Bowl\n'), 'Chicken Bowl');
});
