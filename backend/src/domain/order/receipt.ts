/** The receipt of an order as data. */
import type { Seller } from '../document/parties.js';
import { cashRoundingOf, inCash, roundingOfRest } from '../restaurant/cashRounding.js';
import { localClock } from '../restaurant/localTime.js';
import { addressLines } from '../restaurant/postalAddress.js';
import type { MinorUnits } from '../number/money.js';
import { depositLeft } from './deposit.js';
import { refundOfCharges } from './lineCharges.js';
import { type AskedQuantity, type MeasureUnit, shownUnits, unitsIn } from './measure.js';
import { activeLines, dueTotal, type Order } from './order.js';
import type { Payment, Refund } from './payment.js';
import { roundingTotal } from './refundedCash.js';
import { refundedOf } from './refundedBill.js';
import type { TaxTotal } from './taxes.js';
import type { RestaurantSettings } from '../restaurant/restaurant.js';

export interface Receipt {
  restaurant: Required<Pick<Seller, 'name' | 'address' | 'vatId' | 'taxNumber' | 'country' | 'language'>>;
  number: string;
  orderId: string;
  status: Order['status'];
  type: Order['type'];
  table: string | null;
  businessDate: string;
  /** When the order was placed, on the restaurant's wall clock: `YYYY-MM-DD HH:MM`. */
  placedAt: string;
  currency: string;
  lines: {
    name: string;
    variantName: string | null;
    /** Decimal text of a line sold by weight or the like. */
    quantity: AskedQuantity;
    unit: MeasureUnit | null;
    unitPrice: MinorUnits;
    modifiers: { name: string; quantity: number; amount: MinorUnits }[];
    grossAmount: MinorUnits;
    discountAmount: MinorUnits;
    amount: MinorUnits;
  }[];
  subtotal: MinorUnits;
  discountTotal: MinorUnits;
  serviceChargeTotal: MinorUnits;
  taxes: { name: string; rate: string; inclusive: boolean; base: MinorUnits; amount: MinorUnits }[];
  tipTotal: MinorUnits;
  total: MinorUnits;
  payments: {
    method: Payment['method'];
    amount: MinorUnits;
    tip: MinorUnits;
    /** Of cash; absent: none. */
    rounding?: MinorUnits;
    tendered: MinorUnits;
    change: MinorUnits;
    reference: string | null;
  }[];
  refunds: { amount: MinorUnits; rounding?: MinorUnits; reason: string }[];
  /** Cash taken beyond the payments, less cash given back beyond the refunds. */
  roundingTotal: MinorUnits;
  /** Taken back by refunds and credit notes, as in `taxes`. */
  refundTaxes: Receipt['taxes'];
  /** The taxes of single-purpose vouchers that paid, stated with their sale, as in `taxes`. */
  voucherTaxes: Receipt['taxes'];
  dueTotal: MinorUnits;
  /** `dueTotal` as it is paid in cash. */
  cashDue: MinorUnits;
  footer: string | null;
}

export function receiptOf(
  order: Order,
  payments: readonly Payment[],
  refunds: readonly Refund[],
  settings: RestaurantSettings,
): Receipt {
  const { name, vatId, taxNumber, country, language, receiptFooter } = settings;
  const address = addressLines(settings, country).join('\n') || null;
  return {
    restaurant: { name, address, vatId, taxNumber, country, language },
    number: order.number,
    orderId: order.id,
    status: order.status,
    type: order.type,
    table: order.table,
    businessDate: order.businessDate,
    placedAt: localClock(new Date(order.createdAt), settings.timezone),
    currency: order.currency,
    lines: activeLines(order.lines).map((line) => ({
      name: line.name,
      variantName: line.variantName,
      quantity: shownUnits(line, unitsIn(line)),
      unit: line.measured?.unit ?? null,
      unitPrice: line.measured?.unitPrice ?? line.unitPrice,
      modifiers: (line.kind === 'modifier' ? [] : line.modifiers).map(({ name, quantity, freeQuantity, price }) => ({
        name,
        quantity,
        amount: price * (quantity - freeQuantity),
      })),
      grossAmount: line.grossAmount,
      discountAmount: line.discountAmount,
      amount: line.amount,
    })),
    subtotal: order.subtotal,
    discountTotal: order.discountTotal,
    serviceChargeTotal: order.serviceChargeTotal,
    taxes: order.taxes.map(taxOf),
    tipTotal: order.tipTotal,
    total: order.total,
    payments: payments.map(({ method, amount, tip, rounding, tendered, change, reference }) => ({
      method,
      amount,
      tip,
      ...(rounding !== 0 && { rounding }),
      tendered,
      change,
      reference,
    })),
    refunds: refunds.map(({ amount, rounding, reason }) => ({ amount, ...(rounding !== 0 && { rounding }), reason })),
    roundingTotal: roundingTotal(payments, refunds),
    refundTaxes: refundedOf(order).taxes.map(taxOf),
    voucherTaxes: refundOfCharges(vouchersPaid(payments, refunds), 0).taxes.map(taxOf),
    dueTotal: dueTotal(order),
    cashDue: inCash(dueTotal(order), roundingOfRest(cashRoundingOf(settings), order.paidTotal - order.refundedTotal)),
    footer: receiptFooter,
  };
}

function vouchersPaid(payments: readonly Payment[], refunds: readonly Refund[]) {
  const byVoucher = payments.filter(({ prepaid }) => prepaid?.kind === 'voucher');
  return byVoucher.flatMap((payment) => depositLeft(payment, refunds));
}

function taxOf({ name, rate, inclusive, base, amount }: TaxTotal): Receipt['taxes'][number] {
  return { name, rate, inclusive, base, amount };
}
