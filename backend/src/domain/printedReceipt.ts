/** The receipt of an order as a printed document. */
import type { DocumentLabels } from './documentLabels/labels.js';
import { labelsOf, type PrintLanguage } from './documentLabels.js';
import type { MinorUnits } from './money.js';
import type { PrintedDocument, PrintedFact, PrintedLine, PrintedTotal } from './printedDocument.js';
import { printedAmount, printedDate, printedMoney, printedPercent, printedQuantity } from './printedValues.js';
import type { Receipt } from './receipt.js';

interface Printing {
  receipt: Receipt;
  labels: DocumentLabels;
  language: PrintLanguage;
}

export function printedReceipt(receipt: Receipt, language: PrintLanguage): PrintedDocument {
  const labels = labelsOf(language);
  const printing = { receipt, labels, language };
  return {
    language,
    title: labels.title.receipt,
    number: receipt.number,
    mark: receipt.status === 'cancelled' ? labels.cancelled : null,
    seller: { name: receipt.restaurant.name, details: receipt.restaurant.address?.split('\n') ?? [] },
    buyer: null,
    facts: factsOf(printing),
    columns: columnsOf(labels),
    lines: receipt.lines.map((line, index) => lineOf(printing, line, index)),
    totals: totalsOf(printing),
    taxColumns: { name: labels.tax, rate: labels.rate, base: labels.taxBase, amount: labels.taxAmount },
    taxes: receipt.taxes.map((tax) => ({
      name: tax.name,
      rate: printedPercent(tax.rate, language),
      base: amountOf(printing, tax.base),
      amount: amountOf(printing, tax.amount),
    })),
    settlement: settlementOf(printing),
    notes: [],
    footer: receipt.footer?.split('\n') ?? [],
    page: labels.page,
  };
}

/** Headings of the table of lines. */
function columnsOf(labels: DocumentLabels): PrintedDocument['columns'] {
  const { position, description, quantity, unitPrice, tax, amount } = labels;
  return { position, description, quantity, unitPrice, tax, amount };
}

function factsOf({ receipt, labels, language }: Printing): PrintedFact[] {
  return [
    { label: labels.date, value: printedDate(receipt.placedAt, language) },
    { label: labels.order, value: labels.orderType[receipt.type] },
    ...(receipt.table === null ? [] : [{ label: labels.table, value: receipt.table }]),
  ];
}

function lineOf(printing: Printing, line: Receipt['lines'][number], index: number): PrintedLine {
  const { labels, language } = printing;
  const modifiers = line.modifiers.map(({ name, quantity, amount }) => {
    const times = quantity > 1 ? `${quantity} × ` : '+ ';
    return times + name + (amount > 0 ? ` (${amountOf(printing, amount)})` : '');
  });
  const discount = line.discountAmount > 0 ? [`${labels.discount} -${amountOf(printing, line.discountAmount)}`] : [];
  return {
    position: String(index + 1),
    description: line.variantName === null ? line.name : `${line.name}, ${line.variantName}`,
    details: [...modifiers, ...discount],
    quantity: printedQuantity(String(line.quantity), language),
    unitPrice: amountOf(printing, line.unitPrice),
    tax: '',
    amount: amountOf(printing, line.grossAmount),
  };
}

function totalsOf(printing: Printing): PrintedTotal[] {
  const { receipt, labels, language } = printing;
  const part = (label: string, amount: MinorUnits): PrintedTotal[] =>
    amount === 0 ? [] : [{ label, value: amountOf(printing, amount), isGrand: false }];
  const named = (tax: Receipt['taxes'][number]) => `${tax.name} ${printedPercent(tax.rate, language)}`;
  return [
    ...part(labels.subtotal, receipt.subtotal),
    ...part(labels.discount, -receipt.discountTotal),
    ...part(labels.serviceCharge, receipt.serviceChargeTotal),
    ...receipt.taxes.filter((tax) => !tax.inclusive).flatMap((tax) => part(named(tax), tax.amount)),
    ...part(labels.tip, receipt.tipTotal),
    { label: labels.total, value: printedMoney(receipt.total, receipt.currency, language), isGrand: true },
    ...receipt.taxes
      .filter((tax) => tax.inclusive)
      .flatMap((tax) => part(labels.includedTax.replace('{tax}', named(tax)), tax.amount)),
  ];
}

function settlementOf(printing: Printing): PrintedFact[] {
  const { receipt, labels } = printing;
  const part = (label: string, amount: MinorUnits): PrintedFact[] =>
    amount === 0 ? [] : [{ label, value: amountOf(printing, amount) }];
  return [
    ...receipt.payments.flatMap((payment) => [
      ...part(labels.paymentMethod[payment.method], payment.tendered),
      ...part(labels.change, -payment.change),
    ]),
    ...receipt.refunds.flatMap((refund) => part(`${labels.refund}: ${refund.reason}`, -refund.amount)),
    ...part(receipt.dueTotal > 0 ? labels.toPay : labels.toGiveBack, Math.abs(receipt.dueTotal)),
  ];
}

function amountOf({ receipt, language }: Printing, amount: MinorUnits): string {
  return printedAmount(amount, receipt.currency, language);
}
