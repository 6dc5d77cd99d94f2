import { useTranslations } from 'use-intl';
import type { OrderHistoryEntry } from '../../../../client/src/api.js';
import { useMay } from '../../app/me.js';
import { useAll, useCall } from '../../app/queries.js';
import { useFormat } from '../../i18n/format.js';
import { Region } from '../../ui/Region.js';
import { Time } from '../../ui/Values.js';

/** The history of an order, oldest first. */
export function Timeline({ id }: { id: string }) {
  const t = useTranslations('order');
  const history = useCall('listOrderHistory', { id });
  const nameOf = useNames();
  const wordsOf = useWords();
  return (
    <section className="stack no-print" aria-labelledby="order-history">
      <h2 id="order-history">{t('history')}</h2>
      <Region query={history} label={t('history')} lines={3}>
        {({ data }) => (
          <ol className="order__history">
            {data.map((entry, place) => (
              // Entries are only added, so the place of one never changes.
              <li key={`${entry.at} ${place}`}>
                <Time at={entry.at} />
                <span>{wordsOf(entry)}</span>
                <span className="muted">{nameOf(entry)}</span>
              </li>
            ))}
          </ol>
        )}
      </Region>
    </section>
  );
}

function useNames(): (entry: OrderHistoryEntry) => string {
  const t = useTranslations('order.actor');
  const members = useAll('listMembers', {}, { enabled: useMay('members:read'), most: 500 });
  return ({ actor: { kind, id } }) => {
    if (kind === 'user') return members.data?.find(({ userId }) => userId === id)?.name ?? t('user');
    return t(kind === 'system' ? 'system' : 'device');
  };
}

/** An action in words; an action that is newer than this page has its own name. */
function useWords(): (entry: OrderHistoryEntry) => string {
  const t = useTranslations();
  const { money } = useFormat();
  return ({ action, changes }) => {
    const status = changes['status']?.to;
    if (action === 'order.status_changed' && typeof status === 'string') return t(`orderStatus.${status}`);
    const key = `order.did.${action.replace('.', '_')}`;
    if (!t.has(key)) return action;
    const moved = changes['paidTotal'] ?? changes['refundedTotal'];
    const amount = moved ? Number(moved.to) - Number(moved.from) : Number.NaN;
    return Number.isSafeInteger(amount) ? `${t(key)}: ${money(amount)}` : t(key);
  };
}
