import { useTranslations } from 'use-intl';
import type { ListedOrder } from '../../../../client/src/api.js';
import { useFormat } from '../../i18n/format.js';
import { Chip } from '../../ui/Chip.js';
import { Icon } from '../../ui/Icon.js';
import { OrderStatusChip } from '../../ui/OrderStatusChip.js';
import { Duration, Money } from '../../ui/Values.js';
import { type Draft, isWaiting } from './draft.js';
import { useNameOf } from './words.js';

/** An open order: who it is for, how long ago, and what is still to be paid. */
export function OrderCard({ order, added, onOpen }: { order: ListedOrder; added: number; onOpen: () => void }) {
  const t = useTranslations('till');
  const words = useTranslations('order');
  const { moment } = useFormat();
  const nameOf = useNameOf();
  const { type, guests, customer, table, pickupCode, scheduledFor, dueTotal, paidTotal, number } = order;
  const facts = [
    ...(table !== null && customer?.name ? [customer.name] : []),
    ...(guests === null ? [] : [t('guests', { count: guests })]),
    pickupCode ?? number,
    ...(scheduledFor === null ? [] : [words('scheduled', { time: moment(scheduledFor) })]),
  ];
  return (
    <button type="button" className="till-card" onClick={onOpen}>
      <span className="till-card__name">
        <Icon name={type} />
        <span>{nameOf(order)}</span>
      </span>
      <span className="muted">{facts.join(' · ')}</span>
      <span className="till-card__chips">
        <OrderStatusChip status={order.status} />
        {added > 0 && (
          <Chip tone="info" icon="edit">
            {t('notSent', { count: added })}
          </Chip>
        )}
      </span>
      <span className="till-card__foot">
        <span className="muted">
          <Duration since={order.createdAt} />
        </span>
        {dueTotal <= 0 && paidTotal > 0 ? (
          <Chip tone="ok" icon="check">
            {t('paid')}
          </Chip>
        ) : (
          <strong>
            <Money amount={dueTotal} />
          </strong>
        )}
      </span>
    </button>
  );
}

/** An order that was begun in this browser, and that nobody else sees yet. */
export function DraftCard({ draft, onOpen }: { draft: Draft; onOpen: () => void }) {
  const t = useTranslations('till');
  const words = useTranslations('order');
  const { moment } = useFormat();
  const nameOf = useNameOf();
  const facts = [
    t('items', { count: draft.lines.length }),
    ...(draft.scheduledFor ? [words('scheduled', { time: moment(draft.scheduledFor) })] : []),
  ];
  return (
    <button type="button" className="till-card till-card--draft" onClick={onOpen}>
      <span className="till-card__name">
        <Icon name={draft.type} />
        <span>{nameOf(draft)}</span>
      </span>
      <span className="muted">{facts.join(' · ')}</span>
      <span className="till-card__chips">
        <Chip tone={isWaiting(draft) ? 'warn' : 'info'} icon="edit">
          {t(isWaiting(draft) ? 'unanswered' : 'draft')}
        </Chip>
      </span>
    </button>
  );
}
