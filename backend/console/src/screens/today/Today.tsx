import { useTranslations } from 'use-intl';
import type { DaySummary } from '../../../../client/src/api.js';
import { useMay } from '../../app/me.js';
import { useCall } from '../../app/queries.js';
import { useFormat } from '../../i18n/format.js';
import { Region } from '../../ui/Region.js';
import { useNow } from '../../ui/useNow.js';
import { Latest } from './Latest.js';
import { Pictures } from './Pictures.js';
import { SideLists } from './SideLists.js';
import { Tiles } from './Tiles.js';

const TOP_ITEMS = 10;

/** The running business day at a glance, beside the same weekday of the week before. */
export function Screen() {
  const t = useTranslations('today');
  const format = useFormat();
  // The date changes at the cut-off hour while the page is open.
  useNow(30_000);
  const date = format.today();
  const summary = useCall('getBusinessDaySummary', { date, query: { top: TOP_ITEMS } }, { keeps: true });
  return (
    <div className="screen today">
      <div className="spread">
        <h1>{t('title')}</h1>
        <p className="muted">{t('compared', { day: format.day(date, { weekday: 'long' }) })}</p>
      </div>
      <Region query={summary} label={t('title')} lines={8}>
        {(day) => <Day day={day} />}
      </Region>
    </div>
  );
}

function Day({ day }: { day: DaySummary }) {
  const maySeeOrders = useMay('orders:read');
  return (
    <>
      <Tiles day={day} />
      <div className="today__columns">
        <div className="today__main">
          <Pictures day={day} />
        </div>
        <div className="today__side">
          {maySeeOrders && <Latest />}
          <SideLists day={day} />
        </div>
      </div>
    </>
  );
}
