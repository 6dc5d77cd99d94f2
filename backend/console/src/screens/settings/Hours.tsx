import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Weekday, WeeklyInterval } from '../../../../client/src/api.js';
import { Actions, Button, IconButton } from '../../ui/Button.js';
import { Checks } from '../../ui/Checks.js';
import { Empty } from '../../ui/Empty.js';
import { TextField } from '../../ui/Field.js';
import { FormFailure } from '../../ui/FormFailure.js';
import { Notice } from '../../ui/Notice.js';
import { useForm } from '../../ui/useForm.js';
import { useRestaurantEdit } from './useRestaurantEdit.js';
import type { SettingsForm } from './WithRestaurant.js';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const satisfies readonly Weekday[];
const USUAL: WeeklyInterval = { days: [...DAYS], from: '11:00', to: '22:00' };

/** Opening hours: an interval for several days at once, such as lunch from Monday to Friday. */
export function Hours({ restaurant, onTake }: SettingsForm) {
  const t = useTranslations();
  const [send, choice] = useRestaurantEdit(restaurant, onTake);
  const [hours, setHours] = useState<readonly WeeklyInterval[]>(restaurant.openingHours);
  const form = useForm(() => send({ openingHours: [...hours] }));
  const put = (place: number, interval: WeeklyInterval): void => setHours(hours.with(place, interval));
  const wrong = form.errorOf('openingHours');
  return (
    <form className="settings__form stack" onSubmit={form.onSubmit}>
      <p className="muted">{t('settings.hoursText', { zone: restaurant.timezone })}</p>
      {hours.length === 0 && <Empty icon="clock" title={t('settings.noHours')} text={t('settings.noHoursText')} />}
      {hours.map((interval, place) => (
        <Interval
          // Rows have no name of their own, and are only added at the end.
          key={place}
          number={place + 1}
          interval={interval}
          onChange={(changed) => put(place, changed)}
          onRemove={() => setHours(hours.toSpliced(place, 1))}
        />
      ))}
      {wrong !== undefined && (
        <Notice tone="bad">
          <span>{wrong}</span>
        </Notice>
      )}
      <FormFailure error={form.failure} />
      <Actions>
        <Button icon="plus" onClick={() => setHours([...hours, USUAL])}>
          {t('settings.addHours')}
        </Button>
        <Button look="main" type="submit" isBusy={form.isBusy}>
          {t('save')}
        </Button>
      </Actions>
      {choice}
    </form>
  );
}

interface IntervalProps {
  number: number;
  interval: WeeklyInterval;
  onChange: (interval: WeeklyInterval) => void;
  onRemove: () => void;
}

function Interval({ number, interval, onChange, onRemove }: IntervalProps) {
  const t = useTranslations('settings');
  return (
    <fieldset className="settings__interval card">
      <legend className="hidden-text">{t('interval', { number })}</legend>
      <Checks
        label={t('openOn')}
        options={DAYS.map((id) => ({ id, name: t(`days.${id}`) }))}
        chosen={interval.days}
        // The options are the days of the week.
        onChange={(days) => onChange({ ...interval, days: DAYS.filter((day) => days.includes(day)) })}
      />
      <div className="row">
        <TextField
          label={t('opens')}
          type="time"
          required
          value={interval.from}
          onChange={({ target }) => onChange({ ...interval, from: target.value })}
        />
        <TextField
          label={t('closes')}
          type="time"
          required
          value={interval.to}
          onChange={({ target }) => onChange({ ...interval, to: target.value })}
        />
        <IconButton icon="trash" label={t('removeHours', { number })} onClick={onRemove} />
      </div>
    </fieldset>
  );
}
