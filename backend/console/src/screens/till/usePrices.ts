import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { MenuCategoryItem, OrderLine, OrderPreview } from '../../../../client/src/api.js';
import { useIsCutOff } from '../../app/useConnection.js';
import { type Draft, type DraftLine, orderOf, portionsIn } from './draft.js';
import { closedReason } from './menuOf.js';
import { usePreview } from './usePreview.js';
import { faultsOf } from './useSending.js';

export interface Prices {
  /** Priced lines by the keys of lines. */
  lines: ReadonlyMap<string, readonly OrderLine[]>;
  /** The last known price of all; `isCurrent` says whether it is that of the draft as it is. */
  sum: OrderPreview | undefined;
  isCurrent: boolean;
  /** Why lines cannot be ordered, by their keys. */
  faults: ReadonlyMap<string, string>;
  error: Error | null;
}

/** The server's prices of a draft, and what it would refuse of it. */
export function usePrices(draft: Draft, items: ReadonlyMap<string, MenuCategoryItem>): Prices {
  const isCutOff = useIsCutOff();
  const order = draft.lines.length === 0 ? undefined : orderOf(draft);
  const { query, current, last } = usePreview(order);
  // Lines that did not change keep their price while another one is priced.
  const [known, setKnown] = useState<ReadonlyMap<string, readonly OrderLine[]>>(new Map());
  const { lines } = draft;
  useEffect(() => {
    if (current) setKnown(pricedBy(lines, current.lines));
  }, [current, lines]);
  const gone = useGone(draft, items);
  const error = isCutOff || order === undefined ? null : query.error;
  return {
    lines: known,
    sum: last,
    isCurrent: current !== undefined,
    faults: error ? new Map([...faultsOf(error, draft), ...gone]) : gone,
    error,
  };
}

/** The answer has the lines as the request has them, each before those that belong to it. */
function pricedBy(lines: readonly DraftLine[], priced: readonly OrderLine[]): Map<string, readonly OrderLine[]> {
  const own = priced.filter(({ parentLineId }) => parentLineId === null);
  return new Map(
    lines.flatMap(({ key }, place): [string, OrderLine[]][] => {
      const first = own[place];
      return first ? [[key, [first, ...priced.filter(({ parentLineId }) => parentLineId === first.id)]]] : [];
    }),
  );
}

/** Lines whose items were sold out since they were taken. */
function useGone(
  { lines, scheduledFor }: Draft,
  items: ReadonlyMap<string, MenuCategoryItem>,
): ReadonlyMap<string, string> {
  const t = useTranslations('till');
  const isLoaded = items.size > 0;
  return new Map(
    lines.flatMap(({ key, menuItemId, name }): [string, string][] => {
      const item = items.get(menuItemId);
      if (!item) return isLoaded ? [[key, t('gone', { name })]] : [];
      const reason = item.isAvailable ? undefined : closedReason(item, 0);
      // The server knows whether a dish is served at a later time: it prices the order for then.
      if (reason !== undefined && !(reason === 'outside_schedule' && scheduledFor))
        return [[key, t(`meanwhile.${reason}`, { name })]];
      const { remaining } = item;
      if (remaining === null || portionsIn(lines, menuItemId) <= remaining) return [];
      return [[key, t('onlyLeft', { count: remaining, name })]];
    }),
  );
}
