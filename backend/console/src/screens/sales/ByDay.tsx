import { useTranslations } from 'use-intl';
import type { SalesReport } from '../../../../client/src/api.js';
import { ColumnChart } from '../../charts/ColumnChart.js';
import { amountOf } from '../../charts/scale.js';
import { useFormat } from '../../i18n/format.js';
import { daysOf, type Period, periodBefore } from './period.js';
import { useAxis } from './useAxis.js';

interface ByDayProps {
  report: SalesReport;
  before: SalesReport | undefined;
  period: Period;
}

/**
 * A column for each day, also for those without a sale; the day of the period before is outlined.
 */
export function ByDay({ report, before, period }: ByDayProps) {
  const t = useTranslations('sales');
  const { day } = useFormat();
  const { money, short } = useAxis();
  const daysBefore = daysOf(periodBefore(period));
  const days = daysOf(period).map((date, place) => ({
    date,
    label: day(date, { day: 'numeric', month: 'short' }),
    value: revenueOn(report, date),
    before: before ? revenueOn(before, daysBefore[place] ?? '') : 0,
  }));
  const best = days.reduce((most, one) => (one.value > most.value ? one : most));
  const name = (date: string): string => day(date, { weekday: 'long', day: 'numeric', month: 'long' });
  const finding = t('bestDay', { day: name(best.date), amount: money(best.value) });
  return (
    <ColumnChart
      title={finding}
      unit={t('revenuePerDay')}
      summary={finding}
      format={short}
      columns={days}
      legend={[
        { label: t('thisPeriod'), mark: '' },
        { label: t('periodBefore'), mark: 'figure__mark--before' },
      ]}
      table={{
        columns: [t('day'), t('thisPeriod'), t('periodBefore')],
        rows: days.map((one) => [name(one.date), money(one.value), money(one.before)]),
      }}
    />
  );
}

function revenueOn({ data }: SalesReport, date: string): number {
  return amountOf(data.find(({ key }) => key === date)?.revenue ?? 0);
}
