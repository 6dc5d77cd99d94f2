import type { UseQueryResult } from '@tanstack/react-query';
import type { ListedOrder } from '../../../../client/src/api.js';
import { useAll } from '../../app/queries.js';

const MOST = 500;

/** Orders that are neither completed nor cancelled, the newest first: none of today is left out. */
export function useOpenOrders(): UseQueryResult<ListedOrder[]> {
  const query = { status: 'placed,accepted,preparing,ready', lines: false, limit: 100 } as const;
  return useAll('listOrders', { query }, { most: MOST });
}
