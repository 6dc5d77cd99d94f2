import type { OrderReference } from '../../domain/document/document.js';
import type { Order } from '../../domain/order/order.js';
import { localClock } from '../../domain/restaurant/localTime.js';

/** The order data that its guest knows. */
export function referenceTo({ number, createdAt, table, businessDate: date }: Order, timezone: string): OrderReference {
  return { number, placedAt: localClock(new Date(createdAt), timezone), table, businessDate: date };
}
