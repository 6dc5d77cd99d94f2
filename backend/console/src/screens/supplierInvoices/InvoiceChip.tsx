import { useTranslations } from 'use-intl';
import type { SupplierMailReceivedEntryStatus } from '../../../../client/src/api.js';
import { Chip, type Tone } from '../../ui/Chip.js';

const TONES: Record<SupplierMailReceivedEntryStatus, Tone> = {
  received: undefined,
  extracting: undefined,
  review: 'warn',
  approved: 'info',
  posted: 'ok',
  reversed: undefined,
  failed: 'bad',
  rejected: 'bad',
};

export function InvoiceChip({ status }: { status: SupplierMailReceivedEntryStatus }) {
  const t = useTranslations('supplierInvoices.status');
  return <Chip tone={TONES[status]}>{t(status)}</Chip>;
}
