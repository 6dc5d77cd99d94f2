/**
 * An invoice or credit note in the model of EN 16931-1:2017: net lines with one VAT category each,
 * and sums that are exact to the cent (its rules BR-CO-10 to BR-CO-17 and BR-S-08, BR-S-09). Our
 * documents may contain included taxes and round once over all lines.
 */
import { AppError } from '../../domain/shared/errors.js';
import {
  type Document,
  type DocumentLine,
  E_INVOICE_TYPES,
  prepaidOf,
  supplyDateOf,
} from '../../domain/document/document.js';
import { currencyDecimals, type MinorUnits, multiplyDivide, sum } from '../../domain/number/money.js';
import { DEFAULT_LANGUAGE, type PrintLanguage } from '../../domain/restaurant/printLanguage.js';
import type { VatCategory } from '../../domain/order/vatCategory.js';
import type { EInvoiceProfile } from '../../domain/restaurant/invoicing.js';
import { labelsOf } from '../labels/documentLabels.js';
import {
  adjustmentsOf,
  depositLines,
  type EAdjustment,
  type ELine,
  type EVat,
  lineOf,
  type PricedPart,
  taxGroups,
  withTipsOutside,
  type Writing,
} from './eInvoiceLines.js';
import { buyerPartyOf, type EParty, sellerPartyOf } from './eInvoiceParties.js';
import { type EPayment, paymentOf } from './eInvoicePayment.js';

export interface ETax extends EVat {
  base: MinorUnits;
  amount: MinorUnits;
}

export interface ETotals {
  /** BT-106 */
  lines: MinorUnits;
  /** BT-107 */
  allowances: MinorUnits;
  /** BT-108 */
  charges: MinorUnits;
  /** BT-109 */
  net: MinorUnits;
  /** BT-110 */
  tax: MinorUnits;
  /** BT-112 */
  gross: MinorUnits;
  /** BT-113 */
  prepaid: MinorUnits;
  /** BT-114: difference between the document's own total and the sum that the standard requires. */
  rounding: MinorUnits;
  /** BT-115: the document's own total, less what was paid. */
  payable: MinorUnits;
}

export interface EInvoice {
  kind: 'invoice' | 'credit_note' | 'deposit';
  /** From before the settings of electronic invoices: see `asWrittenBefore`. */
  isOld: boolean;
  /** Chooses the identifiers of the specification and of the business process (BT-23, BT-24). */
  profile: EInvoiceProfile;
  number: string;
  /** `YYYY-MM-DD` */
  issueDate: string;
  currency: string;
  note: string | null;
  /** BT-10 */
  buyerReference: string | null;
  /** BT-13 */
  purchaseOrderReference: string | null;
  seller: EParty;
  buyer: EParty;
  /** BT-72; unknown of a deposit. */
  supplyDate: string | null;
  /** BT-7, of a deposit: the day on which it came. */
  taxDate: string | null;
  /** BG-15, only of an intra-community supply, which requires it: the buyer's address. */
  isDeliveredToBuyer: boolean;
  payment: EPayment | null;
  /** BT-20 */
  terms: string | null;
  /**
   * Documents before this one (BG-3): the one that a credit note corrects or an invoice replaces,
   * and those of the deposits that it deducts.
   */
  preceding: Preceding[];
  lines: ELine[];
  adjustments: EAdjustment[];
  taxes: ETax[];
  totals: ETotals;
}

interface Preceding {
  number: string;
  issueDate: string;
}

/** Maximum of decimals in the standard (BR-DEC). */
const MAX_DECIMALS = 2;

const WHERE_TO_SET = 'with PATCH /v1/restaurant. It applies to documents issued afterwards.';

/** Reason why a document has no XML form, in words for users; undefined when it can have one. */
export function eInvoiceObstacle(document: Document): string | undefined {
  if (!E_INVOICE_TYPES.includes(document.type)) return 'Only invoices, deposits and credit notes are available as XML.';
  if (document.status !== 'issued') return 'Only issued documents that are not void are available as XML.';
  if (!document.seller?.vatId && !document.seller?.taxNumber)
    return `XML needs the restaurant's VAT number or tax number. Set vatId or taxNumber ${WHERE_TO_SET}`;
  if (!document.seller.country) return `XML needs the restaurant's country. Set country ${WHERE_TO_SET}`;
  if (!document.customer?.name) return 'XML needs the name of the customer.';
  if (currencyDecimals(document.currency) > MAX_DECIMALS) return 'XML does not support currencies with three decimals.';
  return undefined;
}

/** Whether the document is from before the settings of electronic invoices. */
function isOld({ seller }: Pick<Document, 'seller'>): boolean {
  return seller?.eInvoiceProfile === undefined;
}

/** The profile that the document chose, or its restaurant when it was issued. */
export function profileOf({ details, seller }: Pick<Document, 'details' | 'seller'>): EInvoiceProfile {
  return details?.eInvoice?.profile ?? seller?.eInvoiceProfile ?? 'en16931';
}

/**
 * @param original the document that a credit note corrects or an invoice replaces.
 * @throws AppError invalid_state with the message of `eInvoiceObstacle`.
 */
export function eInvoiceOf(document: Document, original: Document | null): EInvoice {
  const obstacle = eInvoiceObstacle(document);
  if (obstacle !== undefined) throw new AppError('invalid_state', obstacle);
  return modelOf(document, original);
}

/** As `eInvoiceOf`, for a document that need not be issued yet. */
export function modelOf(document: Document, original: Document | null): EInvoice {
  const { businessDate, currency, reason, notes } = document;
  const { buyerReference = null, purchaseOrderReference = null } = document.details?.eInvoice ?? {};
  const labels = labelsOf(isOld(document) ? 'en' : languageOf(document));
  const amounts = amountsOf(document, { currency, labels, isOld: isOld(document) });
  const categories = amounts.taxes.map(({ category }) => category);
  const seller = sellerPartyOf(document.seller, categories.includes('O'));
  const buyer = buyerPartyOf(document.customer, seller.country, categories.includes('O'));
  const { payable } = amounts.totals;
  const profile = profileOf(document);
  return {
    kind: document.type === 'credit_note' || document.type === 'deposit' ? document.type : 'invoice',
    isOld: isOld(document),
    profile,
    number: document.number ?? '',
    issueDate: businessDate ?? '',
    currency,
    note: [reason, notes].filter(Boolean).join('\n') || null,
    buyerReference,
    purchaseOrderReference,
    seller,
    buyer,
    supplyDate: supplyDateIn(document, categories),
    taxDate: document.details?.deposit?.date ?? null,
    isDeliveredToBuyer: categories.includes('K'),
    payment: paymentOf({ document, seller, buyer, payable, profile, labels }),
    terms: payable > 0 ? labels.eInvoice.payableOnReceipt : null,
    preceding: precedingOf(document, original),
    ...amounts,
  };
}

function amountsOf(document: Document, writing: Writing): Pick<EInvoice, 'lines' | 'adjustments' | 'taxes' | 'totals'> {
  const [items, extras] = linesAndExtras(document);
  const deposits = document.details?.deposits ?? [];
  const [lines, charges] = withTipsOutside(
    [...items.map((line) => lineOf(line, writing)), ...depositLines(deposits, document.lines.length, writing)],
    adjustmentsOf(extras, writing),
    writing.labels,
  );
  const { taxes, roundings } = taxesOf([...lines, ...charges], writing);
  const adjustments = [...charges, ...roundings];
  // Lines have taken the deposits off already.
  const deducted = sum(deposits.map(({ amount }) => amount));
  const [total, prepaid] = [document.total - deducted, prepaidOf(document) - deducted];
  const totals = totalsOf({ lines, adjustments, taxes, total, prepaid });
  return { lines, adjustments, taxes, totals };
}

/** That of a deposit is not known; only an intra-community supply demands one (BR-IC-11). */
function supplyDateIn(document: Document, categories: readonly VatCategory[]): string | null {
  const { type, businessDate, details } = document;
  if (type !== 'deposit') return supplyDateOf(document) ?? businessDate;
  return categories.includes('K') ? (details?.order?.businessDate ?? businessDate) : null;
}

function precedingOf({ details }: Document, original: Document | null): Preceding[] {
  // Vouchers have no document among the deposits.
  const documents = (details?.deposits ?? []).filter(({ kind }) => kind !== 'voucher');
  const deposits = documents.map(({ number, issueDate }) => ({ number, issueDate }));
  if (!original?.number) return deposits;
  return [{ number: original.number, issueDate: original.businessDate ?? '' }, ...deposits];
}

/** Language of a document: its customer's, else its restaurant's. */
function languageOf({ customer, seller }: Pick<Document, 'customer' | 'seller'>): PrintLanguage {
  return customer?.language ?? seller?.language ?? DEFAULT_LANGUAGE;
}

/**
 * Separates goods from service charge and tip. When nothing but these two is credited, they become
 * the lines, because at least one line is required (BR-16).
 */
function linesAndExtras({ lines }: Document): [items: DocumentLine[], extras: DocumentLine[]] {
  const items = lines.filter((line) => line.kind === 'item');
  return items.length === 0 ? [lines, []] : [items, lines.filter((line) => line.kind !== 'item')];
}

/**
 * Tax of each category as stated in the document. The standard's `base x rate` (BR-CO-17) can
 * differ from it by a cent, when an included tax was rounded before the base, or when credits were
 * rounded line by line. Then a rounding changes the base: by a cent or two, and by more at a low
 * rate, where one cent of tax equals many cents of base, or where refunds took more of a tax than
 * of its base. Neither the tax nor the payable amount changes.
 */
function taxesOf(parts: readonly PricedPart[], writing: Writing): { taxes: ETax[]; roundings: EAdjustment[] } {
  const reason = writing.labels.eInvoice.rounding;
  const roundings: EAdjustment[] = [];
  const taxes = taxGroups(parts).map(({ vat, base, amount }): ETax => {
    const shift = shiftTo(amount, base, vat);
    if (shift === undefined || (writing.isOld && Math.abs(shift) > MOST_BEFORE))
      return { ...vat, base, amount: taxOn(base, vat) };
    if (shift !== 0) roundings.push({ isCharge: shift > 0, reason, net: Math.abs(shift), vat, taxAmount: 0 });
    return { ...vat, base: base + shift, amount };
  });
  return { taxes, roundings };
}

/** The files of old documents moved a base by so much, in minor units. */
const MOST_BEFORE = 100;

/**
 * The least change of a base that gives it this tax.
 * @returns undefined where no base gives it: a tax of 0 %.
 */
function shiftTo(amount: MinorUnits, base: MinorUnits, vat: EVat): MinorUnits | undefined {
  if (taxOn(base, vat) === amount) return 0;
  if (vat.rateMillionths === 0) return undefined;
  // The bases that round to the tax are a range; the nearest one is at its end.
  const half = taxOn(base, vat) < amount ? -1 : 1;
  const end = multiplyDivide(2 * amount + half, 1_000_000, 2 * vat.rateMillionths);
  const nearest = [end, end - half, end + half].find((one) => taxOn(one, vat) === amount);
  return nearest === undefined ? undefined : nearest - base;
}

function taxOn(base: MinorUnits, vat: EVat): MinorUnits {
  return multiplyDivide(base, vat.rateMillionths, 1_000_000);
}

function totalsOf({
  lines,
  adjustments,
  taxes,
  total,
  prepaid,
}: Pick<EInvoice, 'lines' | 'adjustments' | 'taxes'> & { total: MinorUnits; prepaid: MinorUnits }): ETotals {
  const ofKind = (isCharge: boolean) =>
    sum(adjustments.filter((one) => one.isCharge === isCharge).map((one) => one.net));
  const lineTotal = sum(lines.map((line) => line.net));
  const [allowances, charges] = [ofKind(false), ofKind(true)];
  const net = lineTotal - allowances + charges;
  const tax = sum(taxes.map((one) => one.amount));
  const gross = net + tax;
  return {
    lines: lineTotal,
    allowances,
    charges,
    net,
    tax,
    gross,
    prepaid,
    rounding: total - gross,
    payable: total - prepaid,
  };
}
