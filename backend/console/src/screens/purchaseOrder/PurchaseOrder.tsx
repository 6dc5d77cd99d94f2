import { useTranslations } from 'use-intl';
import { Link, useParams } from 'wouter';
import type { PurchaseOrder } from '../../../../client/src/api.js';
import { useMay } from '../../app/me.js';
import { useCall } from '../../app/queries.js';
import { useFormat } from '../../i18n/format.js';
import { lookOf } from '../../ui/Button.js';
import { Icon } from '../../ui/Icon.js';
import { Notice } from '../../ui/Notice.js';
import { Region } from '../../ui/Region.js';
import { Money } from '../../ui/Values.js';
import { OrderChip } from '../purchasing/OrderChip.js';
import { OrderActions } from './OrderActions.js';
import { OrderLines } from './OrderLines.js';
import { Receipts } from './Receipts.js';

/** One purchase order: what is in it, what came, and what can be done now. */
export function Screen() {
  const t = useTranslations('purchaseOrder');
  const { id = '' } = useParams();
  const order = useCall('getPurchaseOrder', { id });
  return (
    <div className="screen purchase-order">
      <div className="purchase-order__head">
        <Link
          href="/purchasing"
          className={`${lookOf({ look: 'quiet' })} button--icon no-print`}
          aria-label={t('back')}
        >
          <Icon name="back" />
        </Link>
        <h1>{order.data ? `${order.data.supplierName} ${order.data.number ?? ''}` : t('title')}</h1>
      </div>
      <Region query={order} label={t('title')} lines={10}>
        {(data) => <Detail order={data} />}
      </Region>
    </div>
  );
}

function Detail({ order }: { order: PurchaseOrder }) {
  const t = useTranslations('purchaseOrder');
  const { date } = useFormat();
  const mayRead = useMay('purchasing:read');
  const facts = [
    [t('sentAt'), order.sentAt && date(order.sentAt)],
    [t('expected'), order.expectedAt && date(order.expectedAt)],
    [t('closedAt'), order.closedAt && date(order.closedAt)],
    [t('reason'), order.closeReason],
    [t('notes'), order.notes],
  ].filter(([, value]) => value);
  return (
    <>
      <section className="card stack">
        <div className="spread">
          <OrderChip order={order} />
          <strong className="purchase-order__total">
            <Money amount={order.total} />
          </strong>
        </div>
        <dl className="purchase-order__facts">
          {facts.map(([label, value]) => (
            <div key={label}>
              <dt className="muted">{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        {order.isBelowMinimum && order.status === 'draft' && (
          <Notice tone="warn">
            <span>{t('belowMinimum')}</span>
          </Notice>
        )}
        <OrderActions order={order} />
      </section>
      <section className="card stack">
        <h2>{t('lines')}</h2>
        <OrderLines order={order} />
      </section>
      {mayRead && <Receipts id={order.id} />}
    </>
  );
}
