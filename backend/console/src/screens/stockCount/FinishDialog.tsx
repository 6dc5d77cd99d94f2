import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { StockCountSheet } from '../../../../client/src/api.js';
import { useChange } from '../../app/queries.js';
import { useIsCutOff } from '../../app/useConnection.js';
import { Actions, Button } from '../../ui/Button.js';
import { Dialog } from '../../ui/Dialog.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { Notice } from '../../ui/Notice.js';

const STALE = ['getStockCount', 'listStockCounts', 'listInventoryItems'] as const;

/** Books the differences of all counted items at once; the others stay as they are. */
export function FinishDialog({ sheet, onClose }: { sheet: StockCountSheet; onClose: () => void }) {
  const t = useTranslations('stockCount');
  const isCutOff = useIsCutOff();
  const [key] = useState(() => crypto.randomUUID());
  const commit = useChange('commitStockCount', STALE);
  const cancel = useChange('cancelStockCount', STALE);
  const counted = sheet.lines.filter(({ countedQuantity }) => countedQuantity !== null).length;
  const uncounted = sheet.lines.length - counted;
  return (
    <Dialog title={t('finish')} onClose={onClose}>
      {isCutOff && <Notice tone="warn">{t('offline')}</Notice>}
      <p>{t('finishText', { count: counted })}</p>
      {uncounted > 0 && <Notice tone="warn">{t('uncounted', { count: uncounted })}</Notice>}
      <FormFailure error={commit.error ?? cancel.error} />
      <Actions>
        <Button
          look="bad"
          isBusy={cancel.isPending}
          disabled={isCutOff}
          onClick={() => cancel.mutate({ id: sheet.id })}
        >
          {t('discard')}
        </Button>
        <Button
          look="main"
          isBusy={commit.isPending}
          disabled={isCutOff}
          onClick={() => commit.mutate({ id: sheet.id, key })}
        >
          {t('book')}
        </Button>
      </Actions>
    </Dialog>
  );
}
