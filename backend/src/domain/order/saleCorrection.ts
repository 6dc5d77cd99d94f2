/**
 * Corrections of a sale without money: credit notes and write-offs (decision 0038). Like a refund
 * of the sale, a correction counts on the day on which it is made.
 */
import { AppError } from '../shared/errors.js';
import type { MinorUnits } from '../number/money.js';
import type { Prepaid } from './lineCharges.js';
import { dueTotal, type Order } from './order.js';
import type { OrderMoney } from './payment.js';
import { type Earlier, refundedSoFar } from './refund.js';
import { withoutReturns } from './returnedDeposits.js';
import { billOf, refundedOf, refundKindsOf, taxesOfPart } from './refundedBill.js';
import {
  minusRefunded,
  NO_PARTS,
  plusRefunded,
  type Refunded,
  refundParts,
  type SaleParts,
  saleParts,
  totalOfParts,
} from './saleParts.js';
import { isSameRate, type TaxTotal } from './taxes.js';

export const CORRECTION_KINDS = ['credit_note', 'write_off', 'reinstated', 'deposit_kept'] as const;
export type CorrectionKind = (typeof CORRECTION_KINDS)[number];

export interface SaleCorrection extends Refunded {
  id: string;
  orderId: string;
  kind: CorrectionKind;
  /** The credit note, or the document that replaces a credited one; null for a write-off. */
  documentId: string | null;
  /** Negative: reinstated, or a deposit kept of a cancelled order. */
  amount: MinorUnits;
  reason: string;
  /** The deposits that were kept; null for any other correction. */
  prepaid: Prepaid | null;
  businessDate: string;
  createdBy: string;
  createdAt: string;
}

/** A correction before it is stored, and the totals of its order after it. */
export interface Correction extends Refunded {
  amount: MinorUnits;
  money: OrderMoney;
}

/**
 * Gives up the amount that a completed order still owes.
 * @param earlier reductions of the sale.
 * @throws AppError invalid_state when the order is open or owes nothing.
 */
export function writeOff(order: Order, earlier: readonly Earlier[]): Correction {
  if (order.status !== 'completed')
    throw new AppError('invalid_state', `This order is ${order.status}. Only a completed order can be written off.`);
  const due = dueTotal(order);
  if (due <= 0) throw new AppError('invalid_state', 'Nothing is due on this order. There is nothing to write off.');
  return corrected(order, earlier, shareOfSale(order, earlier, due));
}

/**
 * Lowers the sale by a credit note.
 * @param wanted the credited parts and taxes.
 * @param most the amount by which the sale exceeds its papers. Less than the credit note where the
 *   order has already lost the goods by itself.
 * @returns undefined when nothing is left to lower.
 */
export function creditSale(
  order: Order,
  earlier: readonly Earlier[],
  wanted: Refunded,
  most: MinorUnits,
): Correction | undefined {
  const refunded = refundedSoFar(order, earlier);
  const all = totalOfParts(wanted.parts);
  const amount = Math.min(all, most, order.total - totalOfParts(refunded.parts));
  if (amount <= 0) return undefined;
  const isOf = (sale: Order) => isWithin(wanted, minusRefunded(saleOf(sale), refunded));
  const isWhole = amount === all && (isOf(order) || isOf(withoutReturns(order)));
  return corrected(order, earlier, isWhole ? wanted : shareOfSale(order, earlier, amount));
}

/**
 * Takes back corrections by credit notes, as far as they still lower the sale.
 * @param taken by credit notes, less what was reinstated before.
 * @returns undefined when nothing is left of them.
 */
export function reinstate(order: Order, earlier: readonly Earlier[], taken: Refunded): Correction | undefined {
  const back = within(taken, refundedOf(order));
  if (totalOfParts(back.parts) === 0) return undefined;
  return corrected(order, earlier, minusRefunded({ parts: NO_PARTS, taxes: [] }, back));
}

/** The sum of corrections by credit notes, less the reinstated ones. */
export function creditedBy(corrections: readonly Pick<SaleCorrection, 'kind' | 'parts' | 'taxes'>[]): Refunded {
  return corrections
    .filter(({ kind }) => kind === 'credit_note' || kind === 'reinstated')
    .reduce<Refunded>((total, one) => plusRefunded(total, one), { parts: NO_PARTS, taxes: [] });
}

/** The sale of an order less its refunds and corrections. Nothing for a cancelled order. */
export function saleKept(order: Order): MinorUnits {
  if (order.status === 'cancelled') return 0;
  // Orders refunded before bills were stored have no other figure.
  const back = order.refundedBill ? totalOfParts(refundedOf(order).parts) : order.refundedSaleTotal;
  return order.total - back;
}

/** Each part and tax of `wanted`, at most that of `limit`. */
export function within(wanted: Refunded, limit: Refunded): Refunded {
  // With returned deposits, a part of it may be below zero.
  if (isNothing(minusRefunded(wanted, limit))) return wanted;
  const least = (part: keyof SaleParts) => Math.max(0, Math.min(wanted.parts[part], limit.parts[part]));
  const taxes = wanted.taxes.flatMap((tax): TaxTotal[] => {
    const own = limit.taxes.find((one) => isSameRate(one, tax));
    if (!own) return [];
    return [{ ...tax, base: Math.max(0, Math.min(tax.base, own.base)), amount: Math.min(tax.amount, own.amount) }];
  });
  return {
    parts: { goods: least('goods'), serviceCharge: least('serviceCharge'), tax: least('tax'), tip: least('tip') },
    taxes: taxes.filter(({ base, amount }) => base > 0 || amount > 0),
  };
}

function isNothing({ parts, taxes }: Refunded): boolean {
  return taxes.length === 0 && Object.values(parts).every((part) => part === 0);
}

function saleOf(order: Order): Refunded {
  return { parts: saleParts(order), taxes: order.taxes };
}

function isWithin(wanted: Refunded, limit: Refunded): boolean {
  const parts = Object.keys(NO_PARTS) as (keyof SaleParts)[]; // The keys of a literal.
  return (
    parts.every((part) => wanted.parts[part] <= limit.parts[part]) &&
    wanted.taxes.every((tax) => tax.amount <= (limit.taxes.find((one) => isSameRate(one, tax))?.amount ?? 0))
  );
}

function shareOfSale(sold: Order, earlier: readonly Earlier[], amount: MinorUnits): Refunded {
  const order = withoutReturns(sold);
  const refunded = refundedSoFar(order, earlier);
  const parts = refundParts(saleParts(order), refunded.parts, amount);
  return { parts, taxes: taxesOfPart(order, refunded, parts) };
}

function corrected(order: Order, earlier: readonly Earlier[], { parts, taxes }: Refunded): Correction {
  const amount = totalOfParts(parts);
  const refunded = plusRefunded(refundedSoFar(order, earlier), { parts, taxes });
  const refundedBill = billOf(order, { ...refundKindsOf(order), refunded });
  return { amount, parts, taxes, money: { refundedSaleTotal: order.refundedSaleTotal + amount, refundedBill } };
}
