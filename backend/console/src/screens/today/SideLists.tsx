import { useTranslations } from 'use-intl';
import { Link } from 'wouter';
import type { DaySummary } from '../../../../client/src/api.js';
import { useMay } from '../../app/me.js';
import { useCall } from '../../app/queries.js';
import { useScreenPath } from '../../app/ownScreens.js';
import { useFormat } from '../../i18n/format.js';
import { Icon } from '../../ui/Icon.js';
import { Region } from '../../ui/Region.js';

const SHOWN = 20;

/** Things that need somebody: sold-out dishes, low stock, days without a close. */
export function SideLists({ day }: { day: DaySummary }) {
  const maySeeMenu = useMay('menu:read');
  return (
    <>
      <OpenDays today={day.date} />
      {maySeeMenu && <SoldOut />}
      {day.lowStock && <LowStock lowStock={day.lowStock} />}
    </>
  );
}

function OpenDays({ today }: { today: string }) {
  const t = useTranslations('today');
  const format = useFormat();
  const close = useScreenPath('dayClose');
  const days = useCall('listBusinessDays', { query: { status: 'open', limit: SHOWN } });
  const waiting = days.data?.data.filter(({ date }) => date < today) ?? [];
  if (waiting.length === 0) return null;
  return (
    <section className="card stack" aria-labelledby="today-days">
      <h2 id="today-days">{t('openDays', { count: waiting.length })}</h2>
      <ul className="today__list">
        {waiting.map(({ date }) => (
          <li key={date} className="today__line">
            <Icon name="clock" />
            {close === undefined ? format.day(date) : <Link href={`${close}?date=${date}`}>{format.day(date)}</Link>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function SoldOut() {
  const t = useTranslations('today');
  const format = useFormat();
  const items = useCall('listMenuItems', { query: { isAvailable: false, limit: SHOWN } });
  return (
    <section className="card stack" aria-labelledby="today-out">
      <h2 id="today-out">{t('soldOut')}</h2>
      <Region
        query={items}
        label={t('soldOut')}
        lines={2}
        isEmpty={({ data }) => data.length === 0}
        empty={<p className="muted">{t('nothingSoldOut')}</p>}
      >
        {({ data }) => (
          <ul className="today__list">
            {data.map(({ id, name, availability }) => (
              <li key={id} className="today__line">
                <Icon name="soldOut" />
                <span className="today__grow">{name}</span>
                {availability.until !== null && (
                  <span className="muted">{t('until', { time: format.time(availability.until) })}</span>
                )}
              </li>
            ))}
          </ul>
        )}
      </Region>
    </section>
  );
}

function LowStock({ lowStock: { items, hasMore } }: { lowStock: NonNullable<DaySummary['lowStock']> }) {
  const t = useTranslations('today');
  return (
    <section className="card stack" aria-labelledby="today-low">
      <h2 id="today-low">{t('lowStock')}</h2>
      {items.length === 0 && <p className="muted">{t('nothingLow')}</p>}
      <ul className="today__list">
        {items.map(({ id, name, unit, currentQuantity }) => (
          <li key={id} className="today__line">
            <Icon name="stock" />
            <span className="today__grow">{name}</span>
            <span className="number">
              {currentQuantity} {unit}
            </span>
          </li>
        ))}
      </ul>
      {hasMore && <p className="muted">{t('more')}</p>}
    </section>
  );
}
