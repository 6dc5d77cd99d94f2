/**
 * Lines, charges and VAT categories of an electronic invoice (EN 16931-1:2017, groups BG-20, BG-21,
 * BG-23, BG-25).
 */
import type { DocumentLine } from '../../domain/document/document.js';
import {
  currencyDecimals,
  type Millionths,
  type MinorUnits,
  multiplyDivide,
  percentToMillionths,
  sum,
} from '../../domain/number/money.js';
import { ONE_IN_MICROS, parseQuantity } from '../../domain/number/quantity.js';

export interface EVat {
  /** UNCL 5305: standard rate, zero rate, exempt. */
  category: 'S' | 'Z' | 'E';
  rateMillionths: Millionths;
  /** Required for category E (BR-E-10). */
  exemptionReason: string | null;
}

/** An amount that a VAT category adds up. */
export interface PricedPart {
  vat: EVat;
  /** Without any tax, minor units. For an allowance it is subtracted. */
  net: MinorUnits;
  taxAmount: MinorUnits;
  isCharge?: boolean;
}

export interface ELine extends PricedPart {
  id: string;
  name: string;
  /**
   * Decimal text; negative when the line takes back, because prices may not be negative (BR-27).
   */
  quantity: string;
  /** UN/ECE recommendation 20. */
  unitCode: string;
  /** BT-146, in major units of the currency: decimal text with at most eight decimals. */
  netPrice: string;
  /** Subtracted discount, net. */
  allowance: MinorUnits;
}

export interface EAdjustment extends PricedPart {
  isCharge: boolean;
  reason: string;
}

const UNIT_CODES: Record<string, string> = {
  kg: 'KGM',
  g: 'GRM',
  l: 'LTR',
  ml: 'MLT',
  cl: 'CLT',
  h: 'HUR',
  hour: 'HUR',
  day: 'DAY',
  m: 'MTR',
};
/** "One", for any other unit. */
const PIECE = 'C62';
const PRICE_DECIMALS = 8;

export function lineOf(line: DocumentLine, currency: string): ELine {
  const net = netOf(line);
  const beforeDiscount = Math.max(net, line.discountAmount > 0 ? withoutTax(line.grossAmount, line) : net);
  const gross = net < 0 ? net : beforeDiscount;
  return {
    id: String(line.position),
    name: line.description,
    quantity: gross < 0 ? `-${line.quantity}` : line.quantity,
    unitCode: UNIT_CODES[(line.unit ?? '').toLowerCase()] ?? PIECE,
    netPrice: priceOf(gross, line.quantity, currencyDecimals(currency)),
    allowance: gross - net,
    net,
    vat: vatOf(line),
    taxAmount: line.taxAmount,
  };
}

/** Service charge and tip are charges on the whole document. */
export function adjustmentsOf(lines: readonly DocumentLine[]): EAdjustment[] {
  return lines.map((line) => ({
    isCharge: true,
    reason: line.description,
    net: netOf(line),
    vat: vatOf(line),
    taxAmount: line.taxAmount,
  }));
}

/** Bases and taxes by category and rate, in the order of first occurrence. */
export function taxGroups(parts: readonly PricedPart[]): { vat: EVat; base: MinorUnits; amount: MinorUnits }[] {
  const groups = new Map<string, { vat: EVat; base: MinorUnits; amount: MinorUnits }>();
  for (const { vat, net, taxAmount, isCharge } of parts) {
    const key = `${vat.category} ${vat.rateMillionths}`;
    const group = groups.get(key) ?? { vat, base: 0, amount: 0 };
    const signed = isCharge === false ? -net : net;
    groups.set(key, { ...group, base: sum([group.base, signed]), amount: sum([group.amount, taxAmount]) });
  }
  return [...groups.values()];
}

/**
 * One category per line (BR-CO-04): several taxes on a line, such as India's CGST and SGST, count
 * as one with their summed rate.
 */
function vatOf({ taxes, kind }: DocumentLine): EVat {
  const rateMillionths = sum(taxes.map((tax) => percentToMillionths(tax.rate)));
  if (rateMillionths > 0) return { category: 'S', rateMillionths, exemptionReason: null };
  if (taxes.length > 0) return { category: 'Z', rateMillionths: 0, exemptionReason: null };
  return { category: 'E', rateMillionths: 0, exemptionReason: kind === 'tip' ? 'Voluntary tip' : 'Exempt from VAT' };
}

function netOf({ amount, taxes }: DocumentLine): MinorUnits {
  return amount - sum(taxes.filter((tax) => tax.inclusive).map((tax) => tax.amount));
}

function withoutTax(amount: MinorUnits, { taxes }: DocumentLine): MinorUnits {
  const included = sum(taxes.filter((tax) => tax.inclusive).map((tax) => percentToMillionths(tax.rate)));
  return multiplyDivide(amount, 1_000_000, 1_000_000 + included);
}

/**
 * @param amount minor units of a currency with `decimals`.
 * @returns price with enough decimals that quantity x price gives the amount again.
 */
function priceOf(amount: MinorUnits, quantity: string, decimals: number): string {
  const micros = parseQuantity(quantity) ?? ONE_IN_MICROS;
  if (micros === 0n) return '0';
  const scale = 10n ** BigInt(PRICE_DECIMALS - decimals);
  const size = BigInt(amount < 0 ? -amount : amount) * ONE_IN_MICROS * scale;
  const scaled = ((size + micros / 2n) / micros).toString().padStart(PRICE_DECIMALS + 1, '0');
  return `${scaled.slice(0, -PRICE_DECIMALS)}.${scaled.slice(-PRICE_DECIMALS)}`;
}
