/**
 * What an invoice lacks for its profile, found before it is issued: an issued document cannot be
 * corrected. The names of the rules are those of EN 16931, XRechnung 3.0 and Peppol BIS 3.0.
 */
import { E_INVOICE_TYPES, type Document } from '../../domain/document/document.js';
import { AppError, type FieldError } from '../../domain/shared/errors.js';
import { currencyDecimals } from '../../domain/number/money.js';
import { isInPeppol } from '../../domain/restaurant/electronicAddress.js';
import type { EInvoiceProfile } from '../../domain/restaurant/invoicing.js';
import type { VatCategory } from '../../domain/order/vatCategory.js';
import { type EInvoice, modelOf, profileOf } from './eInvoice.js';
import type { EParty } from './eInvoiceParties.js';
import { isGerman } from './eInvoicePayment.js';
import { type Demand, nationalFaults, SETTINGS } from './nationalFaults.js';

const NAMES: Record<EInvoiceProfile, string> = {
  en16931: 'an electronic invoice of EN 16931',
  xrechnung: 'an XRechnung',
  peppol: 'a Peppol invoice',
};

/**
 * Refuses to issue an invoice or credit note that breaks the rules of its profile. Under EN 16931
 * only VAT categories are checked: such a document may also stay without an electronic form.
 * @param draft with the seller that it will have.
 * @throws AppError invalid_state that lists all that is missing.
 */
export function assertEInvoice(draft: Document): void {
  if (!E_INVOICE_TYPES.includes(draft.type)) return;
  const faults = eInvoiceFaults(draft);
  if (faults.length === 0) return;
  const list = faults.map(({ message }) => message).join(' ');
  throw new AppError(
    'invalid_state',
    `This document cannot be issued as ${NAMES[profileOf(draft)]}. ${list} ` +
      'Then issue it again; a draft changes with PATCH /v1/documents/{id}. Or choose another eInvoice.profile for it.',
    { errors: faults },
  );
}

function eInvoiceFaults(draft: Document): FieldError[] {
  const faults: FieldError[] = [];
  const demand: Demand = (holds, pointer, message) => {
    if (!holds) faults.push({ pointer, message });
  };
  const profile = profileOf(draft);
  // Most documents: nothing to check, so no model is made of up to 500 lines.
  if (profile === 'en16931' && !hasCategories(draft)) return faults;
  // The number and the date of a draft are not known yet: any will do for the model.
  const invoice = modelOf({ ...draft, number: draft.number ?? '-' }, null);
  checkCategories(invoice, draft, demand);
  checkLines(invoice, draft, demand);
  if (profile === 'en16931') return faults;
  checkBasics(draft, demand);
  checkAddresses(invoice, profile, demand);
  if (isGerman(invoice)) checkGerman(invoice, demand);
  if (profile === 'peppol') nationalFaults(invoice, demand);
  return faults;
}

function hasCategories({ lines }: Document): boolean {
  return lines.some(({ taxes }) => taxes.some(({ vat }) => vat !== undefined));
}

function checkBasics({ seller, customer, currency }: Document, demand: Demand): void {
  demand(seller?.vatId ?? seller?.taxNumber, '/seller/vatId', `Set vatId or taxNumber ${SETTINGS}.`);
  demand(seller?.country, '/seller/country', `Set country ${SETTINGS}.`);
  demand(customer?.name, '/customer/name', 'Give the name of the customer.');
  demand(currencyDecimals(currency) <= 2, '/currency', 'The standard has no currencies with three decimals.');
}

function checkAddresses(invoice: EInvoice, profile: EInvoiceProfile, demand: Demand): void {
  const { seller, buyer, buyerReference, purchaseOrderReference } = invoice;
  demand(
    seller.endpoint,
    '/seller/electronicAddress',
    `Set electronicAddress, or contact with an e-mail address, ${SETTINGS}.`,
  );
  demand(
    buyer.endpoint,
    '/customer/electronicAddress',
    'Give the electronicAddress of the customer, or an e-mail address.',
  );
  if (profile !== 'peppol') return;
  const hint = 'Peppol does not deliver to e-mail addresses.';
  demand(
    !seller.endpoint || isInPeppol(seller.endpoint),
    '/seller/electronicAddress',
    `${hint} Set electronicAddress with your Peppol scheme ${SETTINGS}, for example 9930 with a German VAT number.`,
  );
  demand(
    !buyer.endpoint || isInPeppol(buyer.endpoint),
    '/customer/electronicAddress',
    `${hint} Give the electronicAddress of the customer with its Peppol scheme.`,
  );
  demand(
    buyerReference ?? purchaseOrderReference,
    '/details/eInvoice/buyerReference',
    'Give eInvoice.buyerReference or eInvoice.purchaseOrderReference: the customer tells you one of them.',
  );
}

/** BR-DE-1 to BR-DE-15, and DE-R-001 to DE-R-015 of Peppol, which are the same. */
function checkGerman({ seller, buyer, buyerReference, payment, kind, totals }: EInvoice, demand: Demand): void {
  demand(seller.contact?.name, '/seller/contact', `Set contact (name, phone, email) ${SETTINGS}.`);
  demand(
    !seller.contact || (seller.contact.phone ?? '').replaceAll(/\D/g, '').length >= 3,
    '/seller/contact/phone',
    `Set a telephone number with at least three digits in contact ${SETTINGS}.`,
  );
  const isPlaced = ({ address }: EParty) => address.city && address.postcode;
  const place = 'postalAddress with city and postcode';
  demand(isPlaced(seller), '/seller/postalAddress', `Set ${place} ${SETTINGS}.`);
  demand(isPlaced(buyer), '/customer/postalAddress', `Give the customer a ${place}.`);
  demand(
    buyerReference,
    '/details/eInvoice/buyerReference',
    'Give eInvoice.buyerReference: the Leitweg-ID of a public customer, or a sign that the customer names.',
  );
  demand(
    payment ?? (kind === 'credit_note' || totals.payable <= 0),
    '/seller/paymentAccount',
    `Set paymentAccount with an IBAN ${SETTINGS}: the invoice must say how it is paid.`,
  );
}

/** What a VAT category demands of the parties (BR-AE-02, BR-IC-02, BR-G-02). */
function checkCategories({ taxes }: EInvoice, { seller, customer }: Document, demand: Demand): void {
  const has = (wanted: VatCategory) => taxes.some(({ category }) => category === wanted);
  demand(
    !(has('K') || has('G')) || seller?.vatId,
    '/seller/vatId',
    `An intra-community supply and an export need your VAT number. Set vatId ${SETTINGS}.`,
  );
  demand(
    !has('AE') || (seller?.vatId ?? seller?.taxNumber),
    '/seller/vatId',
    `Reverse charge needs your VAT number or tax number. Set vatId or taxNumber ${SETTINGS}.`,
  );
  demand(
    !has('K') || customer?.vatId,
    '/customer/vatId',
    'An intra-community supply needs the VAT number of the customer. Give customer.vatId.',
  );
  demand(
    !has('AE') || (customer?.vatId ?? customer?.companyId),
    '/customer/vatId',
    'Reverse charge needs the VAT number or the company number of the customer. Give customer.vatId or customer.companyId.',
  );
}

/** Which categories may be together: on a line one (BR-CO-04), and O only alone (BR-O-11). */
function checkLines({ taxes }: EInvoice, { lines }: Document, demand: Demand): void {
  demand(
    taxes.every(({ category }) => category !== 'O') || taxes.length === 1,
    '/lines',
    'Lines outside the scope of VAT (category O) need a document of their own. Take the other lines out.',
  );
  for (const { position, description, taxes: ofLine } of lines) {
    const treated = ofLine.filter(({ vat }) => vat !== undefined);
    const categories = new Set(ofLine.map(({ vat, rate }) => vat?.category ?? (Number(rate) > 0 ? 'S' : 'Z')));
    demand(
      treated.length === 0 || categories.size === 1,
      `/lines/${String(position - 1)}/taxes`,
      `"${description}" has taxes of several VAT categories (${[...categories].join(', ')}). Give it taxes of one.`,
    );
  }
}
