/** Settings of a restaurant that only its electronic invoices need. */
import { type BankAccount, keptAccount } from './bankAccount.js';
import { keptCompanyId, keptElectronicAddress, type SchemedId } from './electronicAddress.js';
import type { PostalAddress } from './postalAddress.js';

/**
 * The rules that an electronic invoice keeps: the European standard, or one of its two national and
 * network profiles, which demand more data.
 */
export const E_INVOICE_PROFILES = ['en16931', 'xrechnung', 'peppol'] as const;
export type EInvoiceProfile = (typeof E_INVOICE_PROFILES)[number];
export const DEFAULT_PROFILE: EInvoiceProfile = 'en16931';

/** Whom a customer asks about an invoice (BG-6). */
export interface InvoiceContact {
  name: string;
  phone: string;
  email: string;
}

/** All null until they are set. */
export interface InvoicingSettings {
  postalAddress: PostalAddress | null;
  contact: InvoiceContact | null;
  electronicAddress: SchemedId | null;
  /** Number in a register of companies. */
  companyId: SchemedId | null;
  paymentAccount: BankAccount | null;
  eInvoiceProfile: EInvoiceProfile;
}

export const NO_INVOICING: InvoicingSettings = {
  postalAddress: null,
  contact: null,
  electronicAddress: null,
  companyId: null,
  paymentAccount: null,
  eInvoiceProfile: DEFAULT_PROFILE,
};

/** The identifiers that a restaurant and a customer both may have. */
export interface PartyIds {
  electronicAddress?: SchemedId | null | undefined;
  companyId?: SchemedId | null | undefined;
  paymentAccount?: BankAccount | null | undefined;
}

/**
 * Identifiers in their stored form; only those that are given.
 * @param at pointer of the party: empty for the restaurant.
 * @throws AppError invalid_request naming the field.
 */
export function keptIds({ electronicAddress, companyId, paymentAccount }: PartyIds, at = ''): PartyIds {
  return {
    ...(electronicAddress && {
      electronicAddress: keptElectronicAddress(electronicAddress, `${at}/electronicAddress`),
    }),
    ...(companyId && { companyId: keptCompanyId(companyId, `${at}/companyId`) }),
    ...(paymentAccount && { paymentAccount: keptAccount(paymentAccount, `${at}/paymentAccount`) }),
  };
}
