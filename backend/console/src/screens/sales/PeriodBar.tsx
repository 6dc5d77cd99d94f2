import { useTranslations } from 'use-intl';
import { useSearchParams } from 'wouter';
import { useFormat } from '../../i18n/format.js';
import { Button } from '../../ui/Button.js';
import { TextField } from '../../ui/Field.js';
import { type Period, periodOf, PRESETS, presetOf } from './period.js';

const DATE = /^\d{4}-\d\d-\d\d$/;

/** The period is in the address, so that a link shows the same report. */
export function usePeriod(): [Period, (period: Period) => void] {
  const [params, setParams] = useSearchParams();
  const { today } = useFormat();
  const usual = periodOf('week', today());
  const [from, to] = [params.get('from') ?? '', params.get('to') ?? ''];
  const period = DATE.test(from) && DATE.test(to) && from <= to ? { from, to } : usual;
  return [period, (chosen) => setParams({ ...chosen }, { replace: true })];
}

export function PeriodBar({ period, onChange }: { period: Period; onChange: (period: Period) => void }) {
  const t = useTranslations('sales');
  const today = useFormat().today();
  const chosen = presetOf(period, today);
  return (
    <div className="sales__period no-print">
      <div className="sales__presets" role="group" aria-label={t('period')}>
        {PRESETS.map((preset) => (
          <Button
            key={preset}
            className="sales__preset"
            aria-pressed={chosen === preset}
            onClick={() => onChange(periodOf(preset, today))}
          >
            {t(`preset.${preset}`)}
          </Button>
        ))}
      </div>
      <div className="sales__days">
        <TextField
          label={t('from')}
          type="date"
          max={period.to}
          value={period.from}
          onChange={({ target: { value } }) =>
            DATE.test(value) && value <= period.to && onChange({ ...period, from: value })
          }
        />
        <TextField
          label={t('to')}
          type="date"
          min={period.from}
          value={period.to}
          onChange={({ target: { value } }) =>
            DATE.test(value) && value >= period.from && onChange({ ...period, to: value })
          }
        />
      </div>
    </div>
  );
}
