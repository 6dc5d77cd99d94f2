import { useEffect, useMemo } from 'react';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ListedOrder } from '../../../../client/src/api.js';
import { useAll } from '../../app/queries.js';
import { useStore } from '../../app/store.js';
import { noteChanges, recalled } from './marks.js';
import { settings } from './settings.js';
import { play } from './sound.js';
import { useKeptOrders } from './useKeptOrders.js';
import { startSteps, steps } from './steps.js';
import { type Ticket, ticketsOf } from './tickets.js';

/** More open orders than this are not shown; a kitchen has tens. */
const MOST = 200;
const OPEN = { query: { status: 'placed,accepted,preparing,ready', sort: 'placedAt', limit: 100 } } as const;
/** Tickets that can be shown again. */
const LAST = 20;

interface KitchenData {
  query: UseQueryResult<ListedOrder[]>;
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
  const kept = useKeptOrders(query.data);
  const orders = query.data ?? kept?.orders;
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
      keptAt: kept?.at,
      open: shown.filter((ticket) => !isMade(ticket)),
      done: shown
        .filter(isMade)
        .toSorted((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1))
        .slice(0, LAST),
    };
  }, [query, kept, tickets, again, types]);
}
