import { useTranslations } from 'use-intl';
import { useFormat } from '../../i18n/format.js';
import { type Column, Table } from '../../ui/Table.js';
import type { Breaker, Report } from './report.js';
import { Lamp } from './State.js';

const TONES = { closed: 'ok', half_open: 'warn', open: 'bad' } as const;

/** Outside parties: an open breaker lets no call through until it tries again. */
export function Breakers({ report: { outside, documentNumbers } }: { report: Report }) {
  const t = useTranslations('health');
  const { number } = useFormat();
  const numbers: Breaker = {
    name: t('documentNumbers'),
    breaker: documentNumbers.breaker,
    running: 0,
    waiting: 0,
    recentAttempts: { succeeded: 0, failed: 0 },
  };
  const columns: Column<Breaker>[] = [
    { id: 'name', label: t('party'), cell: ({ name }) => name },
    {
      id: 'breaker',
      label: t('breaker'),
      cell: ({ breaker }) => <Lamp tone={TONES[breaker]} text={t(`breakers.${breaker}`)} />,
    },
    { id: 'running', label: t('running'), isNumber: true, cell: ({ running }) => number(running) },
    { id: 'waiting', label: t('waiting'), isNumber: true, cell: ({ waiting }) => number(waiting) },
    { id: 'good', label: t('succeeded'), isNumber: true, cell: (one) => number(one.recentAttempts.succeeded) },
    { id: 'bad', label: t('failed'), isNumber: true, cell: (one) => number(one.recentAttempts.failed) },
  ];
  return (
    <section className="card stack">
      <h2>{t('outside')}</h2>
      <Table columns={columns} rows={[...outside, numbers]} keyOf={({ name }) => name} caption={t('outside')} />
    </section>
  );
}
