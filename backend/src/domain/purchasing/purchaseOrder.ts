/** The life of a purchase order, its amounts and its received quantities. */
import type { Edited } from '../shared/edited.js';
import { AppError } from '../shared/errors.js';
import { assertBounded, type MinorUnits, multiplyDivide, sum } from '../number/money.js';
import { type Micros, parseQuantity } from '../number/quantity.js';

export const PURCHASE_ORDER_STATUSES = ['draft', 'sent', 'partly_received', 'received', 'cancelled'] as const;
export type PurchaseOrderStatus = (typeof PURCHASE_ORDER_STATUSES)[number];

/** Actions on an order, with the statuses in which they are possible. */
const POSSIBLE = {
  change: ['draft'],
  send: ['draft'],
  receive: ['sent', 'partly_received'],
  // A partly received order has already moved goods and money: it is closed, not cancelled.
  cancel: ['draft', 'sent'],
  close: ['partly_received'],
} as const satisfies Record<string, readonly PurchaseOrderStatus[]>;
export type PurchaseOrderAction = keyof typeof POSSIBLE;

export interface PurchaseOrderLine {
  id: string;
  inventoryItemId: string;
  name: string;
  /** The supplier's article number. */
  articleNumber: string | null;
  /** In `unit`, decimal text. */
  quantity: string;
  /** One of the item's units. */
  unit: string;
  /** For one `unit`; null until it is known. */
  unitPrice: MinorUnits | null;
  /** In `unit`, decimal text. */
  receivedQuantity: string;
}

export interface PurchaseOrder extends Edited {
  /** Assigned when the order is sent. */
  number: string | null;
  status: PurchaseOrderStatus;
  supplierId: string;
  supplierName: string;
  /** The supplier's current minimum order. */
  minimumOrder: MinorUnits | null;
  expectedAt: string | null;
  notes: string | null;
  lines: PurchaseOrderLine[];
  /** Partly received; the rest will not come. */
  isClosedShort: boolean;
  /** Why it was cancelled or closed short. */
  closeReason: string | null;
  createdBy: string;
  sentAt: string | null;
  /** When it was received, closed short or cancelled. */
  closedAt: string | null;
}

/** @throws AppError invalid_state, naming the possible actions. */
export function assertPossible(action: PurchaseOrderAction, status: PurchaseOrderStatus): void {
  const isPossible = (other: PurchaseOrderAction) => POSSIBLE[other].some((one) => one === status);
  if (isPossible(action)) return;
  // The keys are the actions.
  const possible = (Object.keys(POSSIBLE) as PurchaseOrderAction[]).filter(isPossible);
  const hint = possible.length === 0 ? 'no action is possible any more' : `possible now: ${possible.join(', ')}`;
  const name = status.replace('_', ' ');
  throw new AppError('invalid_state', `A purchase order that is ${name} cannot take "${action}"; ${hint}.`);
}

/**
 * Cost of a quantity, rounded half away from zero.
 * @param unitPrice for one of the unit in which `quantity` is given.
 */
export function amountOf(quantity: string, unitPrice: MinorUnits): MinorUnits {
  return multiplyDivide(unitPrice, micros(quantity), 1_000_000n);
}

/**
 * Sum of the amounts that the lines show, so that the printed order adds up. Lines without a price
 * count as zero.
 */
export function totalOf(lines: readonly Pick<PurchaseOrderLine, 'quantity' | 'unitPrice'>[]): MinorUnits {
  return sum(lines.map(({ quantity, unitPrice }) => (unitPrice === null ? 0 : amountOf(quantity, unitPrice))));
}

/** @throws AppError invalid_request when the total exceeds the limit of an amount. */
export function assertPayable(lines: readonly Pick<PurchaseOrderLine, 'quantity' | 'unitPrice'>[]): void {
  const total = totalOf(lines);
  assertBounded('A purchase order', { subtotal: total, total });
}

/**
 * Status of an order after goods were received or returned. Each line counts by itself: an excess
 * on one line does not make up for another.
 */
export function statusAfterReceipt(lines: readonly PurchaseOrderLine[]): 'sent' | 'partly_received' | 'received' {
  if (lines.every((line) => micros(line.receivedQuantity) >= micros(line.quantity))) return 'received';
  return lines.some((line) => micros(line.receivedQuantity) > 0n) ? 'partly_received' : 'sent';
}

/**
 * The part of a delivery that is beyond the ordered quantity.
 * @param received quantity of earlier deliveries, in the same unit as the other two.
 */
export function excessOf(ordered: Micros, received: Micros, coming: Micros): Micros {
  const excess = received + coming - ordered;
  if (excess <= 0n) return 0n;
  return excess < coming ? excess : coming;
}

/**
 * Whether a delivery exceeds the order by more than a tenth. Up to a tenth is accepted silently:
 * meat and fish are never cut to the gram. A larger excess is more likely a typing error, or the
 * same delivery booked by two people.
 */
export function isSuspicious(ordered: Micros, received: Micros, coming: Micros): boolean {
  return (received + coming) * 10n > ordered * 11n;
}

/** Quantities of orders were validated on input. */
function micros(quantity: string): Micros {
  return parseQuantity(quantity) ?? 0n;
}
