/** Orders as the kitchen reads them. */
import type { ListedOrder, OrderLine, OrderStatus, OrderType } from '../../../../client/src/api.js';
import { statusAfter, type Step } from './steps.js';

export interface TicketLine {
  id: string;
  menuItemId: string;
  quantity: string;
  name: string;
  /** Variant, modifiers and parts, each on a line of its own. */
  details: string[];
  notes: string | null;
  isVoided: boolean;
  /** Changes when anything of it changes. */
  signature: string;
}

export interface Ticket {
  id: string;
  /** Last four digits of the order's number. */
  number: string;
  type: OrderType;
  table: string | null;
  customer: string | null;
  guests: number | null;
  notes: string | null;
  status: OrderStatus;
  /** Its last steps are still to be sent. */
  isPending: boolean;
  /** When the kitchen's time begins: placing, or for later orders the lead time before. */
  since: number;
  scheduledFor: string | null;
  updatedAt: string;
  lines: TicketLine[];
}

/** Later orders are begun so long before they are wanted. */
const LEAD_MS = 20 * 60_000;
/** Nobody cooks these. */
const NOT_COOKED = new Set(['deposit', 'voucher', 'taxed_voucher']);

export type Age = 'later' | 'fresh' | 'soon' | 'late';
/** The clock of a screen and that of the server differ by so much. */
const CLOCKS_APART_MS = 5_000;
const SOON_MS = 8 * 60_000;
const LATE_MS = 15 * 60_000;

export function ageOf(since: number, now: number): Age {
  const age = now - since;
  if (age < -CLOCKS_APART_MS) return 'later';
  if (age < SOON_MS) return 'fresh';
  return age <= LATE_MS ? 'soon' : 'late';
}

/** Minutes and seconds, with a minus before its time: 03:07, -12:00. */
export function clockOf(since: number, now: number): string {
  const isBefore = now - since < -CLOCKS_APART_MS;
  const seconds = isBefore || now > since ? Math.floor(Math.abs(now - since) / 1_000) : 0;
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3_600);
  const rest = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return `${isBefore ? '-' : ''}${hours > 0 ? `${hours}:` : ''}${rest}`;
}

/** An order that has not changed is the same object after a load, and keeps its ticket. */
const known = new WeakMap<ListedOrder, Ticket>();

/** The oldest first. Only the ticket that changed is drawn again. */
export function ticketsOf(orders: readonly ListedOrder[], steps: readonly Step[]): Ticket[] {
  return orders.map((order) => knownTicketOf(order, steps)).sort((a, b) => a.since - b.since);
}

function knownTicketOf(order: ListedOrder, steps: readonly Step[]): Ticket {
  const mine = steps.filter(({ orderId }) => orderId === order.id);
  if (mine.length > 0) return ticketOf(order, mine);
  const ticket = known.get(order) ?? ticketOf(order, []);
  known.set(order, ticket);
  return ticket;
}

function ticketOf(order: ListedOrder, steps: readonly Step[]): Ticket {
  const { id, number, type, table, guests, notes, scheduledFor, updatedAt } = order;
  const placedAt = Date.parse(order.createdAt);
  const lines = order.lines ?? [];
  return {
    id,
    number: number.slice(-4),
    type,
    table,
    customer: order.customer?.name ?? null,
    guests,
    notes,
    status: statusAfter(id, order.status, steps),
    isPending: steps.some((step) => step.orderId === id && step.sentAt === undefined),
    since: scheduledFor === null ? placedAt : Math.max(placedAt, Date.parse(scheduledFor) - LEAD_MS),
    scheduledFor,
    updatedAt,
    lines: lines
      .filter(({ kind, parentLineId }) => parentLineId === null && !NOT_COOKED.has(kind))
      .map((line) => lineOf(line, lines)),
  };
}

function lineOf(line: OrderLine, all: readonly OrderLine[]): TicketLine {
  const parts = all.filter(({ parentLineId, kind }) => parentLineId === line.id && !NOT_COOKED.has(kind));
  const quantity = line.unit === null ? String(line.quantity) : `${line.quantity} ${line.unit}`;
  const details = [
    ...(line.variantName === null ? [] : [line.variantName]),
    ...line.modifiers.map(({ name, quantity: times }) => (times > 1 ? `${times} × ${name}` : name)),
    ...parts.map(({ name, variantName }) => (variantName === null ? name : `${name} ${variantName}`)),
  ];
  const { id, menuItemId, name, notes } = line;
  const signature = JSON.stringify([quantity, details, notes]);
  return { id, menuItemId, quantity, name, details, notes, isVoided: line.voidedAt !== null, signature };
}

export interface Sum {
  name: string;
  count: number;
}

/** How many of each dish are still to be made, the most first. */
export function allDay(tickets: readonly Ticket[], ticked: ReadonlySet<string>): Sum[] {
  const sums = new Map<string, number>();
  for (const line of tickets.flatMap(({ lines }) => lines)) {
    if (line.isVoided || ticked.has(line.id)) continue;
    const [variant] = line.details;
    const name = variant === undefined ? line.name : `${line.name} · ${variant}`;
    sums.set(name, (sums.get(name) ?? 0) + (Number(line.quantity) || 1));
  }
  return [...sums]
    .map(([name, count]) => ({ name, count }))
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}
