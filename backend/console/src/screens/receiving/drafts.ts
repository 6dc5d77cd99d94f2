/** Entries of a delivery that is not booked yet: a call at the door must not lose it. */
import { useCallback } from 'react';
import type { PurchaseOrder } from '../../../../client/src/api.js';
import { rememberedStore } from '../../app/store.js';
import { useStore } from '../../app/useStore.js';

export interface Delivery {
  /** By line of the order: as typed. Absent: as ordered. */
  quantities: Readonly<Record<string, string>>;
  /** By line: minor units for one, where it differs from the order. */
  prices: Readonly<Record<string, number>>;
  reference: string;
  /** The order's version when the entry began: goods received since may be the same. */
  version?: number;
}

type Drafts = Readonly<Record<string, Delivery>>;

const NOTHING: Delivery = { quantities: {}, prices: {}, reference: '' };
/** More deliveries than this do not wait at one door. */
const MOST = 10;
const drafts = rememberedStore<Drafts>('deliveries', (value) =>
  typeof value === 'object' && value !== null ? (value as Drafts) : {},
);

/** The entries of an order's delivery; `isKept` if there are any. */
export function useDelivery({
  id,
  version,
}: PurchaseOrder): [
  delivery: Delivery,
  isKept: boolean,
  change: (part: Partial<Delivery>) => void,
  forget: () => void,
] {
  const all = useStore(drafts);
  const change = useCallback(
    (part: Partial<Delivery>) => {
      const { [id]: before = { ...NOTHING, version }, ...others } = drafts.get();
      drafts.set(Object.fromEntries([...Object.entries(others).slice(1 - MOST), [id, { ...before, ...part }]]));
    },
    [id, version],
  );
  const forget = useCallback(() => {
    const { [id]: _, ...others } = drafts.get();
    drafts.set(others);
  }, [id]);
  return [all[id] ?? NOTHING, all[id] !== undefined, change, forget];
}
