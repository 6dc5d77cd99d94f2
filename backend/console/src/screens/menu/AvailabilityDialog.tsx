import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { MenuItem } from '../../../../client/src/api.js';
import { useMe } from '../../app/me.js';
import { useChange } from '../../app/queries.js';
import { shiftDays, useFormat } from '../../i18n/format.js';
import { Actions, Button } from '../../ui/Button.js';
import { Dialog } from '../../ui/Dialog.js';
import { TextField } from '../../ui/Field.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { RadioRow } from '../../ui/RadioRow.js';
import { useForm } from '../../ui/useForm.js';
import { instantOf } from './instantOf.js';

type Choice = 'on' | 'hour' | 'day' | 'open';
const HOUR_MS = 3_600_000;

/** Until when a dish is sold out, and how many portions are left. */
export function AvailabilityDialog({ item, onClose }: { item: MenuItem; onClose: () => void }) {
  const t = useTranslations('menu');
  const [choice, setChoice] = useState<Choice>(item.isAvailable ? 'on' : 'open');
  const change = useChange('setMenuItemAvailability', ['listMenuItems']);
  const untilOf = useUntil();
  const form = useForm(async ({ remaining = '' }) => {
    const left = remaining.trim() === '' ? null : Number(remaining);
    await change.mutateAsync({
      id: item.id,
      body: { isAvailable: choice === 'on', until: untilOf(choice), remaining: choice === 'on' ? left : null },
    });
    onClose();
  });
  return (
    <Dialog title={item.name} onClose={onClose}>
      <form className="stack" onSubmit={form.onSubmit}>
        <RadioRow
          label={t('sold')}
          name="choice"
          value={choice}
          onChange={setChoice}
          choices={[
            { value: 'on', label: t('choice.on') },
            { value: 'hour', label: t('choice.hour') },
            { value: 'day', label: t('choice.day') },
            { value: 'open', label: t('choice.open') },
          ]}
        />
        {choice === 'on' && (
          <TextField
            label={t('portions')}
            hint={t('portionsHint')}
            name="remaining"
            inputMode="numeric"
            autoComplete="off"
            defaultValue={item.availability.remaining ?? ''}
            error={form.errorOf('remaining')}
          />
        )}
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

/** The end of the day is the restaurant's cut-off hour. */
function useUntil(): (choice: Choice) => string | null {
  const { restaurant } = useMe();
  const { today } = useFormat();
  return (choice) => {
    if (choice === 'hour') return new Date(Date.now() + HOUR_MS).toISOString();
    if (choice !== 'day') return null;
    return instantOf(shiftDays(today(), 1), restaurant.businessDayCutoffHour, restaurant.timezone);
  };
}
