/**
 * Amounts of a credit note. Lines are credited by quantity. For each amount of a line, a credit
 * takes the share of the total credited quantity minus the earlier credits, and never less than
 * zero. Credits that together return everything therefore return each amount, and the tax of every
 * rate, exactly: in any number of steps, also when one of them was voided, and never more.
 */
import type { DocumentAmounts, DocumentLine } from './document.js';
import { AppError, invalid } from '../shared/errors.js';
import { type MinorUnits, multiplyDivide, sum } from '../number/money.js';
import { formatQuantity, type Micros, parseQuantity } from '../number/quantity.js';
import type { Refunded } from '../order/saleParts.js';
import type { TaxTotal } from '../order/taxes.js';

export interface CreditRequest {
  /** Position of the line in the original. */
  position: number;
  /** Decimal text. */
  quantity: string;
}

/**
 * @param earlier lines of the existing credit notes of this document.
 * @param wanted lines to credit; everything that is left when absent.
 * @throws AppError invalid_request for an unknown line or a quantity beyond the rest; invalid_state
 * when nothing is left.
 */
export function creditAmounts(
  original: readonly DocumentLine[],
  earlier: readonly DocumentLine[],
  wanted: readonly CreditRequest[] | undefined,
): DocumentAmounts {
  const left = (line: DocumentLine) => quantityLeft(line, earlier);
  const lines = wanted ? wantedLines(original, wanted, left) : original.map((line) => ({ line, quantity: left(line) }));
  const credited = lines.filter(({ quantity }) => quantity !== 0n);
  if (credited.length === 0)
    throw new AppError(
      'invalid_state',
      'Credit notes already cover all of this document. Draft credit notes count too: issue or delete them.',
    );
  const amounts = addUp(
    credited.map(({ line, quantity }, index) => creditLine(line, creditsOf(line, earlier), quantity, index + 1)),
  );
  assertInDocument(amounts.total, totalOf(original) - totalOf(earlier));
  return amounts;
}

/**
 * Returned deposits have lowered the document: without them, its other lines are worth more than
 * all of it.
 * @throws AppError invalid_request.
 */
function assertInDocument(total: MinorUnits, left: MinorUnits): void {
  if (total >= 0 && total <= Math.max(0, left)) return;
  throw invalid(
    '/lines',
    'With these lines alone, the credit note is below zero or exceeds the rest of the document. Credit its returned deposits together with the other lines.',
  );
}

function totalOf(lines: readonly DocumentLine[]): MinorUnits {
  return addUp([...lines]).total;
}

/**
 * An empty document has nothing to credit: it is voided instead.
 * @param credits lines of the credit notes that count.
 */
export function isAllCredited(original: readonly DocumentLine[], credits: readonly DocumentLine[]): boolean {
  return original.length > 0 && original.every((line) => quantityLeft(line, credits) === 0n);
}

function wantedLines(
  original: readonly DocumentLine[],
  wanted: readonly CreditRequest[],
  left: (line: DocumentLine) => Micros,
): { line: DocumentLine; quantity: Micros }[] {
  const seen = new Set<number>();
  return wanted.map(({ position, quantity: text }, index) => {
    const line = original.find((one) => one.position === position);
    if (!line) throw invalid(`/lines/${index}/position`, 'The document has no line at this position.');
    if (seen.has(position)) throw invalid(`/lines/${index}/position`, 'This line is given twice. Give each line once.');
    seen.add(position);
    const isBack = micros(line.quantity) < 0n;
    const most = isBack ? -left(line) : left(line);
    if (micros(text) > most)
      throw invalid(`/lines/${index}/quantity`, `Only ${formatQuantity(most)} of this line is left to credit.`);
    return { line, quantity: isBack ? -micros(text) : micros(text) };
  });
}

function creditsOf({ position }: DocumentLine, credits: readonly DocumentLine[]): DocumentLine[] {
  return credits.filter(({ originalPosition }) => originalPosition === position);
}

function quantityLeft(line: DocumentLine, credits: readonly DocumentLine[]): Micros {
  return creditsOf(line, credits).reduce((rest, credit) => rest - micros(credit.quantity), micros(line.quantity));
}

function creditLine(
  line: DocumentLine,
  earlier: readonly DocumentLine[],
  quantity: Micros,
  position: number,
): DocumentLine {
  const whole = sizeOf(micros(line.quantity));
  const credited = sizeOf(earlier.reduce((total, credit) => total + micros(credit.quantity), quantity));
  const part = (of: (one: DocumentLine) => number) => {
    const due = multiplyDivide(of(line), credited, whole) - sum(earlier.map(of));
    // In a line of one or two cents, the included taxes can exceed the price.
    return of(line) < 0 ? Math.min(0, due) : Math.max(0, due);
  };
  const taxes = line.taxes.map((tax, place) => ({ ...tax, amount: part((one) => one.taxes[place]!.amount) }));
  const discountAmount = part((one) => one.discountAmount);
  // The amount is net plus taxes and not a separately rounded share of the gross: separate rounding
  // could leave a net below zero.
  const amount = part((one) => one.amount - includedTax(one)) + includedTax({ taxes });
  return {
    ...line,
    position,
    originalPosition: line.position,
    quantity: formatQuantity(quantity),
    discounts: discountAmount === 0 ? [] : [{ amount: discountAmount }],
    grossAmount: amount + discountAmount,
    discountAmount,
    amount,
    taxes,
    taxAmount: sum(taxes.map((tax) => tax.amount)),
  };
}

/** The lines of a credit note as parts of a sale. */
export function saleOfLines(lines: readonly DocumentLine[], taxes: readonly TaxTotal[]): Refunded {
  const net = (kind: DocumentLine['kind']) =>
    sum(lines.filter((line) => line.kind === kind).map((line) => line.amount - includedTax(line)));
  const tax = sum(lines.map(({ taxAmount }) => taxAmount));
  const parts = { goods: net('item'), serviceCharge: net('service_charge'), tax, tip: net('tip') };
  return { parts, taxes: taxes.map((one) => ({ ...one })) };
}

/** Adds up the amounts of the lines without rounding again. */
export function addUp(lines: DocumentLine[]): DocumentAmounts {
  const taxes = taxTotals(lines);
  const subtotal = sum(lines.map((line) => line.grossAmount));
  const discountTotal = sum(lines.map((line) => line.discountAmount));
  const taxTotal = sum(taxes.map((tax) => tax.amount));
  const taxIncludedTotal = sum(taxes.filter((tax) => tax.inclusive).map((tax) => tax.amount));
  const total = subtotal - discountTotal + taxTotal - taxIncludedTotal;
  return { lines, subtotal, discountTotal, taxTotal, taxIncludedTotal, total, taxes };
}

function taxTotals(lines: readonly DocumentLine[]): TaxTotal[] {
  const totals = new Map<string, TaxTotal>();
  for (const line of lines) {
    const base = line.amount - includedTax(line);
    for (const tax of line.taxes) {
      const key = `${tax.taxId} ${tax.rate} ${tax.inclusive}`;
      const total = totals.get(key) ?? { ...tax, amount: 0, base: 0 };
      totals.set(key, { ...total, amount: sum([total.amount, tax.amount]), base: sum([total.base, base]) });
    }
  }
  return [...totals.values()];
}

function includedTax({ taxes }: Pick<DocumentLine, 'taxes'>): number {
  return sum(taxes.filter((tax) => tax.inclusive).map((tax) => tax.amount));
}

/** Without the sign of a returned deposit. */
function sizeOf(quantity: Micros): Micros {
  return quantity < 0n ? -quantity : quantity;
}

function micros(quantity: string): Micros {
  const parsed = parseQuantity(quantity);
  if (parsed === undefined)
    throw new AppError('invalid_request', `"${quantity}" is not a quantity. Write it like "1.25".`);
  return parsed;
}
