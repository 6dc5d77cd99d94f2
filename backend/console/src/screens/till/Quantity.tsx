import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { MenuCategoryItem } from '../../../../client/src/api.js';
import { amountFrom, amountText } from '../../ui/amount.js';
import { TextField } from '../../ui/Field.js';
import { Stepper } from './Stepper.js';

const MOST = 999;
/** Decimals of weights and the like, as in the API. */
const DECIMALS = 3;

interface QuantityProps {
  item: MenuCategoryItem;
  /** Empty while it is none. */
  value: number | string;
  /** Portions that are left. */
  left: number | null;
  onChange: (value: number | string) => void;
}

/** How many, or how much of what is sold by weight or the like. */
export function Quantity({ item, value, left, onChange }: QuantityProps) {
  const t = useTranslations('till');
  if (item.unit !== null) return <Measure unit={item.unit} value={String(value)} onChange={onChange} />;
  return (
    <div className="field">
      <span className="field__label">{t('quantity')}</span>
      <Stepper
        label={t('quantity')}
        value={Number(value)}
        least={item.isDeposit ? -MOST : 1}
        most={Math.min(MOST, left ?? MOST)}
        onChange={onChange}
      />
    </div>
  );
}

function Measure({ unit, value, onChange }: { unit: string; value: string; onChange: (value: string) => void }) {
  const t = useTranslations('till');
  const [text, setText] = useState(value);
  return (
    <TextField
      label={t('measure', { unit })}
      inputMode="decimal"
      autoComplete="off"
      dir="ltr"
      value={text}
      error={text !== '' && value === '' ? t('measureFault') : undefined}
      onChange={({ target }) => {
        setText(target.value);
        const thousandths = amountFrom(target.value, DECIMALS);
        onChange(thousandths !== undefined && thousandths > 0 ? amountText(thousandths, DECIMALS) : '');
      }}
    />
  );
}
