import { useTranslations } from 'use-intl';
import type { WeeklyInterval } from '../../../../client/src/api.js';
import { Fold } from '../../ui/Fold.js';
import { WeeklyHours } from '../../ui/WeeklyHours.js';

/** When guests may order it. Without hours: always. */
export function Schedules({
  hours,
  onChange,
  error,
}: {
  hours: readonly WeeklyInterval[];
  onChange: (hours: readonly WeeklyInterval[]) => void;
  error: string | undefined;
}) {
  const t = useTranslations('menu');
  const note = hours.length === 0 ? t('always') : hours.map(({ from, to }) => `${from}–${to}`).join(', ');
  return (
    <Fold title={t('schedules')} note={note}>
      <p className="muted">{t('schedulesHint')}</p>
      <WeeklyHours hours={hours} onChange={onChange} />
      {error !== undefined && <p className="field__error">{error}</p>}
    </Fold>
  );
}
