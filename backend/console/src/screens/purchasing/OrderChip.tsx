import { useTranslations } from 'use-intl';
import type { PurchaseOrder, PurchaseOrderStatus } from '../../../../client/src/api.js';
import { Chip, type Tone } from '../../ui/Chip.js';

const TONES: Record<PurchaseOrderStatus, Tone> = {
  draft: undefined,
  sent: 'info',
  partly_received: 'warn',
  received: 'ok',
  cancelled: 'bad',
};

export function OrderChip({ order: { status, isClosedShort } }: { order: PurchaseOrder }) {
  const t = useTranslations('purchasing');
  return (
    <Chip tone={isClosedShort ? 'warn' : TONES[status]}>
      {isClosedShort ? t('closedShort') : t(`status.${status}`)}
    </Chip>
  );
}
