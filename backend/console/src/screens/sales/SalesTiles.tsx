import { useTranslations } from 'use-intl';
import type { SalesReport } from '../../../../client/src/api.js';
import { amountOf } from '../../charts/scale.js';
import { useFormat } from '../../i18n/format.js';
import { Icon } from '../../ui/Icon.js';

interface Tile {
  id: string;
  value: string;
  now: number;
  before: number | undefined;
  beforeText: string | undefined;
}

/** The sums of the period, each with that of the period before and the difference in per cent. */
export function SalesTiles({ report, before }: { report: SalesReport; before: SalesReport | undefined }) {
  const t = useTranslations('sales');
  return (
    <dl className="sales-tiles">
      {useTiles(report, before).map(({ id, value, now, before: then, beforeText }) => (
        <div key={id} className="card sales-tile">
          <dt>{t(`tiles.${id}`)}</dt>
          <dd className="sales-tile__value number">{value}</dd>
          <dd className="muted sales-tile__before">
            {then !== undefined && <Difference now={now} before={then} />}
            {beforeText !== undefined && <span>{t('before', { value: beforeText })}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Difference({ now, before }: { now: number; before: number }) {
  const t = useTranslations('sales');
  const { percent } = useFormat();
  if (before === 0 || now === before) return null;
  const share = percent(Math.abs(now - before) / Math.abs(before));
  return (
    <span className="sales-tile__difference" data-direction={now > before ? 'up' : 'down'}>
      <Icon name={now > before ? 'up' : 'down'} />
      {t(now > before ? 'more' : 'less', { share })}
    </span>
  );
}

function useTiles(report: SalesReport, before: SalesReport | undefined): Tile[] {
  const { money, number } = useFormat();
  const tile = (
    id: string,
    read: (of: SalesReport) => number | string,
    write: (value: number | string) => string,
  ): Tile => ({
    id,
    value: write(read(report)),
    now: amountOf(read(report)),
    before: before && amountOf(read(before)),
    beforeText: before && write(read(before)),
  });
  const count = (value: number | string): string => number(Number(value));
  return [
    tile('revenue', ({ revenue }) => revenue, money),
    tile('orders', ({ orders }) => orders, count),
    tile('average', averageOf, money),
    tile('units', ({ units }) => units, count),
    tile('discounts', ({ discountTotal }) => discountTotal, money),
    tile('tips', ({ tipTotal }) => tipTotal, money),
    tile('refunds', ({ refundTotal }) => refundTotal, money),
    tile('taxes', ({ taxTotal }) => taxTotal, money),
  ];
}

/** Revenue of an order, to the minor unit. */
function averageOf({ revenue, orders }: SalesReport): number {
  return orders === 0 ? 0 : Math.round(amountOf(revenue) / orders);
}
