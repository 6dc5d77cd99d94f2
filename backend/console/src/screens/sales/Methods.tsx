import { useTranslations } from 'use-intl';
import type { PaymentsReportEntry } from '../../../../client/src/api.js';
import { useCall } from '../../app/queries.js';
import { amountOf } from '../../charts/scale.js';
import { StackedBar } from '../../charts/StackedBar.js';
import { useFormat } from '../../i18n/format.js';
import { Region } from '../../ui/Region.js';
import type { Period } from './period.js';

/** Payments by method: money that came in the period, tips included, less what went back. */
export function Methods({ period }: { period: Period }) {
  const t = useTranslations('sales');
  const { money, number } = useFormat();
  const report = useCall('getPaymentsReport', { query: { ...period, groupBy: 'method' } }, { keeps: true });
  const name = ({ key }: PaymentsReportEntry): string => (t.has(`methods.${key}`) ? t(`methods.${key}`) : key);
  return (
    <div className="card">
      <Region query={report} label={t('by.method')} lines={4}>
        {({ data }) => {
          const entries = data.toSorted((a, b) => amountOf(b.net) - amountOf(a.net));
          if (entries[0] === undefined) return <p className="muted">{t('nothingPaid')}</p>;
          return (
            <StackedBar
              title={t('typeLeads', { name: name(entries[0]) })}
              unit={t('by.method')}
              summary={entries.map((one) => `${name(one)} ${money(one.net)}`).join(', ')}
              parts={entries.map((one) => ({
                id: one.key,
                label: name(one),
                value: amountOf(one.net),
                text: money(one.net),
              }))}
              table={{
                columns: [t('method'), t('net'), t('tiles.tips'), t('tiles.refunds'), t('payments')],
                rows: entries.map((one) => [
                  name(one),
                  money(one.net),
                  money(one.tip),
                  money(one.refundAmount),
                  number(one.payments),
                ]),
              }}
            />
          );
        }}
      </Region>
    </div>
  );
}
