import { useCallback } from 'react';
import type { StockLocation } from '../../../../client/src/api.js';
import { useAll } from '../../app/queries.js';

/** The places where stock is kept, and their names. */
export function usePlaces(): { places: readonly StockLocation[]; nameOf: (id: string | null) => string } {
  const { data } = useAll('listStockLocations', { query: { limit: 100 } });
  const nameOf = useCallback((id: string | null) => data?.find((one) => one.id === id)?.name ?? '', [data]);
  return { places: data ?? [], nameOf };
}
