import type { UseQueryResult } from '@tanstack/react-query';
import type { ListedOrder } from '../../../../client/src/api.js';
import { useAll } from '../../app/queries.js';

const MOST = 500;

/** Orders that are neither completed nor cancelled, those placed first coming first. */
export function useOpenOrders(): UseQueryResult<ListedOrder[]> {
  const query = { status: 'placed,accepted,preparing,ready', lines: false, sort: 'placedAt', limit: 100 } as const;
  return useAll('listOrders', { query }, { most: MOST });
}
