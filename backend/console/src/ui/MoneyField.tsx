import { useState } from 'react';
import { useFormat } from '../i18n/format.js';
import { amountFrom, amountText } from './amount.js';
import { TextField } from './Field.js';

interface MoneyFieldProps {
  label: string;
  /** Minor units; undefined while the text is no amount. */
  value: number | undefined;
  onChange: (amount: number | undefined) => void;
  hint?: string;
  error?: string | undefined;
  name?: string;
}

/** An amount in the restaurant's currency, typed as people write it: 12,50 or 12.50. */
export function MoneyField({ label, value, onChange, error, ...rest }: MoneyFieldProps) {
  const { minor, decimalSign } = useFormat();
  const digits = String(minor()).length - 1;
  const textOf = (amount: number): string => amountText(amount, digits, decimalSign);
  const [text, setText] = useState(() => (value === undefined ? '' : textOf(value)));
  const shown = value !== undefined && amountFrom(text, digits) !== value ? textOf(value) : text;
  return (
    <TextField
      label={label}
      inputMode="decimal"
      autoComplete="off"
      dir="ltr"
      placeholder={textOf(0)}
      value={shown}
      error={error}
      onFocus={(event) => event.currentTarget.select()}
      onChange={({ target }) => {
        setText(target.value);
        onChange(amountFrom(target.value, digits));
      }}
      {...rest}
    />
  );
}
