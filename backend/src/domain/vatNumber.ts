/** VAT numbers of the European Union and the United Kingdom, found in the text of an address. */

export interface VatNumber {
  /** Without blanks: `DE123456789`. */
  id: string;
  /** ISO 3166-1 alpha-2. */
  country: string;
}

/** What follows the prefix. Source: European Commission, VIES, structure of VAT identification numbers. */
const FORMS: Record<string, RegExp> = {
  AT: /^U\d{8}/,
  BE: /^[01]\d{9}/,
  BG: /^\d{9,10}/,
  CY: /^\d{8}[A-Z]/,
  CZ: /^\d{8,10}/,
  DE: /^\d{9}/,
  DK: /^\d{8}/,
  EE: /^\d{9}/,
  EL: /^\d{9}/,
  ES: /^[A-Z0-9]\d{7}[A-Z0-9]/,
  FI: /^\d{8}/,
  FR: /^[A-Z0-9]{2}\d{9}/,
  GB: /^\d{9}(?:\d{3})?/,
  HR: /^\d{11}/,
  HU: /^\d{8}/,
  IE: /^\d[A-Z0-9]\d{5}[A-Z]{1,2}/,
  IT: /^\d{11}/,
  LT: /^(?:\d{12}|\d{9})/,
  LU: /^\d{8}/,
  LV: /^\d{11}/,
  MT: /^\d{8}/,
  NL: /^\d{9}B\d{2}/,
  PL: /^\d{10}/,
  PT: /^\d{9}/,
  RO: /^\d{2,10}/,
  SE: /^\d{12}/,
  SI: /^\d{8}/,
  SK: /^\d{10}/,
  XI: /^\d{9}(?:\d{3})?/,
};
/** Prefixes that are not the country's code (Northern Ireland counts as a country of its own for VAT only). */
const COUNTRIES: Record<string, string> = { EL: 'GR', XI: 'GB' };
const PREFIX = new RegExp(String.raw`\b(?:${Object.keys(FORMS).join('|')})(?=[ .]?[A-Z0-9])`, 'g');

/** The first VAT number in a text, wherever it stands: `USt-IdNr. DE 123 456 789`. */
export function findVatNumber(text: string): VatNumber | undefined {
  for (const line of text.split('\n')) {
    for (const { 0: prefix, index } of line.matchAll(PREFIX)) {
      const rest = line.slice(index + prefix.length).replaceAll(/[ .-]/g, '');
      const number = FORMS[prefix]?.exec(rest)?.[0];
      if (number === undefined || /^\d/.test(rest.slice(number.length))) continue;
      return { id: prefix + number, country: COUNTRIES[prefix] ?? prefix };
    }
  }
  return undefined;
}
