import { useTranslations } from 'use-intl';
import type { MenuCategoryItem } from '../../../../client/src/api.js';
import { useFormat } from '../../i18n/format.js';
import { closedReason, priceOf } from './menuOf.js';

/** Fewer portions than this are worth a word. */
const FEW = 10;

/** One item of the menu. One that cannot be taken says why. @param taken portions in the draft. */
export function Tile({ item, taken, onPress }: { item: MenuCategoryItem; taken: number; onPress: () => void }) {
  const t = useTranslations('till');
  const { money } = useFormat();
  const { least, varies } = priceOf(item);
  const closed = closedReason(item, taken);
  const left = item.remaining === null ? undefined : Math.max(0, item.remaining - taken);
  const price = t(varies ? 'priceFrom' : 'price', { amount: money(least) });
  return (
    <button
      type="button"
      className="till-tile"
      aria-disabled={closed !== undefined || undefined}
      data-taken={taken > 0 || undefined}
      onClick={onPress}
    >
      {item.picture && <img src={item.picture.small} alt="" loading="lazy" />}
      <span className="till-tile__name">{item.name}</span>
      <span className="till-tile__foot">
        <span className="number">{item.unit === null ? price : t('pricePer', { price, unit: item.unit })}</span>
        {closed !== undefined && <span className="till-tile__mark">{t(`closed.${closed}`)}</span>}
        {closed === undefined && left !== undefined && left < FEW && (
          <span className="till-tile__mark" data-tone="warn">
            {t('left', { count: left })}
          </span>
        )}
      </span>
      {taken > 0 && (
        <span className="till-tile__count number" aria-label={t('inOrder', { count: taken })} role="img">
          {taken}
        </span>
      )}
    </button>
  );
}
