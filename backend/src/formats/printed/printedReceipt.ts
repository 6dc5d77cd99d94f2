/** Builds the printed document of an order's receipt. */
import type { PrintLanguage } from '../../domain/restaurant/printLanguage.js';
import type { PrintedDocument, PrintedFact, PrintedLine } from './printedDocument.js';
import {
  amountIn,
  deductedTaxRows,
  dueRow,
  paymentRows,
  type Printing,
  printingIn,
  refundRows,
  sectionsOf,
  taxIdLines,
  taxRows,
  totalRows,
  wordsOf,
} from './printedParts.js';
import { printedDate, printedQuantity } from './printedValues.js';
import type { Receipt } from '../../domain/order/receipt.js';

export function printedReceipt(receipt: Receipt, language: PrintLanguage): PrintedDocument {
  const printing = printingIn(language, receipt.currency);
  const { labels } = printing;
  const { name, address } = receipt.restaurant;
  return {
    ...wordsOf(printing),
    title: labels.title.receipt,
    number: receipt.number,
    mark: receipt.status === 'cancelled' ? labels.cancelled : null,
    seller: { name, details: [...(address?.split('\n') ?? []), ...taxIdLines(printing, receipt.restaurant)] },
    buyer: null,
    facts: [
      { label: labels.date, value: printedDate(receipt.placedAt, language) },
      { label: labels.order, value: labels.orderType[receipt.type] },
      ...(receipt.table === null ? [] : [{ label: labels.table, value: receipt.table }]),
    ],
    lines: receipt.lines.map((line, index) => lineOf(printing, line, index)),
    totals: totalRows(printing, receipt),
    taxes: [
      ...taxRows(printing, receipt.taxes),
      ...deductedTaxRows(printing, printing.labels.refund, receipt.refundTaxes),
      ...deductedTaxRows(printing, printing.labels.paymentMethod.voucher, receipt.voucherTaxes),
    ],
    sections: sectionsOf([settlementOf(printing, receipt)]),
    notes: [],
    footer: receipt.footer?.split('\n') ?? [],
  };
}

function lineOf(printing: Printing, line: Receipt['lines'][number], index: number): PrintedLine {
  const { labels, language } = printing;
  const modifiers = line.modifiers.map(({ name, quantity, amount }) => {
    const times = quantity > 1 ? `${quantity} × ` : '+ ';
    return times + name + (amount > 0 ? ` (${amountIn(printing, amount)})` : '');
  });
  const quantity = printedQuantity(String(line.quantity), language);
  const discount = line.discountAmount > 0 ? [`${labels.discount} ${amountIn(printing, -line.discountAmount)}`] : [];
  return {
    position: String(index + 1),
    description: line.variantName === null ? line.name : `${line.name}, ${line.variantName}`,
    details: [...modifiers, ...discount],
    quantity: line.unit === null ? quantity : `${quantity} ${line.unit}`,
    unitPrice: amountIn(printing, line.unitPrice),
    tax: '',
    amount: amountIn(printing, line.grossAmount),
  };
}

function settlementOf(printing: Printing, receipt: Receipt): PrintedFact[] {
  return [
    ...paymentRows(printing, receipt.payments),
    ...refundRows(printing, receipt.refunds),
    ...dueRow(printing, receipt.dueTotal),
  ];
}
