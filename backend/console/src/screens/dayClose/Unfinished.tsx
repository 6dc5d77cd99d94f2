import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import type { BusinessDay } from '../../../../client/src/api.js';
import { useScreenPath } from '../../app/ownScreens.js';
import { Chip } from '../../ui/Chip.js';
import { Icon } from '../../ui/Icon.js';
import { OrderStatusChip } from '../../ui/OrderStatusChip.js';
import { Money } from '../../ui/Values.js';

/** Orders and shifts that hold up the close, each with the way to it. */
export function Unfinished({ day: { unfinishedOrders, shifts } }: { day: BusinessDay }) {
  const t = useTranslations('dayClose');
  const orders = useScreenPath('orders');
  const openShifts = shifts?.list.filter(({ status }) => status === 'open') ?? [];
  if (unfinishedOrders.count === 0 && openShifts.length === 0)
    return (
      <section className="card row">
        <Chip tone="ok" icon="check">
          {t('allDone')}
        </Chip>
      </section>
    );
  return (
    <section className="card stack" aria-labelledby="day-close-open">
      <h2 id="day-close-open">{t('toClear', { count: unfinishedOrders.count })}</h2>
      <ul className="day-close__open">
        {unfinishedOrders.orders.map(({ id, number, status, dueTotal }) => (
          <li key={id}>
            {orders === undefined ? <span>{number}</span> : <Link href={`${orders}/${id}`}>{number}</Link>}
            <OrderStatusChip status={status} />
            <Money amount={dueTotal} />
          </li>
        ))}
        {openShifts.map(({ id, drawerName }) => (
          <li key={id}>
            <Icon name="cash" />
            <span>{t('openShift', { drawer: drawerName })}</span>
          </li>
        ))}
      </ul>
      {unfinishedOrders.count > unfinishedOrders.orders.length && <p className="muted">{t('andMore')}</p>}
    </section>
  );
}
