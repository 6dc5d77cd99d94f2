import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useChange } from '../../app/queries.js';
import { TextField } from '../../ui/Field.js';
import { toast } from '../../ui/Toasts.js';
import { useForm } from '../../ui/useForm.js';
import type { LineFormProps } from './lineForm.js';
import { MoneyActions } from './MoneyActions.js';
import { type Place, PlaceFields } from './PlaceFields.js';
import { STALE } from './stale.js';

/** What the kitchen is to know of a line: wishes, its course and its seat. */
export function WishForm({ order, line, onClose }: LineFormProps) {
  const t = useTranslations('order');
  const [key] = useState(() => crypto.randomUUID());
  const [place, setPlace] = useState<Place>({ course: line.course, seat: line.seat });
  const change = useChange('changeOrderLine', STALE);
  const form = useForm(async ({ notes = '' }) => {
    const body = { ...place, notes: notes.trim() === '' ? null : notes.trim() };
    await change.mutateAsync({ id: order.id, lineId: line.id, body, key });
    toast(t('wishSaved', { name: line.name }));
    onClose();
  });
  return (
    <form className="stack" onSubmit={form.onSubmit}>
      <TextField
        label={t('wish')}
        name="notes"
        autoComplete="off"
        maxLength={1000}
        defaultValue={line.notes ?? ''}
        error={form.errorOf('notes')}
      />
      <PlaceFields
        type={order.type}
        value={place}
        onChange={(next) => setPlace((before) => ({ ...before, ...next }))}
      />
      <MoneyActions form={form} label={t('save')} onClose={onClose} />
    </form>
  );
}
