import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { InventoryItem } from '../../../../client/src/api.js';
import { useChange } from '../../app/queries.js';
import { Dialog } from '../../ui/Dialog.js';
import { SelectField, TextField } from '../../ui/Field.js';
import { Notice } from '../../ui/Notice.js';
import { toast } from '../../ui/Toasts.js';
import { useForm } from '../../ui/useForm.js';
import { QuantityFields } from './QuantityFields.js';
import { quantityFrom } from './quantityFrom.js';
import { StockActionsBar } from './StockActionsBar.js';
import { STOCK_STALE } from './stockStale.js';
import { usePlaces } from './usePlaces.js';

/** Moves something from one place to another; the stock as a whole stays as it is. */
export function TransferDialog({ item, onClose }: { item: InventoryItem; onClose: () => void }) {
  const t = useTranslations('stock');
  const [key] = useState(() => crypto.randomUUID());
  const { places, nameOf } = usePlaces();
  const [from, setFrom] = useState(item.locationId ?? '');
  const source = from || (places[0]?.id ?? '');
  const targets = places.filter(({ id }) => id !== source);
  const move = useChange('transferStock', STOCK_STALE);
  const form = useForm(async ({ quantity = '', unit = '', toLocationId = '', notes = '' }) => {
    await move.mutateAsync({
      body: {
        fromLocationId: source,
        toLocationId,
        ...(notes.trim() !== '' && { notes: notes.trim() }),
        lines: [{ inventoryItemId: item.id, quantity: quantityFrom(quantity), unit: unit || item.unit }],
      },
      key,
    });
    toast(t('moved', { name: item.name, place: nameOf(toLocationId) }));
    onClose();
  });
  return (
    <Dialog title={t('transferOf', { name: item.name })} onClose={onClose}>
      <form className="stack" onSubmit={form.onSubmit}>
        {places.length < 2 && <Notice tone="info">{t('onePlace')}</Notice>}
        <QuantityFields item={item} error={form.errorOf('lines')} />
        <SelectField
          label={t('from')}
          value={source}
          onChange={({ target }) => setFrom(target.value)}
          choices={places.map(({ id, name }) => ({ value: id, label: name }))}
          error={form.errorOf('fromLocationId')}
        />
        <SelectField
          label={t('to')}
          name="toLocationId"
          choices={targets.map(({ id, name }) => ({ value: id, label: name }))}
          error={form.errorOf('toLocationId')}
        />
        <TextField label={t('note')} name="notes" maxLength={500} error={form.errorOf('notes')} />
        <StockActionsBar form={form} label={t('transfer')} isReady={targets.length > 0} onClose={onClose} />
      </form>
    </Dialog>
  );
}
