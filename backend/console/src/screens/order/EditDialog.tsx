import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Order, OrderPatch } from '../../../../client/src/api.js';
import { useChange } from '../../app/queries.js';
import { client } from '../../app/session.js';
import { Actions, Button } from '../../ui/Button.js';
import { Conflict, isConflict } from '../../ui/Conflict.js';
import { Dialog } from '../../ui/Dialog.js';
import { TextArea, TextField } from '../../ui/Field.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { toast } from '../../ui/Toasts.js';
import { useForm } from '../../ui/useForm.js';

type Details = Pick<OrderPatch, 'table' | 'guests' | 'notes'>;

/**
 * Changes the table, the guests and the note. Two people may do so at once: both versions are
 * shown.
 */
export function EditDialog({ order, etag, onClose }: { order: Order; etag: string; onClose: () => void }) {
  const t = useTranslations('order');
  const change = useChange('changeOrder', ['getOrder', 'listOrders']);
  // The version that the person saw: it stays while newer ones arrive.
  const [seen] = useState(etag);
  const [conflict, setConflict] = useState<{ mine: Details; theirs: Order; etag: string }>();
  const save = async (body: Details, ifMatch: string): Promise<void> => {
    try {
      await change.mutateAsync({ id: order.id, body, ifMatch });
    } catch (error) {
      if (!isConflict(error)) throw error;
      const newest = await client.call('getOrder', { id: order.id });
      return setConflict({ mine: body, theirs: newest.data, etag: newest.etag ?? '' });
    }
    toast(t('saved'));
    onClose();
  };
  const form = useForm(({ table = '', guests = '', notes = '' }) =>
    save({ table: table || null, guests: guests === '' ? null : Number(guests), notes: notes || null }, seen),
  );
  if (conflict)
    return (
      <Conflict
        differences={differencesOf(conflict.mine, conflict.theirs, t)}
        isBusy={change.isPending}
        onTake={onClose}
        onKeep={() => void save(conflict.mine, conflict.etag)}
      />
    );
  return (
    <Dialog title={t('edit')} onClose={onClose}>
      <form className="stack" onSubmit={form.onSubmit}>
        <TextField label={t('table')} name="table" defaultValue={order.table ?? ''} error={form.errorOf('table')} />
        <TextField
          label={t('guestCount')}
          name="guests"
          inputMode="numeric"
          defaultValue={order.guests ?? ''}
          error={form.errorOf('guests')}
        />
        <TextArea label={t('note')} name="notes" defaultValue={order.notes ?? ''} error={form.errorOf('notes')} />
        <FormFailure error={form.failure} />
        <Actions>
          <Button onClick={onClose}>{t('back')}</Button>
          <Button look="main" type="submit" isBusy={form.isBusy}>
            {t('save')}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}

function differencesOf(mine: Details, theirs: Order, t: (key: string) => string) {
  const fields = [
    { label: t('table'), mine: mine.table, theirs: theirs.table },
    { label: t('guestCount'), mine: mine.guests, theirs: theirs.guests },
    { label: t('note'), mine: mine.notes, theirs: theirs.notes },
  ];
  const text = (value: string | number | null | undefined): string => (value ?? '–').toString();
  const changed = fields.filter((field) => (field.mine ?? null) !== field.theirs);
  return changed.map(({ label, ...both }) => ({ label, mine: text(both.mine), theirs: text(both.theirs) }));
}
