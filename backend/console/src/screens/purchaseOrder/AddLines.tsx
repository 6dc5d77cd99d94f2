import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { PurchaseOrder } from '../../../../client/src/api.js';
import { useChange } from '../../app/queries.js';
import { Actions, Button } from '../../ui/Button.js';
import { Dialog } from '../../ui/Dialog.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { toast } from '../../ui/Toasts.js';
import { useForm } from '../../ui/useForm.js';
import { LineRows } from '../purchasing/LineRows.js';
import { linesOf, newLine } from '../purchasing/orderLines.js';
import { keptLine } from './keptLine.js';

/** Adds lines to a draft. Two people who change it at once do not undo each other. */
export function AddLines({ order, onClose }: { order: PurchaseOrder; onClose: () => void }) {
  const t = useTranslations('purchaseOrder');
  const [seen] = useState(order);
  const [lines, setLines] = useState(() => [newLine()]);
  const change = useChange('changePurchaseOrder', ['getPurchaseOrder', 'listPurchaseOrders']);
  const added = linesOf(lines);
  const form = useForm(async () => {
    if (!added) return;
    const kept = seen.lines.map((line) => keptLine(line, line.quantity));
    await change.mutateAsync({ id: seen.id, body: { lines: [...kept, ...added] }, ifMatch: `"${seen.version}"` });
    toast(t('saved'));
    onClose();
  });
  return (
    <Dialog title={t('addLines')} onClose={onClose} size="large">
      <form className="stack" onSubmit={form.onSubmit}>
        <LineRows
          supplierId={order.supplierId}
          lines={lines}
          onChange={(changed) => setLines([...changed])}
          error={form.errorOf('lines')}
        />
        <FormFailure error={form.failure} />
        <Actions>
          <Button onClick={onClose}>{t('back')}</Button>
          <Button look="main" type="submit" isBusy={form.isBusy} disabled={!added}>
            {t('addLines')}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}
