/** The five sums of a document and the arithmetic of its lines: reported, never repaired. */
import { add, compare, divide, multiply, type Ratio, ratio, ratioOf, subtract } from '../number/ratio.js';
import { exactMoneyText, sumOf } from './decimals.js';
import type { ReadInvoice, ReadLine } from './readInvoice.js';

export interface Check {
  /** `lines`, `net`, `taxes`, `gross`, `payable`, `tax` of one rate, `line`, or `picture`. */
  rule: string;
  ok: boolean;
  /** Line, from 1. */
  position?: number;
  expected?: string;
  stated?: string;
  message?: string;
}

/** Prices are printed rounded to cents. */
const CENT = ratio(1n, 100n);
const HUNDRED = ratio(100n);

export function verify(invoice: ReadInvoice): Check[] {
  return [...sums(invoice), ...taxesOfRates(invoice), ...lineChecks(invoice.lines), ...completeness(invoice)];
}

function sums({ lines, adjustments, taxes, totals }: ReadInvoice): Check[] {
  const ofLines = sumOf(lines.map(({ netAmount }) => netAmount));
  const stated = totals.lines === null ? ofLines : ratioOf(totals.lines);
  const document = (isCharge: boolean) =>
    sumOf(adjustments.filter((one) => one.isCharge === isCharge).map(({ amount }) => amount));
  const allowances = totals.allowances === null ? document(false) : ratioOf(totals.allowances);
  const charges = totals.charges === null ? document(true) : ratioOf(totals.charges);
  const hasLines = lines.length > 0;
  return [
    ...checkSum('lines', hasLines ? ofLines : undefined, totals.lines),
    ...checkSum(
      'net',
      hasLines || totals.lines !== null ? add(subtract(stated, allowances), charges) : undefined,
      totals.net,
    ),
    ...checkSum('taxes', taxes.length > 0 ? sumOf(taxes.map(({ amount }) => amount)) : undefined, totals.tax),
    ...checkSum('gross', totals.net === null ? undefined : sumOf([totals.net, totals.tax]), totals.gross),
    ...checkSum(
      'payable',
      totals.gross === null ? undefined : subtract(sumOf([totals.gross, totals.rounding]), sumOf([totals.prepaid])),
      totals.payable,
    ),
  ];
}

/** Nothing to compare, nothing to report. */
function checkSum(rule: string, expected: Ratio | undefined, stated: string | null): Check[] {
  if (expected === undefined || stated === null) return [];
  return [{ rule, ok: compare(expected, ratioOf(stated)) === 0, expected: exactMoneyText(expected), stated }];
}

/** Rounding of single lines may add up to a cent for each line. */
function taxesOfRates({ taxes, lines }: ReadInvoice): Check[] {
  const tolerance = multiply(CENT, ratio(BigInt(Math.max(1, lines.length))));
  return taxes.flatMap(({ rate, base, amount }) => {
    if (rate === null || base === null || amount === null) return [];
    const expected = divide(multiply(ratioOf(base), ratioOf(rate)), HUNDRED);
    if (isWithin(expected, ratioOf(amount), tolerance)) return [];
    return [
      { rule: 'tax', ok: false, expected: exactMoneyText(expected), stated: amount, message: `${rate} % of ${base}` },
    ];
  });
}

function lineChecks(lines: readonly ReadLine[]): Check[] {
  return lines.flatMap((line, index) => {
    const expected = computedNet(line);
    if (expected === undefined || line.netAmount === null) return [];
    const ok = isWithin(expected, ratioOf(line.netAmount), CENT);
    return [{ rule: 'line', ok, position: index + 1, expected: exactMoneyText(expected), stated: line.netAmount }];
  });
}

/**
 * Quantity times price, less allowances, plus charges; undefined where one of them is not stated.
 */
export function computedNet({ quantity, unitPrice, priceBaseQuantity, adjustments }: ReadLine): Ratio | undefined {
  if (quantity === null || unitPrice === null) return undefined;
  const base = ratioOf(priceBaseQuantity ?? '1');
  if (base.numerator === 0n) return undefined;
  const goods = divide(multiply(ratioOf(quantity), ratioOf(unitPrice)), base);
  const of = (isCharge: boolean) =>
    sumOf(adjustments.filter((one) => one.isCharge === isCharge).map(({ amount }) => amount));
  return add(subtract(goods, of(false)), of(true));
}

/** What a person must fill in before the document can be posted. */
function completeness({ number, issueDate, currency, lines, totals, remarks }: ReadInvoice): Check[] {
  const missing = [
    ...(number === null ? ['number'] : []),
    ...(issueDate === null ? ['issue date'] : []),
    ...(currency === null ? ['currency'] : []),
    ...(totals.gross === null && totals.payable === null ? ['total'] : []),
    ...(lines.length === 0 ? ['lines'] : []),
  ];
  return [
    ...missing.map((what) => ({ rule: 'complete', ok: false, message: `The document's ${what} could not be read.` })),
    ...remarks.map((message) => ({ rule: message.includes('printed pages') ? 'picture' : 'read', ok: false, message })),
  ];
}

function isWithin(one: Ratio, other: Ratio, tolerance: Ratio): boolean {
  const difference = subtract(one, other);
  const size = difference.numerator < 0n ? subtract(other, one) : difference;
  return compare(size, tolerance) <= 0;
}
