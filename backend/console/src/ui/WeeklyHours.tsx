import { useTranslations } from 'use-intl';
import type { Weekday, WeeklyInterval } from '../../../client/src/api.js';
import { Button, IconButton } from './Button.js';
import { Checks } from './Checks.js';
import { TextField } from './Field.js';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const satisfies readonly Weekday[];
const USUAL: WeeklyInterval = { days: [...DAYS], from: '11:00', to: '22:00' };

/** Hours of the week: an interval for several days at once, such as lunch from Monday to Friday. */
export function WeeklyHours({
  hours,
  onChange,
}: {
  hours: readonly WeeklyInterval[];
  onChange: (hours: readonly WeeklyInterval[]) => void;
}) {
  const t = useTranslations('settings');
  return (
    <>
      {hours.map((interval, place) => (
        <Interval
          // Rows have no name of their own, and are only added at the end.
          key={place}
          number={place + 1}
          interval={interval}
          onChange={(changed) => onChange(hours.with(place, changed))}
          onRemove={() => onChange(hours.toSpliced(place, 1))}
        />
      ))}
      <div>
        <Button icon="plus" onClick={() => onChange([...hours, USUAL])}>
          {t('addHours')}
        </Button>
      </div>
    </>
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
    <fieldset className="weekly-hours card">
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
