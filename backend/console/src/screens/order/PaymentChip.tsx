import { useTranslations } from 'use-intl';
import type { ListedOrder, OrderPaymentStatus } from '../../../../client/src/api.js';
import { Chip, type Tone } from '../../ui/Chip.js';

const TONES: Record<OrderPaymentStatus, Tone> = {
  unpaid: 'warn',
  partially_paid: 'warn',
  paid: 'ok',
  overpaid: 'bad',
  partially_refunded: undefined,
  refunded: undefined,
};

/** A cancelled order without payments owes nothing: there is nothing to say of it. */
export function PaymentChip({ order: { paymentStatus, status } }: { order: ListedOrder }) {
  const t = useTranslations('order.paymentStatus');
  if (status === 'cancelled' && paymentStatus === 'unpaid') return null;
  return <Chip tone={TONES[paymentStatus]}>{t(paymentStatus)}</Chip>;
}
