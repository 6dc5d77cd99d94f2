/** Rules about supplier invoices: packs, sums, duplicates, printed amounts, and what is posted. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Identity, isDuplicate, numberKey } from '../../src/domain/supplierInvoice/duplicates.js';
import { decimalOf, moneyOf } from '../../src/domain/supplierInvoice/decimals.js';
import { comparedName } from '../../src/domain/supplierInvoice/matching.js';
import { packOf } from '../../src/domain/supplierInvoice/packs.js';
import { postedLine, sharesOf } from '../../src/domain/supplierInvoice/posting.js';
import { amountIn, dateIn } from '../../src/domain/supplierInvoice/printedAmounts.js';
import type { Adjustment, ReadLine } from '../../src/domain/supplierInvoice/readInvoice.js';
import type { Product } from '../../src/domain/supplierInvoice/supplierInvoice.js';

const LINE: ReadLine = {
  id: null,
  articleNumber: null,
  gtin: null,
  description: 'Rice',
  quantity: '2',
  unit: 'H87',
  unitPrice: '5',
  priceBaseQuantity: null,
  netAmount: '10.00',
  taxRate: null,
  taxCategory: null,
  adjustments: [],
  evidence: null,
};

describe('rules about supplier invoices', () => {
  test('decimals are kept exactly, without needless zeros', () => {
    for (const [text, decimal, money] of [
      ['+012.500', '12.5', '12.50'],
      ['-0.00', '0', '0.00'],
      ['.5', '0.5', '0.50'],
      ['4.0950', '4.095', '4.095'],
      ['1e3', undefined, undefined],
      ['', undefined, undefined],
      ['1,5', undefined, undefined],
    ] as const) {
      assert.equal(decimalOf(text), decimal, text);
      assert.equal(moneyOf(text), money, text);
    }
  });

  test('packs follow from the unit, else from the description', () => {
    const kilo = { unit: 'kg', units: [] };
    const bottle = { unit: 'bottle', units: [{ unit: 'crate', numerator: '24', denominator: '1' }] };
    assert.equal(packOf(kilo, 'KGM', 'Beef'), '1');
    assert.equal(packOf(kilo, 'GRM', 'Saffron'), '0.001');
    assert.equal(packOf(kilo, 'H87', 'PATAT FRITES 10MM 10KG'), '10');
    assert.equal(packOf(kilo, 'EA', 'KOFFIE BLIK 3,5KG SNELF'), '3.5');
    assert.equal(packOf({ unit: 'l', units: [] }, 'EA', 'Wine 6 x 0,75 L'), '4.5');
    assert.equal(packOf({ unit: 'piece', units: [] }, 'H87', 'BALPENNEN 50 ST BLAUW'), '50');
    assert.equal(packOf(bottle, 'Crate', 'Beer'), '24');
    assert.equal(packOf(bottle, 'H87', 'Beer'), '1');
    assert.equal(packOf(kilo, 'H87', 'Napkins'), undefined);
  });

  test('a return is told by its net amount, and a credit note turns the sign round', () => {
    const posted = (line: Partial<ReadLine>, product: Product = 'invoice') =>
      postedLine(
        {
          position: 1,
          line: { ...LINE, ...line },
          isStock: true,
          inventoryItemId: 'i',
          packQuantity: '3',
          score: null,
          matchSource: null,
          itemName: null,
          itemUnit: null,
          stockQuantity: null,
          unitCost: null,
        },
        'piece',
        { product, decimals: 2, exchangeRate: null },
      );
    assert.deepEqual([posted({})?.stockQuantity, posted({})?.unitCost], ['6', '166.666667']);
    assert.equal(posted({ netAmount: '-10.00' })?.stockQuantity, '-6');
    assert.equal(posted({ quantity: '-2', netAmount: '-10.00' })?.stockQuantity, '-6');
    assert.deepEqual(
      [posted({ netAmount: '0.00' })?.stockQuantity, posted({ netAmount: '0.00' })?.unitCost],
      ['6', '0'],
    );
    assert.equal(posted({}, 'credit_note')?.stockQuantity, '-6');
    assert.equal(posted({ netAmount: '-10.00' }, 'credit_note')?.stockQuantity, '6');
    assert.equal(posted({ quantity: '0' }), undefined);
  });

  test('allowances and charges of the document are in the costs, to the cent', () => {
    const lines = [
      ['9.99', '7'],
      ['0.01', '7'],
      ['10.00', '19'],
      ['-5.00', '19'],
      ['0.00', '7'],
    ].map(([netAmount = '', taxRate = '']) => ({ line: { ...LINE, netAmount, taxRate } }));
    const adjustment = (amount: string, isCharge: boolean, taxRate: string | null): Adjustment => ({
      isCharge,
      amount,
      reason: null,
      taxRate,
      taxCategory: null,
    });
    const shares = (adjustments: Adjustment[], terms: { decimals?: number; exchangeRate?: string | null } = {}) =>
      sharesOf(adjustments, lines, { decimals: 2, exchangeRate: null, ...terms }).map(({ numerator, denominator }) => {
        assert.equal(denominator, 1n);
        return Number(numerator);
      });
    assert.deepEqual(shares([adjustment('1.00', true, null)]), [50, 0, 50, 0, 0]);
    assert.deepEqual(shares([adjustment('1.01', false, '7')]), [-101, 0, 0, 0, 0]);
    assert.deepEqual(shares([adjustment('3.00', true, '21'), adjustment('2.00', false, '19')]), [150, 0, -50, 0, 0]);
    assert.deepEqual(
      shares([adjustment('1.00', true, null)], { decimals: 0, exchangeRate: '163.7' }),
      [82, 0, 82, 0, 0],
    );
    assert.deepEqual(sharesOf([adjustment('1.00', true, null)], [], { decimals: 2, exchangeRate: null }), []);
  });

  test('names are compared without accents, and a recognised B inside a word is ß', () => {
    const evidence = (confidence: number) => ({
      page: 1,
      box: [0, 0, 0, 0] as [number, number, number, number],
      text: '',
      confidence,
    });
    const name = (description: string, confidence = 1) => comparedName({ description, evidence: evidence(confidence) });
    assert.equal(name('Süßrahm'), 'sussrahm');
    assert.equal(name('SuBrahm', 0.9), 'sussrahm');
    assert.equal(name('SoBe, groB, BBQ', 0.9), 'sosse, gross, bbq');
    assert.equal(name('McBurger'), 'mcburger');
    assert.equal(name('김치'), '김치');
    assert.equal(comparedName({ description: 'Crème Fraîche', evidence: null }), 'creme fraiche');
  });

  test('a photo and an XML of one invoice are one document, and types tell papers apart', () => {
    const xml: Identity = {
      id: '1',
      product: 'invoice',
      typeCode: '380',
      numberKey: numberKey('RE 2026/17'),
      issueDate: '2026-11-01',
      supplierId: null,
      supplierName: 'Farm GmbH',
      vatId: 'DE123456789',
      gross: '10.00',
    };
    const photo = {
      ...xml,
      id: '2',
      typeCode: null,
      numberKey: numberKey('re-2026-17'),
      issueDate: null,
      supplierName: 'FARM',
      vatId: null,
    };
    assert.ok(isDuplicate(xml, photo));
    assert.ok(!isDuplicate(xml, { ...xml, id: '3', typeCode: '389' }));
    assert.ok(!isDuplicate(xml, { ...photo, gross: '11.00' }));
    assert.ok(!isDuplicate(xml, { ...xml, id: '4', vatId: 'DE999999999' }));
    assert.ok(!isDuplicate(xml, xml));
  });

  test('printed amounts and dates are read, and nothing else is taken for one', () => {
    for (const [word, amount] of [
      ['$1,234.50', '1234.50'],
      ['1.234,50', '1234.50'],
      ['S0.75', '0.75'],
      ['$O.00', '0.00'],
      ['12.00-', '-12.00'],
      ['-9,32', '-9.32'],
      ['12.000', undefined],
      ['17:42', undefined],
      ['310.828.3191', undefined],
      ['21%', undefined],
    ] as const)
      assert.equal(amountIn(word), amount, word);
    assert.equal(dateIn('5/6/2016 12:53', true), '2016-05-06');
    assert.equal(dateIn('5/6/2016', false), '2016-06-05');
    assert.equal(dateIn('Factuurdatum: 19 april 2014', false), '2014-04-19');
    assert.equal(dateIn('August 3 , 2014', true), '2014-08-03');
    assert.equal(dateIn('8-9-2022', false), '2022-09-08');
    assert.equal(dateIn('41/41/2016', false), null);
  });
});
