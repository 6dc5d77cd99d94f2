import { useTranslations } from 'use-intl';
import type { DaySummary } from '../../../../client/src/api.js';
import { useMe } from '../../app/me.js';
import { BarChart } from '../../charts/BarChart.js';
import { ColumnChart } from '../../charts/ColumnChart.js';
import { LineChart } from '../../charts/LineChart.js';
import { amountOf } from '../../charts/scale.js';
import { StackedBar } from '../../charts/StackedBar.js';
import { useFormat } from '../../i18n/format.js';
import { Empty } from '../../ui/Empty.js';
import { cumulative, type Hour, hoursOfDay } from './hoursOfDay.js';

/** The day in pictures: by hour, so far, by payment, by dish. */
export function Pictures({ day }: { day: DaySummary }) {
  const t = useTranslations('today');
  const { restaurant } = useMe();
  const hourNow = hourIn(restaurant.timezone);
  const hours = hoursOfDay(day, restaurant.openingHours, hourNow);
  const hasSales = hours.some(({ revenue, before }) => revenue !== 0 || before !== 0);
  if (!hasSales)
    return (
      <div className="card">
        <Empty icon="today" title={t('noSales')} text={t('noSalesText')} />
      </div>
    );
  return (
    <>
      <div className="card">
        <ByHour hours={hours} />
      </div>
      <div className="card">
        <SoFar hours={hours} />
      </div>
      <div className="today__pair">
        {day.topItems.length > 0 && (
          <div className="card">
            <TopItems day={day} />
          </div>
        )}
        {day.payments.length > 0 && (
          <div className="card">
            <Payments day={day} />
          </div>
        )}
      </div>
    </>
  );
}

function hourIn(timeZone: string): number {
  return Number(new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', hourCycle: 'h23' }).format(new Date()));
}

function ByHour({ hours }: { hours: readonly Hour[] }) {
  const t = useTranslations('today');
  const { money, short } = useAxis();
  const busiest = hours.reduce((most, one) => (one.revenue > most.revenue ? one : most));
  const title = busiest.revenue > 0 ? t('busiest', { hour: busiest.label }) : t('noSalesYet');
  return (
    <ColumnChart
      title={title}
      unit={t('perHour')}
      summary={t('hoursSummary', { hour: busiest.label, amount: money(busiest.revenue) })}
      format={short}
      columns={hours.map(({ label, revenue, before, isOpen }) => ({ label, value: revenue, before, isShaded: isOpen }))}
      legend={[
        { label: t('todaySeries'), mark: '' },
        { label: t('weekBeforeSeries'), mark: 'figure__mark--before' },
        { label: t('openingHours'), mark: 'figure__mark--shade' },
      ]}
      table={{
        columns: [t('hour'), t('todaySeries'), t('weekBeforeSeries')],
        rows: hours.map(({ label, revenue, before }) => [label, money(revenue), money(before)]),
      }}
    />
  );
}

/** Compares with the same time of the week before, not with its whole day. */
function SoFar({ hours }: { hours: readonly Hour[] }) {
  const t = useTranslations('today');
  const { money, short } = useAxis();
  const [today, before] = [cumulative(hours.map((one) => one.revenue)), cumulative(hours.map((one) => one.before))];
  const now = hours.findLastIndex(({ hasBegun }) => hasBegun);
  const difference = (today[now] ?? 0) - (before[now] ?? 0);
  const title = t(difference >= 0 ? 'ahead' : 'behind', { amount: money(Math.abs(difference)) });
  return (
    <LineChart
      title={title}
      unit={t('soFar')}
      summary={title}
      format={short}
      labels={hours.map(({ label }) => label)}
      lines={[
        { label: t('todaySeries'), look: 'main', values: today.map((sum, at) => (at <= now ? sum : undefined)) },
        { label: t('weekBeforeSeries'), look: 'before', values: before },
      ]}
      table={{
        columns: [t('hour'), t('todaySeries'), t('weekBeforeSeries')],
        rows: hours.map(({ label }, at) => [label, at <= now ? money(today[at] ?? 0) : '–', money(before[at] ?? 0)]),
      }}
    />
  );
}

function TopItems({ day }: { day: DaySummary }) {
  const t = useTranslations('today');
  const { money, number } = useFormat();
  const [first] = day.topItems;
  return (
    <BarChart
      title={t('topItems', { name: first?.name ?? '' })}
      unit={t('revenueAndUnits')}
      summary={t('topItemsSummary', { names: day.topItems.map(({ name }) => name).join(', ') })}
      bars={day.topItems.map(({ menuItemId, name, revenue, units }) => ({
        id: menuItemId,
        label: name,
        value: amountOf(revenue),
        text: money(revenue),
        detail: t('units', { count: units }),
      }))}
      table={{
        columns: [t('item'), t('revenue'), t('sold')],
        rows: day.topItems.map(({ name, revenue, units }) => [name, money(revenue), number(units)]),
      }}
    />
  );
}

function Payments({ day }: { day: DaySummary }) {
  const t = useTranslations('today');
  const { money, number } = useFormat();
  const payments = day.payments.toSorted((a, b) => amountOf(b.amount) - amountOf(a.amount));
  const text = payments.map(({ method, amount }) => `${t(`method.${method}`)} ${money(amount)}`).join(', ');
  return (
    <StackedBar
      title={t('payments')}
      unit={t('paidToday')}
      summary={text}
      parts={payments.map(({ method, amount }) => ({
        id: method,
        label: t(`method.${method}`),
        value: amountOf(amount),
        text: money(amount),
      }))}
      table={{
        columns: [t('paymentMethod'), t('amount'), t('number')],
        rows: payments.map(({ method, amount, count }) => [t(`method.${method}`), money(amount), number(count)]),
      }}
    />
  );
}

/** Whole amounts, and short ones for the axis. */
function useAxis() {
  const { money, number, minor } = useFormat();
  return {
    money,
    short: (value: number) => number(value / minor(), { notation: 'compact', maximumFractionDigits: 1 }),
  };
}
