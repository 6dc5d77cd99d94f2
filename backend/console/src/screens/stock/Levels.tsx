import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { InventoryItem, InventoryItemPatch, InventoryItemPolicy } from '../../../../client/src/api.js';
import { useMay } from '../../app/me.js';
import { useChange } from '../../app/queries.js';
import { client } from '../../app/session.js';
import { Actions, Button } from '../../ui/Button.js';
import { SelectField, TextField } from '../../ui/Field.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { toast } from '../../ui/Toasts.js';
import { useForm } from '../../ui/useForm.js';
import { useEdit } from '../settings/useEdit.js';
import { quantityFrom } from './quantityFrom.js';
import { usePlaces } from './usePlaces.js';

const POLICIES = ['allow_negative', 'forbid', 'auto_86'] as const satisfies readonly InventoryItemPolicy[];
const STALE = ['getInventoryItem', 'listInventoryItems', 'listLowStock'] as const;

interface Tagged {
  item: InventoryItem;
  etag: string;
}

/** When it is ordered, up to how much, where it is kept, and what happens when it runs out. */
export function Levels({ item, etag, onTake }: Tagged & { onTake: () => void }) {
  const t = useTranslations('stock');
  const mayWrite = useMay('inventory:write');
  // The version that the person saw: it stays while newer ones arrive.
  const [seen, setSeen] = useState({ item, etag });
  const { places, nameOf } = usePlaces();
  const change = useChange('changeInventoryItem', STALE);
  const [send, choice] = useEdit<InventoryItemPatch, Tagged & InventoryItem>({
    seen: { ...seen.item, ...seen },
    save: async (body, against) => {
      const answer = await change.mutateAsync({ id: item.id, body, ifMatch: against.etag });
      setSeen({ item: answer.data, etag: answer.etag ?? '' });
    },
    load: async () => {
      const { data, etag: newest } = await client.call('getInventoryItem', { id: item.id });
      return { ...data, item: data, etag: newest ?? '' };
    },
    labelOf: (name) => t(`field.${name}`),
    wordsOf: (name, value) => {
      // The fields have texts, or nothing.
      const text = (value as string | null) ?? '';
      if (name === 'locationId') return nameOf(text);
      return name === 'policy' ? t(`policy.${text}`) : text;
    },
    onDone: () => toast(t('saved')),
    onTake,
  });
  const form = useForm(({ name = '', reorderPoint = '', parLevel = '', locationId = '', policy = '' }) =>
    send({
      name: name.trim(),
      reorderPoint: quantityFrom(reorderPoint) || '0',
      parLevel: quantityFrom(parLevel) || null,
      locationId: locationId || null,
      // The choices of the field are the policies.
      policy: policy as InventoryItemPolicy,
    }),
  );
  return (
    <form className="stack" onSubmit={form.onSubmit}>
      <TextField
        label={t('field.name')}
        name="name"
        required
        readOnly={!mayWrite}
        defaultValue={item.name}
        error={form.errorOf('name')}
      />
      <div className="stock-pair">
        <TextField
          label={t('inUnit', { label: t('reorder'), unit: item.unit })}
          hint={t('reorderHint')}
          name="reorderPoint"
          inputMode="decimal"
          readOnly={!mayWrite}
          defaultValue={item.reorderPoint}
          error={form.errorOf('reorderPoint')}
        />
        <TextField
          label={t('inUnit', { label: t('par'), unit: item.unit })}
          hint={t('parHint')}
          name="parLevel"
          inputMode="decimal"
          readOnly={!mayWrite}
          defaultValue={item.parLevel ?? ''}
          error={form.errorOf('parLevel')}
        />
      </div>
      <SelectField
        // Places arrive after the item; the choice is made anew then.
        key={places.length}
        label={t('place')}
        name="locationId"
        disabled={!mayWrite}
        defaultValue={item.locationId ?? ''}
        choices={[{ value: '', label: '–' }, ...places.map(({ id, name }) => ({ value: id, label: name }))]}
        error={form.errorOf('locationId')}
      />
      <SelectField
        label={t('field.policy')}
        name="policy"
        disabled={!mayWrite}
        defaultValue={item.policy}
        choices={POLICIES.map((value) => ({ value, label: t(`policy.${value}`) }))}
        error={form.errorOf('policy')}
      />
      <FormFailure error={form.failure} />
      {mayWrite && (
        <Actions>
          <Button look="main" type="submit" isBusy={form.isBusy}>
            {t('save')}
          </Button>
        </Actions>
      )}
      {choice}
    </form>
  );
}
