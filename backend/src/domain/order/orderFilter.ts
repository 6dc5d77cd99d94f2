/** Filters and sorting of lists of orders. */
import type { OrderType } from '../menu/menu.js';
import { shifted } from '../restaurant/localTime.js';
import type { PaymentStatus } from './order.js';
import type { OrderStatus } from './orderStatus.js';

export const ORDER_SORT_FIELDS = ['placedAt', 'businessDate', 'updatedAt', 'total'] as const;
export type OrderSortField = (typeof ORDER_SORT_FIELDS)[number];
/** `-` before the field: descending. */
export const ORDER_SORTS = ORDER_SORT_FIELDS.flatMap((field) => [`-${field}`, field] as const);
export type OrderSort = (typeof ORDER_SORTS)[number];

/** To sort by total means to read all orders of these days: some 30,000 of a large restaurant. */
export const MAX_DAYS_BY_TOTAL = 31;

export interface OrderFilter {
  status?: readonly OrderStatus[] | undefined;
  type?: readonly OrderType[] | undefined;
  paymentStatus?: readonly PaymentStatus[] | undefined;
  /** First and last business date. */
  from?: string | undefined;
  to?: string | undefined;
  /** The number, or a part of it, in any case. A full number names its order alone. */
  number?: string | undefined;
  /** Name of the table, in any case. */
  table?: string | undefined;
  /** Part of the customer's name, phone number or e-mail address, in any case. */
  customer?: string | undefined;
  /** Limits of the total in minor units, both included. */
  minTotal?: number | undefined;
  maxTotal?: number | undefined;
  /** Orders changed at this instant or later. */
  updatedSince?: string | undefined;
  /** Completed orders on which the guest gets money back; allows no other filter or sort. */
  unsettled?: boolean | undefined;
  /** Default: that of `sortOf`. */
  sort?: OrderSort | undefined;
}

/** The order of a list: the one that is asked for, or the one in which its filter reads least. */
export function sortOf(filter: OrderFilter): { field: OrderSortField; isDescending: boolean } {
  const sort = filter.sort ?? usualSort(filter);
  const field = ORDER_SORT_FIELDS.find((one) => sort === one || sort === `-${one}`) ?? 'placedAt';
  return { field, isDescending: sort !== field };
}

function usualSort({ updatedSince, from, to }: OrderFilter): OrderSort {
  if (updatedSince !== undefined) return 'updatedAt';
  return from === undefined && to === undefined ? '-placedAt' : '-businessDate';
}

/** Whether the days of a filter are few enough to sort their orders by total. */
export function isSortableByTotal({ from, to }: Pick<OrderFilter, 'from' | 'to'>): boolean {
  return from !== undefined && to !== undefined && to < shifted(from, MAX_DAYS_BY_TOTAL);
}
