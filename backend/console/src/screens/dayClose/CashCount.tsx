import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useMe } from '../../app/me.js';
import { useFormat } from '../../i18n/format.js';
import { amountText } from '../../ui/amount.js';
import { IconButton } from '../../ui/Button.js';
import { Chip } from '../../ui/Chip.js';
import { MoneyField } from '../../ui/MoneyField.js';
import { denominationsOf, sumOf } from './denominations.js';

type Counts = Readonly<Record<number, number>>;

interface CashCountProps {
  /** Cash that should be there without the float; large sums are decimal text. */
  expected: number | string;
  /** Gets the counted cash without the float; undefined while nothing is counted. */
  onChange: (counted: number | undefined) => void;
}

/** Notes and coins one by one: the sum makes itself, and so does the difference. */
export function CashCount({ expected, onChange }: CashCountProps) {
  const t = useTranslations('dayClose');
  const { money, minor, decimalSign } = useFormat();
  const digits = String(minor()).length - 1;
  const example = amountText(100 * minor(), digits, decimalSign);
  const { currency } = useMe().restaurant;
  const [counts, setCounts] = useState<Counts>({});
  const [float, setFloat] = useState<number | undefined>(0);
  const isCounted = Object.keys(counts).length > 0;
  const counted = isCounted && float !== undefined ? sumOf(counts) - float : undefined;
  useEffect(() => onChange(counted), [counted, onChange]);
  return (
    <section className="card stack" aria-labelledby="day-close-cash">
      <h2 id="day-close-cash">{t('cashCount')}</h2>
      <ul className="day-close__denominations">
        {denominationsOf(currency, minor()).map((value) => (
          <Denomination
            key={value}
            value={value}
            count={counts[value]}
            onChange={(count) => setCounts((before) => withCount(before, value, count))}
          />
        ))}
      </ul>
      <MoneyField
        label={t('float')}
        hint={t('floatHint')}
        value={float}
        onChange={setFloat}
        error={float === undefined ? t('noAmount', { example }) : undefined}
      />
      <dl className="day-close__rows" aria-live="polite">
        <div>
          <dt>{t('counted')}</dt>
          <dd className="number">{counted === undefined ? '–' : money(counted)}</dd>
        </div>
        <div>
          <dt>{t('expected')}</dt>
          <dd className="number">{money(expected)}</dd>
        </div>
        <div data-look="strong">
          <dt>{t('difference')}</dt>
          <dd>{counted === undefined ? '–' : <Difference amount={counted - Number(expected)} />}</dd>
        </div>
      </dl>
    </section>
  );
}

function withCount(before: Counts, value: number, count: number | undefined): Counts {
  const { [value]: _, ...others } = before;
  return count === undefined ? others : { ...others, [value]: count };
}

export function Difference({ amount }: { amount: number }) {
  const t = useTranslations('dayClose');
  const { money } = useFormat();
  if (amount === 0)
    return (
      <Chip tone="ok" icon="check">
        {t('exact')}
      </Chip>
    );
  return (
    <Chip tone="bad" icon="alert">
      {t(amount > 0 ? 'over' : 'short', { amount: money(Math.abs(amount)) })}
    </Chip>
  );
}

interface DenominationProps {
  value: number;
  count: number | undefined;
  onChange: (count: number | undefined) => void;
}

function Denomination({ value, count, onChange }: DenominationProps) {
  const t = useTranslations('dayClose');
  const { money } = useFormat();
  const name = money(value);
  return (
    <li className="day-close__denomination">
      <span className="number">{name}</span>
      <IconButton
        icon="minus"
        label={t('less', { name })}
        disabled={!count}
        onClick={() => onChange(Math.max(0, (count ?? 0) - 1))}
      />
      <input
        className="input number"
        inputMode="numeric"
        autoComplete="off"
        dir="ltr"
        aria-label={t('pieces', { name })}
        value={count ?? ''}
        placeholder="0"
        onFocus={(event) => event.currentTarget.select()}
        onChange={({ target }) => onChange(/^\d{1,5}$/.test(target.value) ? Number(target.value) : undefined)}
      />
      <IconButton icon="plus" label={t('more', { name })} onClick={() => onChange((count ?? 0) + 1)} />
      <span className="number day-close__sum">{count ? money(value * count) : '–'}</span>
    </li>
  );
}
