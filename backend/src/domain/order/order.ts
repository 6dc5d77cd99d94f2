/** An order with its lines, and what the pricing engine makes of them. */
import type { OrderType } from '../menu/menu.js';
import type { MinorUnits } from '../number/money.js';
import type { StockUse } from '../inventory/needs.js';
import type { OrderStatus } from './orderStatus.js';
import { type Discount, priceOrder, type PricedOrder, type ServiceCharge } from './pricing.js';
import type { Refunded } from './saleParts.js';
import type { TaxAmount, TaxTotal } from './taxes.js';

export interface LineModifier {
  modifierId: string;
  groupId: string;
  name: string;
  /** Per unit of the modifier, minor units, as it was when the line was taken. */
  price: MinorUnits;
  quantity: number;
  /** How many of `quantity` the group gave away. */
  freeQuantity: number;
}

export interface OrderLine {
  id: string;
  position: number;
  menuItemId: string;
  variantId: string | null;
  categoryId: string;
  categoryName: string;
  name: string;
  variantName: string | null;
  quantity: number;
  unitPrice: MinorUnits;
  modifiers: LineModifier[];
  discounts: Discount[];
  taxes: TaxAmount[];
  grossAmount: MinorUnits;
  discountAmount: MinorUnits;
  amount: MinorUnits;
  taxAmount: MinorUnits;
  /** What one unit of the line took from stock when it was taken, and gives back when it goes. */
  stockUse: StockUse;
  notes: string | null;
  course: number | null;
  seat: number | null;
  voidedAt: string | null;
  voidReason: string | null;
  createdAt: string;
}

export interface Customer {
  name?: string | undefined;
  phone?: string | undefined;
  email?: string | undefined;
  address?: string | undefined;
}

/** What a waiter can change on an open order as a whole. */
export interface OrderDetails {
  table: string | null;
  guests: number | null;
  customer: Customer | null;
  notes: string | null;
  scheduledFor: string | null;
  discounts: Discount[];
}

/** The bill of an order as it was when money was last given back for it: what a refund is of. */
export interface RefundedBill {
  /** Without the tips that came with payments. */
  total: MinorUnits;
  /** By line. */
  quantities: Record<string, number>;
  /** Taken out of the sale by refunds, that one included, less `settled`. */
  refunded: Refunded;
  /** The part of earlier refunds that had left the bill by then. */
  settled: Refunded;
}

export type OrderTotals = Omit<PricedOrder, 'lines' | 'taxes'>;

export interface Order extends OrderDetails, OrderTotals {
  id: string;
  number: string;
  status: OrderStatus;
  type: OrderType;
  businessDate: string;
  currency: string;
  /** As it was settled when the order was placed. */
  serviceCharge: ServiceCharge | null;
  taxes: TaxTotal[];
  /** Tip asked for with the order; `tipTotal` adds the tips given with payments. */
  orderTip: MinorUnits;
  paidTotal: MinorUnits;
  refundedTotal: MinorUnits;
  /**
   * The part of `refundedTotal` that takes the sale back: neither reverses a payment nor is
   * settled.
   */
  refundedSaleTotal: MinorUnits;
  /** Null: nothing of the sale was refunded, or nothing since bills are kept. */
  refundedBill: RefundedBill | null;
  /**
   * Taken back by refunds and then lost by the order itself: it is not taken off the sale twice.
   * Null: nothing.
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
 * The amount still to be paid; negative when the guest gets money back, which is never more than is
 * held. For every order `total - refundedSaleTotal = paidTotal - refundedTotal + dueTotal`; one
 * that is cancelled sold nothing and is owed nothing.
 */
export function dueTotal({ status, total, paidTotal, refundedTotal, refundedSaleTotal }: Money): MinorUnits {
  const held = paidTotal - refundedTotal;
  if (status === 'cancelled') return 0 - held;
  // Above the total only where an order was refunded and then lost goods before bills were kept.
  return Math.max(0, total - refundedSaleTotal) - held;
}

export function paymentStatus(order: Money): PaymentStatus {
  const due = dueTotal(order);
  if (due < 0) return 'overpaid';
  if (order.status === 'cancelled') return order.refundedTotal > 0 ? 'refunded' : 'unpaid';
  if (order.refundedSaleTotal > 0) return order.refundedSaleTotal >= order.total ? 'refunded' : 'partially_refunded';
  if (due === 0) return 'paid';
  return order.paidTotal > order.refundedTotal ? 'partially_paid' : 'unpaid';
}

/** Lines that count: the voided ones stay in the order as history, with amounts of zero. */
export function activeLines<T extends Pick<OrderLine, 'voidedAt'>>(lines: readonly T[]): T[] {
  return lines.filter((line) => line.voidedAt === null);
}

/** Runs the pricing engine over an order and returns it with every amount renewed. Tips given with payments are kept. */
export function repriced<T extends Omit<Order, 'number'>>(order: T): T {
  const active = activeLines(order.lines);
  const paymentTips = order.tipTotal - order.orderTip;
  const { lines, taxes, ...totals } = priceOrder({
    lines: active,
    discounts: order.discounts,
    serviceCharge: order.serviceCharge ?? undefined,
    tip: order.orderTip + paymentTips,
  });
  const priced = new Map(active.map((line, index) => [line.id, lines[index]]));
  return {
    ...order,
    ...totals,
    taxes,
    lines: order.lines.map((line) => ({ ...line, ...(priced.get(line.id) ?? VOID_AMOUNTS) })),
  };
}

const VOID_AMOUNTS = { grossAmount: 0, discountAmount: 0, amount: 0, taxAmount: 0, taxes: [] };

/** Portions by menu item, for counting them down. */
export function portionsOf(
  lines: readonly Pick<OrderLine, 'menuItemId' | 'quantity' | 'voidedAt'>[],
): Map<string, number> {
  const portions = new Map<string, number>();
  for (const line of activeLines(lines))
    portions.set(line.menuItemId, (portions.get(line.menuItemId) ?? 0) + line.quantity);
  return portions;
}

/** What must be taken, or given back where negative, to get from one set of lines to another. */
export function portionsBetween(before: readonly OrderLine[], after: readonly OrderLine[]): Map<string, number> {
  const moved = portionsOf(after);
  for (const [id, quantity] of portionsOf(before)) moved.set(id, (moved.get(id) ?? 0) - quantity);
  return moved;
}
