/**
 * VAT numbers of the European Union, the United Kingdom, Switzerland and Norway. Those of other
 * countries are free text.
 */
import { invalid } from '../shared/errors.js';

/**
 * Format after the prefix. Sources: European Commission, VIES, structure of VAT identification
 * numbers; HMRC VAT notice 725 (16.19); Swiss ordinance on the UID (SR 431.031), article 7;
 * Norwegian bookkeeping regulation (FOR-2004-12-01-1558), 5-1-2.
 */
const FORMS: Record<string, RegExp> = {
  AT: /^U\d{8}$/,
  BE: /^[01]\d{9}$/,
  BG: /^\d{9,10}$/,
  CH: /^E\d{9}(?:MWST|TVA|IVA)?$/,
  CY: /^\d{8}[A-Z]$/,
  CZ: /^\d{8,10}$/,
  DE: /^\d{9}$/,
  DK: /^\d{8}$/,
  EE: /^\d{9}$/,
  EL: /^\d{9}$/,
  ES: /^[A-Z0-9]\d{7}[A-Z0-9]$/,
  FI: /^\d{8}$/,
  FR: /^[A-Z0-9]{2}\d{9}$/,
  GB: /^(?:\d{9}|\d{12}|(?:GD|HA)\d{3})$/,
  HR: /^\d{11}$/,
  HU: /^\d{8}$/,
  IE: /^\d[A-Z0-9+*]\d{5}[A-Z]{1,2}$/,
  IT: /^\d{11}$/,
  LT: /^(?:\d{9}|\d{12})$/,
  LU: /^\d{8}$/,
  LV: /^\d{11}$/,
  MT: /^\d{8}$/,
  NL: /^\d{9}B\d{2}$/,
  NO: /^\d{9}(?:MVA)?$/,
  PL: /^\d{10}$/,
  PT: /^\d{9}$/,
  RO: /^\d{2,10}$/,
  SE: /^\d{12}$/,
  SI: /^\d{8}$/,
  SK: /^\d{10}$/,
  XI: /^(?:\d{9}|\d{12}|(?:GD|HA)\d{3})$/,
};
/**
 * Prefixes that differ from the country's code (Northern Ireland counts as a country of its own for
 * VAT only).
 */
const COUNTRIES: Record<string, string> = { EL: 'GR', XI: 'GB' };
const COVERED = new Set(Object.keys(FORMS).map((prefix) => COUNTRIES[prefix] ?? prefix));

/**
 * Stored form of a VAT number: `DE 123.456-789` becomes `DE123456789`. In covered countries the
 * number must have the format of its prefix. The prefix may be that of another country, where a
 * business that sells abroad is registered. In other countries it is any text.
 * @param country ISO 3166-1 alpha-2; null when unknown: then only a covered prefix demands a
 * format.
 * @param pointer of the field, for the error.
 * @throws AppError invalid_request.
 */
export function keptVatId(text: string, country: string | null, pointer: string): string {
  const compact = text.toUpperCase().replaceAll(/[\s.-]/g, '');
  if (countryOfVatId(compact) !== undefined) return compact;
  const isFree = country === null ? FORMS[compact.slice(0, 2)] === undefined : !COVERED.has(country);
  if (isFree) return text;
  throw invalid(
    pointer,
    `"${text}" is not a VAT number of ${country ?? compact.slice(0, 2)}. Write it with its country prefix, for example "DE123456789".`,
  );
}

/**
 * @returns ISO 3166-1 alpha-2; undefined when the number does not have a covered country's format.
 */
export function countryOfVatId(vatId: string): string | undefined {
  const prefix = vatId.slice(0, 2);
  return FORMS[prefix]?.test(vatId.slice(2)) ? (COUNTRIES[prefix] ?? prefix) : undefined;
}

/**
 * VAT number with the prefix of its country, which EN 16931 requires (BR-CO-09) and some countries
 * omit.
 */
export function prefixedVatId(vatId: string, country: string): string {
  const hasPrefix = countryOfVatId(vatId) !== undefined || vatId.startsWith(country);
  return hasPrefix ? vatId : country + vatId;
}
