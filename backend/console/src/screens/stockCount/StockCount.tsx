import { useTranslations } from 'use-intl';
import { Link, useParams } from 'wouter';
import { useCall } from '../../app/queries.js';
import { useScreenPath } from '../../app/ownScreens.js';
import { lookOf } from '../../ui/Button.js';
import { Icon } from '../../ui/Icon.js';
import { Region } from '../../ui/Region.js';
import { CountResult } from './CountResult.js';
import { CountSheet } from './CountSheet.js';

/** A count on a phone in the cold store: one item, one large keypad. */
export function Screen() {
  const t = useTranslations('stockCount');
  const { id = '' } = useParams();
  const count = useCall('getStockCount', { id });
  const stock = useScreenPath('stock');
  return (
    <div className="screen stock-count">
      <div className="stock-count__head">
        {stock !== undefined && (
          <Link href={stock} className={`${lookOf({ look: 'quiet' })} button--icon no-print`} aria-label={t('back')}>
            <Icon name="back" />
          </Link>
        )}
        <h1>{t('title')}</h1>
      </div>
      <Region query={count} label={t('title')} lines={8}>
        {(sheet) => (sheet.status === 'open' ? <CountSheet sheet={sheet} /> : <CountResult sheet={sheet} />)}
      </Region>
    </div>
  );
}
