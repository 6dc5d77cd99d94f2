import { useTranslations } from 'use-intl';
import type { Order } from '../../../../client/src/api.js';
import { useFormat } from '../../i18n/format.js';
import { Icon } from '../../ui/Icon.js';
import { Notice } from '../../ui/Notice.js';
import { OrderStatusChip } from '../../ui/OrderStatusChip.js';
import { Duration } from '../../ui/Values.js';
import { isOpen } from './actions.js';
import { ActionBar } from './ActionBar.js';
import { Lines } from './Lines.js';
import { Money } from './MoneyParts.js';
import { PaymentChip } from './PaymentChip.js';
import { Timeline } from './Timeline.js';
import { Totals } from './Totals.js';

/** All that is known of an order, and all that can be done with it now. */
export function Detail({ order, etag }: { order: Order; etag: string }) {
  const t = useTranslations('order');
  return (
    <div className="order">
      <Facts order={order} />
      <ActionBar order={order} etag={etag} />
      {order.notes !== null && <Notice tone="info">{order.notes}</Notice>}
      {order.cancelReason !== null && <Notice tone="warn">{t('cancelledFor', { reason: order.cancelReason })}</Notice>}
      <Lines order={order} />
      <Totals order={order} />
      <Money id={order.id} />
      <Timeline id={order.id} />
    </div>
  );
}

function Facts({ order }: { order: Order }) {
  const t = useTranslations();
  const { date } = useFormat();
  const { table, customer, guests, pickupCode, scheduledFor } = order;
  const facts = [
    t(`orderType.${order.type}`),
    ...(guests === null ? [] : [t('order.guests', { count: guests })]),
    ...(pickupCode === null ? [] : [t('order.pickup', { code: pickupCode })]),
  ];
  return (
    <div className="stack order__facts">
      <div className="spread">
        <p className="order__who">
          <Icon name={order.type} />
          {table === null ? (customer?.name ?? t(`orderType.${order.type}`)) : t('table', { name: table })}
        </p>
        <span className="row">
          <OrderStatusChip status={order.status} />
          <PaymentChip order={order} />
        </span>
      </div>
      <p className="muted">{facts.join(' · ')}</p>
      <p className="muted">
        {t('order.placedAt', { time: date(order.createdAt) })}
        {isOpen(order.status) && (
          <>
            {' · '}
            <Duration since={order.createdAt} />
          </>
        )}
      </p>
      {scheduledFor !== null && <p>{t('order.scheduled', { time: date(scheduledFor) })}</p>}
      {customer !== null && <Contact customer={customer} isNamed={table === null} />}
    </div>
  );
}

function Contact({ customer, isNamed }: { customer: NonNullable<Order['customer']>; isNamed: boolean }) {
  const { name, phone, email, address } = customer;
  const words = [isNamed ? undefined : name, address].filter(Boolean);
  return (
    <p className="row">
      {words.length > 0 && <span>{words.join(', ')}</span>}
      {phone && <a href={`tel:${phone}`}>{phone}</a>}
      {email && <a href={`mailto:${email}`}>{email}</a>}
    </p>
  );
}
