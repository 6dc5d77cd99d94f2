import { useTranslations } from 'use-intl';
import type { SalesReport } from '../../../../client/src/api.js';
import { useCall } from '../../app/queries.js';
import { useFormat } from '../../i18n/format.js';
import { Button } from '../../ui/Button.js';
import { ExportButton } from '../../ui/ExportButton.js';
import { Empty } from '../../ui/Empty.js';
import { Region } from '../../ui/Region.js';
import { ByDay } from './ByDay.js';
import { Methods } from './Methods.js';
import { ByHour, ByKind, Shares } from './Parts.js';
import { type Period, periodBefore } from './period.js';
import { PeriodBar, usePeriod } from './PeriodBar.js';
import { SalesTiles } from './SalesTiles.js';
import { Week } from './Week.js';

/** The sales of a period, beside the period before. */
export function Screen() {
  const t = useTranslations('sales');
  const [period, setPeriod] = usePeriod();
  const now = useCall('getSalesReport', { query: { ...period, groupBy: 'day' } }, { keeps: true });
  const before = useCall('getSalesReport', { query: { ...periodBefore(period), groupBy: 'day' } }, { keeps: true });
  return (
    <div className="screen sales">
      <div className="spread">
        <h1>{t('title')}</h1>
        <div className="row no-print">
          <ExportButton
            name="getSalesReport"
            takes={{ query: { ...period, groupBy: 'item' } }}
            fileName={`sales-${period.from}-${period.to}`}
          />
          <Button icon="print" onClick={() => print()}>
            {t('print')}
          </Button>
        </div>
      </div>
      <PeriodBar period={period} onChange={setPeriod} />
      <Compared period={period} />
      <Region query={now} label={t('title')} lines={8}>
        {(report) => (
          <div className={now.isPlaceholderData ? 'sales__body is-old' : 'sales__body'}>
            <Report report={report} before={before.data} period={period} />
          </div>
        )}
      </Region>
    </div>
  );
}

function Compared({ period }: { period: Period }) {
  const t = useTranslations('sales');
  const { day } = useFormat();
  const short = (date: string): string =>
    day(date, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' });
  const words = ({ from, to }: Period): string => (from === to ? short(from) : `${short(from)} – ${short(to)}`);
  return <p className="muted">{t('compared', { period: words(period), before: words(periodBefore(period)) })}</p>;
}

interface ReportProps {
  report: SalesReport;
  /** Absent until it is loaded. */
  before: SalesReport | undefined;
  period: Period;
}

function Report({ report, before, period }: ReportProps) {
  const t = useTranslations('sales');
  return (
    <>
      <SalesTiles report={report} before={before} />
      {report.orders === 0 ? (
        <div className="card">
          <Empty icon="sales" title={t('none')} text={t('noneText')} />
        </div>
      ) : (
        <>
          <div className="card">
            <ByDay report={report} before={before} period={period} />
          </div>
          <Week period={period} />
          <div className="sales__pair">
            <ByKind period={period} kind="item" />
            <ByKind period={period} kind="category" />
            <ByHour period={period} />
            <Shares period={period} />
            <Methods period={period} />
          </div>
        </>
      )}
    </>
  );
}
