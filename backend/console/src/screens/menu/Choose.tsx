import { useTranslations } from 'use-intl';
import type { MenuItem } from '../../../../client/src/api.js';
import type { Selection } from './useSelection.js';

/** Takes a dish into the selection, or out of it. */
export function Choose({ item: { id, name }, selection }: { item: MenuItem; selection: Selection }) {
  const t = useTranslations('menu');
  return (
    <label className="checks__choice">
      <input
        type="checkbox"
        aria-label={t('choose', { name })}
        checked={selection.has(id)}
        onChange={() => selection.toggle([id])}
      />
    </label>
  );
}
