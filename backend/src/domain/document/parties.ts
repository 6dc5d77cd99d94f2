/** Seller and customer, as a document keeps them. */
import type { Customer } from '../order/order.js';
import type { BankAccount } from '../restaurant/bankAccount.js';
import type { SchemedId } from '../restaurant/electronicAddress.js';
import type { EInvoiceProfile, InvoiceContact } from '../restaurant/invoicing.js';
import type { PostalAddress } from '../restaurant/postalAddress.js';
import type { PrintLanguage } from '../restaurant/printLanguage.js';
import type { RestaurantSettings } from '../restaurant/restaurant.js';

/** The issuing restaurant, with its settings at that time. */
export interface Seller {
  name: string;
  address: string | null;
  // The optional fields are absent on documents that were issued before these settings existed: the
  // hash covers the stored content.
  vatId?: string | null;
  taxNumber?: string | null;
  /** ISO 3166-1 alpha-2. */
  country?: string | null;
  /** Language of its printed documents. */
  language?: PrintLanguage;
  /** Text at the foot of receipts. */
  receiptFooter?: string | null;
  /**
   * On every document issued since the settings of electronic invoices exist. A document without it
   * keeps the files of its time.
   */
  eInvoiceProfile?: EInvoiceProfile;
  // Absent when they are not set.
  postalAddress?: PostalAddress;
  contact?: InvoiceContact;
  electronicAddress?: SchemedId;
  companyId?: SchemedId;
  paymentAccount?: BankAccount;
}

/** The customer of a document. */
export interface DocumentCustomer extends Customer {
  vatId?: string | undefined;
  /** ISO 3166-1 alpha-2. */
  country?: string | undefined;
  /** Wins over the free text of `address`. */
  postalAddress?: PostalAddress | undefined;
  electronicAddress?: SchemedId | undefined;
  /** Number in a register of companies. */
  companyId?: SchemedId | undefined;
  /** Language of this customer's documents. Absent: the restaurant's. */
  language?: PrintLanguage | undefined;
}

export function sellerOf(settings: RestaurantSettings): Seller {
  const { name, address, vatId, taxNumber, country, language, receiptFooter, eInvoiceProfile } = settings;
  const { postalAddress, contact, electronicAddress, companyId, paymentAccount } = settings;
  return {
    name,
    address,
    vatId,
    taxNumber,
    country,
    language,
    receiptFooter,
    eInvoiceProfile,
    ...(postalAddress && { postalAddress }),
    ...(contact && { contact }),
    ...(electronicAddress && { electronicAddress }),
    ...(companyId && { companyId }),
    ...(paymentAccount && { paymentAccount }),
  };
}
