import { useTranslations } from 'use-intl';
import type { SalesReportEntry } from '../../../../client/src/api.js';
import { useCall } from '../../app/queries.js';
import { Heatmap } from '../../charts/Heatmap.js';
import { amountOf } from '../../charts/scale.js';
import { useFormat } from '../../i18n/format.js';
import { Region } from '../../ui/Region.js';
import type { Period } from './period.js';

/** A Monday, of which the names of the weekdays are made. */
const MONDAY = Date.parse('2026-11-30T12:00:00Z');
const DAY_MS = 24 * 3_600_000;
const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7];

/** The hours of each weekday: when the house is full. */
export function Week({ period }: { period: Period }) {
  const t = useTranslations('sales');
  const report = useCall('getSalesReport', { query: { ...period, groupBy: 'weekday_hour' } }, { keeps: true });
  return (
    <div className="card">
      <Region query={report} label={t('by.weekdayHour')} lines={6}>
        {({ data }) => (data.length === 0 ? null : <Hours entries={data} />)}
      </Region>
    </div>
  );
}

function Hours({ entries }: { entries: readonly SalesReportEntry[] }) {
  const t = useTranslations('sales');
  const { money, number } = useFormat();
  const weekday = useWeekday();
  const known = new Map(entries.map((entry) => [entry.key, entry]));
  const hours = hoursOf(entries);
  const valueAt = (day: number, hour: string): number => amountOf(known.get(`${day}-${hour}`)?.revenue ?? 0);
  const best = entries.reduce((most, one) => (amountOf(one.revenue) > amountOf(most.revenue) ? one : most));
  const nameOf = ({ key }: SalesReportEntry): string => `${weekday(Number(key.slice(0, 1)))} ${key.slice(2)}:00`;
  return (
    <Heatmap
      title={t('bestHour', { hour: nameOf(best) })}
      unit={t('by.weekdayHour')}
      summary={t('bestHour', { hour: nameOf(best) })}
      columns={hours}
      rows={WEEKDAYS.map((day) => ({ label: weekday(day), values: hours.map((hour) => valueAt(day, hour)) }))}
      format={(value) => money(value)}
      table={{
        columns: [t('hour'), t('tiles.revenue'), t('tiles.orders')],
        rows: entries.map((one) => [nameOf(one), money(one.revenue), number(one.orders)]),
      }}
    />
  );
}

/** @returns the short name of a weekday; 1 is Monday. */
function useWeekday(): (day: number) => string {
  const { day } = useFormat();
  return (number) => day(new Date(MONDAY + (number - 1) * DAY_MS).toISOString().slice(0, 10), { weekday: 'short' });
}

/** From the first hour with a sale to the last, those between without a gap. */
function hoursOf(entries: readonly SalesReportEntry[]): string[] {
  const found = entries.map(({ key }) => Number(key.slice(2)));
  const [first, last] = [Math.min(...found), Math.max(...found)];
  return Array.from({ length: last - first + 1 }, (_, at) => String(first + at).padStart(2, '0'));
}
