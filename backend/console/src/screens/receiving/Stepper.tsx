import { useTranslations } from 'use-intl';
import { IconButton } from '../../ui/Button.js';
import { microsFrom, ONE, quantityText } from '../purchasing/quantity.js';

interface StepperProps {
  label: string;
  /** As typed: decimal text, with a point or a comma. */
  value: string;
  onChange: (text: string) => void;
  error?: boolean;
}

/** A quantity with a button on each side: for a thumb, at the door. */
export function Stepper({ label, value, onChange, error }: StepperProps) {
  const t = useTranslations('receiving');
  const micros = microsFrom(value);
  const step = (by: number): void => onChange(quantityText(Math.max(0, (micros ?? 0) + by)));
  return (
    <div className="receiving-stepper" role="group" aria-label={label}>
      <IconButton icon="minus" label={t('less')} onClick={() => step(-ONE)} />
      <input
        className="input number"
        dir="ltr"
        inputMode="decimal"
        autoComplete="off"
        aria-label={label}
        aria-invalid={micros === undefined || error || undefined}
        value={value}
        onFocus={({ currentTarget }) => currentTarget.select()}
        onChange={({ target }) => onChange(target.value)}
      />
      <IconButton icon="plus" label={t('more')} onClick={() => step(ONE)} />
    </div>
  );
}
