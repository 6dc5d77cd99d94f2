import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useMay } from '../../app/me.js';
import { useChange } from '../../app/queries.js';
import { Button } from '../../ui/Button.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { toast } from '../../ui/Toasts.js';
import { BulkDialog } from './BulkDialog.js';
import type { Selection } from './useSelection.js';

const UNDO_MS = 10_000;
/** The server's limit for one call. */
const MOST_ITEMS = 500;

/** What can be done with the chosen dishes. It stays in sight. */
export function BulkBar({ selection, isCutOff }: { selection: Selection; isCutOff: boolean }) {
  const t = useTranslations('menu');
  const [isPricing, setPricing] = useState(false);
  const mayPrice = useMay('menu:write');
  const change = useChange('changeMenuInBulk', ['listMenuItems']);
  const { ids } = selection;
  const isUsable = ids.length > 0 && ids.length <= MOST_ITEMS && !isCutOff;
  const set = (menuItemIds: readonly string[], isAvailable: boolean, hasUndo = true): void =>
    change.mutate(
      { body: { select: { menuItemIds: [...menuItemIds] }, availability: { isAvailable } } },
      {
        onSuccess: ({ data: { changes } }) => {
          const changed = changes.map(({ id }) => id);
          const undo = { label: t('undo'), run: () => set(changed, !isAvailable, false) };
          const said = t(isAvailable ? 'severalOn' : 'severalOut', { count: changed.length });
          toast(said, hasUndo && changed.length > 0 ? undo : undefined, UNDO_MS);
        },
      },
    );
  return (
    <div className="menu-bulk card no-print" role="group" aria-label={t('several')}>
      <strong role="status">{t('chosen', { count: ids.length })}</strong>
      <div className="row">
        {mayPrice && (
          <Button look="main" icon="percent" disabled={!isUsable} onClick={() => setPricing(true)}>
            {t('prices')}
          </Button>
        )}
        <Button icon="soldOut" isBusy={change.isPending} disabled={!isUsable} onClick={() => set(ids, false)}>
          {t('outNow')}
        </Button>
        <Button icon="check" isBusy={change.isPending} disabled={!isUsable} onClick={() => set(ids, true)}>
          {t('choice.on')}
        </Button>
        <Button look="quiet" onClick={selection.end}>
          {t('finish')}
        </Button>
      </div>
      {ids.length > MOST_ITEMS && <p className="field__error">{t('tooMany', { most: MOST_ITEMS })}</p>}
      <FormFailure error={change.error} />
      {isPricing && <BulkDialog ids={ids} onClose={() => setPricing(false)} />}
    </div>
  );
}
