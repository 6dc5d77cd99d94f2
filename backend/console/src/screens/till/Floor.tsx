import { useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { ListedOrder } from '../../../../client/src/api.js';
import { useMe } from '../../app/me.js';
import { useShortcuts } from '../../app/shortcuts.js';
import { Button } from '../../ui/Button.js';
import { Empty } from '../../ui/Empty.js';
import { Icon } from '../../ui/Icon.js';
import { Region } from '../../ui/Region.js';
import { Bar } from './Bar.js';
import { type Draft, newDraft, NO_CUSTOMER } from './draft.js';
import { keep } from './drafts.js';
import { DraftCard, OrderCard } from './cards.js';
import { HeadDialog } from './HeadDialog.js';
import { useArrowKeys } from './useArrowKeys.js';
import { useOpenOrders } from './useOpenOrders.js';

/** The tables: orders that are open, and drafts that are not sent yet. */
export function Floor({ drafts, onOpen }: { drafts: readonly Draft[]; onOpen: (id: string) => void }) {
  const t = useTranslations('till');
  const { restaurant } = useMe();
  const orders = useOpenOrders();
  const [search, setSearch] = useState('');
  const [isNew, setNew] = useState(false);
  const floor = useRef<HTMLDivElement>(null);
  useArrowKeys(floor, '.till-card');
  const begun = drafts.filter((draft) => draft.isNew);
  useShortcuts({
    n: () => setNew(true),
  });
  const additions = new Map(drafts.filter((one) => !one.isNew).map((one) => [one.id, one.lines.length]));
  return (
    <>
      <Bar title={t('title')}>
        <Button look="main" icon="plus" onClick={() => setNew(true)}>
          {t('new')}
        </Button>
      </Bar>
      <div className="till-floor" ref={floor}>
        <div className="till-menu__search">
          <Icon name="search" />
          <input
            className="input"
            type="search"
            autoComplete="off"
            aria-label={t('searchTables')}
            placeholder={t('searchTables')}
            value={search}
            onChange={({ target }) => setSearch(target.value)}
            onKeyDown={({ key }) => {
              const [first] = search.trim() === '' ? [] : matching(orders.data ?? [], search);
              if (key === 'Enter' && first) onOpen(first.id);
            }}
          />
          <kbd aria-hidden="true">/</kbd>
        </div>
        {begun.length > 0 && (
          <section className="till-floor__part" aria-labelledby="till-drafts">
            <h2 id="till-drafts">{t('drafts')}</h2>
            <div className="till-cards">
              {begun.map((draft) => (
                <DraftCard key={draft.id} draft={draft} onOpen={() => onOpen(draft.id)} />
              ))}
            </div>
          </section>
        )}
        <section className="till-floor__part" aria-labelledby="till-open">
          <h2 id="till-open">{t('openOrders')}</h2>
          <Region
            query={orders}
            label={t('openOrders')}
            isEmpty={(all) => all.length === 0}
            empty={<Empty icon="dine_in" title={t('noOrders')} text={t('noOrdersText')} />}
          >
            {(all) => <Cards orders={matching(all, search)} additions={additions} onOpen={onOpen} />}
          </Region>
        </section>
      </div>
      {isNew && (
        <HeadDialog
          head={{ type: 'dine_in', table: '', guests: null, customer: NO_CUSTOMER, notes: '' }}
          isNew
          orders={(orders.data ?? []).toReversed()}
          onOpen={({ id }) => onOpen(id)}
          onClose={() => setNew(false)}
          onSave={(head) => {
            const draft = newDraft(restaurant.id, head);
            void keep(draft).then(() => onOpen(draft.id));
          }}
        />
      )}
    </>
  );
}

function Cards({
  orders,
  additions,
  onOpen,
}: {
  orders: readonly ListedOrder[];
  additions: ReadonlyMap<string, number>;
  onOpen: (id: string) => void;
}) {
  const t = useTranslations('till');
  if (orders.length === 0) return <p className="muted">{t('noTable')}</p>;
  return (
    <div className="till-cards">
      {orders.map((order) => (
        <OrderCard key={order.id} order={order} added={additions.get(order.id) ?? 0} onOpen={() => onOpen(order.id)} />
      ))}
    </div>
  );
}

function matching(orders: readonly ListedOrder[], search: string): readonly ListedOrder[] {
  const wanted = search.trim().toLocaleLowerCase();
  if (wanted === '') return orders;
  const words = ({ table, customer, number, pickupCode }: ListedOrder): string =>
    [table, customer?.name, number, pickupCode].filter(Boolean).join(' ').toLocaleLowerCase();
  return orders.filter((order) => words(order).includes(wanted));
}
