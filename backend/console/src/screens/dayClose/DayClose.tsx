import { useTranslations } from 'use-intl';
import { useSearchParams } from 'wouter';
import { useCall } from '../../app/queries.js';
import { useFormat } from '../../i18n/format.js';
import { SelectField } from '../../ui/Field.js';
import { Region } from '../../ui/Region.js';
import { Day } from './Day.js';

const SHOWN_DAYS = 30;

/** A business day: its figures, its cash, and its close. */
export function Screen() {
  const t = useTranslations('dayClose');
  const [params, setParams] = useSearchParams();
  const today = useFormat().today();
  const open = useCall('listBusinessDays', { query: { status: 'open', limit: SHOWN_DAYS } });
  // The day that waits longest is the one to close first.
  const waiting = open.data?.data.map((day) => day.date).filter((date) => date < today) ?? [];
  const asked = params.get('date');
  const date = asked ?? waiting.toSorted()[0] ?? today;
  const isChosen = asked !== null || open.data !== undefined || open.error !== null;
  const day = useCall('getBusinessDay', { date }, { enabled: isChosen, keeps: true });
  return (
    <div className="screen day-close">
      <div className="spread no-print">
        <h1>{t('title')}</h1>
        <DayChoice
          date={date}
          waiting={waiting}
          onChange={(chosen) => setParams({ date: chosen }, { replace: true })}
        />
      </div>
      <Region query={day} label={t('title')} lines={10}>
        {(known) => (
          // The closed day stays in view, although another one waits now.
          <Day key={known.date} day={known} onClosing={() => setParams({ date: known.date }, { replace: true })} />
        )}
      </Region>
    </div>
  );
}

interface DayChoiceProps {
  date: string;
  waiting: readonly string[];
  onChange: (date: string) => void;
}

/** Days that wait, today, and the last ones that were closed. */
function DayChoice({ date, waiting, onChange }: DayChoiceProps) {
  const t = useTranslations('dayClose');
  const { day, today } = useFormat();
  const closed = useCall('listBusinessDays', { query: { status: 'closed', limit: SHOWN_DAYS } });
  const closedDays = closed.data?.data.map((one) => one.date) ?? [];
  const dates = [...new Set([date, today(), ...waiting, ...closedDays])].sort().reverse();
  const stateOf = (one: string): string => {
    if (closedDays.includes(one)) return t('isClosed');
    if (waiting.includes(one)) return t('isWaiting');
    return one === today() ? t('isToday') : '';
  };
  return (
    <SelectField
      label={t('day')}
      value={date}
      onChange={({ target }) => onChange(target.value)}
      choices={dates.map((one) => ({
        value: one,
        label: [day(one, { weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' }), stateOf(one)]
          .filter(Boolean)
          .join(' · '),
      }))}
    />
  );
}
