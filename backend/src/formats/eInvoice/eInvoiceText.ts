/** Formatting that both XML formats of an invoice share. */
import type { EVat } from './eInvoiceLines.js';

/** `88750` millionths become `8.875`. */
export function percentOf({ rateMillionths }: Pick<EVat, 'rateMillionths'>): string {
  const digits = String(rateMillionths).padStart(5, '0');
  return `${digits.slice(0, -4)}.${digits.slice(-4)}`.replace(/\.?0+$/, '') || '0';
}
