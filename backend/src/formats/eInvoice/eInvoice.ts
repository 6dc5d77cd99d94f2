/**
 * An invoice or credit note in the model of EN 16931-1:2017: net lines with one VAT category each,
 * and sums that are exact to the cent (its rules BR-CO-10 to BR-CO-17 and BR-S-08, BR-S-09). Our
 * documents may contain included taxes and round once over all lines.
 */
import { AppError } from '../../domain/shared/errors.js';
import type { Document, DocumentCustomer, DocumentLine, Seller } from '../../domain/document/document.js';
import {
  adjustmentsOf,
  type EAdjustment,
  type ELine,
  type EVat,
  lineOf,
  type PricedPart,
  taxGroups,
} from './eInvoiceLines.js';
import { currencyDecimals, type MinorUnits, multiplyDivide, sum } from '../../domain/number/money.js';
import { countryOfVatId, prefixedVatId } from '../../domain/restaurant/vatNumber.js';

export interface EParty {
  name: string;
  addressLines: string[];
  /** ISO 3166-1 alpha-2. */
  country: string;
  /** BT-31, BT-48: with its country prefix. */
  vatId: string | null;
  /** BT-32, of the seller. */
  taxNumber: string | null;
  /** BT-29, for a seller without a VAT number, to identify it to the buyer (BR-CO-26). */
  id: string | null;
  email: string | null;
}

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
  /** BT-114: difference between the document's own total and the sum that the standard requires. */
  rounding: MinorUnits;
  /** BT-115: the document's own total. */
  payable: MinorUnits;
}

export interface EInvoice {
  kind: 'invoice' | 'credit_note';
  number: string;
  /** `YYYY-MM-DD` */
  issueDate: string;
  currency: string;
  note: string | null;
  seller: EParty;
  buyer: EParty;
  /** The document that a credit note corrects or an invoice replaces (BG-3). */
  original: { number: string; issueDate: string } | null;
  lines: ELine[];
  adjustments: EAdjustment[];
  taxes: ETax[];
  totals: ETotals;
}

/** Maximum of decimals in the standard (BR-DEC). */
const MAX_DECIMALS = 2;

const WHERE_TO_SET = 'with PATCH /v1/restaurant. It applies to documents issued afterwards.';

/** Reason why a document has no XML form, in words for users; undefined when it can have one. */
export function eInvoiceObstacle(document: Document): string | undefined {
  if (document.type !== 'invoice' && document.type !== 'credit_note')
    return 'Only invoices and credit notes are available as XML.';
  if (document.status !== 'issued') return 'Only issued documents that are not void are available as XML.';
  if (!document.seller?.vatId && !document.seller?.taxNumber)
    return `XML needs the restaurant's VAT number or tax number. Set vatId or taxNumber ${WHERE_TO_SET}`;
  if (!document.seller.country) return `XML needs the restaurant's country. Set country ${WHERE_TO_SET}`;
  if (!document.customer?.name) return 'XML needs the name of the customer.';
  if (currencyDecimals(document.currency) > MAX_DECIMALS) return 'XML does not support currencies with three decimals.';
  return undefined;
}

/**
 * @param original the document that a credit note corrects or an invoice replaces.
 * @throws AppError invalid_state with the message of `eInvoiceObstacle`.
 */
export function eInvoiceOf(document: Document, original: Document | null): EInvoice {
  const obstacle = eInvoiceObstacle(document);
  if (obstacle !== undefined) throw new AppError('invalid_state', obstacle);
  const seller = sellerPartyOf(document.seller);
  const [items, extras] = linesAndExtras(document);
  const lines = items.map((line) => lineOf(line, document.currency));
  const adjustments = adjustmentsOf(extras);
  const { taxes, roundings } = taxesOf([...lines, ...adjustments]);
  return {
    kind: document.type === 'credit_note' ? 'credit_note' : 'invoice',
    number: document.number ?? '',
    issueDate: document.businessDate ?? '',
    currency: document.currency,
    note: [document.reason, document.notes].filter(Boolean).join('\n') || null,
    seller,
    buyer: buyerPartyOf(document.customer, seller.country),
    original: original?.number ? { number: original.number, issueDate: original.businessDate ?? '' } : null,
    lines,
    adjustments: [...adjustments, ...roundings],
    taxes,
    totals: totalsOf(lines, [...adjustments, ...roundings], taxes, document.total),
  };
}

/**
 * Separates goods from service charge and tip. When nothing but these two is credited, they become
 * the lines, because at least one line is required (BR-16).
 */
function linesAndExtras({ lines }: Document): [items: DocumentLine[], extras: DocumentLine[]] {
  const items = lines.filter((line) => line.kind === 'item');
  return items.length === 0 ? [lines, []] : [items, lines.filter((line) => line.kind !== 'item')];
}

function sellerPartyOf(seller: Seller | null): EParty {
  const { name = '', address, vatId, taxNumber = null, country } = seller ?? {};
  return { ...partyOf(name, address, country ?? '', vatId), taxNumber, id: vatId ? null : taxNumber, email: null };
}

/**
 * @param sellerCountry default for a customer without a country: most guests live where they eat.
 */
function buyerPartyOf(customer: DocumentCustomer | null, sellerCountry: string): EParty {
  const { name = '', address, vatId, email = null } = customer ?? {};
  const country = customer?.country ?? countryOfVatId(vatId ?? '') ?? sellerCountry;
  return { ...partyOf(name, address, country, vatId), taxNumber: null, id: null, email };
}

function partyOf(
  name: string,
  address: string | null | undefined,
  country: string,
  vatId: string | null | undefined,
): Pick<EParty, 'name' | 'addressLines' | 'country' | 'vatId'> {
  const addressLines = (address ?? '').split('\n').filter((line) => line.trim() !== '');
  return { name, addressLines, country, vatId: vatId ? prefixedVatId(vatId, country) : null };
}

/**
 * Tax of each category as stated in the document. The standard's `base x rate` (BR-CO-17) can
 * differ from it by a cent, when an included tax was rounded before the base, or when credits were
 * rounded line by line. Then a rounding changes the base: by a cent or two, and by more at a low
 * rate, where one cent of tax equals many cents of base. The payable amount does not change.
 */
function taxesOf(parts: readonly PricedPart[]): { taxes: ETax[]; roundings: EAdjustment[] } {
  const roundings: EAdjustment[] = [];
  const taxes = taxGroups(parts).map(({ vat, base, amount }): ETax => {
    const shift = SHIFTS.find((cents) => taxOn(base + cents, vat) === amount);
    if (shift === undefined) return { ...vat, base, amount: taxOn(base, vat) };
    if (shift !== 0)
      roundings.push({ isCharge: shift > 0, reason: 'Rounding', net: Math.abs(shift), vat, taxAmount: 0 });
    return { ...vat, base: base + shift, amount };
  });
  return { taxes, roundings };
}

/** Minor units to try, the nearest first: 0, -1, 1, -2, 2 and so on to 100. */
const SHIFTS = Array.from({ length: 201 }, (_, step) => (step % 2 === 0 ? step : -step - 1) / 2);

function taxOn(base: MinorUnits, vat: EVat): MinorUnits {
  return multiplyDivide(base, vat.rateMillionths, 1_000_000);
}

function totalsOf(
  lines: readonly ELine[],
  adjustments: readonly EAdjustment[],
  taxes: readonly ETax[],
  payable: MinorUnits,
): ETotals {
  const ofKind = (isCharge: boolean) =>
    sum(adjustments.filter((one) => one.isCharge === isCharge).map((one) => one.net));
  const lineTotal = sum(lines.map((line) => line.net));
  const [allowances, charges] = [ofKind(false), ofKind(true)];
  const net = lineTotal - allowances + charges;
  const tax = sum(taxes.map((one) => one.amount));
  return { lines: lineTotal, allowances, charges, net, tax, gross: net + tax, rounding: payable - net - tax, payable };
}
