import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { InventoryItem, WasteEntryReason } from '../../../../client/src/api.js';
import { useChange } from '../../app/queries.js';
import { useFormat } from '../../i18n/format.js';
import { Dialog } from '../../ui/Dialog.js';
import { SelectField, TextField } from '../../ui/Field.js';
import { toast } from '../../ui/Toasts.js';
import { useForm } from '../../ui/useForm.js';
import { QuantityFields } from './QuantityFields.js';
import { quantityFrom } from './quantityFrom.js';
import { StockActionsBar } from './StockActionsBar.js';
import { STOCK_STALE } from './stockStale.js';
import { usePlaces } from './usePlaces.js';

const REASONS = [
  'spoiled',
  'expired',
  'dropped',
  'overproduced',
  'returned',
  'staff_meal',
  'other',
] as const satisfies readonly WasteEntryReason[];

/** Takes something out of stock that nobody will eat. */
export function WasteDialog({ item, onClose }: { item: InventoryItem; onClose: () => void }) {
  const t = useTranslations('stock');
  const { money } = useFormat();
  const [key] = useState(() => crypto.randomUUID());
  const { places } = usePlaces();
  const record = useChange('recordWaste', STOCK_STALE);
  const form = useForm(async ({ quantity = '', unit = '', reason = '', note = '', locationId = '' }) => {
    const { data } = await record.mutateAsync({
      body: {
        // The choices of the field are the reasons.
        reason: reason as WasteEntryReason,
        ...(note.trim() !== '' && { note: note.trim() }),
        ...(locationId !== '' && { locationId }),
        lines: [{ inventoryItemId: item.id, quantity: quantityFrom(quantity), unit: unit || item.unit }],
      },
      key,
    });
    toast(t('wasted', { name: item.name, value: money(data.value) }));
    onClose();
  });
  return (
    <Dialog title={t('wasteOf', { name: item.name })} onClose={onClose}>
      <form className="stack" onSubmit={form.onSubmit}>
        <QuantityFields item={item} error={form.errorOf('lines')} />
        <SelectField
          label={t('why')}
          name="reason"
          choices={REASONS.map((value) => ({ value, label: t(`wasteReason.${value}`) }))}
          error={form.errorOf('reason')}
        />
        <SelectField
          label={t('from')}
          name="locationId"
          choices={[
            { value: '', label: t('usualPlace') },
            ...places.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          error={form.errorOf('locationId')}
        />
        <TextField label={t('note')} name="note" maxLength={500} error={form.errorOf('note')} />
        <StockActionsBar form={form} label={t('waste')} isBad onClose={onClose} />
      </form>
    </Dialog>
  );
}
