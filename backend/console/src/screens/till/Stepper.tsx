import { useTranslations } from 'use-intl';
import { IconButton } from '../../ui/Button.js';

interface StepperProps {
  /** Of what; spoken. */
  label: string;
  value: number;
  least: number;
  most: number;
  onChange: (value: number) => void;
}

/** A number by large buttons. Zero is left out where it may be negative. */
export function Stepper({ label, value, least, most, onChange }: StepperProps) {
  const t = useTranslations('till');
  const step = (by: number): void => {
    const next = value + by === 0 && least < 0 ? value + 2 * by : value + by;
    if (next >= least && next <= most) onChange(next);
  };
  return (
    <div className="till-stepper" role="group" aria-label={label}>
      <IconButton
        icon="minus"
        label={t('fewer', { name: label })}
        aria-disabled={value <= least}
        onClick={() => step(-1)}
      />
      <output className="number" aria-live="polite">
        {value}
      </output>
      <IconButton
        icon="plus"
        label={t('more', { name: label })}
        aria-disabled={value >= most}
        onClick={() => step(1)}
      />
    </div>
  );
}
