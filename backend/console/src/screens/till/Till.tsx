import { useCallback, useEffect } from 'react';
import { useTranslations } from 'use-intl';
import { useSearchParams } from 'wouter';
import { useMe } from '../../app/me.js';
import { Skeleton } from '../../ui/Region.js';
import { load, useDrafts } from './drafts.js';
import { Floor } from './Floor.js';
import { NewOrder } from './NewOrder.js';
import { OpenOrder } from './OpenOrder.js';

/** Takes orders: the tables, and one of their orders. `?order=` names an order or a draft. */
export function Screen() {
  const t = useTranslations('till');
  const drafts = useDrafts(useMe().restaurant.id);
  const [params, setParams] = useSearchParams();
  const id = params.get('order');
  useEffect(() => void load(), []);
  const open = useCallback(
    (order: string, options?: { replace: boolean }) => setParams({ order }, options),
    [setParams],
  );
  const leave = useCallback(() => setParams({}), [setParams]);
  if (!drafts) return <Skeleton label={t('title')} />;
  const draft = drafts.find((one) => one.id === id);
  return (
    <div className="till">
      {id === null && <Floor drafts={drafts} onOpen={open} />}
      {draft?.isNew && <NewOrder key={draft.id} draft={draft} onOpen={open} onLeave={leave} />}
      {id !== null && !draft?.isNew && <OpenOrder key={id} id={id} draft={draft} onOpen={open} onLeave={leave} />}
    </div>
  );
}
