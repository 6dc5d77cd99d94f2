/**
 * Demands of Peppol BIS 3.0 on sellers of single countries (rules DK-R, GR-R, IS-R, IT-R, NL-R,
 * NO-R, SE-R).
 */
import type { SchemedId } from '../../domain/restaurant/electronicAddress.js';
import type { EInvoice } from './eInvoice.js';

/** A condition and what to say when it does not hold. */
export type Demand = (holds: unknown, pointer: string, message: string) => void;

/** Where a person sets what is missing of the seller. */
export const SETTINGS = 'with PATCH /v1/restaurant';
const SWEDISH_RATES = [60_000, 120_000, 250_000];
const SWEDISH_TAX_STATUS = 'Godkänd för F-skatt';

export function nationalFaults(invoice: EInvoice, demand: Demand): void {
  const check = CHECKS[invoice.seller.country];
  if (check) check(invoice, demand);
}

const CHECKS: Record<string, (invoice: EInvoice, demand: Demand) => void> = {
  DK: ({ seller, totals, kind }, demand) => {
    demand(
      seller.companyId?.scheme === '0184',
      '/seller/companyId',
      `Set companyId with the scheme 0184 (CVR) ${SETTINGS}.`,
    );
    demand(kind === 'invoice' || totals.payable >= 0, '/total', 'A Danish credit note cannot have a negative total.');
  },
  GR: (_invoice, demand) =>
    demand(
      false,
      '/details/eInvoice/profile',
      'Greek sellers need a mark of myDATA, which Servio cannot fetch. Choose en16931 and send the invoice through your provider.',
    ),
  IS: ({ seller, buyer }, demand) => {
    demand(seller.companyId, '/seller/companyId', `Set companyId with your kennitala (scheme 0196) ${SETTINGS}.`);
    demand(
      seller.address.street && seller.address.postcode,
      '/seller/postalAddress',
      `Set postalAddress with postcode ${SETTINGS}.`,
    );
    if (buyer.country !== 'IS') return;
    demand(buyer.companyId, '/customer/companyId', 'Give the kennitala of the customer as companyId (scheme 0196).');
    demand(
      buyer.address.street && buyer.address.postcode,
      '/customer/postalAddress',
      'Give the postalAddress of the customer with street and postcode.',
    );
  },
  IT: ({ seller }, demand) => {
    demand(
      seller.address.street && seller.address.city && seller.address.postcode,
      '/seller/postalAddress',
      `Set postalAddress with street, city and postcode ${SETTINGS}.`,
    );
    demand(
      seller.taxNumber === null || (seller.taxNumber.length >= 11 && seller.taxNumber.length <= 16),
      '/seller/taxNumber',
      `An Italian taxNumber (codice fiscale) has 11 to 16 characters. Correct it ${SETTINGS}.`,
    );
  },
  NL: checkDutch,
  NO: ({ seller }, demand) =>
    demand(
      seller.vatId === null || /^NO\d{9}MVA$/.test(seller.vatId),
      '/seller/vatId',
      `A Norwegian vatId ends with MVA on a Peppol invoice: "NO123456785MVA". Correct it ${SETTINGS}.`,
    ),
  SE: ({ seller, taxes }, demand) => {
    demand(
      seller.vatId === null || /^SE\d{12}$/.test(seller.vatId),
      '/seller/vatId',
      `A Swedish vatId has SE and 12 digits. Correct it ${SETTINGS}.`,
    );
    demand(
      seller.taxNumber === null || seller.taxNumber.toLowerCase() === SWEDISH_TAX_STATUS.toLowerCase(),
      '/seller/taxNumber',
      `In Sweden taxNumber says "${SWEDISH_TAX_STATUS}" on a Peppol invoice, or is empty. Change it ${SETTINGS}.`,
    );
    demand(
      taxes.every(({ category, rateMillionths }) => category !== 'S' || SWEDISH_RATES.includes(rateMillionths)),
      '/lines',
      'Swedish sellers have VAT of 6, 12 or 25 % only. Correct the taxes of the lines.',
    );
  },
};

function checkDutch({ seller, buyer, totals, kind, payment }: EInvoice, demand: Demand): void {
  const isRegistered = (id: SchemedId | null) => id === null || id.scheme === '0106' || id.scheme === '0190';
  demand(
    isRegistered(seller.companyId),
    '/seller/companyId',
    `A Dutch companyId is a KVK number (scheme 0106) or an OIN (0190). Correct it ${SETTINGS}.`,
  );
  demand(
    seller.address.street && seller.address.city && seller.address.postcode,
    '/seller/postalAddress',
    `Set postalAddress with street, city and postcode ${SETTINGS}.`,
  );
  demand(
    payment !== null || kind === 'credit_note' || totals.payable <= 0,
    '/seller/paymentAccount',
    `Set paymentAccount with an IBAN ${SETTINGS}: the invoice must say how it is paid.`,
  );
  if (buyer.country !== 'NL') return;
  demand(
    isRegistered(buyer.companyId),
    '/customer/companyId',
    'The companyId of a Dutch customer is a KVK number (scheme 0106) or an OIN (0190). Correct it.',
  );
  demand(
    buyer.address.street && buyer.address.city && buyer.address.postcode,
    '/customer/postalAddress',
    'Give the postalAddress of the customer with street, city and postcode.',
  );
}
