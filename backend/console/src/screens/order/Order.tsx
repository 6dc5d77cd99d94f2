import { useTranslations } from 'use-intl';
import { Link, useParams } from 'wouter';
import { useTagged } from '../../app/queries.js';
import { useScreenPath } from '../../app/ownScreens.js';
import { lookOf } from '../../ui/Button.js';
import { Icon } from '../../ui/Icon.js';
import { Region } from '../../ui/Region.js';
import { Detail } from './Detail.js';

/** One order as a page: for phones, and for links. */
export function Screen() {
  const t = useTranslations('order');
  const { id = '' } = useParams();
  const order = useTagged('getOrder', { id });
  const list = useScreenPath('orders');
  return (
    <div className="screen order-page">
      <div className="order-page__head">
        {list !== undefined && (
          <Link href={list} className={`${lookOf({ look: 'quiet' })} button--icon no-print`} aria-label={t('back')}>
            <Icon name="back" />
          </Link>
        )}
        <h1>{order.data ? t('name', { number: order.data.data.number }) : t('title')}</h1>
      </div>
      <Region query={order} label={t('title')} lines={10}>
        {({ data, etag }) => (
          <div className="card">
            <Detail order={data} etag={etag ?? ''} />
          </div>
        )}
      </Region>
    </div>
  );
}
