/** The account that customers pay into (EN 16931, BG-17). */
import { invalid } from '../shared/errors.js';

export interface BankAccount {
  /** Without blanks: `DE02120300000000202051`. */
  iban: string;
  bic?: string | undefined;
  /** Owner of the account, if it is not the restaurant's name. */
  holder?: string | undefined;
}

/** Length of an IBAN by country. Source: SWIFT, IBAN registry, release 99. */
const LENGTHS: Record<string, number> = Object.fromEntries(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 ' +
    'FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 ' +
    'LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 ' +
    'RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30'
  )
    .split(' ')
    .map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

/**
 * Stored form of an account: capitals without blanks.
 * @param pointer of the account, for the error.
 * @throws AppError invalid_request for an IBAN with a wrong length or check digits.
 */
export function keptAccount({ iban: text, bic, holder }: BankAccount, pointer: string): BankAccount {
  const iban = text.toUpperCase().replaceAll(/[\s-]/g, '');
  const length = LENGTHS[iban.slice(0, 2)];
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]+$/.test(iban) || length === undefined)
    throw invalid(`${pointer}/iban`, `"${text}" is not an IBAN. Write it like "DE02 1203 0000 0000 2020 51".`);
  if (iban.length !== length)
    throw invalid(
      `${pointer}/iban`,
      `An IBAN of ${iban.slice(0, 2)} has ${length} characters, this one has ${iban.length}. Compare it with your bank statement.`,
    );
  if (remainderOf97(iban.slice(4) + iban.slice(0, 4)) !== 1)
    throw invalid(`${pointer}/iban`, `"${text}" has a wrong digit: its check digits do not fit. Type it again.`);
  return { iban, ...(bic ? { bic: bic.toUpperCase().replaceAll(/\s/g, '') } : {}), ...(holder ? { holder } : {}) };
}

/** `DE02120300000000202051` becomes `DE02 1203 0000 0000 2020 51`. */
export function printedIban(iban: string): string {
  return iban.replaceAll(/(.{4})(?=.)/g, '$1 ');
}

/** ISO 7064, MOD 97-10: letters count as 10 to 35. */
function remainderOf97(text: string): number {
  const digits = Array.from(text, (character) => String(Number.parseInt(character, 36))).join('');
  return Array.from(digits).reduce((rest, digit) => (rest * 10 + Number(digit)) % 97, 0);
}
