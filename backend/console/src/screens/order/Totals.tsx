import { useTranslations } from 'use-intl';
import type { Order, OrderPreview } from '../../../../client/src/api.js';
import { type Format, useFormat } from '../../i18n/format.js';

interface Sum {
  id: string;
  label: string;
  amount: number;
  look?: 'strong' | 'muted' | 'due';
}

/** An order, or one that is only priced: of it nothing is paid. */
export type Priced = OrderPreview & Partial<Pick<Order, 'paidTotal' | 'refundedTotal' | 'dueTotal'>>;

/**
 * The parts of the total: total = subtotal - discountTotal + serviceChargeTotal + added taxes +
 * tipTotal, and what of it is paid.
 */
export function Totals({ order }: { order: Priced }) {
  const t = useTranslations('order');
  const format = useFormat();
  return (
    <dl className="order__totals" aria-label={t('totals')}>
      {sumsOf(order, t, format).map(({ id, label, amount, look }) => (
        <div key={id} data-look={look}>
          <dt>{label}</dt>
          <dd className="number">{format.money(amount)}</dd>
        </div>
      ))}
    </dl>
  );
}

function sumsOf(order: Priced, t: ReturnType<typeof useTranslations>, { number }: Format): Sum[] {
  const rate = (percent: string): string =>
    number(Number(percent) / 100, { style: 'percent', maximumFractionDigits: 3 });
  const taxes = order.taxes.map(({ taxId, name, rate: percent, inclusive, amount }) => ({
    id: taxId + percent,
    label: t(inclusive ? 'taxIncluded' : 'taxAdded', { name, rate: rate(percent) }),
    amount,
    inclusive,
  }));
  const { paidTotal = 0, refundedTotal = 0, dueTotal = 0 } = order;
  const unless0 = (sum: Sum): Sum[] => (sum.amount === 0 ? [] : [sum]);
  return [
    { id: 'subtotal', label: t('subtotal'), amount: order.subtotal },
    ...unless0({ id: 'discount', label: t('discount'), amount: -order.discountTotal }),
    ...unless0({ id: 'service', label: t('serviceCharge'), amount: order.serviceChargeTotal }),
    ...taxes.filter(({ inclusive }) => !inclusive),
    ...unless0({ id: 'tip', label: t('tip'), amount: order.tipTotal }),
    { id: 'total', label: t('total'), amount: order.total, look: 'strong' },
    ...taxes.filter(({ inclusive }) => inclusive).map((tax): Sum => ({ ...tax, look: 'muted' })),
    ...unless0({ id: 'paid', label: t('paid'), amount: paidTotal }),
    ...unless0({ id: 'refunded', label: t('refunded'), amount: -refundedTotal }),
    ...unless0({
      id: 'due',
      label: t(dueTotal > 0 ? 'due' : 'owed'),
      amount: Math.abs(dueTotal),
      look: 'due',
    }),
  ];
}
