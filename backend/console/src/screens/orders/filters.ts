/** Filters of the list in the address of the page: a link shows the same orders. */
import { useCallback } from 'react';
import { useSearchParams } from 'wouter';
import type { Takes } from '../../app/queries.js';
import { shiftDays } from '../../i18n/format.js';

export type OrdersQuery = NonNullable<Takes<'listOrders'>['query']>;

/** All of them but the sort, with the names that the API has. */
export const FILTERS = [
  'status',
  'type',
  'paymentStatus',
  'businessDate',
  'from',
  'to',
  'number',
  'table',
  'customer',
  'minTotal',
  'maxTotal',
  'unsettled',
] as const;
export type Filter = (typeof FILTERS)[number];
/** Changes of filters; undefined takes one away. */
export type Filters = Partial<Record<Filter | 'sort' | 'order', string | undefined>>;

export const SORTS = ['-placedAt', 'placedAt', '-updatedAt', '-total', 'total'] as const;
/** Sorting by total reads all orders of its days; the API allows this many. */
const MOST_DAYS = 31;

export interface OrderFilters {
  query: OrdersQuery;
  get: (name: Filter | 'sort' | 'order') => string | undefined;
  change: (filters: Filters) => void;
  clear: () => void;
  /** How many filters are set. */
  count: number;
}

/** The server checks what is in the address. */
export function useOrderFilters(): OrderFilters {
  const [params, setParams] = useSearchParams();
  const get = (name: Filter | 'sort' | 'order'): string | undefined => params.get(name) ?? undefined;
  const change = useCallback(
    (filters: Filters) =>
      setParams(
        (before) => {
          const next = new URLSearchParams(before);
          for (const [name, value] of Object.entries(filters)) {
            if (value) next.set(name, value);
            else next.delete(name);
          }
          return next;
        },
        { replace: true },
      ),
    [setParams],
  );
  const clear = useCallback(() => setParams(() => new URLSearchParams(), { replace: true }), [setParams]);
  const given = FILTERS.flatMap((name) => (params.get(name) ? [[name, params.get(name)]] : []));
  const sort = params.get('sort');
  // The address has text; the server says so if it is none of its values.
  const query = Object.fromEntries([...given, ...(sort ? [['sort', sort]] : [])]) as OrdersQuery;
  return { query, get, change, clear, count: given.length };
}

/** Values of a filter that takes several. */
export function listOf(value: string | undefined): string[] {
  return value ? value.split(',') : [];
}

/** With or without one of the values. */
export function toggled(value: string | undefined, one: string): string | undefined {
  const values = listOf(value);
  const next = values.includes(one) ? values.filter((other) => other !== one) : [...values, one];
  return next.join(',') || undefined;
}

/** A sort by total needs its days: where none are chosen, those of the last month. */
export function withSort(filters: OrderFilters, sort: string, today: string): Filters {
  const needsDays = sort.endsWith('total') && !(filters.get('businessDate') ?? filters.get('from'));
  return needsDays ? { sort, from: shiftDays(today, 1 - MOST_DAYS), to: today } : { sort };
}
