import { useEffect, useState } from 'react';
import type { ListedOrder } from '../../../../client/src/api.js';
import { useMe } from '../../app/me.js';
import { keepRecords, keptRecord } from './keptRecords.js';

export interface KeptOrders {
  /** When they were current, milliseconds since 1970. */
  at: number;
  orders: ListedOrder[];
}

/**
 * Keeps the orders for a start without a connection.
 * @returns those that were kept, while there are no newer ones.
 */
export function useKeptOrders(current: ListedOrder[] | undefined): KeptOrders | undefined {
  const { id } = useMe().restaurant;
  const [kept, setKept] = useState<KeptOrders>();
  useEffect(() => {
    void keptRecord<KeptOrders>('tickets', id).then(setKept);
  }, [id]);
  useEffect(() => {
    if (current) void keepRecords('tickets', new Map([[id, { at: Date.now(), orders: current }]]));
  }, [id, current]);
  return current ? undefined : kept;
}
