import { useTranslations } from 'use-intl';
import { useFormat } from '../../i18n/format.js';
import { SelectField } from '../../ui/Field.js';
import { MoneyField } from '../../ui/MoneyField.js';
import { RadioRow } from '../../ui/RadioRow.js';

export interface Split {
  kind: 'whole' | 'evenly' | 'amount';
  /** Payments that are still to come, this one among them. */
  parts: number;
}

const MOST_PARTS = 20;

/**
 * The amount of this payment towards the bill, in minor units. Equal parts differ by at most one
 * minor unit: the last payment is all that is left.
 * @param typed the amount of a payment by amount; undefined while it is none.
 */
export function shareOf({ kind, parts }: Split, due: number, typed: number | undefined): number | undefined {
  if (kind === 'amount') return typed === undefined ? undefined : Math.min(typed, due);
  return kind === 'evenly' ? Math.floor(due / parts) : due;
}

interface SplitChoiceProps {
  split: Split;
  due: number;
  amount: number | undefined;
  onChange: (split: Split, amount: number | undefined) => void;
}

/** Whether one guest pays all of it. */
export function SplitChoice({ split, due, amount, onChange }: SplitChoiceProps) {
  const t = useTranslations('order');
  const { money } = useFormat();
  const parts = Array.from({ length: Math.min(MOST_PARTS, due) }, (_, at) => ({
    value: `${at + 1}`,
    label: t('partsOf', { count: at + 1, amount: money(Math.floor(due / (at + 1))) }),
  }));
  return (
    <>
      <RadioRow
        label={t('split')}
        name="split"
        value={split.kind}
        onChange={(kind) => onChange({ ...split, kind }, due)}
        choices={(['whole', 'evenly', 'amount'] as const).map((value) => ({ value, label: t(`splits.${value}`) }))}
      />
      {split.kind === 'evenly' && (
        <SelectField
          label={t('parts')}
          choices={parts}
          value={`${split.parts}`}
          onChange={({ target }) => onChange({ ...split, parts: Number(target.value) }, amount)}
        />
      )}
      {split.kind === 'amount' && (
        <MoneyField
          label={t('shareAmount')}
          value={amount}
          onChange={(typed) => onChange(split, typed)}
          error={amount === undefined ? t('noAmount') : undefined}
        />
      )}
    </>
  );
}
