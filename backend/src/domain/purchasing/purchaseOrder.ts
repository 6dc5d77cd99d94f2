/** The life of a purchase order, its amounts, and how much of it has come. */
import type { Edited } from '../shared/edited.js';
import { AppError } from '../shared/errors.js';
import { assertBounded, type MinorUnits, multiplyDivide, sum } from '../number/money.js';
import { type Micros, parseQuantity } from '../number/quantity.js';

export const PURCHASE_ORDER_STATUSES = ['draft', 'sent', 'partly_received', 'received', 'cancelled'] as const;
export type PurchaseOrderStatus = (typeof PURCHASE_ORDER_STATUSES)[number];

/** What a caller may do with an order, and in which status. */
const POSSIBLE = {
  change: ['draft'],
  send: ['draft'],
  receive: ['sent', 'partly_received'],
  // Of an order that has come in part, goods and money have moved: it is closed and not cancelled.
  cancel: ['draft', 'sent'],
  close: ['partly_received'],
} as const satisfies Record<string, readonly PurchaseOrderStatus[]>;
export type PurchaseOrderAction = keyof typeof POSSIBLE;

export interface PurchaseOrderLine {
  id: string;
  inventoryItemId: string;
  name: string;
  /** The supplier's own. */
  articleNumber: string | null;
  /** In `unit`, decimal text. */
  quantity: string;
  /** A unit that the item has. */
  unit: string;
  /** For one `unit`; null until it is known. */
  unitPrice: MinorUnits | null;
  /** In `unit`, decimal text. */
  receivedQuantity: string;
}

export interface PurchaseOrder extends Edited {
  /** Drawn when it is sent. */
  number: string | null;
  status: PurchaseOrderStatus;
  supplierId: string;
  supplierName: string;
  /** The supplier's, today. */
  minimumOrder: MinorUnits | null;
  expectedAt: string | null;
  notes: string | null;
  lines: PurchaseOrderLine[];
  /** Received in part, and the rest will not come. */
  isClosedShort: boolean;
  /** Why it was cancelled or closed short. */
  closeReason: string | null;
  createdBy: string;
  sentAt: string | null;
  /** When it was received, closed short or cancelled. */
  closedAt: string | null;
}

/** @throws AppError invalid_state, naming what is possible now. */
export function assertPossible(action: PurchaseOrderAction, status: PurchaseOrderStatus): void {
  const isPossible = (other: PurchaseOrderAction) => POSSIBLE[other].some((one) => one === status);
  if (isPossible(action)) return;
  // Its keys are the actions.
  const possible = (Object.keys(POSSIBLE) as PurchaseOrderAction[]).filter(isPossible);
  const hint = possible.length === 0 ? 'nothing can follow' : `possible now: ${possible.join(', ')}`;
  const name = status.replace('_', ' ');
  throw new AppError('invalid_state', `A purchase order that is ${name} cannot take "${action}"; ${hint}.`);
}

/** What so much costs, half a minor unit rounded up. @param unitPrice for one of the unit that is counted in. */
export function amountOf(quantity: string, unitPrice: MinorUnits): MinorUnits {
  return multiplyDivide(unitPrice, micros(quantity), 1_000_000n);
}

/** The sum of the amounts that lines show, so that what stands on paper adds up. Lines without a price count for nothing. */
export function totalOf(lines: readonly Pick<PurchaseOrderLine, 'quantity' | 'unitPrice'>[]): MinorUnits {
  return sum(lines.map(({ quantity, unitPrice }) => (unitPrice === null ? 0 : amountOf(quantity, unitPrice))));
}

/** @throws AppError invalid_request when lines come to more than an amount may be. */
export function assertPayable(lines: readonly Pick<PurchaseOrderLine, 'quantity' | 'unitPrice'>[]): void {
  const total = totalOf(lines);
  assertBounded('A purchase order', { subtotal: total, total });
}

/** What an order is after goods came or went back. Each line counts for itself: too much of one makes up for nothing. */
export function statusAfterReceipt(lines: readonly PurchaseOrderLine[]): 'sent' | 'partly_received' | 'received' {
  if (lines.every((line) => micros(line.receivedQuantity) >= micros(line.quantity))) return 'received';
  return lines.some((line) => micros(line.receivedQuantity) > 0n) ? 'partly_received' : 'sent';
}

/**
 * How much of what comes now is more than was ordered.
 * @param received what had come before, in the unit of the other two.
 */
export function excessOf(ordered: Micros, received: Micros, coming: Micros): Micros {
  const excess = received + coming - ordered;
  if (excess <= 0n) return 0n;
  return excess < coming ? excess : coming;
}

/**
 * A tenth more than ordered passes without a word: meat and fish are never cut to the gram. More is rather a slip of the
 * finger, or the same delivery booked by two people.
 */
export function isSuspicious(ordered: Micros, received: Micros, coming: Micros): boolean {
  return (received + coming) * 10n > ordered * 11n;
}

/** Quantities of orders have been checked on their way in. */
function micros(quantity: string): Micros {
  return parseQuantity(quantity) ?? 0n;
}
