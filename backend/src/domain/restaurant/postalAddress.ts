/** An address in parts, as electronic invoices need it. The country is a field of its own. */

export interface PostalAddress {
  street: string;
  /** Second line: building, floor, department. */
  additional?: string | undefined;
  city: string;
  /** Some countries have none. */
  postcode?: string | undefined;
  /** State or province. */
  region?: string | undefined;
}

/** An address as a party has it: free text, parts, or both. The parts win. */
export interface Addressed {
  address?: string | null | undefined;
  postalAddress?: PostalAddress | null | undefined;
}

/**
 * Countries whose letters have the city before the postcode. Source: Universal Postal Union,
 * addressing systems.
 */
const CITY_FIRST = new Set('AU CA GB IE IN ID KR NZ PH SA SG TH TW US ZA'.split(' '));

/** Lines of an address for print, without empty ones. @param country ISO 3166-1 alpha-2. */
export function addressLines({ address, postalAddress }: Addressed, country: string | null | undefined): string[] {
  if (!postalAddress) return (address ?? '').split('\n').filter((line) => line.trim() !== '');
  const { street, additional, city, postcode, region } = postalAddress;
  const place = CITY_FIRST.has(country ?? '') ? [city, region, postcode] : [postcode, city, region];
  return [street, additional, joined(place)].filter((line) => line !== undefined && line !== '') as string[];
}

function joined(parts: readonly (string | undefined)[]): string {
  return parts.filter(Boolean).join(' ');
}
