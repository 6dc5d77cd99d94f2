import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useLocation } from 'wouter';
import { useMe } from '../../app/me.js';
import { useAll, useChange } from '../../app/queries.js';
import { Actions, Button } from '../../ui/Button.js';
import { Dialog } from '../../ui/Dialog.js';
import { SelectField, TextArea, TextField } from '../../ui/Field.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { useForm } from '../../ui/useForm.js';
import { instantOf } from '../menu/instantOf.js';
import { LineRows } from './LineRows.js';
import { linesOf, newLine } from './orderLines.js';

/** Goods are expected at noon of the day that was chosen. */
const NOON = 12;

/** A purchase order by hand. It is a draft until it is marked as sent. */
export function NewOrder({ onClose }: { onClose: () => void }) {
  const t = useTranslations('purchasing');
  const [, go] = useLocation();
  const { timezone } = useMe().restaurant;
  const [key] = useState(() => crypto.randomUUID());
  const [lines, setLines] = useState(() => [newLine()]);
  const [chosen, setChosen] = useState('');
  const suppliers = useAll('listSuppliers', { query: { limit: 100 } }, { most: 1_000 });
  const supplierId = chosen || (suppliers.data?.[0]?.id ?? '');
  const create = useChange('createPurchaseOrder', ['listPurchaseOrders']);
  const complete = linesOf(lines);
  const form = useForm(async ({ expectedAt = '', notes = '' }) => {
    if (!complete) return;
    const body = {
      supplierId,
      lines: complete,
      ...(expectedAt !== '' && { expectedAt: instantOf(expectedAt, NOON, timezone) }),
      ...(notes.trim() !== '' && { notes: notes.trim() }),
    };
    const { data } = await create.mutateAsync({ body, key });
    go(`/purchasing/${data.id}`);
  });
  return (
    <Dialog title={t('newOrder')} onClose={onClose} size="large">
      <form className="stack" onSubmit={form.onSubmit}>
        <div className="purchasing__pair">
          <SelectField
            label={t('supplier')}
            value={supplierId}
            onChange={({ target }) => setChosen(target.value)}
            choices={(suppliers.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
            error={form.errorOf('supplierId')}
          />
          <TextField
            label={t('expected')}
            hint={t('expectedHint')}
            name="expectedAt"
            type="date"
            error={form.errorOf('expectedAt')}
          />
        </div>
        <LineRows
          supplierId={supplierId}
          lines={lines}
          onChange={(changed) => setLines([...changed])}
          error={form.errorOf('lines')}
        />
        <TextArea label={t('notes')} name="notes" error={form.errorOf('notes')} />
        <FormFailure error={form.failure} />
        <Actions>
          <Button onClick={onClose}>{t('back')}</Button>
          <Button look="main" type="submit" isBusy={form.isBusy} disabled={!complete || supplierId === ''}>
            {t('makeDraft')}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}
