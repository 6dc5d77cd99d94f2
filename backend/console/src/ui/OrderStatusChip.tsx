import { useTranslations } from 'use-intl';
import type { OrderStatus } from '../../../client/src/api.js';
import { Chip, type Tone } from './Chip.js';

const TONES: Record<OrderStatus, Tone> = {
  placed: 'warn',
  accepted: 'info',
  preparing: 'info',
  ready: 'ok',
  completed: undefined,
  cancelled: 'bad',
};

export function OrderStatusChip({ status }: { status: OrderStatus }) {
  const t = useTranslations('orderStatus');
  return <Chip tone={TONES[status]}>{t(status)}</Chip>;
}
