/**
 * Detects card numbers, which must never be stored. A caller that sends one in a text field gets an
 * error.
 */

/** A generated identifier: one in 1,400 would look like a card number. */
const UUID = /(?<![0-9a-z])[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![0-9a-z])/gi;
/**
 * Groups of digits with spaces, dashes or dots between them. A leading plus makes the first group a
 * telephone number.
 */
const DIGIT_RUN = /\+?\d+(?:[\s.\-\u2010-\u2015]{1,3}\d+)*/g;
/**
 * Prefixes and lengths of the card networks' numbers (ISO/IEC 7812-1 and the networks' published
 * ranges). The check digit alone would refuse one in ten terminal references.
 */
const NETWORKS = new RegExp(
  [
    '4(?:\\d{12}|\\d{15}|\\d{18})', // Visa
    '(?:5[1-5]|2[2-7])\\d{14}', // Mastercard, Mir
    '3[47]\\d{13}', // American Express
    '3[0689]\\d{12,17}', // Diners Club
    '35\\d{14,17}', // JCB
    '(?:50|5[6-8]|6\\d)\\d{11,17}', // Maestro, Discover, UnionPay, RuPay
    '8[12]\\d{14}', // UnionPay, RuPay
  ]
    .map((pattern) => `^${pattern}$`)
    .join('|'),
);
const MOST_DIGITS = 19;

/**
 * Whether a text contains a card number: digits in a network's range with a correct check digit
 * (Luhn). Other digits, such as an expiry date, may be before or after it if something separates
 * them. Digits of a UUID do not count.
 */
export function holdsCardNumber(text: string): boolean {
  return (text.replace(UUID, ';').match(DIGIT_RUN) ?? []).some((run) => {
    const groups = run.match(/\d+/g) ?? [];
    return groups.some((_, first) => !(first === 0 && run.startsWith('+')) && startsCardNumber(groups, first));
  });
}

function startsCardNumber(groups: readonly string[], first: number): boolean {
  let digits = '';
  for (let next = first; next < groups.length && digits.length <= MOST_DIGITS; next += 1) {
    digits += groups[next] ?? '';
    if (NETWORKS.test(digits) && passesLuhn(digits)) return true;
  }
  return false;
}

function passesLuhn(digits: string): boolean {
  let total = 0;
  for (let place = 0; place < digits.length; place += 1) {
    const value = Number(digits[digits.length - 1 - place]) * (place % 2 === 1 ? 2 : 1);
    total += value > 9 ? value - 9 : value;
  }
  return total % 10 === 0;
}
