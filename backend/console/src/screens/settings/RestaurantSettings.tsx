import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { OrderType, PrintLanguage, Restaurant, RestaurantChanges } from '../../../../client/src/api.js';
import { LANGUAGE_CHOICES } from '../../app/preferences.js';
import { useAll } from '../../app/queries.js';
import { Actions, Button } from '../../ui/Button.js';
import { Checks } from '../../ui/Checks.js';
import { SelectField, TextArea, TextField } from '../../ui/Field.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { type Form, useForm } from '../../ui/useForm.js';
import { useRestaurantEdit } from './useRestaurantEdit.js';
import type { SettingsForm } from './WithRestaurant.js';

const ORDER_TYPES = ['dine_in', 'takeaway', 'delivery', 'catering'] as const satisfies readonly OrderType[];
const HOURS = Array.from({ length: 24 }, (_, hour) => ({
  value: String(hour),
  label: `${String(hour).padStart(2, '0')}:00`,
}));

/** Name, address, numbers of the tax office, language of print, and the service charge. */
export function RestaurantSettings({ restaurant, onTake }: SettingsForm) {
  const t = useTranslations();
  const [send, choice] = useRestaurantEdit(restaurant, onTake);
  const charge = restaurant.serviceCharge;
  const [types, setTypes] = useState<readonly string[]>(charge?.orderTypes ?? []);
  const [taxIds, setTaxIds] = useState<readonly string[]>(charge?.taxIds ?? []);
  const form = useForm((values) => send(changesOf(values, types, taxIds)));
  return (
    <form className="settings__form card stack" onSubmit={form.onSubmit}>
      <Identity restaurant={restaurant} form={form} />
      <SelectField
        label={t('settings.fields.language')}
        name="language"
        defaultValue={restaurant.language}
        choices={LANGUAGE_CHOICES}
      />
      <SelectField
        label={t('settings.fields.businessDayCutoffHour')}
        hint={t('settings.cutoffHint')}
        name="businessDayCutoffHour"
        defaultValue={String(restaurant.businessDayCutoffHour)}
        choices={HOURS}
        error={form.errorOf('businessDayCutoffHour')}
      />
      <TextField
        label={t('settings.fields.serviceCharge')}
        hint={t('settings.serviceChargeHint')}
        name="rate"
        inputMode="decimal"
        dir="ltr"
        defaultValue={charge?.rate ?? ''}
        error={form.errorOf('serviceCharge')}
      />
      <Checks
        label={t('settings.chargedOn')}
        options={ORDER_TYPES.map((id) => ({ id, name: t(`orderType.${id}`) }))}
        chosen={types}
        onChange={setTypes}
      />
      <ChargeTaxes chosen={taxIds} onChange={setTaxIds} />
      <FormFailure error={form.failure} />
      <Actions>
        <Button look="main" type="submit" isBusy={form.isBusy}>
          {t('save')}
        </Button>
      </Actions>
      {choice}
    </form>
  );
}

function Identity({ restaurant, form }: { restaurant: Restaurant; form: Form }) {
  const t = useTranslations('settings.fields');
  return (
    <>
      <TextField
        label={t('name')}
        name="name"
        required
        maxLength={200}
        defaultValue={restaurant.name}
        error={form.errorOf('name')}
      />
      <TextArea
        label={t('address')}
        name="address"
        maxLength={500}
        defaultValue={restaurant.address ?? ''}
        error={form.errorOf('address')}
      />
      <TextField
        label={t('vatId')}
        name="vatId"
        dir="ltr"
        defaultValue={restaurant.vatId ?? ''}
        error={form.errorOf('vatId')}
      />
      <TextField
        label={t('taxNumber')}
        name="taxNumber"
        dir="ltr"
        defaultValue={restaurant.taxNumber ?? ''}
        error={form.errorOf('taxNumber')}
      />
      <TextField
        label={t('timezone')}
        name="timezone"
        required
        dir="ltr"
        defaultValue={restaurant.timezone}
        error={form.errorOf('timezone')}
      />
    </>
  );
}

function ChargeTaxes(props: { chosen: readonly string[]; onChange: (chosen: readonly string[]) => void }) {
  const t = useTranslations('settings');
  const taxes = useAll('listTaxes', { query: { limit: 100 } });
  return <Checks label={t('chargeTaxes')} options={taxes.data ?? []} {...props} />;
}

function changesOf(
  { name, address, vatId, taxNumber, timezone, language, businessDayCutoffHour, rate }: Record<string, string>,
  orderTypes: readonly string[],
  taxIds: readonly string[],
): RestaurantChanges {
  return {
    name,
    address: address || null,
    vatId: vatId || null,
    taxNumber: taxNumber || null,
    timezone,
    // The choices of the field are the languages.
    language: language as PrintLanguage,
    businessDayCutoffHour: Number(businessDayCutoffHour),
    serviceCharge: rate
      ? // The choices of the checks are the order types.
        { rate: rate.replace(',', '.'), orderTypes: [...orderTypes] as OrderType[], taxIds: [...taxIds] }
      : null,
  };
}
