/** Parts common to printed order receipts and business documents. */
import type { DocumentLabels } from '../labels/labels.js';
import { labelsOf } from '../labels/documentLabels.js';
import type { PrintLanguage } from '../../domain/restaurant/printLanguage.js';
import type { DayTax } from '../../domain/report/businessDay.js';
import { type MinorUnits, subtractTotal, type Total } from '../../domain/number/money.js';
import type { Payment } from '../../domain/order/payment.js';
import type { PrintedDocument, PrintedFact, PrintedTax, PrintedTotal } from './printedDocument.js';
import { printedAmount, printedMoney, printedPercent } from './printedValues.js';

/** Language and currency of a document, and the labels of the language. */
export interface Printing {
  language: PrintLanguage;
  currency: string;
  labels: DocumentLabels;
}

export function printingIn(language: PrintLanguage, currency: string): Printing {
  return { language, currency, labels: labelsOf(language) };
}

/** An amount without its currency. */
export function amountIn({ language, currency }: Printing, amount: Total): string {
  return printedAmount(amount, currency, language);
}

/** The parts of a printed document that depend on its language alone. */
export function wordsOf({
  language,
  labels,
}: Printing): Pick<PrintedDocument, 'language' | 'columns' | 'taxColumns' | 'page'> {
  const { position, description, quantity, unitPrice, tax, amount } = labels;
  return {
    language,
    columns: { position, description, quantity, unitPrice, tax, amount },
    taxColumns: { name: tax, rate: labels.rate, base: labels.taxBase, amount: labels.taxAmount },
    page: labels.page,
  };
}

type PrintableTax = Omit<DayTax, 'taxId'>;

export interface Sums {
  subtotal: Total;
  discountTotal: Total;
  serviceChargeTotal: Total;
  tipTotal: Total;
  taxes: readonly PrintableTax[];
  total: Total;
}

/**
 * Rows from the subtotal to the total. Included taxes add nothing to the total: they are only in
 * the tax rows.
 */
export function totalRows(printing: Printing, sums: Sums): PrintedTotal[] {
  const { labels, language, currency } = printing;
  const part = (label: string, amount: Total): PrintedTotal[] =>
    facts(printing, label, amount).map((fact) => ({ ...fact, isGrand: false }));
  return [
    ...part(labels.subtotal, sums.subtotal),
    ...part(labels.discount, subtractTotal(0, sums.discountTotal)),
    ...part(labels.serviceCharge, sums.serviceChargeTotal),
    ...sums.taxes.filter((tax) => !tax.inclusive).flatMap((tax) => part(taxName(printing, tax), tax.amount)),
    ...part(labels.tip, sums.tipTotal),
    { label: labels.total, value: printedMoney(sums.total, currency, language), isGrand: true },
  ];
}

export function taxRows(printing: Printing, taxes: readonly PrintableTax[]): PrintedTax[] {
  const { labels, language } = printing;
  return taxes.map((tax) => {
    const said = (text: string) => (tax.inclusive ? labels.includedTax.replace('{tax}', text) : text);
    return {
      label: said(taxName(printing, tax)),
      name: said(tax.name),
      rate: printedPercent(tax.rate, language),
      base: amountIn(printing, tax.base),
      amount: amountIn(printing, tax.amount),
    };
  });
}

/**
 * Taxes to subtract from those of the sale, below them.
 * @param reason a refund, or a deposit.
 */
export function deductedTaxRows(printing: Printing, reason: string, taxes: readonly PrintableTax[]): PrintedTax[] {
  const deducted = taxes.map(({ name, rate, base, amount }) => ({
    name: `${reason}: ${name}`,
    rate,
    inclusive: false,
    base: subtractTotal(0, base),
    amount: subtractTotal(0, amount),
  }));
  return taxRows(printing, deducted);
}

function taxName({ language }: Printing, { name, rate }: PrintableTax): string {
  return `${name} ${printedPercent(rate, language)}`;
}

/**
 * Amount handed over, its rounding and change, per payment. The tip beside a deposit has a row of
 * its own: it is no part of the deposit's document.
 */
export function paymentRows(
  printing: Printing,
  payments: readonly (Pick<Payment, 'method' | 'tendered' | 'change'> &
    Partial<Pick<Payment, 'rounding' | 'tip'>> & { deposit?: string })[],
): PrintedFact[] {
  const { paymentMethod, deposit: word } = printing.labels;
  return payments.flatMap(({ method, rounding = 0, tip = 0, tendered, change, deposit }) => [
    ...(deposit === undefined
      ? facts(printing, paymentMethod[method], tendered)
      : [...facts(printing, `${word} ${deposit}`, tendered - tip), ...facts(printing, paymentMethod[method], tip)]),
    ...facts(printing, printing.labels.eInvoice.rounding, rounding),
    ...facts(printing, printing.labels.change, change),
  ]);
}

/** Refunds, each with its reason and the rounding of its cash. */
export function refundRows(
  printing: Printing,
  refunds: readonly { amount: MinorUnits; rounding?: MinorUnits; reason: string }[],
): PrintedFact[] {
  return refunds.flatMap(({ reason, amount, rounding = 0 }) => [
    ...facts(printing, `${printing.labels.refund}: ${reason}`, -amount),
    ...facts(printing, printing.labels.eInvoice.rounding, 0 - rounding),
  ]);
}

/**
 * Amount due of a bill.
 * @param due negative: the guest gets money back.
 */
export function dueRow(printing: Printing, due: MinorUnits): PrintedFact[] {
  const { toPay, toGiveBack } = printing.labels;
  return facts(printing, due > 0 ? toPay : toGiveBack, Math.abs(due));
}

/** The sections that are not empty. */
export function sectionsOf(sections: readonly PrintedFact[][]): PrintedFact[][] {
  return sections.filter((facts) => facts.length > 0);
}

/** Tax identifiers of a party, one per line. */
export function taxIdLines(
  { labels }: Printing,
  party: { vatId?: string | null | undefined; taxNumber?: string | null | undefined },
): string[] {
  return [
    ...(party.vatId ? [`${labels.vatId}: ${party.vatId}`] : []),
    ...(party.taxNumber ? [`${labels.taxNumber}: ${party.taxNumber}`] : []),
  ];
}

/** A labelled amount, or nothing when it is zero. */
export function facts(printing: Printing, label: string, amount: Total): PrintedFact[] {
  return amount === 0 ? [] : [{ label, value: amountIn(printing, amount) }];
}
