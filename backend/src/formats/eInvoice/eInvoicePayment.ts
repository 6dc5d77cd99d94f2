/** How an invoice was paid, or is to be paid (EN 16931-1:2017, group BG-16). */
import type { Document } from '../../domain/document/document.js';
import type { MinorUnits } from '../../domain/number/money.js';
import type { PaymentMethod } from '../../domain/order/payment.js';
import type { BankAccount } from '../../domain/restaurant/bankAccount.js';
import type { EInvoiceProfile } from '../../domain/restaurant/invoicing.js';
import type { DocumentLabels } from '../labels/labels.js';
import type { EParty } from './eInvoiceParties.js';

export interface EPayment {
  /** UNCL 4461 */
  code: string;
  /** BT-82 */
  text: string | null;
  account: BankAccount | null;
  /** BT-83, for the transfer. */
  reference: string | null;
}

interface Paying {
  document: Document;
  seller: EParty;
  buyer: EParty;
  payable: MinorUnits;
  profile: EInvoiceProfile;
  labels: DocumentLabels;
}

const NOT_DEFINED = '1';
const CARD = '48';
const CREDIT_TRANSFER = '30';
const SEPA_TRANSFER = '58';
const CODES: Record<PaymentMethod, string> = { cash: '10', card: CARD, voucher: NOT_DEFINED, other: NOT_DEFINED };
/** Between Dutch parties, Peppol accepts no others (NL-R-008). */
const DUTCH_CODES = ['30', '48', '49', '57', '58', '59'];

/**
 * A transfer for what is still due, else the methods of the payments. The standard allows one code:
 * several methods are named in its text.
 */
export function paymentOf(paying: Paying): EPayment | null {
  const { document, payable, profile } = paying;
  if (document.type === 'credit_note') return isGerman(paying) ? undefinedMeans(null) : null;
  const account = document.seller?.paymentAccount;
  if (payable > 0 && account) return transferTo(account, paying);
  const methods = [...new Set((document.details?.payments ?? []).map(({ method }) => method))];
  if (methods.length === 0) return payable <= 0 && isGerman(paying) ? undefinedMeans(null) : null;
  const paid = paidBy(methods, paying);
  const isDutch = profile === 'peppol' && paying.seller.country === 'NL' && paying.buyer.country === 'NL';
  return isDutch && !DUTCH_CODES.includes(paid.code) ? null : paid;
}

/** Whether German rules hold: they demand payment data, and the number of a card with its code. */
export function isGerman({ profile, seller, buyer }: Pick<Paying, 'profile' | 'seller' | 'buyer'>): boolean {
  return profile === 'xrechnung' || (profile === 'peppol' && seller.country === 'DE' && buyer.country === 'DE');
}

function transferTo(account: BankAccount, { document, seller, profile }: Paying): EPayment {
  // Denmark knows other codes for its own accounts (DK-R-005).
  const isSepa = document.currency === 'EUR' || (profile === 'peppol' && seller.country === 'DK');
  return { code: isSepa ? SEPA_TRANSFER : CREDIT_TRANSFER, text: null, account, reference: document.number };
}

function paidBy(methods: readonly PaymentMethod[], paying: Paying): EPayment {
  const text = methods.map((method) => paying.labels.paymentMethod[method]).join(', ');
  const code = methods.length === 1 ? CODES[methods[0]!] : NOT_DEFINED;
  return { ...undefinedMeans(text), code: code === CARD && isGerman(paying) ? NOT_DEFINED : code };
}

function undefinedMeans(text: string | null): EPayment {
  return { code: NOT_DEFINED, text, account: null, reference: null };
}
