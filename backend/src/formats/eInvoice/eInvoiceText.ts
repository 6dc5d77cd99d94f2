/** Formatting and identifiers that both XML formats of an invoice share. */
import type { EInvoiceProfile } from '../../domain/restaurant/invoicing.js';
import type { EVat } from './eInvoiceLines.js';

const STANDARD = 'urn:cen.eu:en16931:2017';
/** BT-24 */
export const SPECIFICATIONS: Record<EInvoiceProfile, string> = {
  en16931: STANDARD,
  xrechnung: `${STANDARD}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0`,
  peppol: `${STANDARD}#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0`,
};
const BILLING = 'urn:fdc:peppol.eu:2017:poacc:billing:01:1.0';
/** BT-23 */
export const BUSINESS_PROCESS: Record<EInvoiceProfile, string | null> = {
  en16931: null,
  xrechnung: BILLING,
  peppol: BILLING,
};
/** UNCL 1001 */
export const TYPE_CODES = { invoice: '380', credit_note: '381', deposit: '386' };

/** `88750` millionths become `8.875`. */
export function percentOf({ rateMillionths }: Pick<EVat, 'rateMillionths'>): string {
  const digits = String(rateMillionths).padStart(5, '0');
  return `${digits.slice(0, -4)}.${digits.slice(-4)}`.replace(/\.?0+$/, '') || '0';
}
