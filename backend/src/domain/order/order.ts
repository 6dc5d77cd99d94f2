/** An order with its lines, and its pricing. */
import type { OrderType } from '../menu/menu.js';
import type { MinorUnits } from '../number/money.js';
import type { StockUse } from '../inventory/needs.js';
import type { LineCharge } from './lineCharges.js';
import type { LineKind } from './lineKind.js';
import type { Measured } from './measure.js';
import type { OrderStatus } from './orderStatus.js';
import { type Discount, type PricedLine, priceOrder, type PricedOrder, type ServiceCharge } from './pricing.js';
import type { Refunded } from './saleParts.js';
import type { TaxAmount, TaxTotal } from './taxes.js';
import type { VatTreatment } from './vatCategory.js';

export interface LineModifier {
  modifierId: string;
  groupId: string;
  name: string;
  /** Per unit of the modifier, minor units; the price when the line was ordered. */
  price: MinorUnits;
  quantity: number;
  /** Units of `quantity` that were free in the group. */
  freeQuantity: number;
}

/** A line given for nothing. */
export interface Comp {
  reason: string;
  /** Who allowed it, as the caller names them. */
  allowedBy: string;
  /** Who did it: kind and id of the caller. */
  by: string;
  at: string;
}

/** Why a customer pays no tax. */
export interface TaxExemption {
  reason: string;
  /** Number of the certificate that the customer showed. */
  certificate: string;
}

export interface OrderLine {
  id: string;
  position: number;
  kind: LineKind;
  /** The line that it belongs to: a bottle's deposit belongs to the drink. */
  parentLineId: string | null;
  /** Units for each unit of that line. */
  parentUnits: number | null;
  menuItemId: string;
  variantId: string | null;
  categoryId: string;
  categoryName: string;
  name: string;
  variantName: string | null;
  /** Below zero: a returned deposit. One piece, if it was measured. */
  quantity: number;
  /** Of a line sold by weight or the like. */
  measured: Measured | null;
  unitPrice: MinorUnits;
  modifiers: LineModifier[];
  discounts: Discount[];
  taxes: TaxAmount[];
  grossAmount: MinorUnits;
  discountAmount: MinorUnits;
  amount: MinorUnits;
  taxAmount: MinorUnits;
  /** Stock use of one unit of the line: taken at ordering, given back when the line is voided. */
  stockUse: StockUse;
  notes: string | null;
  course: number | null;
  seat: number | null;
  voidedAt: string | null;
  voidReason: string | null;
  /** Null: the line is charged. */
  comp: Comp | null;
  /** Ordered at the price zero. Null: at the price of the menu. */
  free: Comp | null;
  createdAt: string;
}

export interface Customer {
  name?: string | undefined;
  phone?: string | undefined;
  email?: string | undefined;
  address?: string | undefined;
}

/** Order-level fields that a waiter can change on an open order. */
export interface OrderDetails {
  table: string | null;
  guests: number | null;
  customer: Customer | null;
  notes: string | null;
  scheduledFor: string | null;
  discounts: Discount[];
}

/** Refunds of one line, and the line at the latest refund of the order. */
export interface NamedRefund {
  refunded: LineCharge;
  /** The line's whole charge. */
  total: MinorUnits;
  /** The line before the order's discounts. */
  ownAmount: MinorUnits;
}

/** The bill of an order at its latest refund of the sale: the basis of that refund. */
export interface RefundedBill {
  /** Without tips given with payments, and without lines that refunds have named. */
  total: MinorUnits;
  /** Units by line id: pieces, or millionths of a measured line. */
  quantities: Record<string, number>;
  /** Refunded from the sale, that refund included, less `settled`. */
  refunded: Refunded;
  /** The part of earlier refunds whose goods had already left the bill. */
  settled: Refunded;
  // Absent on bills that are older than these fields, as if nothing was named.
  /** The part of `refunded` that names lines, by line id. Only its own line settles it. */
  named?: Record<string, NamedRefund>;
  /** The part of `refunded` that was given as goodwill, minor units. No change settles it. */
  goodwill?: MinorUnits;
  /** The part of `refunded` that was named as tip. */
  namedTip?: MinorUnits;
  /** Tips given with payments until then. Later ones are not taken back. */
  paymentTips?: MinorUnits;
}

export type OrderTotals = Omit<PricedOrder, 'lines' | 'taxes'>;

export interface Order extends OrderDetails, OrderTotals {
  id: string;
  number: string;
  status: OrderStatus;
  type: OrderType;
  businessDate: string;
  currency: string;
  /** A name for the guest to call at the counter. */
  pickupCode: string | null;
  /** The restaurant's service charge when the order was placed. */
  serviceCharge: ServiceCharge | null;
  /** Null: the customer pays taxes. */
  taxExemption: TaxExemption | null;
  taxes: TaxTotal[];
  /** Tip entered with the order; `tipTotal` also contains the tips given with payments. */
  orderTip: MinorUnits;
  paidTotal: MinorUnits;
  refundedTotal: MinorUnits;
  /**
   * The reduction of the sale by refunds, credit notes and write-offs. It does not contain refunds
   * that reverse a payment, nor settled ones.
   */
  refundedSaleTotal: MinorUnits;
  /** Null when nothing of the sale was refunded, or only before bills were stored. */
  refundedBill: RefundedBill | null;
  /**
   * Refunded and later also removed from the order itself, so that it is not subtracted from the
   * sale twice. Null: nothing.
   */
  settledRefund: Refunded | null;
  cancelReason: string | null;
  externalSource: string | null;
  externalId: string | null;
  version: number;
  createdBy: string;
  createdAt: string;
  updatedAt: string;
  completedAt: string | null;
  lines: OrderLine[];
}

export const PAYMENT_STATUSES = [
  'unpaid',
  'partially_paid',
  'paid',
  'overpaid',
  'partially_refunded',
  'refunded',
] as const;
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number];

type Money = Pick<Order, 'status' | 'total' | 'paidTotal' | 'refundedTotal' | 'refundedSaleTotal'>;

/**
 * The amount still to be paid. Negative when the guest gets money back, which is never more than
 * the payments hold. For every order except cancelled ones, `total - refundedSaleTotal = paidTotal
 * - refundedTotal + dueTotal`. A cancelled order sold nothing and is owed nothing.
 */
export function dueTotal({ status, total, paidTotal, refundedTotal, refundedSaleTotal }: Money): MinorUnits {
  const held = paidTotal - refundedTotal;
  // Below zero: a deposit that was kept of a cancelled order.
  if (status === 'cancelled') return 0 - Math.min(0, refundedSaleTotal) - held;
  // Above the total only when an order was refunded and then lost goods before bills were stored.
  return Math.max(0, total - refundedSaleTotal) - held;
}

/** Whether a completed order owes the guest money. */
export function isUnsettled(order: Money): boolean {
  return order.status === 'completed' && dueTotal(order) < 0;
}

export function paymentStatus(order: Money): PaymentStatus {
  const due = dueTotal(order);
  if (due < 0) return 'overpaid';
  if (order.status === 'cancelled' && order.refundedSaleTotal < 0) return 'paid';
  if (order.status === 'cancelled') return order.refundedTotal > 0 ? 'refunded' : 'unpaid';
  // Credit notes and write-offs lower the sale without giving money back.
  if (order.refundedSaleTotal > 0 && order.refundedTotal > 0)
    return order.refundedSaleTotal >= order.total ? 'refunded' : 'partially_refunded';
  if (due === 0) return 'paid';
  return order.paidTotal > order.refundedTotal ? 'partially_paid' : 'unpaid';
}

/** Lines that count. Voided lines stay in the order as history, with amounts of zero. */
export function activeLines<T extends Pick<OrderLine, 'voidedAt'>>(lines: readonly T[]): T[] {
  return lines.filter((line) => line.voidedAt === null);
}

/** The exemption on each tax of a tax-exempt customer. */
export function exemptionVat({ reason, certificate }: TaxExemption): VatTreatment & { reason: string } {
  return { category: 'E', reason: `${reason} (${certificate})` };
}

/**
 * Prices an order again and returns it with all amounts renewed. Tips given with payments are kept.
 */
export function repriced<T extends Omit<Order, 'number'>>(order: T): T {
  const active = activeLines(order.lines);
  const priced = priceOrder({
    lines: active,
    discounts: order.discounts,
    serviceCharge: order.serviceCharge ?? undefined,
    tip: order.tipTotal,
    exemption: order.taxExemption ? exemptionVat(order.taxExemption) : undefined,
  });
  const pricedLines = new Map(active.map((line, index) => [line.id, priced.lines[index]]));
  // Each field by its name: V8 adds those of a second object one by one.
  return {
    ...order,
    subtotal: priced.subtotal,
    discountTotal: priced.discountTotal,
    serviceChargeTotal: priced.serviceChargeTotal,
    taxTotal: priced.taxTotal,
    taxIncludedTotal: priced.taxIncludedTotal,
    tipTotal: priced.tipTotal,
    total: priced.total,
    taxes: priced.taxes,
    lines: order.lines.map((line) => lineAt(line, pricedLines.get(line.id) ?? VOID_AMOUNTS)),
  };
}

function lineAt(line: OrderLine, { grossAmount, discountAmount, amount, taxAmount, taxes }: PricedLine): OrderLine {
  return { ...line, grossAmount, discountAmount, amount, taxAmount, taxes };
}

const VOID_AMOUNTS: PricedLine = { grossAmount: 0, discountAmount: 0, amount: 0, taxAmount: 0, taxes: [] };

/** Portions by menu item, for the portion countdown. */
export function portionsOf(
  lines: readonly Pick<OrderLine, 'kind' | 'menuItemId' | 'quantity' | 'voidedAt'>[],
): Map<string, number> {
  const portions = new Map<string, number>();
  for (const line of activeLines(lines).filter(({ kind }) => kind !== 'modifier'))
    portions.set(line.menuItemId, (portions.get(line.menuItemId) ?? 0) + line.quantity);
  return portions;
}

/** Portions to take between two sets of lines; negative to give back. */
export function portionsBetween(before: readonly OrderLine[], after: readonly OrderLine[]): Map<string, number> {
  const moved = portionsOf(after);
  for (const [id, quantity] of portionsOf(before)) moved.set(id, (moved.get(id) ?? 0) - quantity);
  return moved;
}
