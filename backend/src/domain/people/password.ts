/**
 * Rules for new passwords. Length is counted in characters after normalisation; there are no
 * composition rules (NIST SP 800-63B, 5.1.1.2).
 */
const MIN_CHARS = 10;
export const MAX_PASSWORD_CHARS = 256;

/**
 * Normalises letters that keyboards compose differently (NIST SP 800-63B asks for NFKC or NFKD).
 */
export function normalisedPassword(password: string): string {
  return password.normalize('NFKC');
}

/** Counts code points, not UTF-16 units: a simple emoji is one character. */
export function countChars(text: string): number {
  return Array.from(text).length;
}

/** @returns what to change; undefined for an acceptable password. */
export function passwordFault(password: string): string | undefined {
  const chars = countChars(normalisedPassword(password));
  if (chars < MIN_CHARS) return `Use a password of at least ${MIN_CHARS} characters. A few words are fine.`;
  if (chars > MAX_PASSWORD_CHARS) return `Use a password of at most ${MAX_PASSWORD_CHARS} characters.`;
  return undefined;
}
