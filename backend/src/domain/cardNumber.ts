/** A card number must never be stored. Whoever types one into a text field is told so. */

const DIGIT_RUN = /\d(?:[ -]?\d){12,18}/g;

/** Whether a text holds 13 to 19 digits, blanks and dashes allowed between, that pass the check digit of ISO/IEC 7812-1 (Luhn). */
export function holdsCardNumber(text: string): boolean {
  return (text.match(DIGIT_RUN) ?? []).some((run) => passesLuhn(run.replaceAll(/\D/g, '')));
}

function passesLuhn(digits: string): boolean {
  let total = 0;
  digits.split('').reverse().forEach((digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    total += value > 9 ? value - 9 : value;
  });
  return total % 10 === 0 && /[1-9]/.test(digits);
}
