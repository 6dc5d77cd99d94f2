import { useTranslations } from 'use-intl';
import type { DocumentStatus } from '../../../../client/src/api.js';
import { Chip, type Tone } from '../../ui/Chip.js';

const TONES: Record<DocumentStatus, Tone> = { draft: 'warn', issued: 'ok', voided: 'bad' };

export function StatusChip({ status }: { status: DocumentStatus }) {
  const t = useTranslations('documents.statuses');
  return <Chip tone={TONES[status]}>{t(status)}</Chip>;
}
