/** VAT categories (UNCL 5305, as EN 16931 uses it) and why no VAT is charged. */
import { invalid } from '../shared/errors.js';

/**
 * Standard rate (any rate above zero), zero rate, exempt, reverse charge, intra-community supply,
 * export, outside the scope of VAT.
 */
export const VAT_CATEGORIES = ['S', 'Z', 'E', 'AE', 'K', 'G', 'O'] as const;
export type VatCategory = (typeof VAT_CATEGORIES)[number];

/** Present on a tax whose category was set. Other taxes are S above 0 % and Z at 0 %. */
export interface VatTreatment {
  category: VatCategory;
  /** Of the VATEX code list. Absent: the usual one of the category. */
  code?: string;
  /** In the restaurant's own words. Absent: a text in the language of the document. */
  reason?: string;
}

/** The fields of a tax that make its treatment. */
export interface CategorizedTax {
  rate: string;
  vatCategory: VatCategory | null;
  exemptionCode: string | null;
  exemptionReason: string | null;
}

/** Categories whose code is fixed. E has many codes and needs none. */
export const CATEGORY_CODES: Partial<Record<VatCategory, string>> = {
  AE: 'VATEX-EU-AE',
  K: 'VATEX-EU-IC',
  G: 'VATEX-EU-G',
  O: 'VATEX-EU-O',
};
/** National codes that say the same as the fixed one. */
const OTHER_CODES: Partial<Record<VatCategory, string>> = { AE: 'VATEX-FR-AE' };

/** Source: European Commission, VATEX code list, version 7. */
const EXEMPT_CODES = new Set(
  [
    ...'79-C 132 135-1 143 144 146-1E 148 151 153 159 309 D F I J'.split(' ').map((code) => `EU-${code}`),
    ...'ABCDEFGHIJKLMNOPQ'.split('').map((letter) => `EU-132-1${letter}`),
    ...'A B C D E F FA G H I J K L'.split(' ').map((part) => `EU-143-1${part}`),
    ...'ABCDEFG'.split('').map((letter) => `EU-148-${letter}`),
    ...'A AA B C D E'.split(' ').map((part) => `EU-151-1${part}`),
    ...'FRANCHISE CNWVAT CGI275 CGI277A CGI295 298SEXDECIESA CGI261A CGI261B'.split(' ').map((code) => `FR-${code}`),
    ...'1 2 3 4 5 7 8 C-1 C-2 C-3 D-1 D-1BIS D-2 D-3 D-4 E-1 E-2'
      .split(' ')
      .map((part) => `FR-CGI261${/^\d/.test(part) ? '-' : ''}${part}`),
  ].map((code) => `VATEX-${code}`),
);

/**
 * @throws AppError invalid_request when category, rate, code and reason do not fit together.
 */
export function assertTreatment({ rate, vatCategory, exemptionCode, exemptionReason }: CategorizedTax): void {
  const isTaxed = Number(rate) > 0;
  if (vatCategory !== null && (vatCategory === 'S') !== isTaxed)
    throw invalid(
      '/vatCategory',
      isTaxed
        ? `A tax above 0 % has the category S. Set the rate to 0 for ${vatCategory}, or vatCategory to null.`
        : 'The category S is for rates above 0 %. Set the rate, or choose Z for a rate of zero and E for an exemption.',
    );
  const hasReason = vatCategory !== null && vatCategory !== 'S' && vatCategory !== 'Z';
  if (exemptionReason !== null && !hasReason)
    throw invalid(
      '/exemptionReason',
      'Only the categories E, AE, K, G and O have a reason. Set vatCategory, or remove it.',
    );
  if (exemptionCode === null) return;
  const fixed = vatCategory && CATEGORY_CODES[vatCategory];
  const fits = vatCategory === 'E' ? EXEMPT_CODES.has(exemptionCode) : isFixedCode(vatCategory, exemptionCode);
  if (fits) return;
  throw invalid(
    '/exemptionCode',
    !hasReason
      ? 'Only the categories E, AE, K, G and O have a code. Set vatCategory, or remove the code.'
      : fixed
        ? `The category ${vatCategory} has the code ${fixed}. Send that, or leave it out.`
        : `"${exemptionCode}" is no code of an exemption. Use one of the VATEX list, for example "VATEX-EU-132-1I".`,
  );
}

/** @returns undefined for a tax without a category of its own. */
export function treatmentOf(tax: Omit<CategorizedTax, 'rate'>): VatTreatment | undefined {
  const { vatCategory: category, exemptionCode: code, exemptionReason: reason } = tax;
  if (category === null) return undefined;
  return { category, ...(code !== null && { code }), ...(reason !== null && { reason }) };
}

function isFixedCode(category: VatCategory | null, code: string): boolean {
  return category !== null && (CATEGORY_CODES[category] === code || OTHER_CODES[category] === code);
}
