import { useTranslations } from 'use-intl';
import type { OrderPayments } from '../../../../client/src/api.js';
import { useCall } from '../../app/queries.js';
import { useFormat } from '../../i18n/format.js';
import { Region } from '../../ui/Region.js';

/** The payments and refunds of an order, oldest first. */
export function Money({ id }: { id: string }) {
  const t = useTranslations('order');
  const moved = useCall('getOrderPayments', { id });
  return (
    <section className="stack" aria-labelledby="order-payments">
      <h2 id="order-payments">{t('payments')}</h2>
      <Region
        query={moved}
        label={t('payments')}
        lines={2}
        isEmpty={({ payments, refunds }) => payments.length + refunds.length === 0}
        empty={<p className="muted">{t('noPayments')}</p>}
      >
        {(known) => <Moved {...known} />}
      </Region>
    </section>
  );
}

function Moved({ payments, refunds }: OrderPayments) {
  const t = useTranslations('order');
  const { money, moment } = useFormat();
  return (
    <ul className="order__moved">
      {payments.map(({ id, method, amount, tip, rounding, change, createdAt, reference, prepaid }) => (
        <li key={id}>
          <span className="order__line-text">
            <span>
              {t(prepaid?.kind === 'deposit' ? 'deposit' : `method.${method}`, { method: t(`method.${method}`) })}
            </span>
            <span className="muted">
              {[
                moment(createdAt),
                ...(tip > 0 ? [t('tipOf', { amount: money(tip) })] : []),
                ...(rounding === 0 ? [] : [t('roundingOf', { amount: money(rounding) })]),
                ...(change > 0 ? [t('changeOf', { amount: money(change) })] : []),
                ...(reference === null ? [] : [reference]),
              ].join(' · ')}
            </span>
          </span>
          <span className="number">{money(amount + tip)}</span>
        </li>
      ))}
      {refunds.map(({ id, method, amount, createdAt, reason }) => (
        <li key={id}>
          <span className="order__line-text">
            <span>{t('refundBy', { method: t(`method.${method}`) })}</span>
            <span className="muted">
              {moment(createdAt)} · {reason}
            </span>
          </span>
          <span className="number">{money(-amount)}</span>
        </li>
      ))}
    </ul>
  );
}
