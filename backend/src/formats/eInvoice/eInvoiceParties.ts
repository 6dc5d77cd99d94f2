/** Seller and buyer of an electronic invoice (EN 16931-1:2017, groups BG-4 to BG-9). */
import type { DocumentCustomer, Seller } from '../../domain/document/parties.js';
import { EMAIL_SCHEME, type SchemedId } from '../../domain/restaurant/electronicAddress.js';
import { addressLines, type PostalAddress } from '../../domain/restaurant/postalAddress.js';
import { countryOfVatId, prefixedVatId } from '../../domain/restaurant/vatNumber.js';

export interface EParty {
  name: string;
  /** Free text fills the street and its second line only. */
  address: Partial<PostalAddress>;
  /** ISO 3166-1 alpha-2. */
  country: string;
  /** BT-31, BT-48: with its country prefix. */
  vatId: string | null;
  /** BT-32, of the seller. */
  taxNumber: string | null;
  /** BT-29, for a seller without a VAT number, to identify it to the buyer (BR-CO-26). */
  id: string | null;
  /** BT-30, BT-47 */
  companyId: SchemedId | null;
  /** BT-34, BT-49 */
  endpoint: SchemedId | null;
  /** BG-6, BG-9 */
  contact: { name: string | null; phone: string | null; email: string | null } | null;
}

/**
 * @param isOutside the invoice is outside the scope of VAT, and may not state a VAT number
 * (BR-O-02).
 */
export function sellerPartyOf(seller: Seller | null, isOutside: boolean): EParty {
  const { name = '', country, taxNumber = null, companyId = null, contact = null } = seller ?? {};
  const vatId = isOutside ? null : vatIdOf(seller, country ?? '');
  const id = (vatId ?? companyId) ? null : (taxNumber ?? seller?.vatId ?? null);
  const endpoint = seller?.electronicAddress ?? addressOfEmail(contact?.email);
  const address = addressOf(seller, country ?? '');
  return { name, address, country: country ?? '', vatId, taxNumber, id, companyId, endpoint, contact };
}

/**
 * @param sellerCountry default for a customer without a country: most guests live where they eat.
 * @param isOutside as in `sellerPartyOf`.
 */
export function buyerPartyOf(customer: DocumentCustomer | null, sellerCountry: string, isOutside: boolean): EParty {
  const { name = '', email = null, phone = null, companyId = null } = customer ?? {};
  const country = customer?.country ?? countryOfVatId(customer?.vatId ?? '') ?? sellerCountry;
  return {
    name,
    address: addressOf(customer, country),
    country,
    companyId,
    vatId: isOutside ? null : vatIdOf(customer, country),
    taxNumber: null,
    id: null,
    endpoint: customer?.electronicAddress ?? addressOfEmail(email),
    contact: email === null && phone === null ? null : { name: null, phone, email },
  };
}

function vatIdOf(party: { vatId?: string | null | undefined } | null, country: string): string | null {
  return party?.vatId ? prefixedVatId(party.vatId, country) : null;
}

function addressOf(party: Seller | DocumentCustomer | null, country: string): Partial<PostalAddress> {
  if (party?.postalAddress) return party.postalAddress;
  const [street, ...further] = addressLines(party ?? {}, country);
  return { ...(street && { street }), ...(further.length > 0 && { additional: further.join(', ') }) };
}

function addressOfEmail(email: string | null | undefined): SchemedId | null {
  return email ? { scheme: EMAIL_SCHEME, id: email } : null;
}
