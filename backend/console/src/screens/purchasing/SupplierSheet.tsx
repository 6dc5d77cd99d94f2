import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Supplier, SupplierInput } from '../../../../client/src/api.js';
import { useMay } from '../../app/me.js';
import { useAll, useChange } from '../../app/queries.js';
import { Actions, Button } from '../../ui/Button.js';
import { Sheet } from '../../ui/Dialog.js';
import { TextArea, TextField } from '../../ui/Field.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { MoneyField } from '../../ui/MoneyField.js';
import { Region } from '../../ui/Region.js';
import { toast } from '../../ui/Toasts.js';
import { useForm } from '../../ui/useForm.js';
import { Money } from '../../ui/Values.js';

const STALE = ['listSuppliers'] as const;
const TEXTS = ['name', 'contactName', 'phone', 'email', 'customerNumber', 'address'] as const;
const TYPES: Partial<Record<(typeof TEXTS)[number], string>> = { phone: 'tel', email: 'email' };

/** @param supplier absent: a new one. */
export function SupplierSheet({ supplier, onClose }: { supplier: Supplier | undefined; onClose: () => void }) {
  const t = useTranslations();
  const mayWrite = useMay('purchasing:write');
  const [minimumOrder, setMinimum] = useState(supplier?.minimumOrder ?? undefined);
  const create = useChange('createSupplier', STALE);
  const change = useChange('changeSupplier', STALE);
  const form = useForm(async (values) => {
    const body = inputOf(values, minimumOrder);
    if (supplier) await change.mutateAsync({ id: supplier.id, body, ifMatch: `"${supplier.version}"` });
    else await create.mutateAsync({ body });
    toast(t('purchasing.saved', { name: body.name }));
    onClose();
  });
  return (
    <Sheet title={supplier?.name ?? t('purchasing.addSupplier')} onClose={onClose}>
      <form className="stack" onSubmit={form.onSubmit}>
        {TEXTS.map((name) => (
          <TextField
            key={name}
            label={t(`purchasing.field.${name}`)}
            name={name}
            type={TYPES[name] ?? 'text'}
            required={name === 'name'}
            readOnly={!mayWrite}
            defaultValue={supplier?.[name] ?? ''}
            error={form.errorOf(name)}
          />
        ))}
        <TextField
          label={t('purchasing.field.leadTimeDays')}
          name="leadTimeDays"
          inputMode="numeric"
          pattern="[0-9]*"
          readOnly={!mayWrite}
          defaultValue={supplier?.leadTimeDays ?? ''}
          error={form.errorOf('leadTimeDays')}
        />
        <MoneyField
          label={t('purchasing.minimum')}
          value={minimumOrder}
          onChange={setMinimum}
          error={form.errorOf('minimumOrder')}
        />
        <TextArea
          label={t('purchasing.notes')}
          name="notes"
          readOnly={!mayWrite}
          defaultValue={supplier?.notes ?? ''}
          error={form.errorOf('notes')}
        />
        <FormFailure error={form.failure} />
        {mayWrite && (
          <Actions>
            <Button onClick={onClose}>{t('cancel')}</Button>
            <Button look="main" type="submit" isBusy={form.isBusy}>
              {t('save')}
            </Button>
          </Actions>
        )}
      </form>
      {supplier && <Offers supplierId={supplier.id} />}
    </Sheet>
  );
}

/** An empty field means that there is nothing to say. */
function inputOf(values: Record<string, string>, minimumOrder: number | undefined): SupplierInput {
  const textOf = (name: string): string | null => values[name]?.trim() || null;
  const days = textOf('leadTimeDays');
  return {
    ...Object.fromEntries([...TEXTS, 'notes'].map((name) => [name, textOf(name)])),
    name: textOf('name') ?? '',
    leadTimeDays: days === null ? null : Number(days),
    minimumOrder: minimumOrder ?? null,
  };
}

function Offers({ supplierId }: { supplierId: string }) {
  const t = useTranslations('purchasing');
  const offers = useAll('listItemsOfSupplier', { id: supplierId, query: { limit: 100 } }, { most: 500 });
  return (
    <section className="stack">
      <h3>{t('offers')}</h3>
      <Region
        query={offers}
        label={t('offers')}
        isEmpty={(rows) => rows.length === 0}
        empty={<p className="muted">{t('noOffers')}</p>}
      >
        {(rows) => (
          <ul className="purchasing__list">
            {rows.map((one) => (
              <li key={one.id} className="purchasing__entry">
                <span className="purchasing__two">
                  <strong>{one.inventoryItemName}</strong>
                  <span className="muted">{[one.articleNumber, one.packUnit].filter(Boolean).join(' · ')}</span>
                </span>
                {one.lastPrice !== null && <Money amount={one.lastPrice} />}
              </li>
            ))}
          </ul>
        )}
      </Region>
    </section>
  );
}
