/**
 * Lines, charges and VAT categories of an electronic invoice (EN 16931-1:2017, groups BG-20, BG-21,
 * BG-23, BG-25).
 */
import type { DocumentDeposit, DocumentLine } from '../../domain/document/document.js';
import {
  currencyDecimals,
  type Millionths,
  type MinorUnits,
  multiplyDivide,
  percentToMillionths,
  sum,
} from '../../domain/number/money.js';
import { ONE_IN_MICROS, parseQuantity } from '../../domain/number/quantity.js';
import { CATEGORY_CODES, type VatCategory } from '../../domain/order/vatCategory.js';
import { depositName } from '../labels/depositName.js';
import type { DocumentLabels } from '../labels/labels.js';
import { unitCodeOf } from './unitCodes.js';

export interface EVat {
  category: VatCategory;
  rateMillionths: Millionths;
  /** Required for all categories but S and Z (BR-E-10, BR-AE-10 and so on). */
  exemptionReason: string | null;
  /** Of the VATEX code list. */
  exemptionCode: string | null;
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
  /** BT-127: the unit as written, if it has no code. */
  note: string | null;
  /** BT-146, in major units of the currency: decimal text with at most eight decimals. */
  netPrice: string;
  /** Subtracted discount, net. */
  allowance: MinorUnits;
  allowanceReason: string;
}

export interface EAdjustment extends PricedPart {
  isCharge: boolean;
  reason: string;
}

/** How a document is written: in the words of its language, or as in older releases. */
export interface Writing {
  currency: string;
  labels: DocumentLabels;
  isOld: boolean;
}

/** Of documents from before the settings of electronic invoices, whose files do not change. */
const OLD_UNIT_CODES: Record<string, string> = {
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

export function lineOf(line: DocumentLine, writing: Writing): ELine {
  const net = netOf(line);
  const beforeDiscount = Math.max(net, line.discountAmount > 0 ? withoutTax(line.grossAmount, line) : net);
  const gross = net < 0 ? net : beforeDiscount;
  const size = line.quantity.replace('-', '');
  return {
    id: String(line.position),
    name: nameOf(line, writing),
    quantity: gross < 0 ? `-${size}` : size,
    ...unitOf(line.unit, writing),
    netPrice: priceOf(gross, size, currencyDecimals(writing.currency)),
    allowance: gross - net,
    allowanceReason: writing.labels.discount,
    net,
    vat: vatOf(line, writing),
    taxAmount: line.taxAmount,
  };
}

/**
 * Deposits and single-purpose vouchers, whose taxes were stated before: lines below zero, so that
 * only the rest of each tax is stated.
 * @param count lines before them.
 */
export function depositLines(deposits: readonly DocumentDeposit[], count: number, writing: Writing): ELine[] {
  const all = deposits.flatMap((deposit) => {
    const name = depositName(writing.labels, deposit);
    return deposit.charges.map((charge) => ({ ...charge, name }));
  });
  return all.map(({ name, net, taxes }, index) => ({
    id: String(count + index + 1),
    name,
    quantity: '-1',
    ...unitOf(null, writing),
    netPrice: priceOf(net, '1', currencyDecimals(writing.currency)),
    allowance: 0,
    allowanceReason: writing.labels.discount,
    net: 0 - net,
    vat: vatOf({ kind: 'deposit', taxes }, writing),
    taxAmount: 0 - sum(taxes.map(({ amount }) => amount)),
  }));
}

/** Service charge and tip are charges on the whole document. */
export function adjustmentsOf(lines: readonly DocumentLine[], writing: Writing): EAdjustment[] {
  return lines.map((line) => ({
    isCharge: true,
    reason: nameOf(line, writing),
    net: netOf(line),
    vat: vatOf(line, writing),
    taxAmount: line.taxAmount,
  }));
}

/**
 * Nothing else may be on an invoice outside the scope of VAT (BR-O-11). A voluntary tip, which is
 * exempt elsewhere, joins it.
 */
export function withTipsOutside(
  lines: ELine[],
  charges: EAdjustment[],
  labels: DocumentLabels,
): [lines: ELine[], charges: EAdjustment[]] {
  const isTip = ({ vat }: PricedPart) => vat.exemptionReason === labels.eInvoice.exemption.tip;
  const others = [...lines, ...charges].filter((part) => !isTip(part));
  const [first] = others;
  if (!first || others.some(({ vat }) => vat.category !== 'O')) return [lines, charges];
  const outside = <T extends PricedPart>(part: T): T => (isTip(part) ? { ...part, vat: first.vat } : part);
  return [lines.map(outside), charges.map(outside)];
}

/**
 * Bases and taxes by category and rate, in the order of first occurrence. A category has one
 * breakdown: its reasons are joined, and different codes are left out.
 */
export function taxGroups(parts: readonly PricedPart[]): { vat: EVat; base: MinorUnits; amount: MinorUnits }[] {
  const groups = new Map<string, { vat: EVat; base: MinorUnits; amount: MinorUnits }>();
  for (const { vat, net, taxAmount, isCharge } of parts) {
    const key = `${vat.category} ${vat.rateMillionths}`;
    const group = groups.get(key) ?? { vat, base: 0, amount: 0 };
    const signed = isCharge === false ? -net : net;
    groups.set(key, {
      vat: bothOf(group.vat, vat),
      base: sum([group.base, signed]),
      amount: sum([group.amount, taxAmount]),
    });
  }
  return [...groups.values()];
}

/**
 * One category per line (BR-CO-04): several taxes on a line, such as India's CGST and SGST, count
 * as one with their summed rate.
 */
function vatOf({ taxes, kind }: Pick<DocumentLine, 'taxes' | 'kind'>, { labels }: Writing): EVat {
  const none = { exemptionReason: null, exemptionCode: null };
  const rateMillionths = sum(taxes.map((tax) => percentToMillionths(tax.rate)));
  if (rateMillionths > 0) return { category: 'S', rateMillionths, ...none };
  const given = taxes.find(({ vat }) => vat !== undefined)?.vat;
  const category = given?.category ?? (taxes.length > 0 ? 'Z' : 'E');
  if (category === 'S' || category === 'Z') return { category: 'Z', rateMillionths: 0, ...none };
  const { exemption } = labels.eInvoice;
  const usual = kind === 'tip' && !given ? exemption.tip : exemption[category];
  return {
    category,
    rateMillionths: 0,
    exemptionReason: given?.reason ?? usual,
    exemptionCode: given?.code ?? CATEGORY_CODES[category] ?? null,
  };
}

function bothOf(one: EVat, other: EVat): EVat {
  const reasons = (one.exemptionReason ?? '').split(REASON_BREAK).filter((reason) => reason !== '');
  const { exemptionReason: more, exemptionCode } = other;
  const joined = more === null || reasons.includes(more) ? reasons : [...reasons, more];
  return {
    ...one,
    exemptionReason: joined.length === 0 ? null : joined.join(REASON_BREAK),
    exemptionCode: one.exemptionCode === exemptionCode ? exemptionCode : null,
  };
}

/** Between the reasons of one category. */
export const REASON_BREAK = '; ';

/** Service charge and tip are stored in English, and named in the language of the document. */
function nameOf({ kind, description }: DocumentLine, { labels, isOld }: Writing): string {
  if (isOld || kind === 'item') return description;
  return { tip: labels.tip, service_charge: labels.serviceCharge, deposit: labels.deposit }[kind];
}

function unitOf(unit: string | null, { isOld }: Writing): Pick<ELine, 'unitCode' | 'note'> {
  if (isOld) return { unitCode: OLD_UNIT_CODES[(unit ?? '').toLowerCase()] ?? PIECE, note: null };
  const unitCode = unit === null ? undefined : unitCodeOf(unit);
  return { unitCode: unitCode ?? PIECE, note: unitCode === undefined ? unit : null };
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
