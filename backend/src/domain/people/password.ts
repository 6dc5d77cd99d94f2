/** What a new password must be. Counted in characters after normalisation, no rules of composition (NIST SP 800-63B, 5.1.1.2). */
const MIN_CHARS = 10;
export const MAX_PASSWORD_CHARS = 256;

/** One spelling for letters that keyboards compose differently (NIST SP 800-63B asks for NFKC or NFKD). */
export function normalisedPassword(password: string): string {
  return password.normalize('NFKC');
}

/** Code points, not UTF-16 units: an emoji is one character. */
export function countChars(text: string): number {
  return Array.from(text).length;
}

/** @returns what to do about it, undefined for one that may be taken. */
export function passwordFault(password: string): string | undefined {
  const chars = countChars(normalisedPassword(password));
  if (chars < MIN_CHARS) return `A password has at least ${MIN_CHARS} characters. A few words are fine.`;
  if (chars > MAX_PASSWORD_CHARS) return `A password has at most ${MAX_PASSWORD_CHARS} characters.`;
  return undefined;
}
