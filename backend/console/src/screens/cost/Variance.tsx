import { useTranslations } from 'use-intl';
import type { StockVariance, StockVarianceReport } from '../../../../client/src/api.js';
import { useCall } from '../../app/queries.js';
import { DivergingBars } from '../../charts/DivergingBars.js';
import { amountOf } from '../../charts/scale.js';
import { useFormat } from '../../i18n/format.js';
import { Empty } from '../../ui/Empty.js';
import { Notice } from '../../ui/Notice.js';
import { Region } from '../../ui/Region.js';
import { PeriodBar, usePeriod } from '../sales/PeriodBar.js';

const [PAGE_SIZE, MOST_BARS] = [100, 20];

/** Stock that was used beyond the recipes, in money: waste, theft, large portions, wrong counts. */
export function Variance() {
  const t = useTranslations('cost');
  const [period, setPeriod] = usePeriod();
  const report = useCall('getStockVarianceReport', { query: { ...period, limit: PAGE_SIZE } }, { keeps: true });
  return (
    <div className="stack">
      <PeriodBar period={period} onChange={setPeriod} />
      <Region
        query={report}
        label={t('views.variance')}
        lines={8}
        isEmpty={({ data }) => data.length === 0}
        empty={<Empty icon="stock" title={t('noVariance')} text={t('noVarianceText')} />}
      >
        {(known) => <Items report={known} />}
      </Region>
    </div>
  );
}

function Items({ report: { data, totals, nextCursor } }: { report: StockVarianceReport }) {
  const t = useTranslations('cost');
  const { money } = useFormat();
  const valueOf = ({ varianceValue }: StockVariance): number => amountOf(varianceValue);
  const items = data.toSorted((a, b) => Math.abs(valueOf(b)) - Math.abs(valueOf(a)));
  const finding = t('varianceFound', { amount: money(totals.varianceValue) });
  const quantity = (value: string, unit: string): string => `${value} ${unit}`;
  return (
    <div className="card stack">
      {nextCursor !== null && <Notice tone="info">{t('firstItems', { count: PAGE_SIZE })}</Notice>}
      <DivergingBars
        title={finding}
        unit={t('varianceUnit')}
        summary={finding}
        bars={items.slice(0, MOST_BARS).map((item) => ({
          id: item.inventoryItemId,
          label: item.name,
          value: valueOf(item),
          text: money(item.varianceValue),
          detail: quantity(item.variance, item.unit),
        }))}
        table={{
          columns: [t('item'), t('theoretical'), t('actual'), t('difference'), t('value')],
          rows: items.map((item) => [
            item.name,
            quantity(item.theoreticalUse, item.unit),
            quantity(item.actualUse, item.unit),
            quantity(item.variance, item.unit),
            money(item.varianceValue),
          ]),
        }}
      />
    </div>
  );
}
