import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { divide, multiply, ONE, type Ratio, ratio, ratioOf } from '../../src/domain/number/ratio.js';
import {
  convert,
  dimensionOf,
  type ItemUnit,
  STANDARD_UNITS,
  type StockUnits,
  unitFactor,
  unitProblem,
} from '../../src/domain/inventory/units.js';

const own = (unit: string, numerator: string, denominator = '1'): ItemUnit => ({ unit, numerator, denominator });
const stockedIn = (unit: string, ...units: ItemUnit[]): StockUnits => ({ unit, units });

const EGG = stockedIn('piece', own('g', '1', '60'), own('crate', '24'));
const WINE = stockedIn('bottle', own('ml', '1', '750'), own('case', '6'));
const ITEMS = [EGG, WINE, stockedIn('kg'), stockedIn('gal'), stockedIn('dozen'), stockedIn('sachet')];
const WORDS = ['crate', 'case', 'bottle', 'sachet', 'pallet', 'KG', '', 'constructor', '__proto__'];

describe('standard units', () => {
  test('are worth what the standards say', () => {
    const facts: [string, string, Ratio][] = [
      ['kg', 'mg', ratio(1_000_000n)],
      ['g', 'mg', ratio(1000n)],
      ['lb', 'kg', ratioOf('0.45359237')],
      ['oz', 'g', ratioOf('28.349523125')],
      ['l', 'ml', ratio(1000n)],
      ['dl', 'ml', ratio(100n)],
      ['cl', 'ml', ratio(10n)],
      ['gal', 'l', ratioOf('3.785411784')],
      ['gal', 'qt', ratio(4n)],
      ['qt', 'pt', ratio(2n)],
      ['pt', 'cup', ratio(2n)],
      ['cup', 'fl_oz', ratio(8n)],
      ['fl_oz', 'tbsp', ratio(2n)],
      ['tbsp', 'tsp', ratio(3n)],
      ['fl_oz', 'ml', ratioOf('29.5735295625')],
      ['dozen', 'piece', ratio(12n)],
    ];
    for (const [unit, stockUnit, factor] of facts) {
      assert.deepEqual(unitFactor(stockedIn(stockUnit), unit), factor, `${unit} in ${stockUnit}`);
      assert.deepEqual(unitFactor(stockedIn(unit), stockUnit), divide(ONE, factor), `${stockUnit} in ${unit}`);
    }
  });

  test('are eighteen, each of one dimension; other words have none', () => {
    const unitsOf = (dimension: string) => STANDARD_UNITS.filter((unit) => dimensionOf(unit) === dimension);
    assert.deepEqual(unitsOf('mass'), ['mg', 'g', 'kg', 'oz', 'lb']);
    assert.deepEqual(unitsOf('volume'), ['ml', 'cl', 'dl', 'l', 'tsp', 'tbsp', 'fl_oz', 'cup', 'pt', 'qt', 'gal']);
    assert.deepEqual(unitsOf('count'), ['piece', 'dozen']);
    assert.equal(STANDARD_UNITS.length, 18);
    for (const word of WORDS) assert.equal(dimensionOf(word), undefined);
  });

  test('fit each other within a dimension and never across', () => {
    for (const from of STANDARD_UNITS) {
      for (const to of STANDARD_UNITS) {
        assert.equal(unitFactor(stockedIn(to), from) !== undefined, dimensionOf(from) === dimensionOf(to));
      }
    }
  });
});

describe('unitFactor', () => {
  test('knows the stock unit, own units, and standard units through an own one of their dimension', () => {
    assert.deepEqual(unitFactor(EGG, 'piece'), ONE);
    assert.deepEqual(unitFactor(EGG, 'crate'), ratio(24n));
    assert.deepEqual(unitFactor(EGG, 'dozen'), ratio(12n));
    assert.deepEqual(unitFactor(EGG, 'g'), ratio(1n, 60n));
    assert.deepEqual(unitFactor(EGG, 'kg'), ratio(50n, 3n));
    assert.deepEqual(unitFactor(WINE, 'l'), ratio(4n, 3n));
    assert.deepEqual(unitFactor(WINE, 'bottle'), ONE);
    // Two bridges: the first that fits by dimension.
    assert.deepEqual(
      unitFactor(stockedIn('sack', own('kg', '1', '25'), own('l', '1', '40')), 'ml'),
      ratio(1n, 40_000n),
    );
  });

  test('lets an own conversion win over the standard one, and the stock unit over both', () => {
    assert.deepEqual(unitFactor(stockedIn('g', own('kg', '999')), 'kg'), ratio(999n));
    assert.deepEqual(unitFactor(stockedIn('g', own('g', '2')), 'g'), ONE);
    assert.deepEqual(unitFactor(stockedIn('piece', own('g', '1', '60'), own('kg', '17')), 'kg'), ratio(17n));
  });

  test('knows no unit that nothing leads to', () => {
    for (const unit of ['l', 'bottle', ...WORDS.filter((word) => word !== 'crate')]) {
      assert.equal(unitFactor(EGG, unit), undefined, unit);
    }
  });
});

describe('convert', () => {
  test('a thousand conversions there and back change nothing', () => {
    const anyItem = fc.constantFrom(...ITEMS);
    const anyUnit = fc.constantFrom(...STANDARD_UNITS, ...WORDS);
    fc.assert(
      fc.property(anyItem, anyUnit, anyUnit, fc.bigInt(), fc.bigInt({ min: 1n }), (item, from, to, n, d) => {
        const start = ratio(n, d);
        if (!convert(start, from, to, item)) return;
        let quantity = start;
        for (let round = 0; round < 500; round++) {
          quantity = convert(convert(quantity, from, to, item)!, to, from, item)!;
        }
        assert.deepEqual(quantity, start);
      }),
      { numRuns: 60 },
    );
  });

  test('goes the same way through any third unit', () => {
    for (const item of ITEMS) {
      const units = [...STANDARD_UNITS, ...WORDS].filter((unit) => unitFactor(item, unit));
      assert.ok(units.length > 0);
      for (const [from, over, to] of units.flatMap((a) => units.flatMap((b) => units.map((c) => [a, b, c] as const)))) {
        assert.deepEqual(convert(convert(ONE, from, over, item)!, over, to, item), convert(ONE, from, to, item));
      }
    }
  });

  test('turns 3 crates of eggs into dozens and a pound of them into eggs', () => {
    assert.deepEqual(convert(ratio(3n), 'crate', 'dozen', EGG), ratio(6n));
    assert.deepEqual(convert(ONE, 'lb', 'piece', EGG), multiply(ratioOf('453.59237'), ratio(1n, 60n)));
    assert.equal(convert(ONE, 'l', 'piece', EGG), undefined);
    assert.equal(convert(ONE, 'piece', 'l', EGG), undefined);
  });
});

describe('unitProblem', () => {
  test('finds nothing wrong with eggs, wine, or an own conversion that repeats the standard', () => {
    for (const item of ITEMS) assert.equal(unitProblem(item), undefined);
    assert.equal(unitProblem(stockedIn('g', own('kg', '2000', '2'))), undefined);
    assert.equal(unitProblem(stockedIn('piece', own('g', '1', '60'), own('kg', '50', '3'))), undefined);
    // Between dimensions the item decides: a gram of water is a millilitre, one of oil is not.
    assert.equal(unitProblem(stockedIn('ml', own('g', '100', '92'))), undefined);
    assert.equal(unitProblem(stockedIn('g', own('sack', '9'.repeat(15)))), undefined);
  });

  test('finds a unit given twice, the stock unit, and what contradicts the standard', () => {
    const faults: [StockUnits, string, RegExp][] = [
      [stockedIn('bottle', own('case', '6'), own('case', '6')), '/units/1/unit', /twice/],
      [stockedIn('bottle', own('case', '6'), own('bottle', '1')), '/units/1/unit', /"bottle" is the item.s stock unit/],
      [stockedIn('g', own('kg', '999')), '/units/0/unit', /1 kg is already 1000\/1 g/],
      [stockedIn('piece', own('dozen', '13')), '/units/0/unit', /12\/1/],
      [stockedIn('piece', own('g', '1', '60'), own('kg', '50', '2')), '/units/1/unit', /50\/3/],
      [stockedIn('piece', own('kg', '50', '3'), own('crate', '9'), own('g', '1', '61')), '/units/2/unit', /1\/60/],
    ];
    for (const [item, pointer, message] of faults) {
      const problem = unitProblem(item);
      assert.equal(problem?.pointer, pointer);
      assert.match(problem.message, message);
    }
  });

  test('finds what is no positive whole number of at most 15 digits', () => {
    for (const text of ['0', '000', '', '-1', '1.5', '1e3', ' 1', '1'.repeat(16), 'x']) {
      assert.equal(
        unitProblem(stockedIn('g', own('sack', '1'), own('bag', text)))?.pointer,
        '/units/1/numerator',
        text,
      );
      assert.equal(unitProblem(stockedIn('g', own('bag', '1', text)))?.pointer, '/units/0/denominator', text);
    }
  });

  test('what passes it converts the same whatever the order of the own units', () => {
    const anyOwn = fc
      .tuple(
        fc.constantFrom(...STANDARD_UNITS, 'crate', 'case'),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 60 }),
      )
      .map(([unit, numerator, denominator]) => own(unit, String(numerator), String(denominator)));
    fc.assert(
      fc.property(fc.constantFrom('piece', 'kg', 'bottle'), fc.array(anyOwn, { maxLength: 3 }), (unit, units) => {
        const item = { unit, units };
        fc.pre(unitProblem(item) === undefined);
        const turned = { unit, units: units.toReversed() };
        assert.equal(unitProblem(turned), undefined);
        for (const each of [...STANDARD_UNITS, 'crate'])
          assert.deepEqual(unitFactor(item, each), unitFactor(turned, each));
      }),
    );
  });
});
