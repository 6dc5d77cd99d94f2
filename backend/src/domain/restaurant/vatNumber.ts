/** VAT numbers of the European Union, the United Kingdom, Switzerland and Norway; those of other countries are text. */
import { invalid } from '../shared/errors.js';

/**
 * What follows the prefix. Sources: European Commission, VIES, structure of VAT identification numbers; HMRC VAT notice 725 (16.19);
 * Swiss ordinance on the UID (SR 431.031), article 7; Norwegian bookkeeping regulation (FOR-2004-12-01-1558), 5-1-2.
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
/** Prefixes that are not the country's code (Northern Ireland counts as a country of its own for VAT only). */
const COUNTRIES: Record<string, string> = { EL: 'GR', XI: 'GB' };
const COVERED = new Set(Object.keys(FORMS).map((prefix) => COUNTRIES[prefix] ?? prefix));

/**
 * A VAT number as it is kept: `DE 123.456-789` is `DE123456789`. In the covered countries it must have the form of its prefix, which
 * may be another one's: who sells abroad is registered there. Elsewhere it is any text.
 * @param country ISO 3166-1 alpha-2; null: not known, then only a covered prefix tells the form.
 * @param pointer of the field to name when it is wrong.
 * @throws AppError invalid_request.
 */
export function keptVatId(text: string, country: string | null, pointer: string): string {
  const compact = text.toUpperCase().replaceAll(/[\s.-]/g, '');
  if (countryOfVatId(compact) !== undefined) return compact;
  const isFree = country === null ? FORMS[compact.slice(0, 2)] === undefined : !COVERED.has(country);
  if (isFree) return text;
  throw invalid(
    pointer,
    `"${text}" is no VAT number of ${country ?? compact.slice(0, 2)}: write it with the prefix of its country, for example "DE123456789".`,
  );
}

/** @returns ISO 3166-1 alpha-2; undefined where the number has not the form of a covered country. */
export function countryOfVatId(vatId: string): string | undefined {
  const prefix = vatId.slice(0, 2);
  return FORMS[prefix]?.test(vatId.slice(2)) ? (COUNTRIES[prefix] ?? prefix) : undefined;
}

/** With the code of the country that gave it in front, which EN 16931 demands (BR-CO-09) and not every country writes. */
export function prefixedVatId(vatId: string, country: string): string {
  const hasPrefix = countryOfVatId(vatId) !== undefined || vatId.startsWith(country);
  return hasPrefix ? vatId : country + vatId;
}
