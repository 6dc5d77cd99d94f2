import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { OrderType, Tax, TaxInput } from '../../../../client/src/api.js';
import { useMay } from '../../app/me.js';
import { useChange, usePages } from '../../app/queries.js';
import { client } from '../../app/session.js';
import { Actions, Button } from '../../ui/Button.js';
import { Checks } from '../../ui/Checks.js';
import { ConfirmButton } from '../../ui/ConfirmButton.js';
import { Dialog } from '../../ui/Dialog.js';
import { SelectField, TextField } from '../../ui/Field.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { RecordList } from '../../ui/RecordList.js';
import type { Column } from '../../ui/Table.js';
import { useForm } from '../../ui/useForm.js';
import { useEdit } from './useEdit.js';
import { useWords } from './useWords.js';

const STALE = ['listTaxes'] as const;
const ORDER_TYPES = ['dine_in', 'takeaway', 'delivery', 'catering'] as const;

/** Taxes of dishes, each for all types of orders or for some. */
export function Taxes() {
  const t = useTranslations('settings');
  const words = useWords();
  const mayWrite = useMay('menu:write');
  const pages = usePages('listTaxes', { query: { limit: 100 } });
  const columns: Column<Tax>[] = [
    { id: 'name', label: t('fields.name'), cell: ({ name }) => <strong>{name}</strong>, width: 'minmax(7rem, 2fr)' },
    { id: 'rate', label: t('fields.rate'), cell: ({ rate }) => <span className="number">{rate} %</span> },
    { id: 'inclusive', label: t('fields.inclusive'), cell: (tax) => t(tax.inclusive ? 'included' : 'added') },
    { id: 'types', label: t('fields.orderTypes'), cell: (tax) => words('orderTypes', tax.orderTypes) || t('allTypes') },
  ];
  return (
    <RecordList
      pages={pages}
      columns={columns}
      label={t('tabs.taxes')}
      none={{ icon: 'invoice', title: t('noTaxes'), text: t('noTaxesText') }}
      create={
        mayWrite
          ? { label: t('newTax'), dialog: (onClose) => <TaxDialog tax={undefined} onClose={onClose} /> }
          : undefined
      }
      details={mayWrite ? (tax, onClose) => <TaxDialog tax={tax} onClose={onClose} /> : undefined}
    />
  );
}

function TaxDialog({ tax, onClose }: { tax: Tax | undefined; onClose: () => void }) {
  const t = useTranslations();
  const words = useWords();
  const [types, setTypes] = useState<readonly string[]>(tax?.orderTypes ?? []);
  const create = useChange('createTax', STALE);
  const change = useChange('changeTax', STALE);
  const remove = useChange('deleteTax', STALE);
  const [send, choice] = useEdit<TaxInput, Partial<Tax>>({
    seen: tax ?? {},
    save: (body, { id, version }) =>
      id === undefined ? create.mutateAsync({ body }) : change.mutateAsync({ id, body, ifMatch: `"${version}"` }),
    load: async () => (await client.call('getTax', { id: tax?.id ?? '' })).data,
    labelOf: (name) => (t.has(`settings.fields.${name}`) ? t(`settings.fields.${name}`) : name),
    wordsOf: words,
    onDone: onClose,
    onTake: onClose,
  });
  const form = useForm(({ name = '', rate = '', inclusive }) =>
    // The choices of the checks are the order types.
    send({ name, rate: rate.replace(',', '.'), inclusive: inclusive === 'yes', orderTypes: [...types] as OrderType[] }),
  );
  if (choice) return choice;
  return (
    <Dialog title={tax?.name ?? t('settings.newTax')} onClose={onClose}>
      <form className="stack" onSubmit={form.onSubmit}>
        <TextField
          label={t('settings.fields.name')}
          name="name"
          required
          defaultValue={tax?.name}
          error={form.errorOf('name')}
        />
        <TextField
          label={t('settings.percent')}
          name="rate"
          required
          inputMode="decimal"
          dir="ltr"
          defaultValue={tax?.rate}
          error={form.errorOf('rate')}
        />
        <SelectField
          label={t('settings.fields.inclusive')}
          name="inclusive"
          defaultValue={tax?.inclusive === false ? 'no' : 'yes'}
          choices={[
            { value: 'yes', label: t('settings.included') },
            { value: 'no', label: t('settings.added') },
          ]}
        />
        <Checks
          label={t('settings.fields.orderTypes')}
          options={ORDER_TYPES.map((id) => ({ id, name: t(`orderType.${id}`) }))}
          chosen={types}
          onChange={setTypes}
        />
        <p className="muted">{t('settings.typesHint')}</p>
        <FormFailure error={form.failure ?? remove.error} />
        <Actions>
          {tax && (
            <ConfirmButton
              isBusy={remove.isPending}
              onConfirm={() => remove.mutate({ id: tax.id }, { onSuccess: onClose })}
            >
              {t('settings.deleteTax')}
            </ConfirmButton>
          )}
          <Button look="main" type="submit" isBusy={form.isBusy}>
            {t('save')}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}
