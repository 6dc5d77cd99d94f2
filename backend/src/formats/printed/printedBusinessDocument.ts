/**
 * Builds printed documents from quotations, invoices, credit notes and the other business
 * documents.
 */
import {
  type Document,
  type DocumentLine,
  type DocumentType,
  E_INVOICE_TYPES,
  prepaidOf,
  supplyDateOf,
  SUPPLY_TYPES,
} from '../../domain/document/document.js';
import type { Seller } from '../../domain/document/parties.js';
import { refundOfCharges } from '../../domain/order/lineCharges.js';
import { exemptionVat } from '../../domain/order/order.js';
import { printedIban } from '../../domain/restaurant/bankAccount.js';
import { addressLines } from '../../domain/restaurant/postalAddress.js';
import type { PrintLanguage } from '../../domain/restaurant/printLanguage.js';
import { depositName } from '../labels/depositName.js';
import { daySections, dayTaxes, dayTotals } from './printedDayClose.js';
import type { PrintedDocument, PrintedFact, PrintedLine, PrintedTax } from './printedDocument.js';
import {
  amountIn,
  deductedTaxRows,
  dueRow,
  paymentRows,
  refundRows,
  type Printing,
  printingIn,
  sectionsOf,
  taxIdLines,
  taxRows,
  totalRows,
  wordsOf,
} from './printedParts.js';
import { printedCost, printedDate, printedPercent, printedQuantity } from './printedValues.js';

/** On these types, the other party is the seller. */
const BOUGHT: readonly DocumentType[] = ['purchase_order', 'goods_receipt'];

/** Data that a document refers to but does not contain. */
export interface PrintContext {
  /** Seller for a draft, which has none yet: the current settings. */
  seller: Seller;
  /** Number of the document that a credit note corrects, or that this one replaces. */
  originalNumber: string | null;
}

export function printedBusinessDocument(
  document: Document,
  language: PrintLanguage,
  context: PrintContext,
): PrintedDocument {
  const printing = printingIn(language, document.currency);
  const { labels } = printing;
  const seller = document.seller ?? context.seller;
  const day = document.details?.dayClose;
  return {
    ...wordsOf(printing),
    title: labels.title[document.type],
    number: document.number,
    mark: { draft: labels.draft, issued: null, voided: labels.voided }[document.status],
    seller: { name: seller.name, details: [...addressLines(seller, seller.country), ...taxIdLines(printing, seller)] },
    buyer: buyerOf(printing, document),
    facts: factsOf(printing, document, context.originalNumber),
    lines: document.lines.map((line) => lineOf(printing, line)),
    totals: day ? dayTotals(printing, day) : totalRows(printing, { ...document, serviceChargeTotal: 0, tipTotal: 0 }),
    taxes: day ? dayTaxes(printing, day) : [...taxRows(printing, document.taxes), ...deductedTaxes(printing, document)],
    sections: sectionsOf(
      day ? daySections(printing, day) : [paidRows(printing, document), accountRows(document, seller)],
    ),
    notes: [...exemptions(printing, document), ...linesOf(document.notes)],
    footer: document.type === 'receipt' ? linesOf(seller.receiptFooter ?? null) : [],
  };
}

/** Payments and refunds on a document made from an order, and the amount due when it was made. */
function paidRows(printing: Printing, document: Document): PrintedFact[] {
  const { total, details } = document;
  const returned = refundRows(printing, details?.refunds ?? []);
  if (!details?.payments) return returned;
  const due = dueRow(printing, total - prepaidOf(document));
  return [...paymentRows(printing, details.payments), ...returned, ...due];
}

/** Taxes stated for deposits, or with the sale of vouchers: those of the document are less them. */
function deductedTaxes(printing: Printing, { details }: Document): PrintedTax[] {
  return (details?.deposits ?? []).flatMap((deposit) =>
    deductedTaxRows(printing, depositName(printing.labels, deposit), refundOfCharges(deposit.charges, 0).taxes),
  );
}

/** The account for what is still to be paid of an invoice. */
function accountRows(document: Document, { name, paymentAccount }: Seller): PrintedFact[] {
  if (!paymentAccount || document.type !== 'invoice' || document.total <= prepaidOf(document)) return [];
  const { iban, bic, holder } = paymentAccount;
  const rows = [{ label: holder ?? name, value: `IBAN ${printedIban(iban)}` }];
  return bic === undefined ? rows : [...rows, { label: '', value: `BIC ${bic}` }];
}

/** Why no VAT is charged, as the law wants it said. That of the customer is among the facts. */
function exemptions({ labels }: Printing, { type, lines, details }: Document): string[] {
  if (!E_INVOICE_TYPES.includes(type) && type !== 'receipt') return [];
  const reasons = lines.flatMap(({ taxes }) =>
    taxes.flatMap(({ vat }) => {
      if (!vat || vat.category === 'S' || vat.category === 'Z') return [];
      return [vat.reason ?? labels.eInvoice.exemption[vat.category]];
    }),
  );
  const ofCustomer = details?.taxExemption && exemptionVat(details.taxExemption).reason;
  return [...new Set(reasons)].filter((reason) => reason !== ofCustomer);
}

function buyerOf(printing: Printing, { type, customer }: Document): PrintedDocument['buyer'] {
  if (!customer) return null;
  const { labels } = printing;
  const contact = [customer.phone ?? '', customer.email ?? ''];
  const details = [...addressLines(customer, customer.country), ...taxIdLines(printing, customer), ...contact];
  const [name = '', ...rest] = [customer.name ?? '', ...details].filter((text) => text !== '');
  return name === '' ? null : { label: BOUGHT.includes(type) ? labels.supplier : labels.customer, name, details: rest };
}

function factsOf({ labels, language }: Printing, document: Document, originalNumber: string | null): PrintedFact[] {
  const fact = (label: string, value: string | false | null | undefined): PrintedFact[] =>
    value ? [{ label, value }] : [];
  // The date of a day close is the day that it closes; that of a stock count is the day of its
  // booking. A draft has no business date yet: its UTC creation date only helps to tell drafts
  // apart.
  const { dayClose, stockCount, purchase, order, quotation, eInvoice, taxExemption, deposit } = document.details ?? {};
  const date = (dayClose ?? stockCount)?.date ?? document.businessDate ?? document.createdAt.slice(0, 10);
  const supply = SUPPLY_TYPES.includes(document.type) && supplyDateOf(document);
  return [
    ...fact(labels.date, printedDate(date, language)),
    ...fact(labels.paidOn, deposit && printedDate(deposit.date, language)),
    ...fact(labels.eInvoice.supplyDate, supply && supply !== date && printedDate(supply, language)),
    ...fact(labels.order, order?.number),
    ...fact(labels.orderedAt, order && printedDate(order.placedAt, language)),
    ...fact(labels.table, order?.table),
    ...fact(labels.reference, purchase?.reference ?? quotation?.number),
    ...fact(labels.customerNumber, purchase?.customerNumber),
    ...fact(labels.eInvoice.yourReference, eInvoice?.buyerReference ?? eInvoice?.purchaseOrderReference),
    ...fact(labels.corrects, originalNumber),
    ...fact(labels.taxExempt, taxExemption && exemptionVat(taxExemption).reason),
    ...fact(labels.reason, document.reason),
    ...fact(labels.voided, document.voidReason),
  ];
}

function lineOf(printing: Printing, line: DocumentLine): PrintedLine {
  const { labels, language } = printing;
  const quantity = printedQuantity(line.quantity, language);
  return {
    position: String(line.position),
    description: {
      item: line.description,
      service_charge: labels.serviceCharge,
      tip: labels.tip,
      deposit: labels.deposit,
    }[line.kind],
    details: line.discountAmount > 0 ? [`${labels.discount} ${amountIn(printing, -line.discountAmount)}`] : [],
    quantity: line.unit === null ? quantity : `${quantity} ${line.unit}`,
    unitPrice:
      line.unitCost === undefined
        ? amountIn(printing, line.unitPrice)
        : printedCost(line.unitCost, printing.currency, language),
    tax: line.taxes.map((tax) => printedPercent(tax.rate, language)).join(' + '),
    amount: amountIn(printing, line.grossAmount),
  };
}

function linesOf(text: string | null): string[] {
  return text === null ? [] : text.split('\n').filter((line) => line.trim() !== '');
}
