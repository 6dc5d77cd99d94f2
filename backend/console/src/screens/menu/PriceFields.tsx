import { useTranslations } from 'use-intl';
import type { PriceChange, PriceRoundingDirection } from '../../../../client/src/api.js';
import { SelectField, TextField } from '../../ui/Field.js';
import { MoneyField } from '../../ui/MoneyField.js';
import { RadioRow } from '../../ui/RadioRow.js';

interface PriceDraft {
  by: 'percent' | 'amount' | 'set';
  percent: string;
  amount: number | undefined;
  set: number | undefined;
  isRounded: 'no' | 'yes';
  step: number | undefined;
  ending: number | undefined;
  direction: PriceRoundingDirection;
}

export const FIRST_DRAFT: PriceDraft = {
  by: 'percent',
  percent: '',
  amount: 0,
  set: 0,
  isRounded: 'no',
  step: 10,
  ending: 0,
  direction: 'nearest',
};

interface PriceFieldsProps {
  draft: PriceDraft;
  onChange: (draft: PriceDraft) => void;
  errorOf: (name: string) => string | undefined;
}

/** How prices change: by a share, by an amount, or to one price; and to which steps. */
export function PriceFields({ draft, onChange, errorOf }: PriceFieldsProps) {
  const t = useTranslations('menu');
  const set = (change: Partial<PriceDraft>): void => onChange({ ...draft, ...change });
  return (
    <>
      <RadioRow
        label={t('changeBy')}
        name="by"
        value={draft.by}
        onChange={(by) => set({ by })}
        choices={(['percent', 'amount', 'set'] as const).map((value) => ({ value, label: t(`by.${value}`) }))}
      />
      {draft.by === 'percent' && (
        <TextField
          label={t('byPercent')}
          hint={t('byHint')}
          dir="ltr"
          autoComplete="off"
          value={draft.percent}
          onChange={({ target }) => set({ percent: target.value })}
          error={errorOf('price')}
        />
      )}
      {draft.by === 'amount' && (
        <MoneyField
          label={t('byAmount')}
          hint={t('byHint')}
          value={draft.amount}
          onChange={(amount) => set({ amount })}
          error={errorOf('price')}
        />
      )}
      {draft.by === 'set' && (
        <MoneyField
          label={t('newPrice')}
          value={draft.set}
          onChange={(price) => set({ set: price })}
          error={errorOf('price')}
        />
      )}
      {draft.by !== 'set' && (
        <RadioRow
          label={t('rounding')}
          name="rounding"
          value={draft.isRounded}
          onChange={(isRounded) => set({ isRounded })}
          choices={(['no', 'yes'] as const).map((value) => ({ value, label: t(`rounded.${value}`) }))}
        />
      )}
      {draft.by !== 'set' && draft.isRounded === 'yes' && (
        <div className="menu-limits">
          <MoneyField label={t('step')} value={draft.step} onChange={(step) => set({ step })} />
          <MoneyField label={t('ending')} value={draft.ending} onChange={(ending) => set({ ending })} />
          <SelectField
            label={t('direction')}
            value={draft.direction}
            // The list has these directions.
            onChange={({ target }) => set({ direction: target.value as PriceRoundingDirection })}
            choices={(['nearest', 'up', 'down'] as const).map((value) => ({ value, label: t(`directions.${value}`) }))}
          />
        </div>
      )}
    </>
  );
}

/** @returns undefined while a figure is missing; the server checks the figure itself. */
export function priceChangeOf(draft: PriceDraft): PriceChange | undefined {
  if (draft.by === 'set') return draft.set === undefined ? undefined : { set: draft.set };
  const rounding = roundingOf(draft);
  if (rounding === undefined) return undefined;
  if (draft.by === 'amount') return draft.amount ? { by: draft.amount, ...rounding } : undefined;
  const byPercent = draft.percent.trim().replace(',', '.').replace('−', '-').replace(/^\+/, '');
  return byPercent === '' || byPercent === '-' ? undefined : { byPercent, ...rounding };
}

function roundingOf({ isRounded, step, ending, direction }: PriceDraft): Pick<PriceChange, 'rounding'> | undefined {
  if (isRounded === 'no') return {};
  return step === undefined || ending === undefined ? undefined : { rounding: { step, ending, direction } };
}
