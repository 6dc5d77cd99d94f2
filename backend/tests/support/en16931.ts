/** The business rules of EN 16931-1:2017 on arithmetic and mandatory fields, by their names. */
import type { ReadInvoice } from './eInvoiceFiles.js';

/** Ten decimals, exact. */
const ONE = 10n ** 10n;

/** @returns the rules that an invoice breaks; none when all is well. */
export function brokenRules(invoice: ReadInvoice): string[] {
  const broken = new Set<string>();
  const demand = (rule: string, holds: unknown) => {
    if (!holds) broken.add(rule);
  };
  checkPresence(invoice, demand);
  checkSums(invoice, demand);
  checkCategories(invoice, demand);
  return [...broken].sort();
}

/**
 * Peppol BIS 3, R120: price x quantity, plus charges and less allowances, is the line's amount.
 * Some valid invoices break it.
 */
export function linesOffTheirPrice(invoice: ReadInvoice): (string | undefined)[] {
  return invoice.lines
    .filter(({ price, quantity, baseQuantity, net, allowances, charges }) => {
      const product = (units(price) * units(quantity)) / units(baseQuantity);
      return rounded(product) + total(charges) - total(allowances) !== units(net);
    })
    .map((line) => line.id);
}

type Demand = (rule: string, holds: unknown) => void;

function checkPresence(invoice: ReadInvoice, demand: Demand): void {
  const { seller, buyer, lines, totals } = invoice;
  demand('BR-02', invoice.number);
  demand('BR-03', invoice.date);
  demand('BR-04', invoice.typeCode);
  demand('BR-05', /^[A-Z]{3}$/.test(invoice.currency ?? ''));
  demand('BR-06', seller.name);
  demand('BR-07', buyer.name);
  demand('BR-09', /^[A-Z]{2}$/.test(seller.country ?? ''));
  demand('BR-11', /^[A-Z]{2}$/.test(buyer.country ?? ''));
  for (const { vatId } of [seller, buyer]) demand('BR-CO-09', vatId === undefined || /^[A-Z]{2}/.test(vatId));
  demand('BR-CO-26', seller.id ?? seller.vatId);
  demand('BR-16', lines.length > 0);
  for (const line of lines) {
    demand('BR-21', line.id);
    demand('BR-22', line.quantity);
    demand('BR-23', line.unit);
    demand('BR-25', line.name);
    demand('BR-26', line.price);
    demand('BR-27', units(line.price) >= 0n);
    demand('BR-CO-04', line.category);
  }
  for (const one of invoice.adjustments) {
    demand('BR-32', one.category);
    demand('BR-33', one.reason);
  }
  demand('BR-CO-18', invoice.taxes.length > 0);
  demand('BR-CO-25', units(totals.payable) <= 0n || invoice.terms);
  const amounts = [
    ...Object.values(totals),
    ...lines.map((line) => line.net),
    ...invoice.taxes.flatMap(({ base, amount }) => [base, amount]),
  ];
  demand(
    'BR-DEC',
    amounts.every((text) => text === undefined || /^-?\d+(?:\.\d{1,2})?$/.test(text)),
  );
}

function checkSums({ lines, adjustments, taxes, totals }: ReadInvoice, demand: Demand): void {
  const ofKind = (isCharge: boolean) =>
    total(adjustments.filter((one) => one.isCharge === isCharge).map((one) => one.amount));
  demand('BR-CO-10', total(lines.map((line) => line.net)) === units(totals.lines));
  const isStated = (isCharge: boolean, stated: string | undefined) =>
    stated !== undefined || adjustments.every((one) => one.isCharge !== isCharge);
  demand('BR-CO-11', ofKind(false) === units(totals.allowances) && isStated(false, totals.allowances));
  demand('BR-CO-12', ofKind(true) === units(totals.charges) && isStated(true, totals.charges));
  demand('BR-CO-13', units(totals.net) === units(totals.lines) - units(totals.allowances) + units(totals.charges));
  demand('BR-CO-14', total(taxes.map((tax) => tax.amount)) === units(totals.tax));
  demand('BR-CO-15', units(totals.gross) === units(totals.net) + units(totals.tax));
  demand('BR-CO-16', units(totals.payable) === units(totals.gross) - units(totals.paid) + units(totals.rounding));
  for (const { base, amount, rate } of taxes)
    demand('BR-CO-17', units(amount) === rounded((units(base) * units(rate)) / (100n * ONE)));
}

function checkCategories({ lines, adjustments, taxes, seller }: ReadInvoice, demand: Demand): void {
  const keyOf = ({ category, rate }: { category: string; rate: string }) => `${category} ${units(rate)}`;
  const bases = new Map<string, bigint>();
  const add = (key: string, amount: bigint) => bases.set(key, (bases.get(key) ?? 0n) + amount);
  for (const line of lines) add(keyOf(line), units(line.net));
  for (const one of adjustments) add(keyOf(one), one.isCharge ? units(one.amount) : -units(one.amount));
  for (const tax of taxes) {
    demand(`BR-${tax.category}-08`, bases.get(keyOf(tax)) === units(tax.base));
    demand('BR-S-05', tax.category !== 'S' || units(tax.rate) > 0n);
    demand('BR-E-05', tax.category === 'S' || units(tax.rate) === 0n);
    demand(`BR-${tax.category}-10`, (tax.category === 'S' || tax.category === 'Z') === (tax.reason === undefined));
    demand(`BR-${tax.category}-02`, tax.category === 'O' || (seller.vatId ?? seller.taxNumber));
  }
  // Each category that is used is broken down, once.
  demand(
    'BR-S-01',
    [...bases.keys()].every((key) => taxes.filter((tax) => keyOf(tax) === key).length === 1),
  );
}

function total(amounts: readonly string[]): bigint {
  return amounts.reduce((sum, amount) => sum + units(amount), 0n);
}

function units(text: string | undefined): bigint {
  const [, sign, whole = '0', fraction = ''] = /^\s*(-?)(\d+)(?:\.(\d*))?\s*$/.exec(text ?? '0') ?? [];
  const value = BigInt(whole) * ONE + BigInt(fraction.slice(0, 10).padEnd(10, '0'));
  return sign === '-' ? -value : value;
}

/** To two decimals, half away from zero. */
function rounded(value: bigint): bigint {
  const cent = ONE / 100n;
  const size = ((value < 0n ? -value : value) + cent / 2n) / cent;
  return (value < 0n ? -size : size) * cent;
}
