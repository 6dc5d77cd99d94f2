import { useTranslations } from 'use-intl';
import { Link, useParams } from 'wouter';
import { useCall } from '../../app/queries.js';
import { lookOf } from '../../ui/Button.js';
import { Empty } from '../../ui/Empty.js';
import { Icon } from '../../ui/Icon.js';
import { Region } from '../../ui/Region.js';
import { DeliverySheet } from './DeliverySheet.js';

/** A delivery is taken in at the door, with a phone in one hand. */
export function Screen() {
  const t = useTranslations('receiving');
  const { id = '' } = useParams();
  const order = useCall('getPurchaseOrder', { id });
  const back = `/purchasing/${id}`;
  return (
    <div className="screen receiving">
      <div className="purchase-order__head">
        <Link href={back} className={`${lookOf({ look: 'quiet' })} button--icon no-print`} aria-label={t('back')}>
          <Icon name="back" />
        </Link>
        <h1>{order.data ? t('from', { supplier: order.data.supplierName }) : t('title')}</h1>
      </div>
      <Region query={order} label={t('title')} lines={8}>
        {(data) =>
          data.status === 'draft' || data.status === 'cancelled' ? (
            <Empty icon="truck" title={t('notSent')} text={t('notSentText')}>
              <Link href={back} className={lookOf({})}>
                {t('back')}
              </Link>
            </Empty>
          ) : (
            <DeliverySheet order={data} />
          )
        }
      </Region>
    </div>
  );
}
