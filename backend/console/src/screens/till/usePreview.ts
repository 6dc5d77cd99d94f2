import { useEffect, useMemo, useState } from 'react';
import type { UseQueryResult } from '@tanstack/react-query';
import type { OrderInput, OrderPreview } from '../../../../client/src/api.js';
import { useCall } from '../../app/queries.js';

/** Several presses in a moment are priced once. */
const GATHER_MS = 150;

export interface Priced {
  query: UseQueryResult<OrderPreview>;
  /** The prices of what is asked now; undefined while they are on their way. */
  current: OrderPreview | undefined;
  /** The last known ones. */
  last: OrderPreview | undefined;
}

/**
 * The server's price of an order that is not placed.
 * @param order undefined: there is nothing to price.
 */
export function usePreview(order: OrderInput | undefined): Priced {
  const text = order && JSON.stringify(order);
  const asked = useSettled(text);
  const body = useMemo(() => (asked === undefined ? NOTHING : (JSON.parse(asked) as OrderInput)), [asked]);
  const query = useCall('previewOrder', { body }, { enabled: asked !== undefined, keeps: true });
  const isKnown = text !== undefined && asked === text && query.isSuccess && !query.isPlaceholderData;
  return {
    query,
    current: isKnown ? query.data : undefined,
    last: text === undefined ? undefined : query.data,
  };
}

const NOTHING: OrderInput = { type: 'takeaway', lines: [] };

/** The value, once it did not change for a moment; the first one at once. */
function useSettled(value: string | undefined): string | undefined {
  const [settled, setSettled] = useState(value);
  const isFirst = settled === undefined || value === undefined;
  useEffect(() => {
    if (isFirst) return setSettled(value);
    const timer = setTimeout(setSettled, GATHER_MS, value);
    return () => clearTimeout(timer);
  }, [value, isFirst]);
  return value === undefined ? undefined : settled;
}
