/** An order that is being taken: what the guests said so far, before it is sent. */
import type { Discount, OrderInput, OrderLineInput, OrderType } from '../../../../client/src/api.js';

export interface DraftLine {
  /** The Idempotency-Key where the line is added to an order. Each change gives it a new one. */
  key: string;
  /** It was sent, and no answer came: it may be on the order already. */
  isSent: boolean;
  menuItemId: string;
  variantId: string | undefined;
  /** A whole number, or decimal text of an item that is sold by weight or the like. */
  quantity: number | string;
  modifiers: readonly { modifierId: string; quantity: number }[];
  notes: string;
  course: number | null;
  seat: number | null;
  /** As it was on the menu, for a menu that does not have it any more. */
  name: string;
  /** The variant and the modifiers in words. */
  details: readonly string[];
}

export interface DraftHead {
  type: OrderType;
  table: string;
  guests: number | null;
  customer: { name: string; phone: string; address: string };
  notes: string;
  /** The instant that the order is for; null: now. Absent in drafts of an older page. */
  scheduledFor?: string | null;
}

export interface Draft extends DraftHead {
  /** That of the order that its lines are added to; a new order has an id of its own. */
  id: string;
  restaurantId: string;
  isNew: boolean;
  lines: readonly DraftLine[];
  discounts: readonly Discount[];
  /** The Idempotency-Key of placing it. Each change gives it a new one. */
  key: string;
  /** As for a line. */
  isSent: boolean;
  /** Milliseconds since 1970. */
  changedAt: number;
}

export const NO_CUSTOMER: DraftHead['customer'] = { name: '', phone: '', address: '' };

/** An order that nobody has said anything of yet. */
export function newDraft(restaurantId: string, head: DraftHead): Draft {
  return {
    ...head,
    id: crypto.randomUUID(),
    restaurantId,
    isNew: true,
    lines: [],
    discounts: [],
    key: crypto.randomUUID(),
    isSent: false,
    changedAt: Date.now(),
  };
}

/** Lines for an order that is placed already. */
export function additionTo(order: { id: string; type: OrderType }, restaurantId: string): Draft {
  const head = { type: order.type, table: '', guests: null, customer: NO_CUSTOMER, notes: '' };
  return { ...newDraft(restaurantId, head), id: order.id, isNew: false };
}

/** @returns the draft with the changes, under a new key: what was sent before is another order. */
export function changed(draft: Draft, changes: Partial<Omit<Draft, 'id' | 'key'>>): Draft {
  return { ...draft, ...changes, key: crypto.randomUUID(), changedAt: Date.now() };
}

/** Whether nothing may be changed, because an answer is missing. */
export function isWaiting({ isSent, lines }: Draft): boolean {
  return isSent || lines.some((line) => line.isSent);
}

/**
 * Adds a line. The same wish as that of the last line raises its quantity.
 * @returns the new lines.
 */
export function withLine(lines: readonly DraftLine[], added: DraftLine): readonly DraftLine[] {
  const last = lines.at(-1);
  if (!last || typeof last.quantity !== 'number' || typeof added.quantity !== 'number' || !isSameWish(last, added))
    return [...lines, added];
  return [...lines.slice(0, -1), { ...added, quantity: last.quantity + added.quantity }];
}

function isSameWish(one: DraftLine, other: DraftLine): boolean {
  const wish = ({ menuItemId, variantId, modifiers, notes, course, seat }: DraftLine): string =>
    JSON.stringify([menuItemId, variantId, modifiers, notes, course, seat]);
  return wish(one) === wish(other);
}

/** Portions of an item in the draft. */
export function portionsIn(lines: readonly DraftLine[], menuItemId: string): number {
  return lines
    .filter((line) => line.menuItemId === menuItemId)
    .reduce((sum, { quantity }) => sum + (typeof quantity === 'number' ? quantity : 1), 0);
}

/** The request that places the draft, or that prices it. */
export function orderOf({ type, table, guests, customer, notes, scheduledFor, discounts, lines }: Draft): OrderInput {
  const said = Object.entries(customer).filter(([, value]) => value.trim() !== '');
  return {
    type,
    ...(table.trim() !== '' && { table: table.trim() }),
    ...(guests !== null && { guests }),
    ...(said.length > 0 && { customer: Object.fromEntries(said) }),
    ...(notes.trim() !== '' && { notes: notes.trim() }),
    ...(scheduledFor && { scheduledFor }),
    ...(discounts.length > 0 && { discounts: [...discounts] }),
    lines: lines.map(lineOf),
  };
}

/** The request that adds a line. */
export function lineOf({ menuItemId, variantId, quantity, modifiers, notes, course, seat }: DraftLine): OrderLineInput {
  return {
    menuItemId,
    quantity,
    ...(variantId !== undefined && { variantId }),
    ...(modifiers.length > 0 && { modifiers: modifiers.map((one) => ({ ...one })) }),
    ...(notes.trim() !== '' && { notes: notes.trim() }),
    ...(course !== null && { course }),
    ...(seat !== null && { seat }),
  };
}
