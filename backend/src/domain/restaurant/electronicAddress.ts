/**
 * Electronic addresses and company numbers of a party, with the scheme that says which register
 * they are from (EN 16931, BT-30, BT-34, BT-47, BT-49).
 */
import { invalid } from '../shared/errors.js';

export interface SchemedId {
  /** Four digits of ISO 6523, or a code of the European list of electronic addresses. */
  scheme: string;
  id: string;
}

/** Source: European Commission, Electronic Address Scheme (EAS) code list, version 15. */
const ADDRESS_SCHEMES = new Set(
  (
    '0002 0007 0009 0037 0060 0088 0096 0097 0106 0130 0135 0142 0147 0151 0154 0158 0170 0177 0183 0184 0188 0190 0191 0192 ' +
    '0193 0194 0195 0196 0198 0199 0200 0201 0202 0203 0204 0205 0208 0209 0210 0211 0212 0213 0215 0216 0217 0218 0221 0225 ' +
    '0230 0235 0240 9910 9913 9914 9915 9918 9919 9920 9922 9923 9924 9925 9926 9927 9928 9929 9930 9931 9932 9933 9934 9935 ' +
    '9936 9937 9938 9939 9940 9941 9942 9943 9944 9945 9946 9947 9948 9949 9950 9951 9952 9953 9957 9959 EM'
  ).split(' '),
);
/** An e-mail address. The Peppol network does not deliver to it. */
export const EMAIL_SCHEME = 'EM';
/** In these, the Peppol network has no participants. */
const NOT_IN_PEPPOL = new Set([EMAIL_SCHEME, '0203']);

/** ISO 6523 codes 0002 to 0248 that are assigned. */
const UNASSIGNED_COMPANY_SCHEMES = new Set(['0092', '0103', '0181', '0182']);

interface Form {
  isValid: (id: string) => boolean;
  example: string;
}

/** Forms of the identifiers that Peppol checks (rules PEPPOL-COMMON-R040 to R050). */
const FORMS: Record<string, Form> = {
  '0007': { isValid: (id) => /^\d{10}$/.test(id) && luhn(id), example: '5567321707' },
  '0088': { isValid: (id) => /^\d{13}$/.test(id) && weighted(id, [1, 3], 10), example: '4006381333931' },
  '0151': { isValid: (id) => /^\d{11}$/.test(id) && australian(id), example: '51824753556' },
  '0184': { isValid: (id) => /^(?:DK)?\d{8}$/.test(id), example: '12345674' },
  '0192': {
    isValid: (id) => /^\d{9}$/.test(id) && weighted(id, [1, 2, 3, 4, 5, 6, 7, 2, 3], 11),
    example: '974760673',
  },
  '0208': { isValid: (id) => /^[01]\d{9}$/.test(id) && belgian(id), example: '0202239951' },
  [EMAIL_SCHEME]: { isValid: (id) => /^[^@\s]{2,}@[^@\s]{2,}$/.test(id), example: 'invoices@example.com' },
};

/**
 * Stored form of an electronic address.
 * @throws AppError invalid_request for an unknown scheme, or an id that is impossible in it.
 */
export function keptElectronicAddress({ scheme, id }: SchemedId, pointer: string): SchemedId {
  if (!ADDRESS_SCHEMES.has(scheme))
    throw invalid(
      `${pointer}/scheme`,
      `"${scheme}" is no scheme of electronic addresses. Use a code of the EAS list: 0088 for a GLN, 9930 for a German VAT number, EM for an e-mail address.`,
    );
  return withValidId({ scheme, id }, pointer);
}

/** As `keptElectronicAddress`, for the number of a company in a register. */
export function keptCompanyId({ scheme, id }: SchemedId, pointer: string): SchemedId {
  const isAssigned = /^0(?:[01]\d\d|2[0-3]\d|24[0-8])$/.test(scheme) && scheme > '0001';
  if (!isAssigned || UNASSIGNED_COMPANY_SCHEMES.has(scheme))
    throw invalid(
      `${pointer}/scheme`,
      `"${scheme}" is no register of companies. Use a code of ISO 6523: 0106 for the Dutch KVK, 0184 for the Danish CVR, 0192 for Norway.`,
    );
  return withValidId({ scheme, id }, pointer);
}

/** Whether the Peppol network delivers to addresses of the scheme. */
export function isInPeppol({ scheme }: SchemedId): boolean {
  return ADDRESS_SCHEMES.has(scheme) && !NOT_IN_PEPPOL.has(scheme);
}

function withValidId({ scheme, id: text }: SchemedId, pointer: string): SchemedId {
  const form = FORMS[scheme];
  const id = form && scheme !== EMAIL_SCHEME ? text.replaceAll(/[\s.-]/g, '') : text;
  if (form && !form.isValid(id))
    throw invalid(
      `${pointer}/id`,
      `"${text}" is not possible in the scheme ${scheme}. It looks like "${form.example}".`,
    );
  return { scheme, id };
}

/** Whether the sum of the weighted digits is a multiple. @param weights from the last digit on. */
function weighted(digits: string, weights: readonly number[], modulus: number): boolean {
  const sum = digits
    .split('')
    .reverse()
    .reduce((all, digit, at) => all + Number(digit) * weights[at % weights.length]!, 0);
  return sum % modulus === 0;
}

function luhn(digits: string): boolean {
  const doubled = digits
    .split('')
    .reverse()
    .map((digit, at) => (at % 2 === 1 ? String(2 * Number(digit)).split('') : [digit]));
  return doubled.flat().reduce((all, digit) => all + Number(digit), 0) % 10 === 0;
}

/** Its last two digits are 97 less the remainder of the others. */
function belgian(digits: string): boolean {
  return 97 - (Number(digits.slice(0, 8)) % 97) === Number(digits.slice(8));
}

function australian(digits: string): boolean {
  const weights = [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19];
  const sum = digits.split('').reduce((all, digit, at) => all + (Number(digit) - (at === 0 ? 1 : 0)) * weights[at]!, 0);
  return sum % 89 === 0;
}
