/** Invoices and credit notes with everything that their profiles demand. */
import {
  type Document,
  type DocumentDeposit,
  type LineContent,
  priceDocument,
} from '../../src/domain/document/document.js';
import type { DocumentCustomer, Seller } from '../../src/domain/document/parties.js';
import { addUp, creditAmounts } from '../../src/domain/document/documentCredit.js';
import {
  chargeOf,
  type LineCharge,
  partOfCharge,
  plusCharge,
  totalOfCharge,
} from '../../src/domain/order/lineCharges.js';
import { ratesKey, type TaxRate } from '../../src/domain/order/taxes.js';
import { depositLine } from '../../src/services/document/depositContent.js';
import type { VatCategory } from '../../src/domain/order/vatCategory.js';

export const SELLER: Seller = {
  name: 'Fish & Chips <Löwen>',
  address: null,
  vatId: 'DE123456789',
  taxNumber: '29/815/08157',
  country: 'DE',
  language: 'de',
  receiptFooter: null,
  eInvoiceProfile: 'xrechnung',
  postalAddress: { street: 'Hauptstraße 1', additional: 'Hinterhaus', city: 'Berlin', postcode: '10115', region: 'BE' },
  contact: { name: 'Anna Löwe', phone: '+49 30 123456', email: 'rechnung@loewen.example' },
  electronicAddress: { scheme: '9930', id: 'DE123456789' },
  companyId: { scheme: '0204', id: '991-01234-44' },
  paymentAccount: { iban: 'DE02120300000000202051', bic: 'BYLADEM1001', holder: 'Löwen GmbH' },
};

export const BUYER: DocumentCustomer = {
  name: 'Musterstadt & Söhne',
  email: 'amt@musterstadt.example',
  phone: '+49 40 7654321',
  vatId: 'DE987654321',
  country: 'DE',
  postalAddress: { street: 'Ring 1', city: 'Hamburg', postcode: '20095' },
  electronicAddress: { scheme: '0204', id: '04011000-12345-03' },
  language: 'de',
};

/** A tax of a category at its rate. */
export function taxOf(category: VatCategory, fields: Partial<TaxRate> = {}): TaxRate {
  const rate = category === 'S' ? '19' : '0';
  return { taxId: category, name: `VAT ${category}`, rate, inclusive: true, vat: { category }, ...fields };
}

export function itemLine(fields: Partial<LineContent> = {}): LineContent {
  const plain = { kind: 'item' as const, quantity: '1', unit: null, discounts: [], originalPosition: null };
  return { ...plain, description: 'Soup', unitPrice: 1000, taxes: [taxOf('S')], ...fields };
}

export function invoiceOf(lines: LineContent[], fields: Partial<Document> = {}): Document {
  return {
    ...priceDocument(lines, []),
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
    customer: BUYER,
    notes: 'Thank you',
    discounts: [],
    details: {
      order: { number: 'ORD-2026-11-0007', placedAt: '2026-11-20 19:30', table: '7', businessDate: '2026-11-20' },
      payments: [],
      eInvoice: { buyerReference: '04011000-12345-03', purchaseOrderReference: 'PO-77' },
    },
    orderId: 'order',
    originalId: null,
    reason: null,
    voidReason: null,
    voidedAt: null,
    voidedBy: null,
    version: 2,
    createdBy: 'user:test',
    createdAt: '2026-11-22T18:00:00.000Z',
    updatedAt: '2026-11-22T19:00:00.000Z',
    ...fields,
  };
}

/** With one payment of an amount. */
export function paidWith(document: Document, amount: number, method: 'card' | 'cash' | 'voucher' = 'card'): Document {
  const payments = [{ method, amount, tip: 0, tendered: amount, change: 0 }];
  return { ...document, details: { ...document.details, payments } };
}

/** The taxes of four tenths of the goods and the service charge, as of a deposit. */
function prepaidOf({ lines }: Document): DocumentDeposit {
  const groups = new Map<string, LineCharge>();
  for (const line of lines.filter(({ kind }) => kind !== 'tip')) {
    const [key, charge] = [ratesKey(line.taxes), chargeOf(line)];
    const group = groups.get(key);
    groups.set(key, group ? plusCharge(group, charge) : charge);
  }
  const charges = [...groups.values()].map((charge) =>
    partOfCharge(charge, Math.round(totalOfCharge(charge) * 0.4), charge),
  );
  const amount = charges.reduce((sum, charge) => sum + totalOfCharge(charge), 0);
  const ids = { documentId: 'deposit', paymentId: 'payment', number: 'DEP-2026-11-0001' };
  return { ...ids, issueDate: '2026-11-10', date: '2026-11-09', amount, charges };
}

/** The deposit of an invoice's order, and the invoice that deducts it. */
export function withDeposit(invoice: Document): [deposit: Document, rest: Document] {
  const prepaid = prepaidOf(invoice);
  const { amount, charges, number, issueDate, date } = prepaid;
  const payments = [{ method: 'card' as const, amount, tip: 0, tendered: amount, change: 0 }];
  const deposit: Document = {
    ...invoice,
    ...addUp(charges.map(depositLine)),
    type: 'deposit',
    number,
    businessDate: issueDate,
    details: { ...invoice.details, payments, deposit: { paymentId: 'payment', date } },
  };
  const deducted = payments.map((payment) => ({ ...payment, deposit: number }));
  return [deposit, { ...invoice, details: { ...invoice.details, payments: deducted, deposits: [prepaid] } }];
}

/** A partial credit note, then the one over the rest. */
export function creditNotesOf(original: Document): [Document, Document] {
  const partly = original.lines
    .filter(({ position }) => position % 2 === 1)
    .map(({ position }) => ({ position, quantity: '0.5' }));
  const first = creditAmounts(original.lines, [], partly);
  const rest = creditAmounts(original.lines, first.lines, undefined);
  const { order: _order, payments: _payments, ...details } = original.details ?? {};
  const [one, two] = [first, rest].map(
    (amounts, at): Document => ({
      ...original,
      ...amounts,
      type: 'credit_note',
      number: `CRN-2026-11-000${String(at + 1)}`,
      reason: 'cold',
      orderId: null,
      originalId: original.id,
      details: { ...details, supplyDate: '2026-11-20' },
    }),
  );
  return [one!, two!];
}
