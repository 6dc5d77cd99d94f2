import { useTranslations } from 'use-intl';
import type { SalesReportEntry } from '../../../../client/src/api.js';
import { useCall } from '../../app/queries.js';
import { BarChart } from '../../charts/BarChart.js';
import { ColumnChart } from '../../charts/ColumnChart.js';
import { amountOf } from '../../charts/scale.js';
import { StackedBar } from '../../charts/StackedBar.js';
import { useFormat } from '../../i18n/format.js';
import { Region } from '../../ui/Region.js';
import type { Period } from './period.js';
import { useAxis } from './useAxis.js';

const MOST_BARS = 12;

interface PartProps {
  period: Period;
}

/** The items or categories that brought the most. */
export function ByKind({ period, kind }: PartProps & { kind: 'item' | 'category' }) {
  const t = useTranslations('sales');
  const report = useCall('getSalesReport', { query: { ...period, groupBy: kind } }, { keeps: true });
  return (
    <div className="card">
      <Region query={report} label={t(`by.${kind}`)} lines={6}>
        {({ data, revenue }) => <Bars entries={byRevenue(data)} kind={kind} whole={amountOf(revenue)} />}
      </Region>
    </div>
  );
}

function byRevenue(entries: readonly SalesReportEntry[]): SalesReportEntry[] {
  return entries.toSorted((a, b) => amountOf(b.revenue) - amountOf(a.revenue));
}

interface BarsProps {
  entries: readonly SalesReportEntry[];
  kind: 'item' | 'category';
  /** Revenue of all, of which each bar is a share. */
  whole: number;
}

function Bars({ entries, kind, whole }: BarsProps) {
  const t = useTranslations('sales');
  const { money, number, percent } = useFormat();
  const share = (revenue: number | string): string => percent(whole === 0 ? 0 : amountOf(revenue) / whole);
  const shown = entries.slice(0, MOST_BARS);
  return (
    <BarChart
      title={t('sellsBest', { name: shown[0]?.label ?? '' })}
      unit={t(`by.${kind}`)}
      summary={shown.map(({ label, revenue }) => `${label} ${money(revenue)}`).join(', ')}
      bars={shown.map(({ key, label, revenue }) => ({
        id: key,
        label,
        value: amountOf(revenue),
        text: money(revenue),
        detail: share(revenue),
      }))}
      table={{
        columns: [t(kind), t('tiles.revenue'), t('share'), t('tiles.units')],
        rows: entries.map(({ label, revenue, units }) => [label, money(revenue), share(revenue), number(units)]),
      }}
    />
  );
}

/** The hours of all days together. */
export function ByHour({ period }: PartProps) {
  const t = useTranslations('sales');
  const report = useCall('getSalesReport', { query: { ...period, groupBy: 'hour' } }, { keeps: true });
  return (
    <div className="card">
      <Region query={report} label={t('by.hour')} lines={6}>
        {({ data }) => <Hours entries={data} />}
      </Region>
    </div>
  );
}

function Hours({ entries }: { entries: readonly SalesReportEntry[] }) {
  const t = useTranslations('sales');
  const { number } = useFormat();
  const { money, short } = useAxis();
  // The report of a quiet period may come before the page knows that it is quiet.
  if (entries.length === 0) return null;
  const hours = hoursBetween(entries);
  const best = hours.reduce((most, one) => (one.value > most.value ? one : most));
  const finding = t('bestHour', { hour: best.label });
  return (
    <ColumnChart
      title={finding}
      unit={t('by.hour')}
      summary={finding}
      format={short}
      columns={hours}
      table={{
        columns: [t('hour'), t('tiles.revenue'), t('tiles.orders')],
        rows: hours.map(({ label, value, orders }) => [label, money(value), number(orders)]),
      }}
    />
  );
}

/** From the first hour with a sale to the last, those between without a gap. */
function hoursBetween(entries: readonly SalesReportEntry[]) {
  const known = new Map(entries.map((entry) => [Number.parseInt(entry.key, 10), entry]));
  const [first, last] = [Math.min(...known.keys()), Math.max(...known.keys())];
  return Array.from({ length: last - first + 1 }, (_, at) => {
    const entry = known.get(first + at);
    const label = `${String(first + at).padStart(2, '0')}:00`;
    return { label, value: amountOf(entry?.revenue ?? 0), orders: entry?.orders ?? 0 };
  });
}

/** The shares of tables, takeaway and delivery. */
export function Shares({ period }: PartProps) {
  const t = useTranslations();
  const { money, number } = useFormat();
  const report = useCall('getSalesReport', { query: { ...period, groupBy: 'type' } }, { keeps: true });
  return (
    <div className="card">
      <Region query={report} label={t('sales.by.type')} lines={4}>
        {({ data }) => {
          const entries = byRevenue(data);
          const name = ({ key, label }: SalesReportEntry): string =>
            t.has(`orderType.${key}`) ? t(`orderType.${key}`) : label;
          return (
            <StackedBar
              title={t('sales.typeLeads', { name: entries[0] ? name(entries[0]) : '' })}
              unit={t('sales.by.type')}
              summary={entries.map((one) => `${name(one)} ${money(one.revenue)}`).join(', ')}
              parts={entries.map((one) => ({
                id: one.key,
                label: name(one),
                value: amountOf(one.revenue),
                text: money(one.revenue),
              }))}
              table={{
                columns: [t('sales.type'), t('sales.tiles.revenue'), t('sales.tiles.orders')],
                rows: entries.map((one) => [name(one), money(one.revenue), number(one.orders)]),
              }}
            />
          );
        }}
      </Region>
    </div>
  );
}
