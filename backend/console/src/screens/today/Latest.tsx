import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import type { ListedOrder } from '../../../../client/src/api.js';
import { useCall } from '../../app/queries.js';
import { useScreenPath } from '../../app/ownScreens.js';
import { Empty } from '../../ui/Empty.js';
import { Icon } from '../../ui/Icon.js';
import { OrderStatusChip } from '../../ui/OrderStatusChip.js';
import { Region } from '../../ui/Region.js';
import { Money, Time } from '../../ui/Values.js';

const SHOWN = 10;

/** The newest orders, as they come in. */
export function Latest() {
  const t = useTranslations('today');
  const orders = useCall('listOrders', { query: { sort: '-placedAt', limit: SHOWN, lines: false } });
  return (
    <section className="card stack" aria-labelledby="today-latest">
      <h2 id="today-latest">{t('latest')}</h2>
      <Region
        query={orders}
        label={t('latest')}
        isEmpty={({ data }) => data.length === 0}
        empty={<Empty icon="orders" title={t('noOrders')} text={t('noOrdersText')} />}
      >
        {({ data }) => (
          <ul className="today__list">
            {data.map((order) => (
              <Order key={order.id} order={order} />
            ))}
          </ul>
        )}
      </Region>
    </section>
  );
}

function Order({ order }: { order: ListedOrder }) {
  const t = useTranslations();
  const orders = useScreenPath('orders');
  const name = order.table ? t('table', { name: order.table }) : (order.customer?.name ?? t(`orderType.${order.type}`));
  return (
    <li className="today__order">
      <Icon name={order.type} label={t(`orderType.${order.type}`)} />
      <span className="today__order-name">
        <bdi>{orders === undefined ? name : <Link href={`${orders}/${order.id}`}>{name}</Link>}</bdi>
        <span className="muted">
          {order.number.slice(-4)} · <Time at={order.createdAt} />
        </span>
      </span>
      <OrderStatusChip status={order.status} />
      <Money amount={order.total} />
    </li>
  );
}
