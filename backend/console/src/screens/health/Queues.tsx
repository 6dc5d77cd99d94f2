import { useTranslations } from 'use-intl';
import { BarChart } from '../../charts/BarChart.js';
import { useFormat } from '../../i18n/format.js';
import { Notice } from '../../ui/Notice.js';
import type { Queue } from './report.js';

/** The others are in the table. */
function isBusy({ queued, running, failed, isPaused }: Queue): boolean {
  return queued + running + failed > 0 || isPaused;
}

/** Work in the background, the longest queue first. */
export function Queues({ queues }: { queues: readonly Queue[] | null }) {
  const t = useTranslations('health');
  const { number } = useFormat();
  if (queues === null) return <Notice tone="warn">{t('noQueues')}</Notice>;
  const sorted = queues.toSorted((a, b) => b.queued + b.failed - a.queued - a.failed || a.kind.localeCompare(b.kind));
  const waiting = queues.reduce((sum, { queued }) => sum + queued, 0);
  const failed = queues.reduce((sum, one) => sum + one.failed, 0);
  const detailOf = (one: Queue): string =>
    [one.failed > 0 && t('failedJobs', { count: one.failed }), one.isPaused && t('paused')].filter(Boolean).join(' · ');
  return (
    <div className="card">
      <BarChart
        title={t('jobs.title', { waiting, failed })}
        unit={t('jobs.unit')}
        summary={t('jobs.title', { waiting, failed })}
        bars={sorted.filter(isBusy).map((one) => ({
          id: one.kind,
          label: one.kind,
          value: one.queued,
          text: number(one.queued),
          ...(detailOf(one) && { detail: detailOf(one) }),
        }))}
        table={{
          columns: [t('jobs.kind'), t('waiting'), t('running'), t('failed'), t('jobs.oldest')],
          rows: sorted.map(
            (one) =>
              [
                one.kind,
                number(one.queued),
                number(one.running),
                number(one.failed),
                number(one.oldestSeconds, { maximumFractionDigits: 0 }),
              ] as const,
          ),
        }}
      />
    </div>
  );
}
