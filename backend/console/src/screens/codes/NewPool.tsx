import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { CodePoolKind, CodePoolTaxKind } from '../../../../client/src/api.js';
import { useChange } from '../../app/queries.js';
import { Actions, Button } from '../../ui/Button.js';
import { Dialog } from '../../ui/Dialog.js';
import { SelectField, TextField } from '../../ui/Field.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { MoneyField } from '../../ui/MoneyField.js';
import { useForm } from '../../ui/useForm.js';

const KINDS = ['voucher', 'pickup', 'table', 'imported'] as const satisfies readonly CodePoolKind[];
const TAX_KINDS = ['multi_purpose', 'single_purpose'] as const satisfies readonly CodePoolTaxKind[];

export function NewPool({ onClose }: { onClose: () => void }) {
  const t = useTranslations();
  const [kind, setKind] = useState<CodePoolKind>('voucher');
  const [value, setValue] = useState<number>();
  const create = useChange('createCodePool', ['listCodePools']);
  const isVoucher = kind === 'voucher';
  const form = useForm(async ({ name = '', taxKind, days = '' }) => {
    // The choices of the field are the kinds of tax.
    const voucher = {
      value: value ?? null,
      taxKind: taxKind as CodePoolTaxKind,
      expiresAfterDays: days === '' ? null : Number(days),
    };
    await create.mutateAsync({ body: { kind, name, ...(isVoucher ? voucher : {}) } });
    onClose();
  });
  return (
    <Dialog title={t('codes.new')} onClose={onClose}>
      <form className="stack" onSubmit={form.onSubmit}>
        <TextField label={t('codes.name')} name="name" required maxLength={100} error={form.errorOf('name')} />
        <SelectField
          label={t('codes.kind')}
          hint={t(`codes.about.${kind}`)}
          choices={KINDS.map((one) => ({ value: one, label: t(`codes.kinds.${one}`) }))}
          value={kind}
          onChange={({ target }) => setKind(KINDS.find((one) => one === target.value) ?? 'voucher')}
          error={form.errorOf('kind')}
        />
        {isVoucher && (
          <>
            <MoneyField
              label={t('codes.value')}
              hint={t('codes.valueHint')}
              value={value}
              onChange={setValue}
              error={form.errorOf('value')}
            />
            <SelectField
              label={t('codes.tax')}
              name="taxKind"
              choices={TAX_KINDS.map((one) => ({ value: one, label: t(`codes.taxes.${one}`) }))}
              error={form.errorOf('taxKind')}
            />
            <TextField
              label={t('codes.days')}
              hint={t('codes.daysHint')}
              name="days"
              type="number"
              min={1}
              error={form.errorOf('expiresAfterDays')}
            />
          </>
        )}
        <FormFailure error={form.failure} />
        <Actions>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button look="main" type="submit" isBusy={form.isBusy}>
            {t('save')}
          </Button>
        </Actions>
      </form>
    </Dialog>
  );
}
