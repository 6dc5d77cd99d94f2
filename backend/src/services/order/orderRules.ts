/**
 * Rules of OrderService: when an order may be taken and changed, and how its changes are recorded.
 */
import { AppError, invalid, notFound } from '../../domain/shared/errors.js';
import { changesBetween, type EventType, type Fact } from '../../domain/shared/events.js';
import { businessDate, isWithin, localTime } from '../../domain/restaurant/localTime.js';
import type { MenuParts, Moment, OrderType } from '../../domain/menu/menu.js';
import type { Order, OrderLine } from '../../domain/order/order.js';
import { shownUnits, unitsIn } from '../../domain/order/measure.js';
import { isOpen, isSent } from '../../domain/order/orderStatus.js';
import { OrderTaking } from '../../domain/order/orderTaking.js';
import type { ServiceCharge } from '../../domain/order/pricing.js';
import type { RestaurantSettings } from '../../domain/restaurant/restaurant.js';

/**
 * Weddings are booked up to two years ahead. A later date is a typing error, and its order would be
 * missing in every report.
 */
const MAX_AHEAD_MS = 2 * 366 * 24 * 3_600_000;
const MAX_LINES = 1_000;

/** The menu at the time an order is for. @throws AppError restaurant_closed. */
export function takingAt(settings: RestaurantSettings, parts: MenuParts, type: OrderType, instant: Date): OrderTaking {
  const moment: Moment = { instant, local: localTime(instant, settings.timezone) };
  if (isWithin(settings.openingHours, moment.local)) return new OrderTaking(parts, moment, type);
  throw new AppError(
    'restaurant_closed',
    `The restaurant is closed on ${moment.local.weekday} at the time of this order. See openingHours in GET /v1/restaurant.`,
  );
}

export function serviceChargeOf(
  settings: RestaurantSettings,
  type: OrderType,
  taking: OrderTaking,
): ServiceCharge | null {
  const setting = settings.serviceCharge;
  return setting?.orderTypes.includes(type) ? { rate: setting.rate, taxes: taking.taxes(setting.taxIds) } : null;
}

/** An order is for now or for a later time. @throws AppError invalid_request. */
export function assertAhead(scheduledFor: string, now: Date): void {
  const aheadMs = Date.parse(scheduledFor) - now.getTime();
  if (aheadMs < 0) throw invalid('/scheduledFor', 'This time is in the past. Leave it out to order for now.', 'past');
  if (aheadMs > MAX_AHEAD_MS) throw invalid('/scheduledFor', 'Give a time within the next two years.', 'too_far');
}

/**
 * The business day of an order at `now`: the day of its scheduled time if that is later, otherwise
 * today.
 */
export function dayOf(settings: RestaurantSettings, scheduledFor: string | null, now: Date): string {
  const instant = scheduledFor !== null && new Date(scheduledFor) > now ? new Date(scheduledFor) : now;
  return businessDate(instant, settings.timezone, settings.businessDayCutoffHour);
}

export function assertOpen(order: Order): void {
  if (isOpen(order.status)) return;
  const hint = order.status === 'completed' ? ' Reopen it first.' : '';
  throw new AppError('invalid_state', `This order is ${order.status} and can no longer be changed.${hint}`);
}

export function openLine(order: Order, lineId: string): OrderLine {
  const line = order.lines.find((one) => one.id === lineId);
  if (!line) throw notFound('line of this order');
  assertOpen(order);
  if (line.voidedAt !== null) throw new AppError('invalid_state', 'This line is voided and can no longer be changed.');
  return line;
}

/**
 * Voided lines count, too: they stay with the order, and each of its changes reads and records all
 * lines.
 * @param before how many lines the order had; an imported one may have more.
 * @throws AppError invalid_request when there are too many more lines.
 */
export function assertLineCount({ length }: readonly OrderLine[], before: number, pointer = ''): void {
  if (length <= Math.max(before, MAX_LINES)) return;
  const message = `With parts and deposits, an order has at most ${MAX_LINES} lines. Split it into several.`;
  throw invalid(pointer, message);
}

export function assertReason(order: Order, reason: string | undefined): void {
  if (isSent(order.status) && reason === undefined)
    throw invalid('/reason', 'The kitchen already has this line. Give a reason for removing or reducing it.');
}

export function fact(type: EventType, orderId: string, data: Record<string, unknown>, changes?: Fact['changes']): Fact {
  return changes
    ? { type, subject: 'order', subjectId: orderId, data, changes }
    : { type, subject: 'order', subjectId: orderId, data };
}

export function summaryOf(order: Omit<Order, 'number'>): Record<string, unknown> {
  const { id, status, type, businessDate: date, currency, total, version } = order;
  return { orderId: id, status, type, businessDate: date, currency, total, version };
}

/**
 * Changes for the audit log: the order's own fields, and the changed lines with the fields that
 * people recognise.
 */
export function orderChanges(before: Order, after: Order): Fact['changes'] {
  const { lines: linesBefore, refundedBill: _, ...headBefore } = before;
  const { lines: linesAfter, refundedBill: __, ...headAfter } = after;
  const short = (lines: OrderLine[]) =>
    lines.map((line) => ({
      id: line.id,
      name: line.name,
      quantity: shownUnits(line, unitsIn(line)),
      amount: line.amount,
      voided: line.voidedAt !== null,
    }));
  return {
    ...changesBetween(headBefore, headAfter),
    ...(linesBefore === linesAfter ? {} : changesBetween({ lines: short(linesBefore) }, { lines: short(linesAfter) })),
  };
}
