import { useTranslations } from 'use-intl';
import { useStore } from '../../app/useStore.js';
import { Icon } from '../../ui/Icon.js';
import { addTo, changed, dismissed, ticks } from './marks.js';
import type { TicketLine } from './tickets.js';

interface LineProps {
  line: TicketLine;
  allergens: readonly string[] | undefined;
  onTick: () => void;
}

/** A dish. A touch ticks it off; a voided one stays until somebody has touched it. */
export function Line({ line, allergens = [], onTick }: LineProps) {
  const t = useTranslations('kitchen');
  const isTicked = useStore(ticks).includes(line.id);
  const isChanged = useStore(changed).has(line.id);
  const isDismissed = useStore(dismissed).has(line.id);
  if (line.isVoided && isDismissed) return null;
  return (
    <li>
      <button
        type="button"
        className="kitchen-line"
        aria-pressed={line.isVoided ? undefined : isTicked}
        data-voided={line.isVoided || undefined}
        data-changed={isChanged || undefined}
        onClick={line.isVoided ? () => addTo(dismissed, [line.id]) : onTick}
      >
        <span className="kitchen-line__quantity number">{line.quantity}</span>
        <span className="kitchen-line__text">
          <bdi className="kitchen-line__name">{line.name}</bdi>
          {line.isVoided && <strong className="kitchen-line__mark">{t('voided')}</strong>}
          {isChanged && !line.isVoided && <strong className="kitchen-line__mark">{t('changed')}</strong>}
          {line.details.map((detail) => (
            <bdi key={detail} className="kitchen-line__detail">
              {detail}
            </bdi>
          ))}
          {line.notes !== null && <strong className="kitchen-notes">{line.notes}</strong>}
          {allergens.length > 0 && (
            <span className="kitchen-line__allergens">
              <Icon name="alert" label={t('allergens')} /> {allergens.join(', ')}
            </span>
          )}
        </span>
        <span className="kitchen-line__tick">{isTicked && !line.isVoided && <Icon name="check" />}</span>
      </button>
    </li>
  );
}
