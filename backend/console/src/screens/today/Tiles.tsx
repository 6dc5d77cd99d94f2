import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import type { DaySummary } from '../../../../client/src/api.js';
import { useScreenPath } from '../../app/ownScreens.js';
import { useFormat } from '../../i18n/format.js';

interface Tile {
  id: string;
  value: string;
  before: string;
  /** Below /console, with a filter that shows the same orders; if that screen is there. */
  leadsTo: string | undefined;
  isLarge?: boolean;
}

/** The figures of the day, each with that of a week before. */
export function Tiles({ day }: { day: DaySummary }) {
  const t = useTranslations('today');
  const tiles = useTiles(day);
  return (
    <dl className="tiles">
      {tiles.map(({ id, value, before, leadsTo, isLarge }) => (
        <div key={id} className={isLarge ? 'card tile tile--large' : 'card tile'}>
          <dt>{leadsTo === undefined ? t(`tiles.${id}`) : <Link href={leadsTo}>{t(`tiles.${id}`)}</Link>}</dt>
          <dd className="tile__value number">{value}</dd>
          <dd className="muted tile__before">{before}</dd>
        </div>
      ))}
    </dl>
  );
}

function useTiles(day: DaySummary): Tile[] {
  const t = useTranslations('today');
  const { money, number } = useFormat();
  const orders = useScreenPath('orders');
  const sales = useScreenPath('sales');
  const to = (query: string): string | undefined => orders && `${orders}?${query}`;
  const { weekBefore: before, unfinishedOrders: open } = day;
  const then = (value: string): string => t('weekBefore', { value });
  const average = (value: DaySummary['averageTotal']): string => (value === null ? '–' : money(value));
  return [
    { id: 'revenue', value: money(day.revenue), before: then(money(before.revenue)), leadsTo: sales, isLarge: true },
    {
      id: 'orders',
      value: number(day.orders),
      before: then(number(before.orders)),
      leadsTo: to(`businessDate=${day.date}`),
      isLarge: true,
    },
    {
      id: 'open',
      value: number(open.count),
      before: t('due', { amount: money(open.dueTotal) }),
      leadsTo: to('status=placed,accepted,preparing,ready'),
      isLarge: true,
    },
    {
      id: 'average',
      value: average(day.averageTotal),
      before: then(average(before.averageTotal)),
      leadsTo: undefined,
    },
    { id: 'tips', value: money(day.tipTotal), before: then(money(before.tipTotal)), leadsTo: undefined },
    {
      id: 'refunds',
      value: money(day.refundTotal),
      before: then(money(before.refundTotal)),
      leadsTo: to(`businessDate=${day.date}&paymentStatus=refunded,partially_refunded`),
    },
    {
      id: 'voids',
      value: money(day.voidedLines.amount),
      before: t('voided', { lines: day.voidedLines.count, orders: day.cancelledOrders.count }),
      leadsTo: to(`businessDate=${day.date}&status=cancelled`),
    },
  ];
}
