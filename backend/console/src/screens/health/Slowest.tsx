import { useTranslations } from 'use-intl';
import { BarChart } from '../../charts/BarChart.js';
import { useFormat } from '../../i18n/format.js';
import { type Report, slowest } from './report.js';

const SHOWN = 8;
const KINDS = [
  { name: 'routes', timer: 'http_request_duration_seconds', tag: 'route' },
  { name: 'queries', timer: 'db_query_duration_seconds', tag: 'query' },
] as const;

/** Requests and statements of the last half minute to minute that took longest. */
export function Slowest({ report }: { report: Report }) {
  const t = useTranslations('health');
  const { number } = useFormat();
  const ms = (value: number): string => number(value, { maximumSignificantDigits: 3 });
  return (
    <div className="health__pictures">
      {KINDS.map(({ name, timer, tag }) => {
        const found = slowest(report, timer, tag, SHOWN);
        const [first] = found;
        const title = t(`${name}.title`, { name: first?.label ?? '–' });
        return (
          <div key={name} className="card">
            <BarChart
              title={first ? title : t(`${name}.none`)}
              unit={t('p95')}
              summary={first ? t('longest', { name: first.label, value: ms(first.p95Ms) }) : t(`${name}.none`)}
              bars={found.map(({ label, tags, count, p95Ms }) => ({
                id: JSON.stringify(tags),
                label,
                value: p95Ms,
                text: ms(p95Ms),
                detail: t('times', { count }),
              }))}
              table={{
                columns: [t(`${name}.column`), t('count'), 'p50', 'p95', 'p99'],
                rows: found.map(
                  ({ label, count, p50Ms, p95Ms, p99Ms }) =>
                    [label, number(count), ms(p50Ms), ms(p95Ms), ms(p99Ms)] as const,
                ),
              }}
            />
          </div>
        );
      })}
    </div>
  );
}
