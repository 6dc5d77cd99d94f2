/**
 * Every kind of invoice in every language, VAT category and profile: both syntaxes say the same,
 * and the official rules accept them when `EINVOICE_RULES` names them.
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Document, LineContent } from '../../src/domain/document/document.js';
import type { DocumentCustomer, Seller } from '../../src/domain/document/parties.js';
import { AppError } from '../../src/domain/shared/errors.js';
import { VAT_CATEGORIES, type VatCategory } from '../../src/domain/order/vatCategory.js';
import { E_INVOICE_PROFILES, type EInvoiceProfile } from '../../src/domain/restaurant/invoicing.js';
import { PRINT_LANGUAGES, type PrintLanguage } from '../../src/domain/restaurant/printLanguage.js';
import { assertEInvoice } from '../../src/formats/eInvoice/eInvoiceFaults.js';
import { eInvoiceOf } from '../../src/formats/eInvoice/eInvoice.js';
import { renderCii } from '../../src/formats/eInvoice/renderCii.js';
import { renderUbl } from '../../src/formats/eInvoice/renderUbl.js';
import { readInvoice } from '../support/eInvoiceFiles.js';
import { brokenRules } from '../support/en16931.js';
import {
  BUYER,
  creditNotesOf,
  invoiceOf,
  itemLine,
  paidWith,
  SELLER,
  taxOf,
  withDeposit,
} from '../support/invoiceSamples.js';
import { OfficialRules, withoutRules } from '../support/officialRules.js';

/** Lines of one category, with discount, units, service charge and tip. */
function linesOf(category: VatCategory): LineContent[] {
  const taxes = [taxOf(category)];
  return [
    itemLine({ description: 'Schnitzel', quantity: '3', unitPrice: 1851, discounts: [{ percent: '10' }], taxes }),
    itemLine({ description: 'Wine', quantity: '1.25', unit: 'Liter', unitPrice: 999, taxes }),
    itemLine({ description: 'Buffet', quantity: '40', unit: 'Tischgedecke', unitPrice: 2450, taxes }),
    itemLine({ kind: 'service_charge', description: 'Service charge', unitPrice: 533, taxes }),
    itemLine({ kind: 'tip', description: 'Tip', unitPrice: 300, taxes: [] }),
  ];
}

const MIXED: LineContent[] = VAT_CATEGORIES.filter((category) => category !== 'O').flatMap((category) => [
  ...linesOf(category).slice(0, 2),
  itemLine({
    description: 'Book',
    taxes: [taxOf(category, { name: 'VAT 7', ...(category === 'S' && { rate: '7' }) })],
  }),
]);

/** Due, paid in part, paid, paid too much, what corrects it, and deposits. */
function kindsOf(invoice: Document): [kind: string, document: Document, original: Document | null][] {
  const [first, rest] = creditNotesOf(invoice);
  const [deposit, deducting] = withDeposit(invoice);
  return [
    ['due', invoice, null],
    ['partly paid', paidWith(invoice, 1_000, 'cash'), null],
    ['paid', paidWith(invoice, invoice.total), null],
    ['overpaid', paidWith(invoice, invoice.total + 1, 'voucher'), null],
    ['partial credit note', first, invoice],
    ['final credit note', rest, invoice],
    ['deposit', deposit, null],
    ['deducting a deposit', deducting, null],
  ];
}

/** Checks both files of a document by our own rules, and keeps them for the official ones. */
function filesOf(rules: OfficialRules, name: string, document: Document, original: Document | null): void {
  assertEInvoice(document);
  const invoice = eInvoiceOf(document, original);
  const [ubl, cii] = [renderUbl(invoice), renderCii(invoice)];
  const [read, other] = [readInvoice(ubl), readInvoice(cii)];
  assert.deepEqual(brokenRules(read), [], name);
  const filled = {
    ...read.totals,
    allowances: read.totals.allowances ?? '0.00',
    charges: read.totals.charges ?? '0.00',
  };
  assert.deepEqual({ ...read, totals: filled }, other, name);
  rules.add(`${name} UBL`, ubl);
  rules.add(`${name} CII`, cii);
}

function inProfile(profile: EInvoiceProfile, language: PrintLanguage, lines: LineContent[]): Document {
  return invoiceOf(lines, { seller: { ...SELLER, eInvoiceProfile: profile }, customer: { ...BUYER, language } });
}

/** The rule of a name such as `BR-CO-16 of an XRechnung`. */
function ruleOf(name: string): string {
  return name.split(' ')[0]!;
}

const BROKEN: [EInvoiceProfile, rule: string, 'ubl' | 'cii', from: RegExp, to: string][] = [
  ['en16931', 'BR-CO-16 in UBL', 'ubl', /(<cbc:PayableAmount[^>]*>)\d+/, '$17'],
  ['en16931', 'BR-CO-16 in CII', 'cii', /(<ram:DuePayableAmount>)\d+/, '$17'],
  ['en16931', 'BR-CL-23', 'ubl', /unitCode="LTR"/, 'unitCode="Liter"'],
  ['en16931', 'BR-S-08', 'ubl', /(<cbc:TaxableAmount[^>]*>)\d+/, '$17'],
  [
    'en16931',
    'CountryID schema',
    'cii',
    /(<ram:LineOne>[^<]*<\/ram:LineOne>)(.*?)(<ram:CountryID>DE<\/ram:CountryID>)/,
    '$3$1$2',
  ],
  [
    'en16931',
    'BuyerReference schema',
    'ubl',
    /(<cbc:Note>[^<]*<\/cbc:Note>)(.*?)(<cbc:BuyerReference>[^<]*<\/cbc:BuyerReference>)/,
    '$3$2$1',
  ],
  ['xrechnung', 'BR-DE-15 in UBL', 'ubl', /<cbc:BuyerReference>[^<]*<\/cbc:BuyerReference>/, ''],
  ['xrechnung', 'BR-DE-15 in CII', 'cii', /<ram:BuyerReference>[^<]*<\/ram:BuyerReference>/, ''],
  ['xrechnung', 'BR-DE-1 in UBL', 'ubl', /<cac:PaymentMeans>.*<\/cac:PaymentMeans>/, ''],
  ['peppol', 'PEPPOL-EN16931-CL008', 'ubl', /schemeID="9930"/, 'schemeID="EM"'],
  ['peppol', 'PEPPOL-EN16931-R120', 'ubl', /(<cbc:PriceAmount[^>]*>)\d+/, '$1777'],
  [
    'peppol',
    'PEPPOL-EN16931-R001',
    'cii',
    /<ram:BusinessProcessSpecifiedDocumentContextParameter>.*?<\/ram:BusinessProcessSpecifiedDocumentContextParameter>/,
    '',
  ],
];

function without(party: 'seller' | 'customer', ...fields: string[]): (document: Document) => Document {
  return (document) => {
    const kept = Object.entries(document[party] ?? {}).filter(([field]) => !fields.includes(field));
    return { ...document, [party]: Object.fromEntries(kept) };
  };
}

function withInvoiceDetails(eInvoice: object): (document: Document) => Document {
  return (document) => ({ ...document, details: { ...document.details, eInvoice } });
}

function withLines(...categories: VatCategory[]): (document: Document) => Document {
  return (document) => {
    const { seller, customer } = document;
    return invoiceOf(
      categories.flatMap((category) => linesOf(category).slice(0, 1)),
      { seller, customer },
    );
  };
}

const LACKING: [EInvoiceProfile, (document: Document) => Document, RegExp, rule: string][] = [
  [
    'xrechnung',
    without('seller', 'contact'),
    /Set contact \(name, phone, email\) with PATCH \/v1\/restaurant/,
    'BR-DE-2',
  ],
  ['xrechnung', without('seller', 'postalAddress'), /Set postalAddress with city and postcode/, 'BR-DE-3'],
  ['xrechnung', without('customer', 'postalAddress'), /Give the customer a postalAddress with city/, 'BR-DE-8'],
  ['xrechnung', withInvoiceDetails({}), /Leitweg-ID/, 'BR-DE-15'],
  ['xrechnung', without('seller', 'paymentAccount'), /Set paymentAccount with an IBAN/, 'BR-DE-1'],
  [
    'xrechnung',
    without('customer', 'electronicAddress', 'email'),
    /electronicAddress of the customer/,
    'PEPPOL-EN16931-R010',
  ],
  [
    'peppol',
    without('customer', 'electronicAddress'),
    /does not deliver to e-mail/,
    'PEPPOL-EN16931-CL008 of the customer',
  ],
  [
    'peppol',
    without('seller', 'electronicAddress'),
    /does not deliver to e-mail/,
    'PEPPOL-EN16931-CL008 of the seller',
  ],
  ['peppol', withInvoiceDetails({}), /buyerReference or eInvoice.purchaseOrderReference/, 'PEPPOL-EN16931-R003'],
  ['peppol', without('seller', 'paymentAccount'), /Set paymentAccount/, 'DE-R-001'],
  ['en16931', withLines('O', 'S'), /need a document of their own/, 'BR-O-11'],
  [
    'en16931',
    (document) => without('customer', 'vatId')(withLines('AE')(document)),
    /Reverse charge needs the VAT number/,
    'BR-AE-02',
  ],
  ['en16931', (document) => without('customer', 'vatId')(withLines('K')(document)), /customer.vatId/, 'BR-IC-02'],
  ['en16931', (document) => without('seller', 'vatId')(withLines('G')(document)), /Set vatId/, 'BR-G-02'],
];

const NORDIC = { iban: 'NO9386011117947' };
/** Seller and customer in one country, each with what its rules ask for. */
const ABROAD: Record<string, { seller: Partial<Seller>; customer: Partial<DocumentCustomer>; rate?: string }> = {
  AT: {
    seller: { vatId: 'ATU12345678', electronicAddress: { scheme: '9914', id: 'ATU12345678' } },
    customer: { vatId: 'ATU87654321', electronicAddress: { scheme: '9914', id: 'ATU87654321' } },
    rate: '20',
  },
  BE: {
    seller: { vatId: 'BE0202239951', electronicAddress: { scheme: '0208', id: '0202239951' } },
    customer: { vatId: 'BE0202239951', electronicAddress: { scheme: '0208', id: '0202239951' } },
    rate: '21',
  },
  DK: {
    seller: { vatId: 'DK12345674', companyId: { scheme: '0184', id: '12345674' } },
    customer: { vatId: 'DK12345674', companyId: { scheme: '0184', id: '12345674' } },
  },
  IS: {
    seller: { vatId: null, taxNumber: '12345', companyId: { scheme: '0196', id: '1234567890' } },
    customer: { companyId: { scheme: '0196', id: '1234567890' } },
    rate: '24',
  },
  IT: { seller: { vatId: 'IT12345670017' }, customer: { vatId: 'IT12345670017' }, rate: '22' },
  NL: {
    seller: { vatId: 'NL123456789B01', companyId: { scheme: '0106', id: '12345678' } },
    customer: { vatId: 'NL987654321B01', companyId: { scheme: '0106', id: '87654321' } },
    rate: '21',
  },
  NO: {
    seller: { vatId: 'NO974760673MVA', companyId: { scheme: '0192', id: '974760673' }, paymentAccount: NORDIC },
    customer: { vatId: 'NO974760673MVA', electronicAddress: { scheme: '0192', id: '974760673' } },
  },
  SE: {
    seller: { vatId: 'SE556732170701', companyId: { scheme: '0007', id: '5567321707' } },
    customer: { vatId: 'SE556732170701', electronicAddress: { scheme: '0007', id: '5567321707' } },
  },
};

const sellerWith =
  (fields: Partial<Seller>) =>
  (document: Document): Document => ({ ...document, seller: { ...document.seller!, ...fields } });

const LACKING_ABROAD: [string, (document: Document) => Document, RegExp, rule: string][] = [
  ['DK', without('seller', 'companyId'), /scheme 0184/, 'DK-R-002'],
  ['GR', sellerWith({ vatId: 'EL123456783' }), /myDATA/, 'GR-R-001-1'],
  ['IS', without('seller', 'companyId'), /kennitala/, 'IS-R-002'],
  ['IS', without('customer', 'companyId'), /kennitala of the customer/, 'IS-R-004'],
  ['IT', without('seller', 'postalAddress'), /street, city and postcode/, 'IT-R-002'],
  ['IT', sellerWith({ taxNumber: '123' }), /11 to 16 characters/, 'IT-R-001'],
  ['NL', sellerWith({ companyId: SELLER.companyId! }), /Dutch companyId is a KVK/, 'NL-R-003'],
  [
    'NL',
    (document) => ({ ...document, customer: { ...document.customer, companyId: SELLER.companyId } }),
    /companyId of a Dutch customer/,
    'NL-R-005',
  ],
  ['NL', without('customer', 'postalAddress'), /postalAddress of the customer/, 'NL-R-004'],
  ['NL', without('seller', 'paymentAccount'), /Set paymentAccount/, 'NL-R-007'],
  ['NO', sellerWith({ vatId: 'NO974760673' }), /ends with MVA/, 'NO-R-001'],
  ['SE', sellerWith({ taxNumber: '12345' }), /Godkänd/, 'SE-R-005'],
  ['SE', (document) => withLines('S')(document), /6, 12 or 25 %/, 'SE-R-006'],
];

describe('invoices by the official rules', () => {
  test('every kind, language, category and profile validates in both syntaxes', async (t) => {
    const rules = new OfficialRules();
    for (const profile of E_INVOICE_PROFILES)
      for (const language of PRINT_LANGUAGES)
        for (const [category, lines] of [
          ...VAT_CATEGORIES.map((one) => [one, linesOf(one)] as const),
          ['mixed', MIXED] as const,
        ])
          for (const [kind, document, original] of kindsOf(inProfile(profile, language, lines)))
            filesOf(rules, [profile, language, category, kind].join(' '), document, original);
    assert.equal(rules.size, 3 * 10 * 8 * 8 * 2);
    if (withoutRules) {
      t.skip(withoutRules);
      return;
    }
    assert.deepEqual(await rules.broken(), []);
  });

  test('a broken file is refused by the same check', async (t) => {
    if (withoutRules) {
      t.skip(withoutRules);
      return;
    }
    const rules = new OfficialRules();
    const expected: string[] = [];
    for (const [profile, rule, syntax, from, to] of BROKEN) {
      const invoice = eInvoiceOf(paidWith(inProfile(profile, 'de', linesOf('S')), 1_000), null);
      const xml = syntax === 'ubl' ? renderUbl(invoice) : renderCii(invoice);
      const broken = xml.replace(from, to);
      assert.notEqual(broken, xml, rule);
      rules.add(rule, broken);
      expected.push(rule);
    }
    const found = await rules.broken();
    const isFound = (rule: string) => found.some((one) => one.startsWith(`${rule}: `) && one.includes(ruleOf(rule)));
    assert.deepEqual(
      expected.filter((rule) => !isFound(rule)),
      [],
      found.join('\n'),
    );
  });

  test('what a profile demands is asked for before a document is issued, and by its official rules', async (t) => {
    const rules = new OfficialRules();
    for (const [profile, change, message, rule] of LACKING) {
      const document = change(inProfile(profile, 'en', linesOf('S')));
      assert.throws(
        () => assertEInvoice(document),
        (error) => error instanceof AppError && error.code === 'invalid_state' && message.test(error.message),
        rule,
      );
      rules.add(rule, renderUbl(eInvoiceOf(document, null)));
    }
    if (withoutRules) {
      t.skip(withoutRules);
      return;
    }
    const found = await rules.broken();
    const names = LACKING.map(([, , , rule]) => rule);
    const isFound = (rule: string) => found.some((one) => one.startsWith(`${rule}: `) && one.includes(ruleOf(rule)));
    assert.deepEqual(
      names.filter((rule) => !isFound(rule)),
      [],
      found.join('\n'),
    );
  });

  test('sellers of other countries keep the Peppol rules of theirs', async (t) => {
    const rules = new OfficialRules();
    for (const [country, { seller, customer, rate = '25' }] of Object.entries(ABROAD)) {
      const lines = linesOf('S').map((line) => ({ ...line, taxes: line.taxes.map((tax) => ({ ...tax, rate })) }));
      const base = { ...SELLER, taxNumber: null, ...seller, country, eInvoiceProfile: 'peppol' as const };
      const document = invoiceOf(lines, { seller: base, customer: { ...BUYER, country, ...customer } });
      for (const [kind, one, original] of kindsOf(document)) filesOf(rules, `${country} ${kind}`, one, original);
    }
    if (withoutRules) {
      t.skip(withoutRules);
      return;
    }
    assert.deepEqual(await rules.broken(), []);
  });

  test('what single countries demand is asked for before a document is issued, and by their rules', async (t) => {
    const rules = new OfficialRules();
    for (const [country, change, message, rule] of LACKING_ABROAD) {
      const abroad = ABROAD[country] ?? { seller: {}, customer: {} };
      const base = { ...SELLER, taxNumber: null, ...abroad.seller, country, eInvoiceProfile: 'peppol' as const };
      const lines = linesOf('S').map((line) => ({ ...line, taxes: line.taxes.map((tax) => ({ ...tax, rate: '25' })) }));
      const document = change(invoiceOf(lines, { seller: base, customer: { ...BUYER, country, ...abroad.customer } }));
      assert.throws(() => assertEInvoice(document), message, rule);
      rules.add(rule, renderUbl(eInvoiceOf(document, null)));
    }
    if (withoutRules) {
      t.skip(withoutRules);
      return;
    }
    const found = await rules.broken();
    const names = LACKING_ABROAD.map(([, , , rule]) => rule);
    const isFound = (rule: string) => found.some((one) => one.startsWith(`${rule}: `) && one.includes(ruleOf(rule)));
    assert.deepEqual(
      names.filter((rule) => !isFound(rule)),
      [],
      found.join('\n'),
    );
  });
});
