/** Compares what the XML of a PDF states with what its pages show. */
import type { PageText } from './pageText.js';
import type { ReadInvoice } from './readInvoice.js';

/** @returns what the reviewer should know; undefined when the pages show the amount, or no text. */
export function pictureRemark({ totals }: ReadInvoice, pages: readonly PageText[]): string | undefined {
  const stated = totals.gross ?? totals.payable;
  const words = pages.flatMap((page) => page.words);
  if (stated === null || words.length === 0) return undefined;
  const wanted = digitsOf(stated);
  const shown = words.some(({ text }) => digitsOf(text) === wanted);
  // A blank may group the thousands: 1 234,56.
  const joined = shown || words.some(({ text }, index) => digitsOf(text + (words[index + 1]?.text ?? '')) === wanted);
  if (joined) return undefined;
  return `The attached XML states a gross amount of ${stated}, which the printed pages do not show. The XML counts; compare it with the pages.`;
}

function digitsOf(text: string): string {
  return text.replaceAll(/[^\d]/g, '');
}
