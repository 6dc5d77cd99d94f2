/**
 * Our invoices against a checker of the rules of EN 16931. The checker is first tested on real
 * invoices.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Document, type LineContent, priceDocument } from '../../src/domain/document/document.js';
import type { Seller } from '../../src/domain/document/parties.js';
import { creditAmounts } from '../../src/domain/document/documentCredit.js';
import { eInvoiceOf } from '../../src/formats/eInvoice/eInvoice.js';
import { AppError } from '../../src/domain/shared/errors.js';
import type { Discount } from '../../src/domain/order/pricing.js';
import type { TaxRate } from '../../src/domain/order/taxes.js';
import { renderCii } from '../../src/formats/eInvoice/renderCii.js';
import { renderUbl } from '../../src/formats/eInvoice/renderUbl.js';
import { readInvoice } from '../support/eInvoiceFiles.js';
import { brokenRules, linesOffTheirPrice } from '../support/en16931.js';
import { OfficialRules, withoutRules } from '../support/officialRules.js';
import { sharedData } from '../support/sharedData.js';

const VAT19: TaxRate = { taxId: 'a', name: 'VAT', rate: '19', inclusive: true };
const VAT7: TaxRate = { taxId: 'b', name: 'VAT', rate: '7', inclusive: true };
const ADDED: TaxRate = { taxId: 'c', name: 'Sales tax', rate: '8.875', inclusive: false };
const CITY: TaxRate = { taxId: 'd', name: 'City tax', rate: '2.5', inclusive: false };
const ZERO: TaxRate = { taxId: 'e', name: 'VAT', rate: '0', inclusive: true };

function lineOf(fields: Partial<LineContent> = {}): LineContent {
  return {
    kind: 'item',
    description: 'Soup',
    quantity: '1',
    unit: null,
    unitPrice: 1000,
    discounts: [],
    taxes: [VAT19],
    originalPosition: null,
    ...fields,
  };
}

const SELLER: Seller = {
  name: 'Fish & Chips <Löwen>',
  address: 'Hauptstraße 1\n10115 Berlin',
  vatId: 'DE123456789',
  taxNumber: null,
  country: 'DE',
  language: 'de',
  eInvoiceProfile: 'en16931',
};
const CUSTOMER = { name: 'Muster GmbH', address: 'Ring 1\n1010 Wien', email: 'a@example.com' };

function documentOf(lines: LineContent[], discounts: Discount[] = [], fields: Partial<Document> = {}): Document {
  return {
    ...priceDocument(lines, discounts),
    id: 'document',
    type: 'invoice',
    status: 'issued',
    location: '',
    register: '',
    seriesId: 'series',
    period: '2026-11',
    counter: 42,
    number: 'INV-2026-11-0042',
    businessDate: '2026-11-22',
    issuedAt: '2026-11-22T19:00:00.000Z',
    issuedBy: 'user:test',
    seller: SELLER,
    previousHash: '',
    hash: 'hash',
    currency: 'EUR',
    customer: { ...CUSTOMER, vatId: 'ATU12345678' },
    notes: 'Thank you',
    discounts,
    details: null,
    orderId: null,
    originalId: null,
    reason: null,
    voidReason: null,
    voidedAt: null,
    voidedBy: null,
    version: 1,
    createdBy: 'user:test',
    createdAt: '2026-11-22T18:00:00.000Z',
    updatedAt: '2026-11-22T18:00:00.000Z',
    ...fields,
  };
}

const RULES = new OfficialRules();

/** Both files of a document, which keep every rule and say the same. */
function checked(document: Document, original: Document | null = null) {
  const invoice = eInvoiceOf(document, original);
  const files = [renderUbl(invoice), renderCii(invoice)];
  for (const xml of files) RULES.add(JSON.stringify(document.lines), xml);
  const [ubl, cii] = [readInvoice(files[0]!), readInvoice(files[1]!)];
  for (const file of [ubl, cii]) {
    assert.deepEqual(brokenRules(file), [], JSON.stringify(file, null, 1));
    assert.deepEqual(linesOffTheirPrice(file), [], JSON.stringify(file.lines));
  }
  const { totals, ...rest } = ubl;
  const { totals: sameTotals, ...sameRest } = cii;
  const filled = (sums: typeof totals) => ({
    ...sums,
    allowances: sums.allowances ?? '0.00',
    charges: sums.charges ?? '0.00',
  });
  assert.deepEqual(filled(totals), filled(sameTotals));
  assert.deepEqual(rest, sameRest);
  return ubl;
}

describe('electronic invoices', () => {
  test('the checker accepts real invoices of three countries in both syntaxes', (t) => {
    const names = [
      'de-einfach.ubl',
      'de-einfach.cii',
      'nl-food-wholesale.ubl',
      'nl-food-wholesale.cii',
      'se-mixed-vat.ubl',
    ];
    for (const name of names) {
      const { file, skip } = sharedData(`supplier-documents/einvoice/${name}.xml`);
      if (skip) {
        t.skip(skip);
        return;
      }
      assert.deepEqual(brokenRules(readInvoice(readFileSync(file, 'utf8'))), [], name);
    }
  });

  test('the checker finds a cent too much in every sum', () => {
    const xml = renderUbl(eInvoiceOf(documentOf([lineOf()]), null));
    for (const [name, rule] of Object.entries({
      LineExtensionAmount: 'BR-CO-10',
      TaxExclusiveAmount: 'BR-CO-13',
      TaxInclusiveAmount: 'BR-CO-15',
      PayableAmount: 'BR-CO-16',
      TaxableAmount: 'BR-S-08',
      TaxAmount: 'BR-CO-14',
    })) {
      const element = new RegExp(`(<cbc:${name} currencyID="EUR">)([\\d.]+)`);
      const wrong = xml.replace(
        element,
        (_, start: string, amount: string) => `${start}${(Number(amount) + 0.01).toFixed(2)}`,
      );
      assert.ok(brokenRules(readInvoice(wrong)).includes(rule), `${name}: ${brokenRules(readInvoice(wrong)).join()}`);
    }
  });

  test('taxes inside prices become net lines; discounts allowances; service charge and tip charges', () => {
    const invoice = checked(
      documentOf(
        [
          lineOf({ description: 'Schnitzel', quantity: '2', unitPrice: 1850, discounts: [{ percent: '10' }] }),
          lineOf({ description: 'Bread', taxes: [VAT7], unitPrice: 450, unit: 'kg', quantity: '1.25' }),
          lineOf({ kind: 'service_charge', description: 'Service', unitPrice: 500 }),
          lineOf({ kind: 'tip', description: 'Tip', unitPrice: 300, taxes: [] }),
        ],
        [],
      ),
    );
    // 2 x 18.50 is 37.00, less 10 % 33.30; 33.30 / 1.19 is 27.98, 37.00 / 1.19 is 31.09.
    assert.deepEqual(
      invoice.lines.map(({ net, price, allowances, unit }) => [net, price, allowances, unit]),
      [
        ['27.98', '15.54500000', ['3.11'], 'C62'],
        ['5.26', '4.20800000', [], 'KGM'],
      ],
    );
    assert.deepEqual(
      invoice.adjustments.map(({ isCharge, reason, amount, category }) => [isCharge, reason, amount, category]),
      [
        [true, 'Bedienung', '4.20', 'S'],
        [true, 'Trinkgeld', '3.00', 'E'],
        // 19 % of 32.18 is 6.11, of 32.19 the 6.12 that the document states.
        [true, 'Rundung', '0.01', 'S'],
      ],
    );
    assert.deepEqual(
      invoice.taxes.map(({ category, rate, amount }) => [category, rate, amount]),
      [
        ['S', '19', '6.12'],
        ['S', '7', '0.37'],
        ['E', '0', '0.00'],
      ],
    );
    assert.equal(invoice.totals.payable, '46.93');
    assert.deepEqual(
      [invoice.seller.vatId, invoice.seller.country, invoice.buyer.vatId, invoice.buyer.country],
      ['DE123456789', 'DE', 'ATU12345678', 'AT'],
    );
  });

  test('a tax that was rounded before its base keeps its cent, and so does what is to be paid', () => {
    // 0.99 holds 7 %: 0.06 tax and 0.93 net, but 7 % of 0.93 is 0.07.
    const invoice = checked(documentOf([lineOf({ unitPrice: 99, taxes: [VAT7] })]));
    assert.deepEqual([invoice.totals.tax, invoice.totals.rounding, invoice.totals.payable], ['0.06', '0.01', '0.99']);
  });

  test('several added taxes on a line count as one; zero rates and exemptions are told apart', () => {
    const invoice = checked(
      documentOf([lineOf({ taxes: [ADDED, CITY] }), lineOf({ taxes: [ZERO] }), lineOf({ taxes: [] })]),
    );
    assert.deepEqual(
      invoice.taxes.map(({ category, rate }) => [category, rate]),
      [
        ['S', '11.375'],
        ['Z', '0'],
        ['E', '0'],
      ],
    );
  });

  test('a credit note names what it corrects', () => {
    const original = documentOf([lineOf()]);
    const credit = documentOf([lineOf()], [], { type: 'credit_note', number: 'CRN-2026-11-0001', reason: 'cold' });
    const read = checked(credit, original);
    assert.deepEqual([read.typeCode, read.original, read.totals.payable], ['381', 'INV-2026-11-0042', '10.00']);
  });

  test('says what is missing instead of writing half an invoice', () => {
    const cases: [Partial<Document>, RegExp][] = [
      [{ type: 'quotation' }, /Only invoices/],
      [{ status: 'draft' }, /issued/],
      [{ status: 'voided' }, /issued/],
      [
        { seller: { name: 'Bistro', address: 'Berlin\nDE123456789' } },
        /vatId or taxNumber with PATCH \/v1\/restaurant/,
      ],
      [{ seller: { ...SELLER, vatId: null } }, /vatId or taxNumber/],
      [{ seller: { ...SELLER, country: null } }, /country with PATCH \/v1\/restaurant/],
      [{ customer: null }, /customer/],
      [{ currency: 'KWD' }, /decimals/],
    ];
    for (const [fields, message] of cases) {
      const attempt = () => eInvoiceOf(documentOf([lineOf()], [], fields), null);
      assert.throws(
        attempt,
        (error) => error instanceof AppError && error.code === 'invalid_state' && message.test(error.message),
      );
    }
  });

  test('whatever is sold, every rule holds to the cent and the payable amount is the document’s total', () => {
    const taxes = fc.subarray([VAT19, VAT7, ADDED, CITY, ZERO], { minLength: 0, maxLength: 2 });
    const discounts = fc.array(
      fc.oneof(
        fc.record({ percent: fc.constantFrom('5', '10', '33.3333') }),
        fc.record({ amount: fc.integer({ min: 1, max: 500 }) }),
      ),
      { maxLength: 2 },
    );
    const line = fc.record({
      kind: fc.constantFrom(
        'item' as const,
        'item' as const,
        'item' as const,
        'service_charge' as const,
        'tip' as const,
      ),
      quantity: fc.constantFrom('1', '2', '3', '7', '0.5', '1.25', '0.333', '120', '999999.999999'),
      unitPrice: fc.integer({ min: 0, max: 20_000 }),
      taxes,
      discounts,
    });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 12 }), discounts, (lines, onAll) => {
        const document = documentOf([lineOf(), ...lines.map((fields) => lineOf(fields))], onAll);
        const partly = document.lines
          .filter(({ position }) => position % 2 === 1)
          .map(({ position }) => ({ position, quantity: '0.25' }));
        const first = creditAmounts(document.lines, [], partly);
        const rest = creditAmounts(document.lines, first.lines, undefined);
        const credits = [first, rest].map((amounts): Document => ({ ...document, ...amounts, type: 'credit_note' }));
        for (const one of [document, ...credits]) {
          const read = checked(one, one === document ? null : document);
          const stated = [one.taxTotal, one.total].map((amount) => (amount / 100).toFixed(2));
          assert.deepEqual([read.totals.tax, read.totals.payable], stated);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('a charge that a discount took to zero is still summed up', () => {
    const charge = lineOf({
      kind: 'service_charge',
      description: 'Service',
      unitPrice: 84,
      discounts: [{ amount: 84 }],
    });
    const read = checked(documentOf([lineOf(), charge]));
    assert.deepEqual([read.adjustments.map(({ amount }) => amount), read.totals.charges], [['0.00'], '0.00']);
  });

  test('a credit note over a tip alone has it as its line', () => {
    const tip = lineOf({ kind: 'tip', description: 'Tip', unitPrice: 300, taxes: [] });
    const read = checked(documentOf([tip], [], { type: 'credit_note' }), documentOf([lineOf(), tip]));
    assert.deepEqual([read.lines.map(({ net }) => net), read.adjustments], [['3.00'], []]);
  });

  test('a seller without a VAT number is known by its tax number', () => {
    const { seller } = checked(
      documentOf([lineOf()], [], { seller: { ...SELLER, vatId: null, taxNumber: '29/815/08157' } }),
    );
    assert.deepEqual([seller.vatId, seller.taxNumber, seller.id], [undefined, '29/815/08157', '29/815/08157']);
    const both = checked(documentOf([lineOf()], [], { seller: { ...SELLER, taxNumber: '29/815/08157' } })).seller;
    assert.deepEqual([both.vatId, both.taxNumber, both.id], ['DE123456789', '29/815/08157', undefined]);
  });

  test('a customer is where he says, else where his VAT number is from, else where the seller is', () => {
    const countryOf = (fields: object) =>
      checked(documentOf([lineOf()], [], { customer: { ...CUSTOMER, ...fields } })).buyer.country;
    assert.equal(countryOf({ country: 'CH', vatId: 'ATU12345678' }), 'CH');
    assert.equal(countryOf({ vatId: 'EL123456789' }), 'GR');
    assert.equal(countryOf({}), 'DE');
    // An address is text and tells nothing.
    assert.equal(countryOf({ address: 'Wien\nATU12345678' }), 'DE');
  });

  test('a VAT number of a country that writes no prefix gets that of the country', () => {
    const seller = { ...SELLER, vatId: '0105556000001', country: 'TH' };
    assert.equal(checked(documentOf([lineOf()], [], { seller })).seller.vatId, 'TH0105556000001');
  });

  test('the official rules accept all files of the tests above', async (t) => {
    assert.ok(RULES.size > 0);
    if (withoutRules) {
      t.skip(withoutRules);
      return;
    }
    assert.deepEqual(await RULES.broken(), []);
  });
});
