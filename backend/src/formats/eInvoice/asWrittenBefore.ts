import type { EInvoice } from './eInvoice.js';
import { REASON_BREAK } from './eInvoiceLines.js';
import type { EParty } from './eInvoiceParties.js';

/**
 * The files of documents from before the settings of electronic invoices. The two syntaxes did not
 * say the same then; issued files do not change, so this keeps the differences.
 */
export function asWrittenBefore(invoice: EInvoice, syntax: 'ubl' | 'cii'): EInvoice {
  const { taxes, issueDate } = invoice;
  return {
    ...invoice,
    seller: partyBefore(invoice.seller, syntax),
    buyer: partyBefore(invoice.buyer, syntax),
    supplyDate: syntax === 'cii' ? issueDate : null,
    payment: null,
    taxes: taxes.map((tax) => ({ ...tax, exemptionReason: tax.exemptionReason?.split(REASON_BREAK)[0] ?? null })),
  };
}

function partyBefore({ contact, ...party }: EParty, syntax: 'ubl' | 'cii'): EParty {
  const email = contact?.email ?? null;
  const isAddress = syntax === 'cii' && email !== null;
  return {
    ...party,
    endpoint: isAddress ? { scheme: 'EM', id: email } : null,
    contact: isAddress || email === null ? null : { name: null, phone: null, email },
  };
}
