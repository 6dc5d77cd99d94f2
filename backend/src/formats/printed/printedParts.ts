/** Parts that receipts of orders and business documents print alike. */
import type { DocumentLabels } from '../labels/labels.js';
import { labelsOf } from '../labels/documentLabels.js';
import type { PrintLanguage } from '../../domain/restaurant/printLanguage.js';
import type { DayTax } from '../../domain/report/businessDay.js';
import { type MinorUnits, subtractTotal, type Total } from '../../domain/number/money.js';
import type { Payment } from '../../domain/order/payment.js';
import type { PrintedDocument, PrintedFact, PrintedTax, PrintedTotal } from './printedDocument.js';
import { printedAmount, printedMoney, printedPercent } from './printedValues.js';

/** Language and currency of a document, and the words of the language. */
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

/** What a printed document takes from its language alone. */
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

/** From the subtotal to the total. Taxes inside the prices add nothing to it: they stand in the rows of taxes alone. */
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

function taxName({ language }: Printing, { name, rate }: PrintableTax): string {
  return `${name} ${printedPercent(rate, language)}`;
}

/** What was handed over and what came back. */
export function paymentRows(
  printing: Printing,
  payments: readonly Pick<Payment, 'method' | 'tendered' | 'change'>[],
): PrintedFact[] {
  return payments.flatMap(({ method, tendered, change }) => [
    ...facts(printing, printing.labels.paymentMethod[method], tendered),
    ...facts(printing, printing.labels.change, change),
  ]);
}

/** What is left of a bill. @param due below zero: the guest gets money back. */
export function dueRow(printing: Printing, due: MinorUnits): PrintedFact[] {
  const { toPay, toGiveBack } = printing.labels;
  return facts(printing, due > 0 ? toPay : toGiveBack, Math.abs(due));
}

/** Those that say something. */
export function sectionsOf(sections: readonly PrintedFact[][]): PrintedFact[][] {
  return sections.filter((facts) => facts.length > 0);
}

/** What the tax office calls somebody, a line each. */
export function taxIdLines(
  { labels }: Printing,
  party: { vatId?: string | null | undefined; taxNumber?: string | null | undefined },
): string[] {
  return [
    ...(party.vatId ? [`${labels.vatId}: ${party.vatId}`] : []),
    ...(party.taxNumber ? [`${labels.taxNumber}: ${party.taxNumber}`] : []),
  ];
}

/** An amount with its name, or nothing where it is zero. */
export function facts(printing: Printing, label: string, amount: Total): PrintedFact[] {
  return amount === 0 ? [] : [{ label, value: amountIn(printing, amount) }];
}
