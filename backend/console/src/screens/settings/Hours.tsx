import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { WeeklyInterval } from '../../../../client/src/api.js';
import { Actions, Button } from '../../ui/Button.js';
import { Empty } from '../../ui/Empty.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { Notice } from '../../ui/Notice.js';
import { useForm } from '../../ui/useForm.js';
import { WeeklyHours } from '../../ui/WeeklyHours.js';
import { useRestaurantEdit } from './useRestaurantEdit.js';
import type { SettingsForm } from './WithRestaurant.js';

/** Opening hours: an interval for several days at once, such as lunch from Monday to Friday. */
export function Hours({ restaurant, onTake }: SettingsForm) {
  const t = useTranslations();
  const [send, choice] = useRestaurantEdit(restaurant, onTake);
  const [hours, setHours] = useState<readonly WeeklyInterval[]>(restaurant.openingHours);
  const form = useForm(() => send({ openingHours: [...hours] }));
  const wrong = form.errorOf('openingHours');
  return (
    <form className="settings__form stack" onSubmit={form.onSubmit}>
      <p className="muted">{t('settings.hoursText', { zone: restaurant.timezone })}</p>
      {hours.length === 0 && <Empty icon="clock" title={t('settings.noHours')} text={t('settings.noHoursText')} />}
      <WeeklyHours hours={hours} onChange={setHours} />
      {wrong !== undefined && (
        <Notice tone="bad">
          <span>{wrong}</span>
        </Notice>
      )}
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
