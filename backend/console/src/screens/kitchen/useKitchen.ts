import { useEffect, useMemo } from 'react';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ListedOrder } from '../../../../client/src/api.js';
import { useAll, useCall } from '../../app/queries.js';
import { useStore } from '../../app/useStore.js';
import { noteChanges, recalled } from './marks.js';
import { settings } from './settings.js';
import { play } from './sound.js';
import { useKeptOrders } from './useKeptOrders.js';
import { startSteps, steps } from './steps.js';
import { type Ticket, ticketsOf } from './tickets.js';

/** More tickets than this are not shown, and the screen says so; a kitchen has tens. */
export const MOST = 200;
const OPEN = { query: { status: 'placed,accepted,preparing', sort: 'placedAt', limit: 100 } } as const;
/**
 * A list of its own: many houses never hand their orders over in Servio, and hundreds that are
 * ready must not take the place of those that are to be made.
 */
const READY = { query: { status: 'ready', limit: 50 } } as const;
/** Tickets that can be shown again. */
const LAST = 20;

interface KitchenData {
  query: UseQueryResult<ListedOrder[]>;
  /** There are more of them than the screen shows. */
  isCut: boolean;
  /** The tickets are those of this time, kept by the browser. */
  keptAt: number | undefined;
  /** In the grid: still to be made, or shown again. */
  open: Ticket[];
  /** Made, the last first. */
  done: Ticket[];
}

/** The open orders as tickets, with the steps that are on their way. */
export function useKitchen(): KitchenData {
  const query = useAll('listOrders', OPEN, { most: MOST });
  const pending = useStore(steps);
  const again = useStore(recalled);
  const { types, hasSound } = useStore(settings);
  const ready = useCall('listOrders', READY, { keeps: true });
  const current = useMemo(() => query.data && joined(query.data, ready.data?.data ?? []), [query.data, ready.data]);
  const kept = useKeptOrders(current);
  const orders = current ?? kept?.orders;
  useEffect(startSteps, []);
  const tickets = useMemo(() => ticketsOf(orders ?? [], pending), [orders, pending]);
  useEffect(() => {
    const news = noteChanges(tickets).filter(({ status }) => status === 'placed');
    if (hasSound && news.length > 0) play('ticket');
  }, [tickets, hasSound]);
  return useMemo(() => {
    const isMade = ({ id, status }: Ticket): boolean => status === 'ready' && !again.has(id);
    const shown = tickets.filter(({ type, status }) => types.includes(type) && status !== 'completed');
    return {
      query,
      isCut: (query.data?.length ?? 0) >= MOST,
      keptAt: kept?.at,
      open: shown.filter((ticket) => !isMade(ticket)),
      done: shown
        .filter(isMade)
        .toSorted((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1))
        .slice(0, LAST),
    };
  }, [query, kept, tickets, again, types]);
}

/** An order that became ready between the two answers is in both: the later version counts. */
function joined(open: readonly ListedOrder[], ready: readonly ListedOrder[]): ListedOrder[] {
  const found = new Map<string, ListedOrder>();
  for (const one of [...open, ...ready]) if ((found.get(one.id)?.version ?? 0) < one.version) found.set(one.id, one);
  return [...found.values()];
}
